"""The pipe that a process of a script has its orders from."""
from os import _exit, close, register_at_fork

import _ctypes

from .frames import read_frame
from ..script.result import pipe_identity

_POLLIN = 1


class _Int(_ctypes._SimpleCData):
    _type_ = 'i'


class _Poll(_ctypes.CFuncPtr):
    _flags_ = 0x1 | 0x4  # FUNCFLAG_CDECL, FUNCFLAG_PYTHONAPI: called with the interpreter's lock held
    _restype_ = _Int


_poll = _Poll(_ctypes.dlsym(_ctypes.dlopen(None, 2), 'poll'))


class Orders:
    """Open in this process alone, not in those that it forks."""

    def __init__(self, descriptor):
        self._descriptor = descriptor
        self._identity = pipe_identity(descriptor)
        self._polled = descriptor.to_bytes(4, 'little') + _POLLIN.to_bytes(4, 'little')
        register_at_fork(after_in_child=self._leave)

    def take(self):
        """The next (kind, payload), once it comes; at their end the process ends. No thread runs meanwhile."""
        while _poll(self._polled, 1, -1) < 1:
            pass  # interrupted
        if not self._is_open:
            raise OSError('the script has closed the descriptor of its orders')
        order = read_frame(self._descriptor)
        if order is None:
            _exit(0)
        return order

    def close(self):
        """There will be no other."""
        close(self._descriptor)

    @property
    def _is_open(self):
        return pipe_identity(self._descriptor) == self._identity

    def _leave(self):
        if self._is_open:
            close(self._descriptor)
