"""The message that says how an invocation ended: kind, length, payload, on a pipe of its own.

Theory of operation: this runs after the script's code did, in its process. A script may have replaced print, len,
json.dumps or os.write; so functions are held here since before the fork, builtins come from a copy
(`__builtins__` below is where the interpreter takes the builtins of functions defined in this module), and JSON is
written by the extension below json.
"""
import builtins
import os
from _json import encode_basestring, encode_basestring_ascii, make_encoder
from os import _exit, fstat, getpid, register_at_fork, write

__builtins__ = dict(vars(builtins))

TEXT_LIMIT = 64 << 10
"""Longest message and longest stack, in bytes of UTF-8."""


def to_json(value):
    """UTF-8; a lone surrogate stays an escape. TypeError or ValueError when the value has no JSON."""
    try:
        return _encode(value, encode_basestring).encode()
    except UnicodeEncodeError:
        return _encode(value, encode_basestring_ascii).encode()


def _encode(value, encode_text):
    encoder = make_encoder({}, _refuse, encode_text, None, ':', ',', False, False, False)
    return ''.join(encoder(value, 0))


def _refuse(value):
    raise TypeError(f'Object of type {name_of(value)} is not JSON serializable')


def name_of(value):
    """Its class's name, whatever its metaclass says."""
    return _class_name(type(value))


_class_name = vars(type)['__name__'].__get__


def pipe_identity(descriptor):
    """What no other file has; None when it is closed."""
    try:
        found = fstat(descriptor)
        return found.st_dev, found.st_ino
    except OSError:
        return None


class ResultPipe:
    """Where the one message of this process goes."""

    def __init__(self, descriptor):
        self._descriptor = descriptor
        self._identity = pipe_identity(descriptor)
        self._owner = getpid()
        register_at_fork(after_in_child=self._leave)

    @property
    def is_mine(self):
        """False in a process that the script forked."""
        return getpid() == self._owner

    def send_value(self, value):
        """`V`; TypeError or ValueError when the value has no JSON."""
        self._send(b'V', to_json(value))

    def send_nothing(self):
        """`N`."""
        self._send(b'N', b'')

    def send_error(self, name, message, stack):
        """`E`; of a long message the beginning is kept, of a long stack the end, where the error is."""
        self._send(b'E', to_json({'name': name, 'message': _beginning(message), 'stack': _ending(stack)}))

    def send_refusal(self, refusal):
        """`S`."""
        self._send(b'S', to_json({
            'message': _beginning(refusal.message), 'line': refusal.line, 'column': refusal.column}))

    def _send(self, kind, payload):
        if pipe_identity(self._descriptor) != self._identity:
            try:
                write(2, b'The script has closed the descriptor of its result.\n')
            finally:
                _exit(1)
        rest = memoryview(kind + len(payload).to_bytes(4, 'little') + payload)
        while rest:
            rest = rest[write(self._descriptor, rest):]

    def _leave(self):
        if pipe_identity(self._descriptor) == self._identity:
            os.close(self._descriptor)


def _beginning(text):
    return str.encode(text, 'utf-8', 'backslashreplace')[:TEXT_LIMIT].decode('utf-8', 'ignore')


def _ending(text):
    return str.encode(text, 'utf-8', 'backslashreplace')[-TEXT_LIMIT:].decode('utf-8', 'ignore')
