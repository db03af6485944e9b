"""What an import leaves behind in a process whose forks serve scripts.

Theory of operation: a fork has only the thread that called it, closes inherited files, and shares with its siblings what is meant to be
shared by processes. So a library that relies on such a thing would hang or fail later, in a script that has done nothing wrong. The
zygote itself relies on its signal handlers, and on having no children but those that it knows.
"""
import os
import sys
import time

import _signal

from ..kernel.libc import Standing

_LONGEST_WAIT = 1  # seconds, for a thread that is about to end
_STATUS = 'Umask', 'SigBlk', 'SigIgn', 'SigCgt'  # proc_pid_status(5)
_TIMERS = _signal.ITIMER_REAL, _signal.ITIMER_VIRTUAL, _signal.ITIMER_PROF


class Remains:
    """What a fork of this process would not have. Remembers the state at construction."""

    def __init__(self):
        self._files = _open_files()

    def why(self):
        """What an import has left since then, as the end of a sentence; None: nothing."""
        deadline = time.monotonic() + _LONGEST_WAIT
        while (threads := len(os.listdir('/proc/self/task'))) > 1:
            if time.monotonic() > deadline:
                return f'its import leaves {threads - 1} threads, which a fork does not have'
            time.sleep(0.01)
        for descriptor, path in _open_files().items():
            if self._files.get(descriptor) != path:
                return f'its import leaves {path} open, which a fork does not have'
        return None


class RemainsInZygote(Remains):
    """And what a zygote must not have, that has a script."""

    def __init__(self):
        super().__init__()
        self._standing = Standing()
        self._state = _state()

    def why(self):
        """As above."""
        why = super().why()
        if why is None and self._standing.changed():
            why = 'its import changes limits or priorities'
        if why is None:
            now = _state()
            why = next((f'its import changes {name}' for name, value in self._state.items() if now[name] != value), None)
        return why


def _state():
    with open('/proc/self/status') as lines:
        status = [line for line in lines if line.startswith(_STATUS)]
    return {
        'the signals of the process': (status, [_signal.getsignal(number) for number in sorted(_signal.valid_signals())]),
        'the timers of the process': [_signal.getitimer(timer) for timer in _TIMERS],
        'the folder of the process': os.getcwd(),
        'the streams of the process': (sys.stdin, sys.stdout, sys.stderr),
        'the children of the process': _has_children(),
        'the memory that processes share': _shared_memory(),
    }


def _has_children():
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


def _shared_memory():
    """The mappings that this process shares with its forks (proc_pid_maps(5)), without their places."""
    with open('/proc/self/maps') as lines:
        return sorted(line.split(maxsplit=5)[5:] for line in lines if line.split(maxsplit=2)[1].endswith('s'))


def _open_files():
    """The path of each open file by its descriptor."""
    paths = {}
    for descriptor in os.listdir('/proc/self/fd'):
        try:
            paths[descriptor] = os.readlink(f'/proc/self/fd/{descriptor}')
        except OSError:
            pass  # the descriptor that listdir itself used
    return paths
