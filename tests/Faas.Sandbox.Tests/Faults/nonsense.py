"""A Python zygote that keeps to runtimes/PROTOCOL.md until a script prints `nonsense: KIND`. Stands in for zygote.py.

It writes a line `asked` for each order, and a line `said` after nonsense that it sent later than an END, to the named pipe
`told`, whose other end a test holds.
"""
import os
import random
import sys
import time

_FOLDER = __file__.rpartition('/')[0]
sys.path.insert(0, _FOLDER)
from faas.zygote import frames  # noqa: E402

_MARK = b'nonsense: '
_VALUE = b'V\x05\x00\x00\x00"odd"'
_read_frame = frames.read_frame


def _frame(kind, payload):
    return frames.frame_header(kind, len(payload)) + payload


def _tell(what):
    with open(f'{_FOLDER}/told', 'wb', 0) as pipe:
        pipe.write(what + b'\n')


def _die():
    os._exit(1)


def _fall_silent():
    while True:
        time.sleep(1000)


_AT_ONCE = {
    'an unknown type': (b'\x99\x01\x00\x00\x00x', None),
    'an absurd length': (b'\x82\xff\xff\xff\xff', None),
    'a length of none': (b'\x84\x00\x00\x00\x00', None),
    'a frame of the server\'s': (_frame(frames.RUN, b'{}'), None),
    'READY again': (_frame(frames.READY, b'{"protocol":1,"runtime":"python","version":"3"}'), None),
    'an END that is none': (_frame(frames.END, b'{"exitCode":0,"signal":9}'), None),
    'an END that is no JSON': (_frame(frames.END, b'\xff\xfe'), None),
    'half a frame and its end': (b'\x82\x40\x00\x00\x00half', _die),
    'half a header and its end': (b'\x84\x40', _die),
    'nothing but its end': (b'', _die),
    'half a frame and silence': (b'\x82\x40\x00\x00\x00half', _fall_silent),
}
"""The bytes that are sent in the middle of a run, and the function that is called then."""

_AFTER = {
    'END twice': lambda end: end,
    'END twice, later': lambda end: end,
    'a result for no call, later': lambda end: _frame(frames.RESULT, _VALUE),
    'a whole answer to no call, later': lambda end: _frame(frames.RESULT, _VALUE) + end,
    'garbage, later': lambda end: random.Random(len(end)).randbytes(10_000),
}
"""The bytes that are sent when the run is over."""


class _Nonsense(frames.FrameWriter):
    after = None

    def keep(self, kind, count):
        said = bytes(self.received(count))
        super().keep(kind, count)
        if kind == frames.STDOUT and said.startswith(_MARK):
            self._speak(said[len(_MARK):].split(b'\n')[0].decode())

    def send(self, kind, payload):
        if kind != frames.END or self.after is None:
            return super().send(kind, payload)
        after, self.after = self.after, None
        end = _frame(kind, payload)
        if not after.endswith('later'):
            self.flush()
            return os.write(1, end + _AFTER[after](end))
        super().send(kind, payload)
        time.sleep(0.1)  # so that the server reads the END alone
        os.write(1, _AFTER[after](end))
        _tell(b'said')

    def _speak(self, what):
        if what in _AFTER:
            self.after = what
            return
        text, then = _AT_ONCE[what]
        self.flush()
        os.write(1, text)
        if then:
            then()


def _counted(descriptor):
    frame = _read_frame(descriptor)
    if os.getpid() == 1 and frame is not None and frame[0] == frames.RUN:  # its children read their orders in the same way
        _tell(b'asked')
    return frame


frames.FrameWriter = _Nonsense
frames.read_frame = _counted
from faas.zygote.start import serve  # noqa: E402

del sys.path[0]
serve()
