"""Sends what a run has left in /tmp/out: the files that it gives back.

Theory of operation: every process of the run is dead, so nothing changes while the zygote looks, and a path is safe. It first looks
at all entries, and refuses them together when one is no plain file or when they are too much. So the server gets all files or
none, and no file is held in memory. What a run may leave has no bounds; the folder is read only as far as the limit on files goes,
and a file no further than its size. Until its processes are dead, a run may do anything to /tmp, so what the system refuses is a
refusal of the files, and nothing that ends the zygote.
"""
import errno
import os
import stat

from .frames import OUT, OUT_BYTES, OUT_FILE, OUT_REFUSED

_FOLDER = b'/tmp/out'
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_OWNER_READS, _OWNER_ENTERS = 0o400, 0o500
_KINDS = (
    (stat.S_ISREG, 'a file'), (stat.S_ISDIR, 'a folder'), (stat.S_ISLNK, 'a symbolic link'), (stat.S_ISFIFO, 'a named pipe'),
    (stat.S_ISSOCK, 'a socket'), (lambda mode: True, 'a device'))


class Refused(Exception):
    """The files cannot be sent. `over`: they are too much."""

    def __init__(self, detail, over=False):
        super().__init__(detail)
        self.over = over


class Outbox:
    """The files that one run gives back."""

    def __init__(self, writer, limits):
        """limits: the most files, and the most bytes of all."""
        self._writer = writer
        self._most_files, self._most_bytes = limits
        self._is_there = None  # whether the folder was there when the result was complete

    def announce(self):
        """Before the last of the result is sent: tells the server that files may follow. Without the folder this costs one lstat(2)."""
        self._is_there = _look_at(_FOLDER) is not None
        if self._is_there:
            self._writer.send_before(OUT)

    def end(self, is_good):
        """When the run's processes are dead: sends the files of one that is good, or why there are none.

        What a run leaves after its result comes too late."""
        is_there, self._is_there = self._is_there, None
        if is_good and is_there is not False:
            folder = _look_at(_FOLDER)
            if folder is not None:
                self._send(folder)

    def _send(self, folder):
        try:
            for name, status in self._files(folder):
                self._send_file(name, status)
        except Refused as refused:
            self._refuse(str(refused), refused.over)
        except OSError as error:
            self._refuse(f'/tmp/out cannot be read ({errno.errorcode.get(error.errno, error.errno)}).')

    def _refuse(self, detail, over=False):
        from json import dumps  # only where a script has made a mistake
        self._writer.send(OUT_REFUSED, dumps({'over': over, 'detail': detail}, ensure_ascii=False).encode())

    def _files(self, folder):
        """The name and the status of each file. Refused when one of them cannot be sent."""
        if not stat.S_ISDIR(folder.st_mode):
            raise Refused(f'/tmp/out is {_kind(folder)}, and no folder.')
        if folder.st_mode & _OWNER_ENTERS != _OWNER_ENTERS:
            os.chmod(_FOLDER, 0o700)
        files, total = [], 0
        with os.scandir(_FOLDER) as entries:
            for entry in entries:
                shown = f"/tmp/out/{entry.name.decode('utf-8', 'replace')}"
                try:
                    entry.name.decode()
                except UnicodeDecodeError:
                    raise Refused(f'The name of {shown} is not valid UTF-8.') from None
                status = entry.stat(follow_symlinks=False)
                if not stat.S_ISREG(status.st_mode):
                    raise Refused(f'{shown} is {_kind(status)}; only plain files are given back.')
                if len(files) == self._most_files:
                    raise Refused(f'/tmp/out has more than {self._most_files} files (faas.sandbox.out-files).', over=True)
                total += status.st_size
                if total > self._most_bytes:
                    raise Refused(f'With {shown}, /tmp/out has more than {self._most_bytes} bytes (faas.sandbox.out-limit).', over=True)
                files.append((entry.name, status))
        return files

    def _send_file(self, name, status):
        path = b'%s/%s' % (_FOLDER, name)
        if not status.st_mode & _OWNER_READS:
            os.chmod(path, 0o600)
        file = os.open(path, _READ)
        try:
            self._writer.send(OUT_FILE, name)
            while count := self._writer.receive(file):
                self._writer.keep(OUT_BYTES, count)
            self._writer.flush()
        finally:
            os.close(file)


def _look_at(path):
    """The status of what has this path; None when there is nothing, or nothing that may be looked at."""
    try:
        return os.lstat(path)
    except OSError:
        return None


def _kind(status):
    return next(kind for is_kind, kind in _KINDS if is_kind(status.st_mode))
