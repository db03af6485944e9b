"""The secrets of a run, where its version lists some: the built-in name `secrets`, and environment variables if the version asks for them.

Theory of operation: `secrets` is a built-in name and no global of the script, so that `import secrets` gives the script the module of the
standard library, as it does everywhere; `builtins.secrets` then has the values.

`__builtins__` is a copy, for the reason that result.py gives.
"""
import builtins
from os import environ

from .event import parse_json

__builtins__ = dict(vars(builtins))


class Secrets:
    """Has each secret as an attribute. What prints it shows the names alone."""

    __slots__ = ('__values',)

    def __init__(self, values):
        object.__setattr__(self, '_Secrets__values', values)

    def __getattr__(self, name):
        try:
            return self.__values[name]
        except KeyError:
            raise AttributeError(f'the version lists no secret {name!r}') from None

    def __setattr__(self, name, value):
        raise AttributeError('secrets cannot be changed')

    def __dir__(self):
        return sorted(self.__values)

    def __repr__(self):
        return f'<secrets {", ".join(sorted(self.__values))}>'


def enter_secrets(payload):
    """The next run has these secrets; the payload is that of a SECRETS frame."""
    given = parse_json(payload)
    builtins.secrets = Secrets(given['values'])
    if given['env']:
        environ.update(given['values'])
