"""Scripts of several files."""
import base64

from .case import ZygoteCase, in_every_start, script


class TreeCase(ZygoteCase):
    def tree(self, files, entry='main.py', **members):
        """A zygote bound to these files."""
        files = {name: script(text) if isinstance(text, str) else {'base64': base64.b64encode(text).decode()}
                 for name, text in files.items()}
        return self.program(files[entry], members={'entry': entry, 'files': files, **members})

    def run_tree(self, files, event=None, **members):
        return self.tree(files, **members).run(event)

    def value_of(self, files, event=None, **members):
        return self.payload('V', self.run_tree(files, event, **members))


@in_every_start
class Imports(TreeCase):
    def test_modules_packages_and_namespaces_are_imported_absolutely_and_relatively(self):
        self.assertEqual(self.value_of({
            'main.py': '''
                import lib.deep.more
                from helper import twice
                from lib import VALUE, sibling
                from space.inner import NAME
                def handler(event):
                    return [twice(event['n']), VALUE, sibling.VALUES, NAME, lib.deep.more.up(), lib.__path__, lib.__file__, __file__]
                ''',
            'helper.py': 'def twice(x): return 2 * x\n',
            'lib/__init__.py': 'VALUE = 1\n',
            'lib/sibling.py': 'from . import VALUE\nfrom .deep import more\nVALUES = [VALUE, more.__name__, __package__]\n',
            'lib/deep/__init__.py': '',
            'lib/deep/more.py': 'def up():\n    from ..sibling import VALUES\n    return len(VALUES)\n',
            'space/inner.py': 'NAME = __name__\n',
        }, {'n': 21}), [42, 1, [1, 'lib.deep.more', 'lib'], 'space.inner', 3, ['/tmp/script/lib'], '/tmp/script/lib/__init__.py',
                        '/tmp/script/main.py'])

    def test_the_folder_of_the_entry_is_where_imports_begin_and_return_and_await_work_in_the_entry_alone(self):
        files = {
            'src/main.py': 'import asyncio\nimport near\nawait asyncio.sleep(0)\nreturn near.X',
            'src/near.py': 'X = 5\n',
            'far.py': 'X = 6\n',
        }
        self.assertEqual(self.value_of(files, entry='src/main.py'), 5)
        error = self.payload('E', self.run_tree({**files, 'src/near.py': 'import far\n'}, entry='src/main.py'))
        self.assertEqual((error['name'], error['message']), ('ModuleNotFoundError', "No module named 'far'"))

    def test_files_are_read_as_resources_and_no_module_of_the_library_is_replaced(self):
        self.assertEqual(self.value_of({
            'main.py': '''
                import importlib.resources, json, pkgutil
                import data
                files = importlib.resources.files('data')
                missing = []
                for read in (lambda: pkgutil.get_data('data', 'no.txt'), lambda: (files / 'no.txt').read_text()):
                    try:
                        read()
                    except OSError as error:
                        missing.append(error.errno)
                return [
                    files.joinpath('words.txt').read_text(), list((files / 'raw.bin').read_bytes()),
                    pkgutil.get_data('data', 'words.txt').decode(), __loader__.get_data('/tmp/script/top.txt').decode(),
                    [place.name for place in files.iterdir()],
                    [name for _, name, _ in pkgutil.iter_modules(data.__path__)], json.dumps([1]), missing]
                ''',
            'json.py': 'raise SystemError("not the library")\n',
            'top.txt': 'top',
            'data/__init__.py': '',
            'data/one.py': '',
            'data/sub/__init__.py': '',
            'data/words.txt': 'Wörter',
            'data/raw.bin': b'\x00\xff',
        }), ['Wörter', [0, 255], 'Wörter', 'top', ['__init__.py', 'one.py', 'raw.bin', 'sub', 'words.txt'], ['one', 'sub'], '[1]', [2, 2]])

    def test_a_traceback_names_the_files_and_shows_their_lines(self):
        error = self.payload('E', self.run_tree({
            'main.py': 'from lib.math import divide\n\ndef handler(event):\n    return divide(1, 0)\n',
            'lib/math.py': 'def divide(a, b):\n    return a / b\n',
        }))
        lines = [line.strip() for line in error['stack'].splitlines()]
        self.assertEqual([line for line in lines if '^' not in line and '~' not in line], [
            'Traceback (most recent call last):', 'File "main.py", line 4, in handler', 'return divide(1, 0)',
            'File "lib/math.py", line 2, in divide', 'return a / b', 'ZeroDivisionError: division by zero'])

    def test_an_error_while_a_module_is_imported_shows_no_frame_of_the_runtime(self):
        error = self.payload('E', self.run_tree({'main.py': 'import broken\n', 'broken.py': 'x = 1\nraise ValueError("early")\n'}))
        self.assertEqual([line.strip() for line in error['stack'].splitlines()], [
            'Traceback (most recent call last):', 'File "main.py", line 1, in <module>', 'import broken',
            'File "broken.py", line 2, in <module>', 'raise ValueError("early")', 'ValueError: early'])


class Checks(TreeCase):
    def syntax(self, files):
        return self.payload('S', self.tree(files).check())

    def test_a_check_compiles_every_file_and_names_the_one_that_is_wrong(self):
        self.assertEqual(self.syntax({'main.py': 'return 1', 'lib/bad.py': 'x = 1\nif x\n    y'}), {
            'message': "expected ':'", 'file': 'lib/bad.py', 'line': 2, 'column': 5})
        self.assertEqual(self.syntax({'main.py': 'x = = 1'})['file'], 'main.py')
        self.assertEqual(self.syntax({'main.py': 'import lib', 'lib.py': 'return 1'})['message'], "'return' outside function")
        self.assertEqual(self.tree({'main.py': 'import no_such_module', 'ok.py': 'raise ValueError'}).check().result.kind, 'N')

    def test_a_broken_file_breaks_no_zygote(self):
        sandbox = self.tree({'main.py': 'return 1', 'deep.py': '(' * 5000})
        self.assertEqual(sandbox.check().result.kind, 'S')
        self.assertEqual(sandbox.check().result.kind, 'S')


class Runs(TreeCase):
    vandal = {
        'main.py': '''
            import sys
            import lib
            found = [lib.COUNT, 'left' in vars(lib), lib.__loader__.get_data('/tmp/script/note.txt').decode()]
            lib.COUNT += 1
            lib.left = True
            tree = lib.__loader__._tree
            tree.files['note.txt'] = b'changed'
            tree.files['lib.py'] = b'COUNT = 100'
            tree.modules.clear()
            return found
            ''',
        'lib.py': 'COUNT = 1\n',
        'note.txt': 'as sent',
    }

    def test_no_run_sees_what_another_has_done_to_the_files(self):
        sandbox = self.tree(self.vandal)
        for _ in range(3):
            self.assertEqual(sandbox.run().result.value, [1, False, 'as sent'])

    def test_no_file_of_a_tree_is_on_the_disk(self):
        for isolation in ('process', 'shared', 'sandbox'):
            with self.subTest(isolation=isolation):
                sandbox = self.tree({'main.py': 'import os\nreturn os.listdir("/tmp")', 'lib.py': ''}, isolation=isolation)
                self.assertEqual(sandbox.run().result.value, [])

    def test_the_runs_of_a_shared_process_share_the_modules(self):
        sandbox = self.tree({'main.py': 'import lib\nlib.COUNT += 1\nreturn lib.COUNT', 'lib.py': 'COUNT = 1\n'}, isolation='shared')
        self.assertEqual([sandbox.run().result.value for _ in range(3)], [2, 3, 4])
