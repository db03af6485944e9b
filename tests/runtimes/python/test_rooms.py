"""The rooms of both runtimes, as runtimes/README.md describes them."""
import re

from .limited import LimitedCase
from .sandbox import RUNTIME

_RUNTIMES = RUNTIME.parent
_ROOMS = ('kernel', 'script', 'zygote', 'mother')
"""Each may import from itself and from those before it."""

_NODE_IMPORT = re.compile(r"""from '\.\.?/(?:(\w+)/)?[\w-]+\.mjs';$""", re.M)
_PYTHON_IMPORT = re.compile(r'^\s*from \.(?:\.(\w+)(?:\.\w+)?)?', re.M)


def _files(runtime, suffix):
    return [path for path in (_RUNTIMES / runtime).rglob(f'*{suffix}') if path.parent.name in _ROOMS and path.stem != '__init__']


class Rooms(LimitedCase):
    def assert_layered(self, files, pattern):
        seen = 0
        for path in files:
            room = path.parent.name
            for imported in pattern.findall(path.read_text()):
                seen += 1
                self.assertLessEqual(_ROOMS.index(imported or room), _ROOMS.index(room), f'{path} imports from {imported}/')
        self.assertGreater(seen, 20)

    def test_no_room_of_node_imports_from_a_higher_one(self):
        self.assert_layered(_files('node', '.mjs'), _NODE_IMPORT)

    def test_no_room_of_python_imports_from_a_higher_one(self):
        self.assert_layered(_files('python/faas', '.py'), _PYTHON_IMPORT)

    def test_the_readme_names_every_file_and_no_other(self):
        named = set(re.findall(r'`((?:mother|zygote|script|kernel)/[\w-]+)`', (_RUNTIMES / 'README.md').read_text()))
        there = {f'{path.parent.name}/{path.stem}' for path in [*_files('node', '.mjs'), *_files('python/faas', '.py')]}
        self.assertEqual(named, there)
