"""The pipe on which a child receives its orders."""
from os import _exit, close, register_at_fork

import _ctypes

from ..script.result import pipe_identity
from ..script.run_secrets import enter_secrets
from ..script.trace import enter_trace
from .frames import RUN, SECRETS, TRACE, read_frame

_POLLIN = 1


class _Int(_ctypes._SimpleCData):
    _type_ = 'i'


class _Poll(_ctypes.CFuncPtr):
    _flags_ = 0x1 | 0x4  # FUNCFLAG_CDECL, FUNCFLAG_PYTHONAPI: keeps the interpreter's lock during the call
    _restype_ = _Int


_poll = _Poll(_ctypes.dlsym(_ctypes.dlopen(None, 2), 'poll'))


class Orders:
    """The read end of that pipe. It is open only in the child, not in processes that the script forks."""

    def __init__(self, descriptor):
        self._descriptor = descriptor
        self._identity = pipe_identity(descriptor)
        self._polled = descriptor.to_bytes(4, 'little') + _POLLIN.to_bytes(4, 'little')
        register_at_fork(after_in_child=self._leave)

    def take(self):
        """Waits for the next order, (kind, payload); no thread runs meanwhile. The trace and the secrets that come before it are those of
        its run. Ends the process at the end of the pipe."""
        while _poll(self._polled, 1, -1) < 1:
            pass  # poll was interrupted
        if not self._is_open:
            raise OSError('the script has closed the descriptor of its orders')
        trace = None
        order = read_frame(self._descriptor)
        while order is not None and order[0] in (TRACE, SECRETS):
            if order[0] == TRACE:
                trace = order[1].decode()
            else:
                enter_secrets(order[1])
            order = read_frame(self._descriptor)
        enter_trace(trace)
        if order is None:
            _exit(0)
        return order

    def have_come(self, milliseconds):
        """Whether there is an order, within that time. No thread runs meanwhile."""
        return _poll(self._polled, 1, milliseconds) > 0

    def take_run(self):
        """Waits for the next order, which must be RUN: its payload."""
        kind, payload = self.take()
        if kind != RUN:
            raise ValueError(f'order {kind} to a process that has served')
        return payload

    def close(self):
        """Closes the pipe: the child takes no more orders."""
        close(self._descriptor)

    @property
    def _is_open(self):
        return pipe_identity(self._descriptor) == self._identity

    def _leave(self):
        if self._is_open:
            close(self._descriptor)
