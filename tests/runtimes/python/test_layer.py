"""The libraries that the server mounts for one script (PROGRAM's `libraries`)."""
import os
import tempfile
import textwrap
import unittest
from pathlib import Path

from . import runtime  # noqa: F401
from .case import ZygoteCase, script
from .frames import PROGRAM, frame
from .limited import LimitedCase
from .sandbox import ZygoteEnded
from faas.script.compile import compile_script
from faas.script.layer import Layer

_DEBIAN = '/usr/lib/python3/dist-packages'
_PID = 'import os\npid = os.getpid()\n'


def folder_of(case, files):
    """A folder with these files."""
    folder = tempfile.TemporaryDirectory()
    case.addCleanup(folder.cleanup)
    os.chmod(folder.name, 0o755)
    for name, text in files.items():
        path = Path(folder.name, name)
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(textwrap.dedent(text))
    return folder.name


class LayerCase(ZygoteCase):
    def layered(self, source, files, trusted=True, isolation='process', more={}, ahead=True):
        """A zygote that is bound to a script with a layer of these files. more: further members of PROGRAM."""
        sandbox = self.sandbox(extra=('--ro-bind', folder_of(self, files) if isinstance(files, dict) else files, '/libraries'))
        spare = self.waiting(sandbox)
        sandbox.bind(script(source), isolation=isolation, libraries={'path': '/libraries', 'trusted': trusted, 'ahead': ahead}, **more)
        if isolation == 'process':
            self.wait_until(lambda: spare not in sandbox.children(sandbox.zygote_pid))
        return sandbox

    def waiting(self, sandbox, name='faas-waiting'):
        """Waits until a child has this name and waits for orders. Its pid outside the sandbox."""
        found = []

        def finds():
            found[:] = [pid for pid in sandbox.children(sandbox.zygote_pid)
                        if os.path.exists(f'/proc/{pid}/fd/1022') and Path(f'/proc/{pid}/comm').read_text() == f'{name}\n']
            return found

        self.wait_until(finds)
        return found[0]

    def imported_ahead(self, sandbox):
        """Waits until a module has left the file /tmp/imported, and the child waits."""
        self.wait_until(lambda: os.path.exists(f'/proc/{sandbox.zygote_pid}/root/tmp/imported'))
        return self.waiting(sandbox)

    def state(self, pid):
        """The letter of proc_pid_stat(5); None: the process is gone."""
        try:
            return Path(f'/proc/{pid}/stat').read_text().rsplit(') ', 1)[1][0]
        except (FileNotFoundError, ProcessLookupError):
            return None

    def values(self, sandbox, count):
        return [self.payload('V', sandbox.run()) for _ in range(count)]


class Found(LayerCase):
    def test_its_modules_are_found_behind_those_of_python_in_every_isolation(self):
        source = 'import sys, mine, json\nreturn [sys.path[-1], mine.__file__, json.__file__.startswith("/usr/")]'
        for isolation in ('process', 'shared', 'sandbox'):
            for trusted in (True, False):
                with self.subTest(isolation=isolation, trusted=trusted):
                    sandbox = self.layered(source, {'mine.py': '', 'json.py': ''}, trusted, isolation)
                    for value in self.values(sandbox, 1 if isolation == 'sandbox' else 2):
                        self.assertEqual(value, ['/libraries', '/libraries/mine.py', True])

    def test_the_scripts_own_modules_hide_those_of_its_layer(self):
        files = {'main.py': 'import mine, helper\nreturn [mine.whose, helper.whose]', 'mine.py': 'whose = "script"'}
        sandbox = self.layered(files['main.py'], {'mine.py': 'whose = "layer"', 'helper.py': 'import mine\nwhose = mine.whose'},
                               more={'entry': 'main.py', 'files': files})
        self.assertEqual(self.values(sandbox, 3), [['script', 'script']] * 3)

    def test_nothing_of_it_runs_that_no_program_imports(self):
        hook = 'import sys\nsys.hooked = True\n'
        files = {name: hook for name in ('sitecustomize.py', 'usercustomize.py', 'hook.pth', 'faas.py', 'encodings/ahead.py')}
        for isolation in ('process', 'shared', 'sandbox'):
            for trusted in (True, False):
                with self.subTest(isolation=isolation, trusted=trusted):
                    source = 'import sys, mine\n"x".encode("utf-16-be")\nreturn hasattr(sys, "hooked")'
                    sandbox = self.layered(source, {'mine.py': '', **files}, trusted, isolation)
                    self.assertEqual(self.values(sandbox, 1), [False])

    def test_what_is_no_layer_breaks_the_protocol(self):
        for libraries in ('1', '{}', '{"path": "/libraries"}', '{"path": "libraries", "trusted": true}', '{"path": "/l", "trusted": 1}',
                          '{"path": "/l", "trusted": true, "ahead": null}', '[]'):
            with self.subTest(libraries=libraries):
                sandbox = self.sandbox()
                sandbox.send_bytes(frame(PROGRAM, f'{{"filename": "script.py", "source": "", "libraries": {libraries}}}'))
                with self.assertRaises(ZygoteEnded) as ended:
                    sandbox.next()
                self.assertEqual(ended.exception.status, 70, ended.exception.stderr)


