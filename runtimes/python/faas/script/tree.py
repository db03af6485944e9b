"""The files of a script of several files, and the importer that finds modules among them.

Theory of operation: the files are in the memory of the zygote, and nowhere on a disk. They have paths all the same, below FOLDER, so
Python's own search of sys.path finds packages, namespace packages and modules in them: a path hook gives the finder of a folder there.
The zygote has compiled all modules (compile.py), so an import only runs one. A child works on its own copy of the zygote's memory, so
nothing that it does to the files reaches another run, unless the process is shared.

A module of the standard library is never taken from the tree: it may be loaded before the script begins, and the runtime needs it.
The loader's `exec_module` is importlib's own, so that tracebacks leave out its frames, as they do for files.

`__builtins__` is a copy, for the reason that result.py gives.
"""
import builtins
import sys

from _frozen_importlib import ModuleSpec
from _frozen_importlib_external import _LoaderBasics

__builtins__ = dict(vars(builtins))

FOLDER = '/tmp/script'
"""The folder of the tree, in the paths of its files."""

_STANDARD = sys.stdlib_module_names
_PACKAGE = '/__init__.py'


class Tree:
    """The files by their names, and the name of the file that runs."""

    modules = {}
    """The code of each module by the name of its file, once it is compiled."""

    def __init__(self, entry, files):
        """files: bytes by name."""
        self.entry = entry
        self.files = files
        self._folders = {''} | {name[:end] for name in files for end in range(1, len(name)) if name[end] == '/'}

    @property
    def sources(self):
        """(name, text) of each Python file but the entry."""
        return [(name, text_of(content)) for name, content in self.files.items() if name.endswith('.py') and name != self.entry]

    @property
    def modules_beside_entry(self):
        """The names of the modules and packages in the folder of the entry."""
        folder = self.entry.rpartition('/')[0]
        start = f'{folder}/' if folder else ''
        return {name[len(start):].partition('/')[0].partition('.')[0] for name in self.files if name.startswith(start)}

    def install(self):
        """Lets imports find the files. The folder of the entry comes first on sys.path, as that of a program does."""
        sys.path_hooks.insert(0, self._finder)
        sys.path.insert(0, path_of(self.entry.rpartition('/')[0]))

    def has_folder(self, folder):
        """Whether a file is in the folder, or in one of its folders."""
        return folder in self._folders

    def get_data(self, path):
        """The bytes of the file at this path. OSError when there is none."""
        name = name_of(path)
        if name not in self.files:
            raise FileNotFoundError(2, 'No such file in the tree of the script', path)
        return self.files[name]

    def _finder(self, path):
        folder = name_of(path)
        if folder is None or not self.has_folder(folder):
            raise ImportError('not a folder of the tree', path=path)
        return Finder(self, folder)


def text_of(content):
    """The text of a Python file, without the mark that it may begin with."""
    return content.decode('utf-8', 'surrogatepass').removeprefix('\ufeff')


def path_of(name):
    """The path of a file or folder; '' is the folder of the tree."""
    return f'{FOLDER}/{name}' if name else FOLDER


def name_of(path):
    """The name of the file or folder at a path; None when it is not below FOLDER."""
    if path == FOLDER:
        return ''
    return path[len(FOLDER) + 1:] if isinstance(path, str) and path.startswith(FOLDER + '/') else None


