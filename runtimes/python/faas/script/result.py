"""The message that a child sends for a run: kind, length, payload, on a pipe of its own (runtimes/PROTOCOL.md).

Theory of operation: this code runs after the script's code, in the same process. The script may have replaced print, len,
json.dumps or os.write. So this module saves the functions that it needs before the fork, and takes builtins from a copy: the
interpreter looks up the builtins of a module's functions in the module's `__builtins__`. JSON is written by the extension
below json. It refuses NaN and infinities, which are then written as null, as JSON.stringify writes them.
"""
import builtins
import os
from _json import encode_basestring, encode_basestring_ascii, make_encoder
from binascii import b2a_base64
from os import _exit, fstat, getpid, register_at_fork, write

from .figures import is_figure, picture_of
from .json_faults import find_fault

__builtins__ = dict(vars(builtins))

_BYTES = bytes, bytearray, memoryview
_globals = globals()

TEXT_LIMIT = 64 << 10
"""The longest message and the longest stack, in bytes of UTF-8."""


def to_json(value):
    """JSON in UTF-8; a lone surrogate is written as an escape. TypeError or ValueError when JSON cannot express the value."""
    try:
        return _encode(value, encode_basestring).encode()
    except UnicodeEncodeError:
        return _encode(value, encode_basestring_ascii).encode()
    except ValueError:
        return _without_nan(value).encode()


def _encode(value, encode_text, allow_nan=False):
    encoder = make_encoder({}, _refuse, encode_text, None, ':', ',', False, False, allow_nan)
    return ''.join(encoder(value, 0))


def _without_nan(value):
    """The JSON of a value in which NaN or an infinity may be. ValueError when it has another fault."""
    encoded = _encode(value, encode_basestring, allow_nan=True)
    try:
        encoded.encode()
    except UnicodeEncodeError:
        encoded = _encode(value, encode_basestring_ascii, allow_nan=True)
    return _nan_to_null(encoded)


def _nan_to_null(encoded):
    """The JSON text with null in place of NaN, Infinity and -Infinity."""
    import re
    return re.sub(r'("[^"\\]*(?:\\.[^"\\]*)*")|-?Infinity|NaN', lambda found: found[1] or 'null', encoded)


def _is_of_the_encoder(error):
    """Whether no code of the script has raised it."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_globals is _globals:
        trace = trace.tb_next
    return trace is None


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
    """`V`, or `B` for bytes and figures. TypeError, which says where, or ValueError when JSON cannot express the value."""
    if isinstance(value, _BYTES):
        return _bytes_message(bytes(value), 'application/octet-stream')
    if is_figure(value):
        return _bytes_message(picture_of(value), 'image/png')
    try:
        return _message(b'V', to_json(value))
    except (TypeError, ValueError) as error:
        fault = find_fault(value, name_of) if _is_of_the_encoder(error) else None
        if fault is None:
            raise
    raise TypeError(f'The returned value cannot be sent as JSON: {fault}')


def _bytes_message(content, media_type):
    return _message(b'B', to_json({'base64': b2a_base64(content, newline=False).decode(), 'mediaType': media_type}))


def nothing_message():
    """`N`."""
    return _message(b'N', b'')


def error_message(name, message, stack):
    """`E`. A long message keeps its beginning, a long stack its end, where the error is."""
    return _message(b'E', to_json({'name': name, 'message': _beginning(message), 'stack': _ending(stack)}))


def compile_error_message(error):
    """`S`."""
    name = {} if error.name is None else {'name': error.name}
    file = {} if error.file is None else {'file': error.file}
    return _message(b'S', to_json({**name, 'message': _beginning(error.message), **file, 'line': error.line, 'column': error.column}))


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
        """`V`, or `B` for bytes. TypeError, which says where, or ValueError when JSON cannot express the value."""
        self._send(value_message(value))

    def send_nothing(self):
        """`N`: nothing to tell."""
        self._send(nothing_message())

    def send_no_value(self, handler):
        """`N` for a body without a value: the name of the handler that was not called, None when there is none."""
        self._send(_message(b'N', to_json({'handler': handler})))

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