class Trusted(LayerCase):
    _ENOUGH = 4
    """So many orders come before the zygote imports without yielding to one."""

    def test_the_zygote_imports_it_once_for_all_runs_with_the_environment_of_the_script(self):
        files = {'mine/__init__.py': '', 'mine/part.py': f'{_PID}import sys, time\nat = time.monotonic()\nseen = [os.environ["OWN"], '
                 'os.environ["OMP_NUM_THREADS"], os.environ["MPLBACKEND"], sys.argv]'}
        sandbox = self.layered('from mine import part\nreturn [part.pid, part.at, part.seen]', files,
                               more={'env': {'OWN': 'own', 'OMP_NUM_THREADS': '4'}})
        self.waiting(sandbox)
        values = self.values(sandbox, 3)
        self.assertEqual([pid for pid, _, _ in values], [1] * 3)
        self.assertEqual(len({at for _, at, _ in values}), 1)
        self.assertEqual(values[0][2], ['own', '4', 'Agg', ['script.py']])

    def test_where_orders_follow_each_other_it_is_imported_in_the_end(self):
        sandbox = self.sandbox(extra=('--ro-bind', folder_of(self, {'mine.py': _PID}), '/libraries'))
        sandbox.bind('import os, mine\nreturn [mine.pid, os.getpid()]', libraries={'path': '/libraries', 'trusted': True})
        *first, _, _ = values = self.values(sandbox, self._ENOUGH + 2)
        for pid, own in first:
            self.assertIn(pid, (1, own))
        self.assertEqual([pid for pid, _ in values[-2:]], [1, 1])

    def test_what_its_import_prints_and_writes_disturbs_nothing(self):
        sandbox = self.layered('import os, loud\nreturn [loud.read, os.listdir("/tmp"), os.listdir("/dev/shm")]', {'loud.py': '''
            import os, sys
            print('by print')
            os.write(1, b'by write')
            read = sys.stdin.read()
            for folder in ('/tmp', '/dev/shm'):
                open(folder + '/left', 'w').close()
            '''})
        self.waiting(sandbox)
        for _ in range(2):
            outcome = sandbox.run()
            self.assertEqual((self.payload('V', outcome), outcome.stdout), (['', ['script.py'], []], ''))
        self.assertEqual(sandbox.stderr, 'by print\nby write')

    def test_an_import_that_the_zygote_must_not_carry_out_is_left_to_the_script(self):
        for name, text, why in (
                ('threads', 'import threading, time\nthreading.Thread(target=time.sleep, args=(99,), daemon=True).start()',
                 'its import leaves 1 threads, which a fork does not have'),
                ('files', 'file = open("/usr/lib/os-release")', 'its import leaves /usr/lib/os-release open, which a fork does not have'),
                ('raises', 'raise ValueError("no data")', 'its import raises ValueError: no data'),
                ('exits', 'import os\nos._exit(3)', 'its import ends the process'),
                ('handler', 'import signal\nsignal.signal(signal.SIGTERM, lambda *_: None)',
                 'its import changes the signals of the process'),
                ('starts', 'import os, time\nif not os.fork():\n    os.closerange(3, 99)\n    time.sleep(99)',
                 'its import changes the children of the process'),
                ('shares', 'import mmap\nshared = mmap.mmap(-1, 4096)', 'its import changes the memory that processes share'),
                ('limits', 'import resource\nresource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))',
                 'its import changes limits or priorities')):
            with self.subTest(name):
                sandbox = self.layered(f'''
                    import mine
                    def never(): import {name}
                    import sys
                    return [mine.pid, "{name}" in sys.modules]
                    ''', {'mine.py': _PID, f'{name}.py': text})
                self.waiting(sandbox)
                self.assertEqual(self.values(sandbox, 2), [[1, False]] * 2)
                self.assertEqual(sandbox.stderr, f'python zygote: {name} is left to the script: {why}\n')

    def test_an_import_that_never_ends_hinders_no_run(self):
        sandbox = self.layered('''
            import mine, sys
            def never(): import endless
            return [mine.pid, "endless" in sys.modules]
            ''', {'mine.py': _PID, 'endless.py': 'while True: pass'})
        self.assertEqual(self.values(sandbox, self._ENOUGH + 2)[-2:], [[1, False]] * 2)
        self.assertIn('endless is left to the script: its import takes too long', sandbox.stderr)

    def test_the_error_of_an_import_is_the_scripts_own(self):
        sandbox = self.layered('import bad', {'bad.py': 'raise ValueError("no data")'})
        self.waiting(sandbox)
        for _ in range(2):
            self.assertEqual(self.payload('E', sandbox.run())['name'], 'ValueError')

    def test_it_is_not_imported_ahead_where_secrets_are_missing(self):
        sandbox = self.layered('import mine\nreturn mine.pid', {'mine.py': _PID}, ahead=False)
        self.assertNotIn(1, self.values(sandbox, 3))

    @unittest.skipUnless(os.path.isdir(f'{_DEBIAN}/numpy'), 'python3-numpy is not installed')
    def test_numbers_of_numpy_differ_from_run_to_run(self):
        sandbox = self.sandbox(extra=('--ro-bind', '/etc/alternatives', '/etc/alternatives', '--ro-bind', _DEBIAN, '/libraries'))
        sandbox.bind('import sys\nahead = "numpy" in sys.modules\nimport numpy\nreturn [ahead, int(numpy.random.randint(0, 1 << 62))]',
                     libraries={'path': '/libraries', 'trusted': True})
        values = self.values(sandbox, self._ENOUGH + 3)[-3:]
        self.assertEqual([ahead for ahead, _ in values], [True] * 3, sandbox.stderr)
        self.assertEqual(len({number for _, number in values}), 3)


