import os
import signal

from . import runtime  # noqa: F401
from .case import ZygoteCase, script
from .sandbox import ZygoteEnded
from faas.script.preload import _LOADABLE_AHEAD


class Freshness(ZygoteCase):
    def values(self, source, count):
        sandbox = self.program(source)
        return [self.payload('V', sandbox.run()) for _ in range(count)]

    def test_no_global_module_file_variable_or_handler_comes_from_an_earlier_run(self):
        for value in self.values('''
            import builtins, json, os, signal, sys, threading, time
            seen = [name for name in ('left',) if name in globals() or hasattr(builtins, name) or hasattr(json, name)]
            seen += os.listdir('/tmp')[1:] + os.listdir('/dev/shm') + [name for name in sys.modules if name == 'left']
            seen += [os.environ.get('LEFT'), os.getcwd() != '/tmp', signal.getsignal(signal.SIGTERM) != signal.SIG_DFL,
                     threading.active_count() != 1, len(sys.argv) != 1, os.umask(0o77) != 0o22, sys.getrecursionlimit() == 5000]
            left = builtins.left = json.left = 1
            sys.modules['left'] = json
            os.environ['LEFT'] = '1'
            for path in ('/tmp/left', '/dev/shm/left'):
                with open(path, 'w') as file:
                    file.write('left')
            signal.signal(signal.SIGTERM, print)
            signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
            threading.Thread(target=threading.Event().wait).start()
            sys.argv.append('left')
            sys.setrecursionlimit(5000)
            os.chdir('/')
            return [thing for thing in seen if thing]
            ''', 3):
            self.assertEqual(value, [])

    def test_every_source_of_randomness_differs(self):
        rounds = self.values('''
            import os, random, secrets, tempfile, uuid
            return [random.random(), random.Random().random(), random.SystemRandom().random(), str(uuid.uuid4()), str(uuid.uuid1()),
                    secrets.token_hex(8), os.urandom(8).hex(), tempfile.mktemp()]
            ''', 10)
        for source in zip(*rounds):
            self.assertEqual(len(set(source)), 10, source)

    def test_each_run_has_its_own_process_and_session(self):
        rounds = self.values('''
            import os
            with open('/proc/self/stat') as stat, open('/proc/self/oom_score_adj') as score:
                return [os.getpid(), int(stat.read().split()[0]), os.getppid(), os.getsid(0), os.getpgid(0), score.read().strip()]
            ''', 3)
        for pid, real, parent, session, group, victim in rounds:
            self.assertEqual([real, parent, session, group, victim], [pid, 1, pid, pid, '1000'])
        self.assertEqual(len({pid for pid, *_ in rounds}), 3)

    def test_every_signal_has_its_default_even_if_the_servers_parent_ignored_it(self):
        blocked, ignored, caught, handlers = self.value('''
            import signal
            status = dict(line.split(':', 1) for line in open('/proc/self/status'))
            masks = [[n for n in range(1, 65) if int(status[name], 16) >> (n - 1) & 1] for name in ('SigBlk', 'SigIgn', 'SigCgt')]
            return masks + [[signal.getsignal(signal.SIGINT) is signal.default_int_handler, signal.getsignal(signal.SIGCHLD) == 0]]
            ''', ignored=(signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM))
        of_the_c_library = {32, 33}  # only the C library can change these
        self.assertEqual((blocked, [n for n in ignored if n not in of_the_c_library], caught, handlers), ([], [13, 25], [2], [True, True]))

    def test_modules_that_are_imported_ahead_leave_no_thread_no_descriptor_and_no_file(self):
        modules = sorted(_LOADABLE_AHEAD)
        sandbox = self.program(f'''
import os, sys, threading
loaded = sum(name in sys.modules for name in {modules})
import {', '.join(modules)}
os.stat('/proc/self/fd/1023')
return [loaded, threading.active_count(), len(os.listdir('/proc/self/task')), len(os.listdir('/proc/self/fd')), os.listdir('/tmp')]
''')
        for _ in range(2):
            outcome = sandbox.run()
            self.assertEqual(self.payload('V', outcome), [len(modules), 1, 1, 5, ['script.py']])
            self.assertEqual((outcome.stdout, outcome.stderr, sandbox.stderr), ('', '', ''))

    def test_limits_that_a_script_set_for_itself_are_its_own(self):
        for value in self.values('''
            import os, resource
            found = [resource.getrlimit(resource.RLIMIT_NOFILE)[0], os.getpriority(os.PRIO_PROCESS, 0)]
            resource.setrlimit(resource.RLIMIT_NOFILE, (50, 50))
            os.nice(5)
            return found
            ''', 3):
            self.assertEqual(value, [1024, os.getpriority(os.PRIO_PROCESS, 0)])

    def test_three_hundred_runs_leak_no_descriptor_and_no_process(self):
        # With so few descriptors, a leak of one descriptor per run is fatal long before the last run.
        sandbox = self.program('''
            import os, subprocess
            print('number', event)
            if event % 50 == 0:
                subprocess.Popen(['sleep', '1000'], start_new_session=True)
            if event % 7 == 0:
                os._exit(event % 200)
            if event % 5 == 0:
                raise ValueError(event)
            processes = [name for name in os.listdir('/proc') if name.isdigit()]
            return [event * 2, len(processes), len(os.listdir('/proc/self/fd')), os.listdir('/tmp')]
            ''', open_files=24)
        for number in range(300):
            outcome = sandbox.run(number)
            self.assertEqual((outcome.stdout, outcome.stderr), (f'number {number}\n', ''))
            if number % 7 == 0:
                self.assertEqual(outcome.exit, (number % 200, None))
            elif number % 5 == 0:
                self.assertEqual(self.payload('E', outcome)['message'], str(number))
            else:
                processes = 3 if number % 50 == 0 else 2
                self.assertEqual(self.payload('V', outcome), [number * 2, processes, 5, ['script.py']])
        self.assertEqual(sandbox.stderr, '')


