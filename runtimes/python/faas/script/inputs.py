"""The global `input`: the event's value, or Python's function, or both at once.

Theory of operation: a script that only calls `input` gets Python's function, because the name is then no global at all. A script that
also uses it as a value gets an instance of a subclass of the value's type, which can be called. Such an instance is pickled and copied
as the plain value. True, False and None have no subclasses: there, `input` is the value only.
"""
import builtins

from .source_traits import BOTH, FUNCTION

__builtins__ = dict(vars(builtins))  # see result.py

_read_line = builtins.input


def set_inputs(namespace, value, use):
    """Sets the globals `event` and `input` for a script that uses `input` in this way."""
    if use == FUNCTION:
        namespace['event'] = value
        namespace.pop('input', None)
    else:
        namespace['event'] = namespace['input'] = _callable(value) if use == BOTH else value


def as_input(value, use):
    """What a script that uses `input` in this way gets for it, where it is no global."""
    return _read_line if use == FUNCTION else _callable(value) if use == BOTH else value


def _callable(value):
    kind = _KINDS.get(type(value))
    return value if kind is None else kind(value)


def _kind(plain):
    class Kind(plain):
        __slots__ = ()

        def __call__(self, prompt='', /):
            """Read a string from standard input."""
            return _read_line(prompt)

        def __reduce_ex__(self, protocol):
            return plain, (plain(self),)

    Kind.__name__ = Kind.__qualname__ = plain.__name__
    Kind.__module__ = plain.__module__
    return Kind


_KINDS = {plain: _kind(plain) for plain in (dict, list, str, int, float)}
