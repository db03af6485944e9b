"""Lays the files that a call brings into /tmp/in, before its run.

Theory of operation: no process of a script is alive between two runs, so the zygote writes where nothing interferes. It writes
each piece as it comes, and holds no file in memory. After the run, restoring /tmp removes the folders (scratch.py). The script also
finds /tmp/out, for the files that it gives back.
"""
import os

from .frames import BrokenPeer

_IN, _OUT = b'/tmp/in', b'/tmp/out'
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_FOLDER_MODE, _FILE_MODE = 0o755, 0o644


class Inbox:
    """The files of the next run."""

    def __init__(self):
        self._file = None
        self.has_files = False
        """Whether there are files for the next run."""

    def begin(self, name):
        """The call has a file of this name, which is bytes. Its content follows. BrokenPeer for a name that is none."""
        name = bytes(name)
        if name in (b'', b'.', b'..') or b'/' in name or b'\0' in name:
            raise BrokenPeer('FILE: the payload is no name of a file')
        self.end()
        if not self.has_files:
            self._make_folders()
        self._file = os.open(b'%s/%s' % (_IN, name), _NEW_FILE, _FILE_MODE)
        os.fchmod(self._file, _FILE_MODE)  # open(2) takes the bits of the umask away

    def append(self, data):
        """The next bytes of the file."""
        if self._file is None:
            raise BrokenPeer('FILE_BYTES without a FILE')
        with memoryview(data) as rest:
            at = 0
            while at < len(rest):
                at += os.write(self._file, rest[at:])

    def end(self):
        """The order comes next: all files are complete."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def forget(self):
        """The run is over, and the files are removed."""
        self.has_files = False

    def _make_folders(self):
        self.has_files = True
        for folder in (_IN, _OUT):
            os.mkdir(folder)
            os.chmod(folder, _FOLDER_MODE)
