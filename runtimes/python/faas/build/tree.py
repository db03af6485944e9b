"""Looks at an installed tree, and packs it.

Theory of operation: the archive depends on nothing but the files: names in order, one owner, one time, two modes. So the same lock
gives the same bytes, and the server can tell a damaged layer by its hash. Scripts only read a layer, so Python cannot write its
compiled files there: they are compiled here, in the form that is valid whatever the time of the source says (PEP 552, unchecked).
"""
import compileall
import os
import py_compile
import stat
import tarfile

from .refusal import Refusal

_SUPERFLUOUS = ('bin',)  # the programs of libraries
_FILE_MODE, _PROGRAM_MODE = 0o644, 0o755


def compile_tree(root):
    """Compiles every module. One that does not compile, such as a template or a test for another Python, stays as it is."""
    compileall.compile_dir(root, quiet=2, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH, stripdir=root)


def files_of(root):
    """The names of all files below a folder, in order. A Refusal for anything that is neither a file nor a folder."""
    names = []
    for folder, folders, files in os.walk(root):
        if folder == root:
            folders[:] = [name for name in folders if name not in _SUPERFLUOUS]
        for name in [*folders, *files]:
            path = os.path.join(folder, name)
            mode = os.lstat(path).st_mode
            if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
                raise Refusal(f'{os.path.relpath(path, root)} is neither a file nor a folder; a library may have no other kinds.')
        names += [os.path.relpath(os.path.join(folder, name), root) for name in files]
    return sorted(names)


def check_size(root, names, max_files, max_bytes):
    """The bytes in the files. A Refusal above either limit. A folder counts as a file."""
    count = len(names) + len(_folders_of(names))
    if count > max_files:
        raise Refusal(f'The libraries have {count} files and folders; faas.libraries.max-files allows {max_files}.')
    size = sum(os.lstat(os.path.join(root, name)).st_size for name in names)
    if size > max_bytes:
        raise Refusal(f'The libraries have {size} bytes; faas.libraries.max-size allows {max_bytes}.')
    return size


def _folders_of(names):
    folders = set()
    for name in names:
        while (name := os.path.dirname(name)) and name not in folders:
            folders.add(name)
    return folders


def pack(root, names, target):
    """Writes the archive to a stream: beside the tree, there may be no room for it."""
    with tarfile.open(fileobj=target, mode='w|', format=tarfile.PAX_FORMAT) as archive:
        for name in names:
            path = os.path.join(root, name)
            member = tarfile.TarInfo(name)
            member.size = os.lstat(path).st_size
            member.mode = _PROGRAM_MODE if os.access(path, os.X_OK) else _FILE_MODE
            with open(path, 'rb') as content:
                archive.addfile(member, content)
