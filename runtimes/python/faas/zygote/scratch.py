"""A folder that scripts write to, emptied between invocations.

Theory of operation: nobody else is alive, so there is no race, but what a script left may be a tree deeper than
the stack, longer than PATH_MAX, or without permissions. So nothing recurses and no path is built: a subfolder's
own subfolders are moved up into the root, where the next pass finds them. Two descriptors are open at a time.
Symbolic links are unlinked, never followed: every name is resolved against an open folder, and only what
readdir(3) calls a folder is opened. A caller waits meanwhile, so it gives up at a deadline: the kernel clears away
a whole sandbox faster, and nobody waits for that.

Most scripts leave nothing. A tmpfs tells so without being read: the size of a folder there grows by the same for each
entry and shrinks when it goes, and nobody can set it. Where that does not hold, the folder is read each time.
"""
import errno
import os
import time
from itertools import count

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_TRIED = 'faas-size'


class OutOfTime(Exception):
    """The deadline has passed."""


class Scratch:
    """One folder; remembers its mode, times and attributes."""

    def __init__(self, path):
        self._folder = os.open(path, _FOLDER)
        self._size_tells = not os.listdir(self._folder) and self._try_size()
        self._at_start = os.fstat(self._folder)
        self._attributes = os.listxattr(self._folder)

    def restore(self, deadline):
        """Leaves the folder empty and as it was; OSError when that is impossible, OutOfTime at the deadline (monotonic)."""
        at_start, now = self._at_start, os.fstat(self._folder)
        if now.st_mode != at_start.st_mode:
            os.fchmod(self._folder, at_start.st_mode & 0o7777)
        if not self._size_tells or (now.st_size, now.st_nlink) != (at_start.st_size, at_start.st_nlink):
            _empty(self._folder, deadline)
        attributes = os.listxattr(self._folder)
        if attributes != self._attributes:
            for attribute in set(attributes) - set(self._attributes):
                os.removexattr(self._folder, attribute)
        now = os.fstat(self._folder)
        if _times(now) != _times(at_start) and at_start.st_uid == os.geteuid():
            os.utime(self._folder, ns=_times(at_start))

    def _try_size(self):
        """Whether the folder's size counts its entries, as tmpfs's does: one file makes it larger, none as it was."""
        empty = os.fstat(self._folder).st_size
        os.close(os.open(_TRIED, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, dir_fd=self._folder))
        one = os.fstat(self._folder).st_size
        os.link(_TRIED, _TRIED + '2', src_dir_fd=self._folder, dst_dir_fd=self._folder)
        two = os.fstat(self._folder).st_size
        os.unlink(_TRIED + '2', dir_fd=self._folder)
        os.unlink(_TRIED, dir_fd=self._folder)
        return two - one == one - empty > 0 and os.fstat(self._folder).st_size == empty


def _times(status):
    return status.st_atime_ns, status.st_mtime_ns


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
