"""sys.stdout and sys.stderr as scripts get them, and the builtins that the module site would add.

Text is written line by line, in UTF-8, and printing any text succeeds: surrogates that stand for undecodable bytes (PEP 383)
are written as those bytes, other surrogates as a question mark.

The zygote reads two pipes, and cannot see which was written first. So a process that writes to the other stream than last time waits
until the zygote has emptied the pipe of that last time. A process that prints to stdout alone pays nothing for this: a write to
stderr puts a hook in front of the next write to stdout, and that hook removes itself.
"""
import builtins
import codecs
import sys
from fcntl import ioctl as _ioctl
from os import fstat as _fstat
from time import monotonic, sleep

import _sitebuiltins

__builtins__ = dict(vars(builtins))  # see result.py

_ERRORS = 'surrogateescape-or-replace'
_FIONREAD = 0x541b  # ioctl(2): how many bytes a pipe holds
_LONGEST_WAIT = 1  # seconds
_PAUSE = 50e-6  # seconds
_NO_BYTES = bytes(4)
_FILE_TYPE, _PIPE = 0o170000, 0o010000  # inode(7)


outputs = None
"""The _Outputs of this process, once they are set up."""


def replace_outputs():
    """Sets up the streams of this process, which its children inherit. Each child replaces the descriptors below them."""
    global outputs
    codecs.register_error(_ERRORS, _escape_or_replace)
    sys.stdout.reconfigure(encoding='utf-8', errors=_ERRORS, line_buffering=True)
    sys.stderr.reconfigure(encoding='utf-8', errors='backslashreplace', line_buffering=True)
    outputs = _Outputs(sys.stdout.buffer.raw, sys.stderr.buffer.raw)
    for name in ('quit', 'exit'):
        setattr(builtins, name, _sitebuiltins.Quitter(name, 'Ctrl-D (i.e. EOF)'))
    builtins.help = _sitebuiltins._Helper()


class _Outputs:
    """The two streams of this process, whose order it keeps."""

    def __init__(self, stdout, stderr):
        self._stdout, self._stderr = stdout, stderr
        self._write_error = stderr.write
        self._is_at_stderr = False
        self._may_wait = True
        self._has_written = self._has_written_ahead = False
        stderr.write = self._write_to_stderr

    def watch(self):
        """From now on, `has_written` tells whether anything was written to stdout, beside what imports ahead have written."""
        self._has_written, self._has_written_ahead = self._has_written_ahead, False
        self._stdout.write = self._write_to_stdout

    def begin_ahead(self):
        """Imports ahead of the script begin. What they print, the script's own imports would print."""
        self._has_written = False
        self._stdout.write = self._write_to_stdout

    def end_ahead(self):
        """They have ended."""
        self._has_written_ahead = self._has_written

    @property
    def has_written(self):
        """Whether this process has written to stdout since `watch`."""
        return self._has_written

    def _write_to_stderr(self, data):
        if not self._is_at_stderr:
            self._is_at_stderr = True
            self._wait_until_empty(1)
            self._stdout.write = self._write_to_stdout
        return self._write_error(data)

    def _write_to_stdout(self, data):
        vars(self._stdout).pop('write', None)
        self._has_written = True
        if self._is_at_stderr:
            self._is_at_stderr = False
            self._wait_until_empty(2)
        return self._stdout.write(data)

    def _wait_until_empty(self, descriptor):
        """Gives up for good when that takes too long, for example because another process keeps the pipe full."""
        deadline = None
        try:
            while self._may_wait and any(_ioctl(descriptor, _FIONREAD, _NO_BYTES)) and _is_pipe(descriptor):
                now = monotonic()
                deadline = deadline or now + _LONGEST_WAIT
                self._may_wait = now < deadline
                sleep(_PAUSE)
        except OSError:
            pass  # the script has closed or replaced the descriptor


def _is_pipe(descriptor):
    return _fstat(descriptor).st_mode & _FILE_TYPE == _PIPE


def _escape_or_replace(error):
    if not isinstance(error, UnicodeEncodeError):
        raise error
    encoded = bytes(
        ord(character) - 0xdc00 if '\udc80' <= character <= '\udcff' else ord('?')
        for character in error.object[error.start:error.end])
    return encoded, error.end
