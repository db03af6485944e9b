"""Frames: type (1 byte), length (4 bytes, little-endian), payload. See runtimes/PROTOCOL.md.

Theory of operation: the writer owns one buffer with room for a header and the largest output payload. What a
script printed is read straight into it and written from it, several short frames at once where they come at once, so
the zygote never holds more than those 64 KiB, and since writing blocks, it reads nothing while the server does not.
"""
import os

PROGRAM, INVOKE, CHECK = 0x01, 0x02, 0x03
READY, STDOUT, STDERR, RESULT, END = 0x81, 0x82, 0x83, 0x84, 0x85

LIMITS = {PROGRAM: 32 << 20, INVOKE: 8 << 20, CHECK: 0}
"""Largest payload by type, in bytes, of what the server sends."""

CHUNK = 64 << 10
"""Largest payload, in bytes, of an output frame."""

HEADER = 5

_WORTH_A_READ = HEADER + 4096
"""Room, in bytes, below which the buffer is sent rather than filled."""


class BrokenPeer(Exception):
    """The server does not speak the protocol, or is gone in the middle of a frame."""


def frame_header(kind, length):
    """What comes before a payload."""
    return bytes((kind, *length.to_bytes(4, 'little')))


def read_frame(descriptor):
    """The next (type, payload), or None at the end of file; BrokenPeer when it is not a frame we know."""
    header = _read_exactly(descriptor, HEADER, may_end=True)
    if header is None:
        return None
    kind, length = header[0], int.from_bytes(header[1:], 'little')
    if length > LIMITS.get(kind, -1):
        raise BrokenPeer(f'frame of type {kind:#04x} with {length} bytes')
    return kind, _read_exactly(descriptor, length)


def _read_exactly(descriptor, length, may_end=False):
    payload = bytearray(length)
    filled = 0
    with memoryview(payload) as view:
        while filled < length:
            count = os.readv(descriptor, [view[filled:]])
            if count == 0:
                if may_end and filled == 0:
                    return None
                raise BrokenPeer(f'end of file after {filled} of {length} bytes')
            filled += count
    return payload


class FrameWriter:
    """Frames out, blocking, each whole before the next."""

    def __init__(self, descriptor):
        self._descriptor = descriptor
        self._view = memoryview(bytearray(HEADER + CHUNK))
        self._kept = 0

    def send(self, kind, payload):
        """One frame with a small payload of our own, and before it all that was kept."""
        if len(self._view) - self._kept < HEADER + len(payload):
            self.flush()
        start = self._kept + HEADER
        self._view[start:start + len(payload)] = payload
        self.keep(kind, len(payload))
        self.flush()

    def receive(self, source):
        """Bytes now in a pipe, into the buffer: their number, 0 at its end; BlockingIOError when there are none."""
        if len(self._view) - self._kept < _WORTH_A_READ:
            self.flush()
        return os.readv(source, [self._view[self._kept + HEADER:]])

    def received(self, count):
        """The first bytes of what was received, valid until the next call."""
        start = self._kept + HEADER
        return self._view[start:start + count]

    def keep(self, kind, count):
        """Makes one frame of the first bytes of what was received."""
        self._view[self._kept:self._kept + HEADER] = frame_header(kind, count)
        self._kept += HEADER + count

    def flush(self):
        """Sends what was kept."""
        rest = self._view[:self._kept]
        self._kept = 0
        while rest:
            rest = rest[os.write(self._descriptor, rest):]
