"""Frames: type (1 byte), length (4 bytes, little-endian), payload. See runtimes/PROTOCOL.md.

Theory of operation: the writer has one buffer, with room for a header and the largest output payload. Output of the script
is read into this buffer and written from it; short frames that come together are written together. So the zygote never holds
more than 64 KiB of output. Writing blocks, so while the server does not read, the zygote reads no more output either.
"""
import os

PROGRAM, RUN, CHECK, CANCEL, TRACE, SECRETS, FILE, FILE_BYTES = 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08
READY, STDOUT, STDERR, RESULT, END, DONE, HEARD = 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87
OUT, OUT_FILE, OUT_BYTES, OUT_REFUSED = 0x88, 0x89, 0x8a, 0x8b

NAME_SIZE = 255
"""The longest name of a file, in bytes."""

LIMITS = {PROGRAM: 32 << 20, RUN: 8 << 20, CHECK: 0, TRACE: 64, SECRETS: 32 << 20, FILE: NAME_SIZE, FILE_BYTES: 64 << 10}
"""The largest payload of each frame that the server sends, in bytes."""

CHUNK_SIZE = 64 << 10
"""The largest payload of STDOUT, STDERR, RESULT and the bytes of files, in bytes."""

HEADER_SIZE = 5

NUMBER_SIZE = 4
"""Bytes of a run's number, at the beginning of a payload of a concurrent child."""

_WORTH_A_READ = HEADER_SIZE + 4096
"""When the buffer has less room than this, in bytes, it is sent before it is filled further."""


class BrokenPeer(Exception):
    """The server has broken the protocol, or has closed the pipe in the middle of a frame."""


def frame_header(kind, length):
    """The header of a frame."""
    return bytes((kind, *length.to_bytes(4, 'little')))


def read_frame(descriptor):
    """The next frame, (type, payload), or None at the end of file. BrokenPeer for an unknown type or a payload over its limit."""
    header = _read_exactly(descriptor, HEADER_SIZE, may_end=True)
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
            try:
                count = os.readv(descriptor, [view[filled:]])
            except ConnectionResetError:  # a mother's child has a socket: the server is gone and has left frames unread
                count = 0
            if count == 0:
                if may_end and filled == 0:
                    return None
                raise BrokenPeer(f'end of file after {filled} of {length} bytes')
            filled += count
    return payload


class FrameWriter:
    """Writes frames to a blocking descriptor."""

    def __init__(self, descriptor):
        self._descriptor = descriptor
        self._view = memoryview(bytearray(HEADER_SIZE + CHUNK_SIZE))
        self._kept = 0

    def send(self, kind, payload):
        """Sends the kept frames, then one frame with a small payload of the zygote's own."""
        if len(self._view) - self._kept < HEADER_SIZE + len(payload):
            self.flush()
        start = self._kept + HEADER_SIZE
        self._view[start:start + len(payload)] = payload
        self.keep(kind, len(payload))
        self.flush()

    def send_before(self, kind):
        """Sends a frame without a payload, before the kept frames."""
        os.write(self._descriptor, frame_header(kind, 0))

    def receive(self, source):
        """Reads bytes of a pipe into the buffer. Their number; 0 at the end of the pipe; BlockingIOError when there are none now."""
        if len(self._view) - self._kept < _WORTH_A_READ:
            self.flush()
        return os.readv(source, [self._view[self._kept + HEADER_SIZE:]])

    def received(self, count):
        """The first bytes that were received last, valid until the next call."""
        start = self._kept + HEADER_SIZE
        return self._view[start:start + count]

    def keep(self, kind, count):
        """Makes a frame of the first bytes that were received last, and keeps it for the next write."""
        self._view[self._kept:self._kept + HEADER_SIZE] = frame_header(kind, count)
        self._kept += HEADER_SIZE + count

    def flush(self):
        """Sends the kept frames."""
        rest = self._view[:self._kept]
        self._kept = 0
        while rest:
            rest = rest[os.write(self._descriptor, rest):]
