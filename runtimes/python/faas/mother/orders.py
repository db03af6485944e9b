"""The lines of JSON that the mother gets: first the setup, then one order a line."""
import binascii
from types import SimpleNamespace

from ..script.event import parse_json
from ..zygote.frames import BrokenPeer
from .calls import Calls

_MALFORMED = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
_LARGEST_PID = (1 << 31) - 1


def parse_setup(line):
    """The first line: socket, before, child, filter. BrokenPeer when it is malformed, UnknownFunction for a call of another kind."""
    try:
        setup = parse_json(line)
        program = binascii.a2b_base64(setup['filter'])
        if not isinstance(setup['socket'], str) or not program or len(program) % 8:
            raise TypeError('socket must be a path, and filter a program of whole instructions')
        return SimpleNamespace(
            socket=setup['socket'], before=Calls(setup['before']), child=Calls(setup['child']), filter=program)
    except _MALFORMED as error:
        raise BrokenPeer(f'setup: {type(error).__name__}: {error}') from error


class Fork:
    """An order: a new child, and the values of its calls."""

    def __init__(self, token, given):
        if not isinstance(token, str) or not token or '\n' in token:
            raise TypeError('the token must be a text of one line')
        self.token = token
        self.given = {name: _given(value) for name, value in given.items()}


def _given(value):
    match value:
        case {'bytes': str(encoded), **rest} if not rest:
            return binascii.a2b_base64(encoded)
    if type(value) not in (int, str):
        raise TypeError('values must be numbers, texts or bytes')
    return value


class Reap:
    """An order: how has this child ended?"""

    def __init__(self, pid):
        if type(pid) is not int or not 0 < pid <= _LARGEST_PID:
            raise TypeError('no pid')
        self.pid = pid


def parse_order(line):
    """A Fork or a Reap. BrokenPeer when the line is malformed."""
    try:
        match parse_json(line):
            case {'fork': token, **rest} if not rest.keys() - {'given'}:
                return Fork(token, rest.get('given', {}))
            case {'reap': pid, **rest} if not rest:
                return Reap(pid)
        raise ValueError('neither fork nor reap')
    except _MALFORMED as error:
        raise BrokenPeer(f'order: {type(error).__name__}: {error}') from error
