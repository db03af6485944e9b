"""A folder that scripts write to, emptied between invocations.

Theory of operation: nobody else is alive, so there is no race, but what a script left may be a tree deeper than
the stack, longer than PATH_MAX, or without permissions. So nothing recurses and no path is built: a subfolder's
own subfolders are moved up into the root, where the next pass finds them. Two descriptors are open at a time.
Symbolic links are unlinked, never followed: every name is resolved against an open folder, and only what
readdir(3) calls a folder is opened. A caller waits meanwhile, so it gives up at a deadline: the kernel clears away
a whole sandbox faster, and nobody waits for that.
"""
import errno
import os
import time
from itertools import count

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class OutOfTime(Exception):
    """The deadline has passed."""


class Scratch:
    """One folder; remembers its mode, time and attributes."""

    def __init__(self, path):
        self._path = path
        self._at_start = os.stat(path)
        self._attributes = set(os.listxattr(path))

    def restore(self, deadline):
        """Leaves the folder empty and as it was; OSError when that is impossible, OutOfTime at the deadline (monotonic)."""
        if os.stat(self._path).st_mode != self._at_start.st_mode:
            os.chmod(self._path, self._at_start.st_mode & 0o7777)
        folder = os.open(self._path, _FOLDER)
        try:
            _empty(folder, deadline)
            for attribute in set(os.listxattr(folder)) - self._attributes:
                os.removexattr(folder, attribute)
            if os.fstat(folder).st_mtime_ns != self._at_start.st_mtime_ns and self._at_start.st_uid == os.geteuid():
                os.utime(folder, ns=(self._at_start.st_atime_ns, self._at_start.st_mtime_ns))
        finally:
            os.close(folder)


def _empty(root, deadline):
    names = (f'faas-{number}' for number in count())
    while _pass(root, deadline, lambda folder: _dissolve(root, folder, names, deadline)):
        pass


def _pass(folder, deadline, on_folder):
    """Unlinks what is no folder, hands over each folder's name; whether there was anything."""
    found = False
    with os.scandir(folder) as entries:
        for entry in entries:
            found = True
            if time.monotonic() >= deadline:
                raise OutOfTime
            if entry.is_dir(follow_symlinks=False):
                on_folder(entry.name)
            else:
                os.unlink(entry.name, dir_fd=folder)
    return found


def _dissolve(root, name, names, deadline):
    """Removes a folder of the root; its own folders, if not empty, come to lie in the root."""
    if _is_removed(root, name):
        return
    folder = _open(root, name)
    try:
        while _pass(folder, deadline, lambda inner: _is_removed(folder, inner) or _raise(root, folder, inner, names)):
            pass
    finally:
        os.close(folder)
    os.rmdir(name, dir_fd=root)


def _is_removed(parent, name):
    try:
        os.rmdir(name, dir_fd=parent)
        return True
    except OSError:  # ENOTEMPTY; anything else comes up again when it is opened
        return False


def _open(parent, name):
    os.chmod(name, 0o700, dir_fd=parent)
    return os.open(name, _FOLDER, dir_fd=parent)


def _raise(root, parent, name, names):
    os.chmod(name, 0o700, dir_fd=parent)  # its own `..` changes, so it must be writable
    for free in names:
        try:
            os.rename(name, free, src_dir_fd=parent, dst_dir_fd=root)
            return
        except (FileExistsError, NotADirectoryError):
            pass  # a script thought of this name too
        except OSError as error:
            if error.errno != errno.ENOTEMPTY:  # likewise
                raise
