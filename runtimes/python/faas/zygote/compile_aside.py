"""A program compiled once, in a process of its own, for all invocations of the sandbox.

Theory of operation: a source made for it kills a parser (nesting, memory), so the zygote never parses one. A fork
does, and sends the outcome back marshalled over a pipe; nothing of the script has run there. When the fork dies
or the outcome is too large to keep, every invocation compiles for itself and meets its own end.
"""
import marshal
import os

import _signal

from ..kernel.libc import be_first_to_die, set_dumpable, set_name
from ..script.compile import Program, Refusal, build

KEPT = 16 << 20
"""Largest marshalled code, in bytes, that the zygote keeps."""


def compile_aside(source, filename):
    """A Program or a Refusal; None when there is no telling."""
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            _signal.set_wakeup_fd(-1)
            set_dumpable(True)
            set_name(b'faas-compile')
            be_first_to_die()
            with open(write_end, 'wb') as pipe:
                pipe.write(_packed(build(source, filename)))
        finally:
            os._exit(0)
    os.close(write_end)
    with open(read_end, 'rb') as pipe:
        packed = pipe.read(KEPT + 1)
    os.kill(pid, _signal.SIGKILL)
    os.waitpid(pid, 0)
    return _unpacked(packed) if 0 < len(packed) <= KEPT else None


def _packed(outcome):
    if isinstance(outcome, Refusal):
        return marshal.dumps((outcome.message, outcome.line, outcome.column))
    return marshal.dumps((outcome.code, outcome.warnings))


def _unpacked(packed):
    try:
        fields = marshal.loads(packed)
    except (EOFError, ValueError, TypeError):  # the fork died while it wrote
        return None
    return Refusal(*fields) if isinstance(fields[0], str) else Program(*fields)