class Finder:
    """Finds the modules in one folder."""

    def __init__(self, tree, folder):
        self._tree = tree
        self._folder = folder

    def find_spec(self, fullname, target=None):
        """The spec of a module, as every path entry finder gives it (PEP 451)."""
        if fullname in _STANDARD:
            return None
        tail = fullname.rpartition('.')[2]
        base = f'{self._folder}/{tail}' if self._folder else tail
        if base + _PACKAGE in self._tree.files:
            return self._spec(fullname, base + _PACKAGE, base)
        if base + '.py' in self._tree.files:
            return self._spec(fullname, base + '.py')
        if not self._tree.has_folder(base):
            return None
        spec = ModuleSpec(fullname, None, is_package=True)  # a part of a namespace package
        spec.submodule_search_locations = [path_of(base)]
        return spec

    def iter_modules(self, prefix=''):
        """(name, is it a package) of each module in the folder, for pkgutil."""
        start = f'{self._folder}/' if self._folder else ''
        found = {}
        for name in self._tree.files:
            if name.startswith(start):
                part, _, rest = name[len(start):].partition('/')
                if rest == '__init__.py':
                    found[part] = True
                elif not rest and part.endswith('.py') and part != '__init__.py':
                    found.setdefault(part[:-3], False)
        return [(prefix + name, is_package) for name, is_package in sorted(found.items())]

    def invalidate_caches(self):
        """There are none."""

    def _spec(self, fullname, name, folder=None):
        spec = ModuleSpec(fullname, Loader(self._tree, name), origin=path_of(name), is_package=folder is not None)
        spec._set_fileattr = True
        if folder is not None:
            spec.submodule_search_locations = [path_of(folder)]
        return spec


class Loader(_LoaderBasics):
    """Loads the module of one file."""

    def __init__(self, tree, name):
        self._tree = tree
        self._name = name

    def is_package(self, fullname):
        """Whether the module is a package."""
        return self._name.endswith('__init__.py')

    def get_filename(self, fullname):
        """The path of the file."""
        return path_of(self._name)

    def get_source(self, fullname):
        """The text of the file, which tracebacks show."""
        return text_of(self._tree.files[self._name])

    def get_data(self, path):
        """The bytes of a file of the tree. OSError when there is none."""
        return self._tree.get_data(path)

    def get_code(self, fullname):
        """The code of the module. The entry may be imported, too; then it must compile as a module."""
        code = self._tree.modules.get(self._name)
        return compile(self.get_source(fullname), self._name, 'exec', dont_inherit=True) if code is None else code

    def get_resource_reader(self, fullname):
        """What importlib.resources reads the files of a package with."""
        return _Resources(self._tree, self._name.rpartition('/')[0])


class _Resources:
    """The files of a package (importlib.resources.abc.TraversableResources)."""

    def __init__(self, tree, folder):
        self._place = Place(tree, folder)

    def files(self):
        """The folder of the package."""
        return self._place

    def open_resource(self, resource):
        """A file, opened for reading."""
        return self._place.joinpath(resource).open('rb')

    def resource_path(self, resource):
        """None of the files has a path on the disk."""
        raise FileNotFoundError(resource)

    def is_resource(self, name):
        """Whether there is such a file."""
        return self._place.joinpath(name).is_file()

    def contents(self):
        """The names of files and folders."""
        return (place.name for place in self._place.iterdir())


class Place:
    """A file or folder of the tree (importlib.resources.abc.Traversable)."""

    def __init__(self, tree, path):
        self._tree = tree
        self._path = path

    def __str__(self):
        return path_of(self._path)

    def __repr__(self):
        return f'{type(self).__name__}({str(self)!r})'

    @property
    def name(self):
        """The last part of the path."""
        return self._path.rpartition('/')[2]

    def is_dir(self):
        """Whether it is a folder."""
        return self._tree.has_folder(self._path)

    def is_file(self):
        """Whether it is a file."""
        return self._path in self._tree.files

    def iterdir(self):
        """What is in the folder."""
        start = f'{self._path}/' if self._path else ''
        parts = {name[len(start):].partition('/')[0] for name in self._tree.files if name.startswith(start)}
        return iter([Place(self._tree, start + part) for part in sorted(parts)])

    def joinpath(self, *descendants):
        """What is at this path below it. `..` leads to no file."""
        parts = [part for path in descendants for part in str(path).split('/') if part not in ('', '.')]
        return Place(self._tree, '/'.join([self._path, *parts] if self._path else parts))

    __truediv__ = joinpath

    def read_bytes(self):
        """The bytes of the file."""
        return self._tree.get_data(str(self))

    def read_text(self, encoding=None, errors=None):
        """The text of the file."""
        with self.open('r', encoding=encoding, errors=errors) as stream:
            return stream.read()

    def open(self, mode='r', *arguments, **options):
        """The file, opened for reading."""
        import io
        stream = io.BytesIO(self.read_bytes())
        return stream if 'b' in mode else io.TextIOWrapper(stream, *arguments, **options)
