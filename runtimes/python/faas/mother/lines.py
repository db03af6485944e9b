"""Reads lines from a blocking descriptor."""
import os

from ..zygote.frames import BrokenPeer

_READ_SIZE = 64 << 10  # bytes


def read_lines(descriptor):
    """Each line, without its end. BrokenPeer when the file ends inside a line."""
    rest = b''
    while received := os.read(descriptor, _READ_SIZE):
        *lines, rest = (rest + received).split(b'\n')
        yield from lines
    if rest:
        raise BrokenPeer('end of file inside a line')
