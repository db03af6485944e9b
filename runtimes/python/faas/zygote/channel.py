"""The child's side of its direct connection with the server, at isolation `shared` with a concurrency above 1
(runtimes/PROTOCOL.md, "A concurrent child"). Frames of a run begin with the run's number.

Theory of operation: the child has inherited the zygote's own descriptors 0 and 1 under high numbers, and the zygote uses them no
more while the child lives. Any thread may write: a lock keeps frames whole. A write blocks until the server has read, and the
server reads all the time, even while its clients do not. A process that the script forks closes both descriptors.

`__builtins__` is a copy, for the reason that script/result.py gives.
"""
import builtins
from _thread import allocate_lock
from os import close, getpid, read, register_at_fork, write
from select import POLLOUT, poll

from .frames import (
    CANCEL, CHUNK_SIZE, DONE, HEADER_SIZE, HEARD, LIMITS, NUMBER_SIZE, RESULT, RUN, SECRETS, STDERR, STDOUT, BrokenPeer, frame_header)

__builtins__ = dict(vars(builtins))

_START = HEADER_SIZE + NUMBER_SIZE
_MOST = CHUNK_SIZE - NUMBER_SIZE
_LONGEST_ORDER = NUMBER_SIZE + LIMITS[SECRETS]
_NAMES = {RUN: 'run', CANCEL: 'cancel', SECRETS: 'secrets'}


class Channel:
    """Both directions of the connection."""

    def __init__(self, orders, frames):
        self.orders = orders
        """The descriptor that orders come from."""
        self._frames = frames
        self._owner = getpid()
        self._lock = allocate_lock()
        self._held = bytearray()
        register_at_fork(after_in_child=self._leave)

    @property
    def is_mine(self):
        """False in a process that the script has forked."""
        return getpid() == self._owner

    def send_output(self, number, descriptor, data):
        """Sends what a run has printed to sys.stdout (1) or sys.stderr (2)."""
        self._send(self._chunks(number, STDOUT if descriptor == 1 else STDERR, data))

    def send_result(self, number, message):
        """Sends the result message of a run, and that the run is over."""
        self._send(self._chunks(number, RESULT, message) + self._frame(number, DONE, b''))

    def send_heard(self, number):
        """Sends that the child has heard that a run is cancelled."""
        self._send(self._frame(number, HEARD, b''))

    def take_orders(self):
        """Reads once, and returns the orders that are complete: ('run', 'cancel' or 'secrets', number, payload). None at the end."""
        data = read(self.orders, CHUNK_SIZE)
        if not data:
            return None
        self._held += data
        orders, at = [], 0
        while len(self._held) - at >= HEADER_SIZE:
            kind, length = self._held[at], int.from_bytes(self._held[at + 1:at + HEADER_SIZE], 'little')
            if kind not in _NAMES or not NUMBER_SIZE <= length <= _LONGEST_ORDER:
                raise BrokenPeer(f'an order of type {kind:#04x} with {length} bytes')
            end = at + HEADER_SIZE + length
            if len(self._held) < end:
                break
            number = int.from_bytes(self._held[at + HEADER_SIZE:at + _START], 'little')
            orders.append((_NAMES[kind], number, bytes(self._held[at + _START:end])))
            at = end
        del self._held[:at]
        return orders

    @staticmethod
    def _frame(number, kind, data):
        return frame_header(kind, NUMBER_SIZE + len(data)) + number.to_bytes(NUMBER_SIZE, 'little') + data

    def _chunks(self, number, kind, data):
        if len(data) <= _MOST:
            return self._frame(number, kind, data)
        return b''.join(self._frame(number, kind, data[at:at + _MOST]) for at in range(0, len(data), _MOST))

    def _send(self, frames):
        with self._lock:
            rest = memoryview(frames)
            while rest:
                try:
                    rest = rest[write(self._frames, rest):]
                except BlockingIOError:  # the script has made the descriptor non-blocking
                    waiting = poll()
                    waiting.register(self._frames, POLLOUT)
                    waiting.poll()

    def _leave(self):
        for descriptor in (self.orders, self._frames):
            try:
                close(descriptor)
            except OSError:
                pass  # the script has closed it
