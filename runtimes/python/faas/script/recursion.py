"""Gives a script the recursion depth that it has natively.

Theory of operation: the interpreter's limit counts every frame from the bottom of the stack, and the runtime's own frames lie
below the script. So the true limit is higher than the script's by the number of those frames, and the two functions of sys that
tell and set the limit are replaced by functions that hide the difference.
"""
import builtins
import sys

__builtins__ = dict(vars(builtins))  # see result.py

_get, _set, _frame_of = sys.getrecursionlimit, sys.setrecursionlimit, sys._getframe
_C_CALLS = 2 if sys.version_info < (3, 12) else 0  # eval, and the code that it starts: counted up to 3.11


def count_from_here(default=_get()):
    """The code that the caller evaluates next counts its depth from its own first frame on, with the interpreter's first limit."""
    below, frame = _C_CALLS, _frame_of(1)
    while frame is not None:
        below, frame = below + 1, frame.f_back

    def getrecursionlimit():
        """Return the current value of the recursion limit."""
        return _get() - below

    def setrecursionlimit(limit, /):
        """Set the maximum depth of the Python interpreter stack to n."""
        return _set(limit + below if type(limit) is int and 0 < limit <= 2 ** 31 - 1 - below else limit)

    for function in (getrecursionlimit, setrecursionlimit):
        function.__module__, function.__qualname__ = 'sys', function.__name__
        setattr(sys, function.__name__, function)
    _set(default + below)


def allow_at_least(limit):
    """Raises the true limit to this one, for the runtime's own code after a script that has lowered it."""
    _set(max(limit, _get()))