class Untrusted(LayerCase):
    _LEAVES_A_TRACE = f'{_PID}print("imported")\nopen("/tmp/imported", "w").close()'

    def test_the_child_that_waits_imports_it_for_its_run(self):
        for isolation in ('process', 'shared'):
            with self.subTest(isolation):
                source = 'import os, sys\nahead = "mine" in sys.modules\nimport mine\nreturn [ahead, mine.pid == os.getpid()]'
                sandbox = self.layered(source, {'mine.py': self._LEAVES_A_TRACE}, trusted=False, isolation=isolation)
                self.imported_ahead(sandbox)
                outcome = sandbox.run()
                self.assertEqual((self.payload('V', outcome), outcome.stdout), ([True, True], 'imported\n'))

    def test_the_zygote_never_runs_a_line_of_it(self):
        # The module copy of Python tries to import org.python.core.
        files = {'mine.py': _PID, 'org/python/core.py': 'raise SystemError'}
        sandbox = self.layered('import copy, os, sys, mine\nreturn [mine.pid == os.getpid(), "org" in sys.modules]', files, trusted=False)
        self.assertEqual(self.values(sandbox, 3), [[True, False]] * 3)
        self.assertEqual(sandbox.stderr, '')

    def test_the_error_of_an_import_is_the_scripts_own(self):
        text = 'open("/tmp/imported", "w").close()\nraise ValueError("no data")'
        sandbox = self.layered('try: import bad\nexcept ValueError as error: return str(error)', {'bad.py': text}, trusted=False)
        self.imported_ahead(sandbox)
        outcome = sandbox.run()
        self.assertEqual((self.payload('V', outcome), outcome.stdout + outcome.stderr), ('no data', ''))

    def test_an_order_that_comes_while_it_is_imported_gets_a_fresh_child(self):
        sandbox = self.layered('def never(): import endless\nreturn event', {'endless.py': 'while True: pass'}, trusted=False)
        self.waiting(sandbox, 'faas-importing')
        self.assert_nothing_returned(sandbox.check())
        self.waiting(sandbox, 'faas-importing')
        self.assertEqual(self.payload('V', sandbox.run(5)), 5)
        self.waiting(sandbox, 'faas-importing')
        self.waiting(sandbox)  # when it has taken too long
        self.assertEqual([self.payload('V', sandbox.run(number)) for number in range(3)], [0, 1, 2])
        self.assertEqual(sandbox.stderr, '')

    def test_an_import_that_ends_the_child_is_not_tried_again(self):
        sandbox = self.layered('def never(): import ends\nreturn event', {'ends.py': 'import os\nos._exit(3)'}, trusted=False)
        self.wait_until(lambda: [self.state(pid) for pid in sandbox.children(sandbox.zygote_pid)] == ['Z'])
        for number in range(3):
            self.assertEqual(self.payload('V', sandbox.run(number)), number)
            self.waiting(sandbox)

    def test_what_an_import_leaves_running_stands_still_until_the_order(self):
        sandbox = self.layered('import mine\nreturn mine.pid > 1', {'mine.py': '''
            import os
            pid = os.getpid()
            if not os.fork():
                while True: pass
            open('/tmp/imported', 'w').close()
            '''}, trusted=False)
        self.imported_ahead(sandbox)
        self.wait_until(lambda: all(self.state(pid) == 'T' for pid in self.descendants(sandbox)))
        self.assertEqual(self.values(sandbox, 2), [True, True])

    def descendants(self, sandbox):
        pending = [sandbox.zygote_pid]
        for pid in pending:
            pending.extend(sandbox.children(pid))
        return pending[1:]

    def test_the_files_of_a_call_come_into_a_folder_that_no_library_has_seen(self):
        sandbox = self.layered('import os\nfound = os.listdir("/tmp/in")\nimport mine\nreturn found', {'mine.py': '''
            import os
            os.makedirs('/tmp/in', exist_ok=True)
            open('/tmp/in/forged', 'w').close()
            open('/tmp/imported', 'w').close()
            '''}, trusted=False)
        for _ in range(2):
            self.imported_ahead(sandbox)
            sandbox.give('a', b'content')
            self.assertEqual(self.payload('V', sandbox.run()), ['a'])

    def test_it_is_not_imported_ahead_where_secrets_are_missing(self):
        sandbox = self.layered('import sys\nreturn "mine" in sys.modules\nimport mine', {'mine.py': ''}, trusted=False, ahead=False)
        for _ in range(3):
            waiting = self.waiting(sandbox)
            self.assertEqual(self.payload('V', sandbox.run()), False)
            self.wait_until(lambda: not os.path.exists(f'/proc/{waiting}'))


