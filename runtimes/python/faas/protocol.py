"""Frames: type (1 byte), length (4 bytes, little-endian), payload. See runtimes/PROTOCOL.md.

Theory of operation: the writer owns one buffer with room for a header and the largest output payload. What a
script printed is read straight into it and written from it, so the zygote never holds more than those 64 KiB,
and since writing blocks, it reads nothing while the server does not.
"""
import os

PROGRAM, INVOKE, CHECK = 0x01, 0x02, 0x03
READY, STDOUT, STDERR, RESULT, END = 0x81, 0x82, 0x83, 0x84, 0x85

LIMITS = {PROGRAM: 32 << 20, INVOKE: 8 << 20, CHECK: 0}
"""Largest payload by type, in bytes, of what the server sends."""

CHUNK = 64 << 10
"""Largest payload, in bytes, of an output frame."""

HEADER = 5


class BrokenPeer(Exception):
    """The server does not speak the protocol, or is gone in the middle of a frame."""


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
        self._payload = self._view[HEADER:]

    def send(self, kind, payload):
        """One frame with a small payload of our own."""
        self._payload[:len(payload)] = payload
        self._write(kind, len(payload))

    def receive(self, source):
        """Bytes now in a pipe, into the buffer: their number, 0 at its end; BlockingIOError when there are none."""
        return os.readv(source, [self._payload])

    def received(self, count):
        """The first bytes of the buffer, valid until the next receive or send."""
        return self._payload[:count]

    def forward(self, kind, count):
        """One frame with the first bytes of what was received."""
        self._write(kind, count)

    def _write(self, kind, length):
        self._view[0] = kind
        self._view[1:HEADER] = length.to_bytes(4, 'little')
        rest = self._view[:HEADER + length]
        while rest:
            rest = rest[os.write(self._descriptor, rest):]
