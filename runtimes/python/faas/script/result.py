"""The message that a child sends for a run: kind, length, payload, on a pipe of its own (runtimes/PROTOCOL.md).

Theory of operation: this code runs after the script's code, in the same process. The script may have replaced print, len,
json.dumps or os.write. So this module saves the functions that it needs before the fork, and takes builtins from a copy: the
interpreter looks up the builtins of a module's functions in the module's `__builtins__`. JSON is written by the extension
below json.
"""
import builtins
import os
from _json import encode_basestring, encode_basestring_ascii, make_encoder
from os import _exit, fstat, getpid, register_at_fork, write

__builtins__ = dict(vars(builtins))

TEXT_LIMIT = 64 << 10
"""The longest message and the longest stack, in bytes of UTF-8."""


def to_json(value):
    """JSON in UTF-8; a lone surrogate is written as an escape. TypeError or ValueError when JSON cannot express the value."""
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
    """The name of the value's class, even if its metaclass redefines __name__."""
    return _class_name(type(value))


_class_name = vars(type)['__name__'].__get__


def pipe_identity(descriptor):
    """The device and inode, which identify the pipe; None when the descriptor is closed."""
    try:
        found = fstat(descriptor)
        return found.st_dev, found.st_ino
    except OSError:
        return None


def value_message(value):
    """`V`. TypeError or ValueError when JSON cannot express the value."""
    return _message(b'V', to_json(value))


def nothing_message():
    """`N`."""
    return _message(b'N', b'')


def error_message(name, message, stack):
    """`E`. A long message keeps its beginning, a long stack its end, where the error is."""
    return _message(b'E', to_json({'name': name, 'message': _beginning(message), 'stack': _ending(stack)}))


def compile_error_message(error):
    """`S`."""
    return _message(b'S', to_json({'message': _beginning(error.message), 'line': error.line, 'column': error.column}))


def exit_message(status):
    """`X`: a run of a concurrent child has ended by SystemExit."""
    return _message(b'X', to_json(status))


def _message(kind, payload):
    return kind + len(payload).to_bytes(4, 'little') + payload


class ResultPipe:
    """The pipe on which this process sends its result messages."""

    def __init__(self, descriptor):
        self._descriptor = descriptor
        self._identity = pipe_identity(descriptor)
        self._owner = getpid()
        register_at_fork(after_in_child=self._leave)

    @property
    def is_mine(self):
        """False in a process that the script has forked."""
        return getpid() == self._owner

    def send_value(self, value):
        """`V`. TypeError or ValueError when JSON cannot express the value."""
        self._send(value_message(value))

    def send_nothing(self):
        """`N`."""
        self._send(nothing_message())

    def send_error(self, name, message, stack):
        """`E`. A long message keeps its beginning, a long stack its end, where the error is."""
        self._send(error_message(name, message, stack))

    def send_compile_error(self, error):
        """`S`."""
        self._send(compile_error_message(error))

    def _send(self, message):
        if pipe_identity(self._descriptor) != self._identity:
            try:
                write(2, b'The script has closed the descriptor of its result.\n')
            finally:
                _exit(1)
        rest = memoryview(message)
        while rest:
            rest = rest[write(self._descriptor, rest):]

    def _leave(self):
        if pipe_identity(self._descriptor) == self._identity:
            os.close(self._descriptor)


def _beginning(text):
    return str.encode(text, 'utf-8', 'backslashreplace')[:TEXT_LIMIT].decode('utf-8', 'ignore')


def _ending(text):
    return str.encode(text, 'utf-8', 'backslashreplace')[-TEXT_LIMIT:].decode('utf-8', 'ignore')
