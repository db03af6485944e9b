import base64
import errno
import os
import tempfile
import textwrap
import unittest
from pathlib import Path

from .sandbox import Libraries, ZygoteEnded
from .test_mother import MotherCase

_DEBIAN = '/usr/lib/python3/dist-packages'

_ALTERNATIVES = '--ro-bind', '/etc/alternatives', '/etc/alternatives'
"""Links to libraries that numpy needs."""

_FIGURE = '''
    class Figure:
        def savefig(self, target, *, format):
            target.write(b'\\x89PNG by ' + format.encode())
'''


class LibraryCase(MotherCase):
    def libraries(self, *modules, **files):
        """A folder with a module for each text, and the modules to load of it. `b_in_a` is module b of package a."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        os.chmod(folder.name, 0o755)
        for name, text in files.items():
            path = Path(folder.name, *reversed(name.split('_in_'))).with_suffix('.py')
            path.parent.mkdir(exist_ok=True)
            path.write_text(textwrap.dedent(text))
        return Libraries(folder.name, modules)

    def both(self, libraries):
        """A zygote with these libraries that is started alone, and one that a mother has forked."""
        return self.sandbox(libraries=libraries), self.mother(libraries=libraries).zygote()

    def assert_refused(self, libraries, why):
        """Neither a zygote nor a mother becomes ready, and both say why."""
        with self.assertRaises(ZygoteEnded) as ended:
            self.sandbox(libraries=libraries)
        self.assertEqual(ended.exception.status, 71)
        self.assertEqual(ended.exception.stderr, f'python zygote: {why}\n')
        self.assertEqual(self.assert_ends(self.cold_mother(libraries=libraries), 71), f'python mother: {why}\n')


class LoadedLibraries(LibraryCase):
    def test_a_library_is_loaded_once_and_before_any_script(self):
        libraries = self.libraries('loaded', loaded='import os\npid = os.getpid()', later='import os\npid = os.getpid()')
        for zygote in self.both(libraries):
            zygote.bind('import sys, os\nahead = "loaded" in sys.modules\nimport loaded, later\n'
                        'return [ahead, loaded.pid, later.pid == os.getpid(), loaded.__file__]')
            for _ in range(2):
                self.assertEqual(self.payload('V', zygote.run()), [True, 1, True, '/packages/1/loaded.py'])

    def test_a_script_can_write_neither_to_the_library_nor_beside_it(self):
        libraries = self.libraries('loaded', loaded='')
        os.chmod(libraries.folder, 0o777)
        os.chmod(f'{libraries.folder}/loaded.py', 0o666)
        for zygote in self.both(libraries):
            zygote.bind('''def errno(path):
    try: open(path, 'w')
    except OSError as error: return error.errno
return [errno('/packages/1/loaded.py'), errno('/packages/1/new')]''')
            self.assertEqual(self.payload('V', zygote.run()), [errno.EROFS, errno.EROFS])

    def test_what_an_import_prints_and_writes_disturbs_nothing(self):
        libraries = self.libraries('loud', loud='''
            import os, tempfile, threading
            print('by print')
            os.write(1, b'by write\\n')
            with tempfile.NamedTemporaryFile(delete=False) as file: file.write(b'left behind')
            timer = threading.Timer(60, print)
            timer.start()
            timer.cancel()
            ''')
        for zygote in self.both(libraries):
            zygote.bind('import os, tempfile\n'
                        'return [os.listdir("/dev/shm"), os.listdir("/tmp"), tempfile.gettempdir(), "TMPDIR" in os.environ]')
            self.assertEqual(self.payload('V', zygote.run()), [[], ['script.py'], '/tmp', False])

    def test_libraries_draw_into_memory_and_start_no_threads(self):
        zygote = self.sandbox(libraries=self.libraries(later=''))
        zygote.bind('import os\nreturn [os.environ[name] for name in ("MPLBACKEND", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")]')
        self.assertEqual(self.payload('V', zygote.run()), ['Agg', '1', '1'])
        self.assertEqual(self.value('import os\nreturn [name for name in os.environ if name.endswith("_THREADS")]'), [])

    def test_a_module_that_cannot_be_loaded_is_named_with_the_reason(self):
        libraries = self.libraries('good', 'bad', good='', bad='raise RuntimeError("no such data")')
        self.assert_refused(libraries, 'the module bad cannot be preloaded: RuntimeError: no such data')
        self.assert_refused(
            self.libraries('missing'), "the module missing cannot be preloaded: ModuleNotFoundError: No module named 'missing'")

    def test_a_module_that_leaves_a_thread_or_a_file_open_is_refused(self):
        threads = self.libraries('threads', threads='''
            import threading, time
            threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
            ''')
        self.assert_refused(
            threads, 'the module threads cannot be preloaded: its import leaves 1 threads, which a fork does not have')
        files = self.libraries('files', files='file = open("/usr/lib/os-release")')
        self.assert_refused(
            files, 'the module files cannot be preloaded: its import leaves /usr/lib/os-release open, which a fork does not have')


class RandomNumbers(LibraryCase):
    def test_each_child_seeds_the_generator_of_numpy_anew(self):
        numpy = self.libraries('numpy.random', __init___in_numpy='', random_in_numpy='''
            import os
            state = 0
            def seed():
                global state
                state = int.from_bytes(os.urandom(8), 'little')
            ''')
        for zygote in self.both(numpy):
            zygote.bind('import numpy.random\nreturn numpy.random.state')
            states = [self.payload('V', zygote.run()) for _ in range(3)]
            self.assertEqual(len({0, *states}), 4)

    @unittest.skipUnless(os.path.isdir(f'{_DEBIAN}/numpy'), 'python3-numpy is not installed')
    def test_numbers_of_numpy_itself_differ_from_run_to_run_in_every_isolation(self):
        numbers = []
        mother = self.mother(libraries=Libraries(_DEBIAN, ('numpy',), _ALTERNATIVES))
        for slot, isolation in enumerate(('process', 'shared', 'sandbox'), start=1):
            zygote = mother.zygote(isolation, slot)
            zygote.bind('import sys\nahead = "numpy" in sys.modules\nimport numpy\n'
                        'return [ahead, *numpy.random.randint(0, 1 << 62, 2).tolist()]', isolation=isolation)
            values = [self.payload('V', zygote.run()) for _ in range(1 if isolation == 'sandbox' else 3)]
            self.assertTrue(all(ahead for ahead, *_ in values))
            numbers += [number for _, *two in values for number in two]
        self.assertEqual(len(set(numbers)), 14)


class Figures(LibraryCase):
    def test_a_figure_is_returned_as_a_picture(self):
        files = {'__init___in_matplotlib': '', 'figure_in_matplotlib': _FIGURE}
        picture = {'base64': base64.b64encode(b'\x89PNG by png').decode(), 'mediaType': 'image/png'}
        for modules in (('matplotlib.figure',), ()):
            zygote = self.sandbox(libraries=self.libraries(*modules, **files))
            zygote.bind('from matplotlib.figure import Figure\nclass Own(Figure): pass\nreturn Own()')
            self.assertEqual(self.payload('B', zygote.run()), picture)

    def test_a_figure_that_cannot_be_drawn_is_an_error_of_the_script(self):
        files = {'__init___in_matplotlib': '', 'figure_in_matplotlib': 'class Figure:\n    def savefig(self, target, format): 1 / 0'}
        zygote = self.sandbox(libraries=self.libraries(**files))
        zygote.bind('from matplotlib.figure import Figure\nreturn Figure()')
        self.assertEqual(self.payload('E', zygote.run())['name'], 'ZeroDivisionError')

    def test_without_matplotlib_nothing_is_a_figure(self):
        error = self.error('import sys, types\nmodule = sys.modules["matplotlib.figure"] = types.ModuleType("figure")\n'
                           'class Figure: pass\nmodule.Figure = "Figure"\nreturn Figure()')
        self.assertIn('Figure', error['message'])


if __name__ == '__main__':
    unittest.main()
