"""Gives a script the recursion depth that it has natively.

Theory of operation: the interpreter's limit counts every frame from the bottom of the stack, and the runtime's own frames lie
below the script. So the true limit is higher than the script's by the number of those frames, and the two functions of sys that
tell and set the limit are replaced, in the zygote, by functions that hide the difference.
"""
import builtins
import sys

__builtins__ = dict(vars(builtins))  # see result.py

_get, _set, _frame_of = sys.getrecursionlimit, sys.setrecursionlimit, sys._getframe
_C_CALLS = 2 if sys.version_info < (3, 12) else 0  # eval, and the code that it starts: counted up to 3.11
_NATIVE_LIMIT = _get()
_LARGEST = 2 ** 31 - 1
_below = 0


def getrecursionlimit():
    """Return the current value of the recursion limit."""
    return _get() - _below


def setrecursionlimit(limit, /):
    """Set the maximum depth of the Python interpreter stack to n."""
    return _set(limit + _below if type(limit) is int and 0 < limit <= _LARGEST - _below else limit)


def hide_frames_below(more):
    """Lets the depth of a script count from its own first frame. more: how many frames a child of this process will have between the
    caller's frame and the script's."""
    global _below
    _below, frame = more + _C_CALLS, _frame_of(1)
    while frame is not None:
        _below, frame = _below + 1, frame.f_back
    _set(_NATIVE_LIMIT + _below)


def allow_at_least(limit):
    """Raises the true limit to this one, for the runtime's own code after a script that has lowered it."""
    _set(max(limit, _get()))


for _function in (getrecursionlimit, setrecursionlimit):
    _function.__module__ = 'sys'
    setattr(sys, _function.__name__, _function)
