"""System calls that the standard library does not wrap, and the state of a process that other processes can change.

Theory of operation: PR_SET_DUMPABLE 0 gives /proc/1 to root and forbids ptrace. So a script, which has the zygote's uid, can
neither read the zygote's memory nor take its descriptors. The kernel still lets a process call setpriority(2),
sched_setaffinity(2), sched_setscheduler(2) and prlimit(2) on another process of its uid. The next child would inherit the
change, so Standing detects it before a fork.

_ctypes is the extension below ctypes. Importing the package ctypes would add 3 ms to every start.
"""
import os
import resource

import _ctypes
import _signal

MOTHER, ZYGOTE, WAITING, SCRIPT = b'faas-mother', b'faas-zygote', b'faas-waiting', b'faas-script'
"""The names that ps shows: the mother of zygotes, a zygote, its child that waits for its order, its child that has one."""

_affinity_of = os.sched_getaffinity  # which script/processors.py replaces
_PR_GET_DUMPABLE, _PR_SET_DUMPABLE, _PR_SET_NAME = 3, 4, 15  # prctl(2)
_prctl = _ctypes.dlsym(_ctypes.dlopen(None, 2), 'prctl')


def set_dumpable(dumpable):
    """Opens or closes /proc/self of this process to its own uid. OSError if the kernel has not done it."""
    _ctypes.call_function(_prctl, (_PR_SET_DUMPABLE, int(dumpable), 0, 0, 0))
    if _ctypes.call_function(_prctl, (_PR_GET_DUMPABLE, 0, 0, 0, 0)) != int(dumpable):
        raise OSError('prctl(PR_SET_DUMPABLE) had no effect')


def set_name(name):
    """Sets the name that ps shows: at most 15 bytes."""
    _ctypes.call_function(_prctl, (_PR_SET_NAME, name, 0, 0, 0))


def fork_waiting():
    """os.fork. The child has the name WAITING from its first moment."""
    set_name(WAITING)
    pid = os.fork()
    if pid:
        set_name(ZYGOTE)
    return pid


def be_first_oom_victim():
    """Makes the kernel kill this process before the zygote when memory runs out."""
    score = os.open('/proc/self/oom_score_adj', os.O_WRONLY | os.O_CLOEXEC)
    os.write(score, b'1000')
    os.close(score)


def stop_ignoring_signals():
    """Resets the signals that the server's own parent ignored (nohup, `&`), for this process and its forks."""
    for number in _signal.valid_signals() - {_signal.SIGPIPE, _signal.SIGXFSZ}:  # the interpreter itself ignores these
        if _signal.getsignal(number) == _signal.SIG_IGN:
            _signal.signal(number, _signal.SIG_DFL)


def close_all_but_standard():
    """Closes every descriptor above 2, no matter which process left it open."""
    for name in os.listdir('/proc/self/fd'):
        descriptor = int(name)
        if descriptor > 2:
            try:
                os.close(descriptor)
            except OSError:
                pass  # the descriptor that listdir itself used


class Standing:
    """The limits and priorities of this process at the time of construction."""

    def __init__(self):
        self._at_start = self._now()

    def changed(self):
        """Whether another process has changed them since then."""
        return self._now() != self._at_start

    @staticmethod
    def _now():
        limits = [resource.getrlimit(limit) for limit in range(16)]  # RLIM_NLIMITS
        return (limits, os.getpriority(os.PRIO_PROCESS, 0), os.sched_getscheduler(0), _affinity_of(0))
