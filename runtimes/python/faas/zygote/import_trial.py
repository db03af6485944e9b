"""Tries in a fork which imports of libraries a zygote may carry out itself.

Theory of operation: what an import does to a process cannot be undone, and it may never end. So a fork of the zygote carries out one after
the other, and says of each whether it left nothing behind (script/remains.py). It ends with the first that did, because from then on
it cannot tell whose a thread is; the next fork goes on with the rest. An import that fails leaves nothing that matters: the zygote
does not carry it out, and the script's own import raises the error. A fork that dies, or takes too long, ends with the import at
which it was. What it prints is dropped.
"""
import os
import select
import time

import _signal

from ..kernel.libc import be_first_oom_victim, set_dumpable, set_name
from ..script.layer import carry_out
from ..script.remains import RemainsInZygote

_GOOD = b'\0'
_WHY_BYTES = 4096


class Interrupted(Exception):
    """A frame of the server has come meanwhile."""


def try_imports(statements, seconds, yields):
    """(statements that may be carried out, (statement, why) of those that may not). seconds: how long all of it may take. yields:
    Interrupted when the server sends a frame. This process must have no other child."""
    good, bad = [], []
    deadline = time.monotonic() + seconds
    rest = list(statements)
    while rest:
        count, why = _try_until_bad(rest, deadline, yields)
        good += rest[:count]
        if count < len(rest):
            bad.append((rest[count], why))
        rest = rest[count + 1:]
        if time.monotonic() >= deadline:
            bad += [(statement, 'there is no time left to try it') for statement in rest]
            break
    return good, bad


def _try_until_bad(statements, deadline, yields):
    """(how many are good before the first that is not, why it is not)."""
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        _carry_out_all(statements, write_end)
    os.close(write_end)
    try:
        return _verdict(read_end, deadline, yields)
    finally:
        os.close(read_end)
        _end_all()


def _verdict(read_end, deadline, yields):
    poll = select.poll()
    poll.register(read_end, select.POLLIN)
    if yields:
        poll.register(0, select.POLLIN)
    said = bytearray()
    while (left := deadline - time.monotonic()) > 0:
        ready = [descriptor for descriptor, _ in poll.poll(left * 1000 + 1)]
        if 0 in ready:
            raise Interrupted
        if read_end in ready:
            part = os.read(read_end, _WHY_BYTES)
            if not part:
                why = bytes(said).lstrip(_GOOD).decode('utf-8', 'replace')
                return said.count(_GOOD), why or 'its import ends the process'
            said += part
    return said.count(_GOOD), 'its import takes too long'


def _end_all():
    """Kills the trial and all its children, and waits for them."""
    try:
        os.kill(-1, _signal.SIGKILL)
    except ProcessLookupError:
        pass
    while True:
        try:
            os.wait()
        except ChildProcessError:
            return


def _carry_out_all(statements, answer):
    """In the fork. A byte for each good import, and then why the next one is not. Never returns."""
    try:
        _signal.set_wakeup_fd(-1)
        set_dumpable(True)
        set_name(b'faas-trial')
        be_first_oom_victim()
        nothing = os.open('/dev/null', os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nothing, descriptor)
        os.close(nothing)
        remains = RemainsInZygote()
        for statement in statements:
            why = _why_not(statement, remains)
            os.write(answer, _GOOD if why is None else why.replace('\0', ' ').encode('utf-8', 'backslashreplace')[:_WHY_BYTES])
            if why is not None:
                break
    finally:
        os._exit(0)


def _why_not(statement, remains):
    try:
        carry_out(statement)
    except BaseException as error:
        return f'its import raises {type(error).__name__}: {error}'
    return remains.why()
