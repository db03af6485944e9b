"""Carries out lists of system calls, which the server has written.

Theory of operation: the server knows which calls build the walls of a sandbox. This file knows only how to call the C library.
So the same list serves every runtime. A list is prepared once, in the mother: functions are looked up, and texts and bytes get
addresses. A child then only calls.

All arguments are 64-bit integers, and all results are 32-bit integers. A function with variable arguments (ioctl, prctl) is
called like any other: on x86-64 and 64-bit ARM, Linux passes such integers in the same registers.
"""
import binascii

import _ctypes

from ..zygote.exits import KnownFailure
from .memory import Block

_NAMES = frozenset('''
    capset chdir close connect ioctl mount open openat prctl read setgroups sethostname setns setresgid setresuid setrlimit setsid
    socket syscall umount2 unshare write
'''.split())
"""The functions that a list may name."""

_ARGUMENTS = {'syscall': 7}
_FEWER_ARGUMENTS = 6


class _Int(_ctypes._SimpleCData):
    _type_ = 'i'


class _Long(_ctypes._SimpleCData):
    _type_ = 'l'


class _Function(_ctypes.CFuncPtr):
    _flags_ = 0x1 | 0x4 | 0x8  # FUNCFLAG_CDECL, FUNCFLAG_PYTHONAPI (keeps the interpreter's lock), FUNCFLAG_USE_ERRNO
    _restype_ = _Int


class UnknownFunction(KnownFailure):
    """A list names a function that no list may name."""


class CallFailed(KnownFailure):
    """A call has returned a negative number."""

    def __init__(self, why, name, errno):
        super().__init__(f'{why}: {name} failed, errno {errno}')


class ServerGone(Exception):
    """A read has found the end of the file."""


class Calls:
    """A list of calls, ready to be carried out any number of times."""

    def __init__(self, described):
        """described: the list as it came. LookupError, TypeError or ValueError when it is malformed; UnknownFunction."""
        self._blocks = []
        self._calls = [self._prepared(number, **call) for number, call in enumerate(described)]

    def require(self, given):
        """NotGiven unless all values are given that the calls take."""
        for *_, arguments in self._calls:
            for argument in arguments:
                if isinstance(argument, _Given):
                    given.require(argument.name, argument.is_length)

    def carry_out(self, given):
        """Calls one after another. CallFailed at the first that fails, ServerGone at a read that finds the end of the file."""
        results = []
        for why, name, function, arguments in self._calls:
            result = function(*[argument if type(argument) is int else argument.number(results, given) for argument in arguments])
            if result < 0:
                raise CallFailed(why, name, _ctypes.get_errno())
            if result == 0 and name == 'read':
                raise ServerGone
            results.append(result)

    def _prepared(self, number, call, arguments, why):
        if call not in _NAMES:
            raise UnknownFunction(f'{call} is not among the functions that may be called')
        count = _ARGUMENTS.get(call, _FEWER_ARGUMENTS)
        if len(arguments) > count:
            raise ValueError(f'{call} takes at most {count} arguments')
        function = _Function(_ctypes.dlsym(_ctypes.dlopen(None, 2), call))
        function.argtypes = (_Long,) * count
        prepared = [self._argument(number, argument) for argument in arguments]
        return str(why), call, function, prepared + [0] * (count - len(arguments))

    def _argument(self, number, argument):
        if type(argument) is int:
            return argument
        if isinstance(argument, str):
            return self._address(argument.encode())
        match argument:
            case {'bytes': str(encoded), **rest} if not rest:
                return self._address(binascii.a2b_base64(encoded))
            case {'was': int(earlier), **rest} if not rest and 0 <= earlier < number:
                return _Was(earlier)
            case {'given': str(name), **rest} if rest in ({}, {'length': True}):
                return _Given(name, bool(rest))
        raise ValueError(f'no argument of a call: {argument}')

    def _address(self, content):
        self._blocks.append(Block(content))
        return self._blocks[-1].address


class _Was:
    """What an earlier call of the list has returned."""

    def __init__(self, number):
        self._number = number

    def number(self, results, given):
        return results[self._number]


class _Given:
    """A value of the order, or its length."""

    def __init__(self, name, is_length):
        self.name = name
        self.is_length = is_length

    def number(self, results, given):
        return given.length(self.name) if self.is_length else given.number(self.name)
