"""The trace that a run belongs to (W3C Trace Context), where the server tells one: the environment variable TRACEPARENT, and
`traceparent` of a handler's context.

`__builtins__` is a copy, for the reason that result.py gives.
"""
import builtins
from os import environ

__builtins__ = dict(vars(builtins))

_NAME = 'TRACEPARENT'


class _Trace:
    parent = None
    """The `traceparent` of the present run, or None."""


trace = _Trace()


def enter_trace(parent):
    """The next run belongs to this trace; None: to none."""
    if parent != trace.parent:
        trace.parent = parent
        if parent is None:
            environ.pop(_NAME, None)
        else:
            environ[_NAME] = parent