class Statements(LimitedCase):
    """What a program imports of its layer, as its code tells."""

    def imports(self, source, *files, own=('script',)):
        return list(Layer(folder_of(self, dict.fromkeys(files, ''))).imports(compile_script(source, 'script.py'), set(own)))

    def test_each_form_of_the_statement_is_told(self):
        for source, statements in (
                ('import a', [('a', ())]),
                ('import a.b.c as d', [('a.b.c', ())]),
                ('from a.b import c as d, e\nreturn 1', [('a.b', ('c', 'e'))]),
                ('from a import *', [('a', ('*',))]),
                ('from .a import b\nfrom . import a', []),
                ('from a import b\nimport json\nfrom a import c\nimport a', [('a', ('b', 'c'))]),
                ('def f():\n class A:\n  import b.c\nimport a', [('a', ()), ('b.c', ())]),
                ('try: import a\nexcept ImportError: import x', [('a', ())]),
                ('import x, ab\nb = 1\nawait b.a', [])):
            with self.subTest(source):
                self.assertEqual(self.imports(source, 'a/__init__.py', 'b.cpython-311-x86_64-linux-gnu.so'), statements)

    def test_more_names_than_an_argument_holds_are_told(self):
        source = '\n'.join(f'import a.m{number}' for number in range(700))
        self.assertEqual(self.imports(source, 'a/__init__.py'), [(f'a.m{number}', ()) for number in range(700)])

    def test_what_python_or_the_script_has_itself_is_not_imported(self):
        self.assertEqual(self.imports('import json, a', 'json.py', 'a.py'), [('a', ())])
        self.assertEqual(self.imports('import a, b', 'a.py', 'b.py', own=('main', 'b')), [])
        self.assertEqual(self.imports('import a', 'a.py', 'faas.py'), [])
        self.assertEqual(self.imports('import a', 'a-1.0.dist-info/METADATA'), [])

    def test_a_folder_that_is_not_there_has_nothing(self):
        self.assertEqual(list(Layer('/does/not/exist').imports(compile_script('import a', 'script.py'), set())), [])
