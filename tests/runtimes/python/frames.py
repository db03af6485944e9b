"""The tests' own implementation of runtimes/PROTOCOL.md, independent of the runtime's."""
import json
from typing import Any, NamedTuple

PROGRAM, RUN, CHECK, CANCEL, TRACE, SECRETS, FILE, FILE_BYTES = 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08
READY, STDOUT, STDERR, RESULT, END, DONE, HEARD = 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87
OUT, OUT_FILE, OUT_BYTES, OUT_REFUSED = 0x88, 0x89, 0x8a, 0x8b
HEADER = 5


def header(kind, length):
    return bytes([kind]) + length.to_bytes(4, 'little')


def frame(kind, payload=b''):
    payload = payload.encode() if isinstance(payload, str) else payload
    return header(kind, len(payload)) + payload


class Splitter:
    """Takes complete frames out of a growing stream of bytes."""

    def __init__(self):
        self._pending = bytearray()

    def push(self, received):
        self._pending += received

    def pop(self):
        """The next frame, (kind, payload), or None when it is not complete."""
        if len(self._pending) < HEADER:
            return None
        end = HEADER + int.from_bytes(self._pending[1:HEADER], 'little')
        if len(self._pending) < end:
            return None
        kind, payload = self._pending[0], bytes(self._pending[HEADER:end])
        del self._pending[:end]
        return kind, payload


class Result(NamedTuple):
    kind: str
    value: Any


def parse_result(message):
    """The result message; None when the bytes are not exactly one complete message."""
    if len(message) < HEADER or len(message) != HEADER + int.from_bytes(message[1:HEADER], 'little'):
        return None
    kind = chr(message[0])
    return Result(kind, json.loads(message[HEADER:]) if kind in 'VESBX' or len(message) > HEADER else None)