class Folders(ZygoteCase):
    PROBE = 'import os\nif event == "probe":\n  return [os.listdir("/tmp"), os.listdir("/dev/shm"), oct(os.stat("/tmp").st_mode)]\n'

    def assert_emptied(self, attack):
        sandbox = self.program(self.PROBE + script(attack))
        before = self.payload('V', sandbox.run('probe'))
        self.assertEqual(before[:2], [['script.py'], []])
        self.assertEqual(self.payload('V', sandbox.run()), 'left')
        self.assertEqual(self.payload('V', sandbox.run('probe')), before)

    def test_a_tree_deeper_than_the_stack_and_the_longest_path_is_removed(self):
        self.assert_emptied('''
            for base in ('/tmp', '/dev/shm'):
                os.chdir(base)
                for _ in range(3000):
                    os.mkdir('deep')
                    os.chdir('deep')
                    open('file', 'w').close()
            return 'left'
            ''')

    def test_odd_names_links_pipes_sockets_and_locked_folders_are_removed(self):
        self.assert_emptied(r'''
            import socket
            for base in (b'/tmp', b'/dev/shm'):
                os.chdir(base)
                os.makedirs('locked/in/ner')
                open('locked/in/ner/file', 'w').close()
                for path in ('locked/in/ner/file', 'locked/in/ner', 'locked/in', 'locked'):
                    os.chmod(path, 0)
                for name in (b'\xff\xfe', b'\n', b'-r', b'...', b' ', b'a' * 255, b'faas-0', b'faas-1'):
                    open(name, 'w').close()
                    os.makedirs(b'd' + name[:200] + b'/' + name)
                os.symlink('/usr', 'link')
                os.symlink('missing', 'dangling')
                os.symlink('.', 'loop')
                os.mkfifo('fifo')
                os.link('fifo', 'hard')
                socket.socket(socket.AF_UNIX).bind('socket')
            for number in range(3000):
                open(f'/tmp/many{number}', 'w').close()
            return 'left'
            ''')

    def test_the_mode_of_the_folders_is_restored(self):
        self.assert_emptied('open("/tmp/file", "w").close()\nos.chmod("/tmp", 0)\nreturn "left"')

    def test_when_restoring_takes_too_long_end_is_the_last_and_the_zygote_ends(self):
        sandbox = self.program('if event == "leave": open("/dev/shm/left", "w").close()\nreturn 1', emptying=0)
        before = sandbox.run()
        self.assertEqual((self.payload('V', before), before.end['last']), (1, False))
        after = sandbox.run('leave')
        self.assertEqual((self.payload('V', after), after.end['last']), (1, True))
        self.assertEqual((sandbox.wait(), sandbox.stderr), (0, ''))

    def test_a_zygote_that_cannot_empty_them_says_so(self):
        sandbox = self.program('open("/tmp/fixed/file", "w").close()\nreturn 1', extra=['--tmpfs', '/tmp/fixed'])
        with self.assertRaises(ZygoteEnded) as caught:
            sandbox.run()
        self.assertEqual(caught.exception.status, 71)
        self.assertRegex(caught.exception.stderr, r'OSError: \[Errno 16\]')
