"""Restores a folder that a run may have written to: empties it, and resets its mode, times and attributes.

Theory of operation: no other process is alive, so there are no races. But a script may leave a tree that is deeper than the
stack or PATH_MAX allows, or without permissions. So no function recurses and no path is built: the folders of a folder are
moved up into the root, where the next pass finds them. At most two descriptors are open at a time. Symbolic links are
unlinked, never followed: every name is resolved against an open folder, and only entries that readdir(3) calls folders are
opened. The server waits for END meanwhile, so there is a deadline: after it, destroying the sandbox is faster, because the
kernel then frees the folders and no run waits for that.

A folder may keep one file, that of the script. It is read-only, but it belongs to the script's user, who may change its mode, or
replace it. No process can set the time of such a change (ctime). Where it differs, the folder is emptied and the file is written
anew. The clock of that time has ticks of milliseconds, so as long as the tick of the writing may last, the content is compared too.

Most scripts leave nothing. On tmpfs the size of a folder shows this, without reading the folder: it grows by the same amount
for each entry, shrinks again when the entry is removed, and cannot be set. On any other file system the folder is read each
time.
"""
import errno
import os
import time
from itertools import count

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_TRIAL = 'faas-size'
_CLOCK_OF_FILES = 5  # CLOCK_REALTIME_COARSE of clock_gettime(2)


class OutOfTime(Exception):
    """The deadline has passed."""


class ScratchFolder:
    """One folder, which remembers its mode, times and attributes at construction, and when it gets a file to keep."""

    def __init__(self, path):
        self.path = path
        self._folder = os.open(path, _FOLDER)
        self._size_tells = not os.listdir(self._folder) and self._try_size()
        self._at_start = os.fstat(self._folder)
        self._attributes = os.listxattr(self._folder)
        self._kept = None

    def keep(self, name, content):
        """Writes a read-only file that every run finds in the folder. OSError when the folder has no room for it."""
        kept = _KeptFile(self._folder, name, content)
        kept.write()
        self._kept = kept
        self._at_start = os.fstat(self._folder)

    def restore(self, deadline):
        """Restores the folder. OSError when that is impossible, OutOfTime at the deadline (of time.monotonic)."""
        at_start, now = self._at_start, os.fstat(self._folder)
        if now.st_mode != at_start.st_mode:
            os.fchmod(self._folder, at_start.st_mode & 0o7777)
        is_kept = self._kept is None or self._kept.is_untouched()
        if not self._size_tells or not is_kept or (now.st_size, now.st_nlink) != (at_start.st_size, at_start.st_nlink):
            _empty(self._folder, deadline)
            if self._kept is not None:
                self._kept.write()
        attributes = os.listxattr(self._folder)
        if attributes != self._attributes:
            for attribute in set(attributes) - set(self._attributes):
                os.removexattr(self._folder, attribute)
        now = os.fstat(self._folder)
        if _times(now) != _times(at_start) and at_start.st_uid == os.geteuid():
            os.utime(self._folder, ns=_times(at_start))

    def _try_size(self):
        """Whether the size of the folder counts its entries, as on tmpfs: each file adds the same, removing both restores it."""
        empty = os.fstat(self._folder).st_size
        os.close(os.open(_TRIAL, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, dir_fd=self._folder))
        one = os.fstat(self._folder).st_size
        os.link(_TRIAL, _TRIAL + '2', src_dir_fd=self._folder, dst_dir_fd=self._folder)
        two = os.fstat(self._folder).st_size
        os.unlink(_TRIAL + '2', dir_fd=self._folder)
        os.unlink(_TRIAL, dir_fd=self._folder)
        return two - one == one - empty > 0 and os.fstat(self._folder).st_size == empty


class _KeptFile:
    """The file that a folder keeps."""

    def __init__(self, folder, name, content):
        self._folder = folder
        self._name = name
        self._content = content
        self._file = None
        self._written = 0
        self._may_be_of_this_tick = True

    def write(self):
        """Makes the file, which must not exist. Leaves none behind when it does not fit."""
        if self._file is not None:
            os.close(self._file)
        self._file = os.open(self._name, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, 0o444, dir_fd=self._folder)
        try:
            rest = memoryview(self._content)
            while rest:
                rest = rest[os.write(self._file, rest):]
        except OSError:
            os.unlink(self._name, dir_fd=self._folder)
            os.close(self._file)
            raise
        self._written = os.fstat(self._file).st_ctime_ns
        self._may_be_of_this_tick = True

    def is_untouched(self):
        """Whether the file is as it was written, and has its name."""
        if os.fstat(self._file).st_ctime_ns != self._written:
            return False
        if self._may_be_of_this_tick:
            self._may_be_of_this_tick = time.clock_gettime_ns(_CLOCK_OF_FILES) <= self._written
            return self._is_the_same()
        return True

    def _is_the_same(self):
        status = os.fstat(self._file)
        try:
            has_name = os.stat(self._name, dir_fd=self._folder, follow_symlinks=False).st_ino == status.st_ino
        except OSError:
            return False
        return (has_name and status.st_mode & 0o7777 == 0o444 and status.st_nlink == 1 and not os.listxattr(self._file)
                and os.pread(self._file, len(self._content) + 1, 0) == self._content)


def _times(status):
    return status.st_atime_ns, status.st_mtime_ns


def _empty(root, deadline):
    names = (f'faas-{number}' for number in count())
    while _pass(root, deadline, lambda folder: _dissolve(root, folder, names, deadline)):
        pass


def _pass(folder, deadline, on_folder):
    """Unlinks everything except folders, whose names it passes to on_folder. Whether there was any entry."""
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
    """Removes a folder of the root: first removes its files, and moves its non-empty folders to the root."""
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
    except OSError:  # ENOTEMPTY; any other error appears again when the folder is opened
        return False


def _open(parent, name):
    os.chmod(name, 0o700, dir_fd=parent)
    return os.open(name, _FOLDER, dir_fd=parent)


def _raise(root, parent, name, names):
    os.chmod(name, 0o700, dir_fd=parent)  # moving a folder changes its `..`, so it must be writable
    for free in names:
        try:
            os.rename(name, free, src_dir_fd=parent, dst_dir_fd=root)
            return
        except (FileExistsError, NotADirectoryError):
            pass  # the script has used this name
        except OSError as error:
            if error.errno != errno.ENOTEMPTY:  # the script has used this name
                raise
