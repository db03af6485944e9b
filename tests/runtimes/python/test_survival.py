import os

from .case import ZygoteCase, script
from .frames import RUN, RESULT, STDERR, STDOUT


class Survival(ZygoteCase):
    """The next run finds nothing of what a hostile script leaves."""

    PROBE = '''
import os
if event == 'probe':
    others = [int(name) for name in os.listdir('/proc') if name.isdigit() and int(name) not in (1, os.getpid())]
    return [others, os.listdir('/tmp'), os.listdir('/dev/shm')]
'''

    def assert_survives(self, attack, **options):
        """The outcome of the attack. Then two runs in the same sandbox look for what it left."""
        sandbox = self.program(self.PROBE[1:] + script(attack), **options)
        outcome = sandbox.run('attack')
        for _ in range(2):
            probe = sandbox.run('probe')
            self.assertEqual(self.payload('V', probe), [[], ['script.py'], []])
            self.assertEqual(probe.stdout + probe.stderr, '')
        return outcome

    def test_threads_that_never_end(self):
        outcome = self.assert_survives('''
            import threading
            for _ in range(20):
                threading.Thread(target=threading.Event().wait).start()
            return 'value'
            ''')
        self.assertEqual(self.payload('V', outcome), 'value')

    def test_children_that_print_for_ever_in_sessions_of_their_own(self):
        for end in ('return 1', 'pass', 'os._exit(9)', '1 / 0'):
            with self.subTest(end=end):
                self.assert_survives(f'''
            import subprocess
            children = [subprocess.Popen(['sh', '-c', 'trap "" TERM HUP INT; while :; do echo noise; done'], start_new_session=True)
                        for _ in range(10)]
            {end}
            ''')

    def test_grandchildren_that_hold_the_pipes(self):
        outcome = self.assert_survives('''
            read, write = os.pipe()
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    os.setsid()
                    os.write(write, b'x')
                    import signal
                    while True:
                        signal.pause()
                os._exit(0)
            os.read(read, 1)
            os._exit(9)
            ''')
        self.assertEqual(outcome.exit, (9, None))

    def test_orphans_that_end_while_the_script_runs(self):
        outcome = self.assert_survives('''
            for _ in range(50):
                child = os.fork()
                if child == 0:
                    if os.fork() == 0:
                        os._exit(0)
                    os._exit(0)
                os.waitpid(child, 0)
            while len([name for name in os.listdir('/proc') if name.isdigit()]) > 2:
                pass
            return 'reaped'
            ''')
        self.assertEqual(self.payload('V', outcome), 'reaped')

    def test_stopped_children(self):
        self.assert_survives('''
            import signal
            child = os.fork()
            if child == 0:
                signal.pause()
            os.kill(child, signal.SIGSTOP)
            os.waitpid(child, os.WUNTRACED)
            return 1
            ''')

    def test_a_script_that_kills_every_process_that_it_can(self):
        outcome = self.assert_survives('os.fork()\nos.kill(-1, 9)\nos._exit(5)')
        self.assert_no_result(outcome)

    def test_a_script_that_closes_all_its_descriptors(self):
        outcome = self.assert_survives('os.closerange(0, 2000)\nreturn 1')
        self.assert_no_result(outcome)
        self.assertEqual(outcome.exit, (1, None))

    def test_a_script_that_closes_only_its_result_pipe_gets_the_reason_on_stderr(self):
        outcome = self.assert_survives('os.closerange(3, 2000)\nreturn 1')
        self.assert_no_result(outcome)
        self.assertEqual(outcome.stderr, 'The script has closed the descriptor of its result.\n')

    def test_a_script_that_closes_its_output_still_returns(self):
        self.assertEqual(self.payload('V', self.assert_survives('os.close(1)\nos.close(2)\nreturn 1')), 1)

    def test_garbage_in_the_result_pipe(self):
        into_result = 'number = max(int(name) for name in os.listdir("/proc/self/fd"))\nos.write(number, bytes({}))\n'
        for garbage, end, kept in (([0x56, 255, 255, 255, 255, 1, 2], 'os._exit(1)', 7), ([0x56, 2], 'os._exit(1)', 2),
                                   ([0x58, 1, 0, 0, 0, 7, 9, 9], 'while True: pass', 6), ([0x4e, 0, 0, 0, 0, 1], 'while True: pass', 5)):
            with self.subTest(garbage=garbage):
                outcome = self.assert_survives(into_result.format(garbage) + end)
                self.assertEqual(outcome.bytes_of(RESULT), bytes(garbage[:kept]))

    def test_a_descriptor_of_a_pipe_hidden_in_a_socket(self):
        self.assert_survives('''
            import socket
            one, other = socket.socketpair()
            socket.send_fds(one, [b'x'], [1, 2, one.fileno(), other.fileno()])
            return 1
            ''')

    def test_a_fork_bomb_without_a_limit_ends_with_the_script(self):
        self.assert_survives('''
            import signal
            for _ in range(6):
                os.fork()
            if os.getppid() != 1:
                signal.pause()
            return 1
            ''')

    def test_a_script_that_is_killed_from_outside(self):
        sandbox = self.program('if event == 0:\n  print("up")\n  while True: pass\nreturn event')
        sandbox.send(RUN, '0')
        self.assertEqual(sandbox.next(), (STDOUT, b'up\n'))
        os.kill(sandbox.children(sandbox.zygote_pid)[0], 9)
        self.assertEqual(sandbox.outcome().exit, (None, 9))
        self.assertEqual(self.payload('V', sandbox.run(1)), 1)

    def test_sigchld_without_a_dead_child(self):
        self.assertEqual(self.payload('V', self.assert_survives('for _ in range(20_000): os.kill(1, 17)\nreturn 1')), 1)

    def test_the_zygote_itself_writes_nothing_on_stderr(self):
        sandbox = self.program('import os\nos.fork()\nos._exit(1)')
        outcome = sandbox.run()
        self.assertEqual(outcome.bytes_of(STDERR), b'')
        self.assertEqual(sandbox.stderr, '')
