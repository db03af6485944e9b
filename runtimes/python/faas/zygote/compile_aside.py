"""Compiles a script once, in a process of its own, for all runs of the sandbox.

Theory of operation: a hostile source can kill the parser (nesting, memory), so the zygote never parses one. A fork of the zygote
does, and sends the result back over a pipe, marshalled; it runs no statement of the script. If the fork dies, or if the code
is too large to keep, each child compiles the script itself, and only that child may die of it.
"""
import marshal
import os

import _signal

from ..kernel.libc import be_first_oom_victim, set_dumpable, set_name
from ..script.compile import CompileError, Program, compile_whole

_LARGEST = 16 << 20
"""The largest marshalled code, in bytes, that the zygote keeps."""


def compile_aside(script, as_function=False):
    """A Program or a CompileError; None when each child must compile the script itself."""
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            _signal.set_wakeup_fd(-1)
            set_dumpable(True)
            set_name(b'faas-compile')
            be_first_oom_victim()
            with open(write_end, 'wb') as pipe:
                pipe.write(_packed(compile_whole(script, as_function)))
        finally:
            os._exit(0)
    os.close(write_end)
    with open(read_end, 'rb') as pipe:
        packed = pipe.read(_LARGEST + 1)
    os.kill(pid, _signal.SIGKILL)
    os.waitpid(pid, 0)
    return _unpacked(packed) if 0 < len(packed) <= _LARGEST else None


def _packed(compiled):
    if isinstance(compiled, CompileError):
        return marshal.dumps((compiled.message, compiled.line, compiled.column, compiled.file, compiled.name))
    return marshal.dumps((compiled.code, compiled.warnings, compiled.handlers, compiled.input_use, compiled.modules))


def _unpacked(packed):
    try:
        fields = marshal.loads(packed)
    except (EOFError, ValueError, TypeError):  # the fork has died while it was writing
        return None
    return CompileError(*fields) if isinstance(fields[0], str) else Program(*fields)
