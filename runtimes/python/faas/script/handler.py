"""Calls the handler that a script defines for another function server.

Theory of operation: a script for another function server does its work in a function, so its body ends without a value and prints
nothing. docs/scripts.md has the rule; source_traits.py finds the functions by name. A handler is called with as many of its event and its
context as it takes.
"""
import builtins
from os import urandom
from time import monotonic

from .trace import trace

__builtins__ = dict(vars(builtins))  # see result.py

_VARIABLE_ARGUMENTS = 0x4  # inspect.CO_VARARGS
_MAIN = 'main'


class Handlers:
    """The handlers of one script."""

    def __init__(self, given, defined):
        """given: the name that came with the upload, or None. defined: the names that the script defines, the first one first."""
        self._given = given
        self._defined = defined

    def find(self, namespace, has_printed):
        """(name, function) of the handler to call: (name, None) when it is not to be called because the script has printed, and
        (None, None) when there is none. NameError when the given one is not there."""
        if self._given is not None:
            function = namespace.get(self._given)
            if not callable(function):
                raise NameError(f"The script has no handler '{self._given}'")
            return self._given, function
        for name in self._defined:
            function = namespace.get(name)
            if _is_handler(name, function):
                return name, None if has_printed else function
        return None, None


class Context:
    """What a handler gets beside its event, under the names that AWS Lambda's has."""

    function_name = 'script'
    function_version = '$LATEST'
    invoked_function_arn = ''
    log_group_name = ''
    log_stream_name = ''
    identity = client_context = None

    def __init__(self, memory_bytes, timeout_seconds, start):
        """memory_bytes, timeout_seconds: limits, None when they are unknown. start: of the run, by time.monotonic."""
        self.memory_limit_in_mb = None if memory_bytes is None else str(memory_bytes >> 20)
        self.aws_request_id = _random_uuid()
        self.traceparent = trace.parent
        self._end = None if timeout_seconds is None else start + timeout_seconds

    def get_remaining_time_in_millis(self):
        """The milliseconds until the run is killed; None when the limit is unknown."""
        return None if self._end is None else max(0, int((self._end - monotonic()) * 1000))


def call(name, function, event, make_context):
    """What the handler returns, which may have to be awaited."""
    count = _arguments_taken(name, function)
    return function(*(event, make_context())[:count]) if count > 1 else function(*(event,)[:count])


def is_awaitable(value):
    """Whether the value of a handler has to be awaited."""
    return hasattr(type(value), '__await__')


def _is_handler(name, function):
    """A function of the script itself. A main() without parameters is the start of a program, which calls it itself."""
    return (callable(function) and not isinstance(function, type) and getattr(function, '__module__', None) == '__main__'
            and (name != _MAIN or _arguments_taken(name, function) > 0))


def _arguments_taken(name, function):
    """How many arguments the function is called with. `main` gets the context only if it must have two."""
    bound = getattr(function, '__func__', None)
    code = getattr(bound or function, '__code__', None)
    if code is None:
        return 2
    possible = code.co_argcount - (bound is not None)
    if code.co_flags & _VARIABLE_ARGUMENTS:
        possible = max(possible, 1 if name == _MAIN else 2)
    if name != _MAIN:
        return min(2, possible)
    return min(possible, max(1, possible - len((bound or function).__defaults__ or ())), 2)


def _random_uuid():
    number = urandom(16)
    digits = (number[:6] + bytes((number[6] & 0x0f | 0x40, number[7], number[8] & 0x3f | 0x80)) + number[9:]).hex()
    return '-'.join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
