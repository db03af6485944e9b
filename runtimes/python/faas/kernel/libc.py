"""System calls that the standard library does not wrap, and a process's state that others may change.

Theory of operation: PR_SET_DUMPABLE 0 gives /proc/1 to root and forbids ptrace, so a script, which has the
zygote's uid, can neither read its memory nor take its descriptors. What the kernel still allows one process of
a uid to do to another is setpriority(2), sched_setaffinity(2), sched_setscheduler(2) and prlimit(2); the next
process would inherit that, so Standing notices it before a fork.

_ctypes is the extension below ctypes; the package on top costs 3 ms of every start.
"""
import os
import resource

import _ctypes
import _signal

ZYGOTE, WAITING, SCRIPT = b'faas-zygote', b'faas-waiting', b'faas-script'
"""Names of processes: process 1, those that it forked ahead of a call, those of a call."""

_PR_GET_DUMPABLE, _PR_SET_DUMPABLE, _PR_SET_NAME = 3, 4, 15  # prctl(2)
_prctl = _ctypes.dlsym(_ctypes.dlopen(None, 2), 'prctl')


def set_dumpable(dumpable):
    """Opens or closes /proc/self of this process to its own uid; OSError if the kernel did not do it."""
    _ctypes.call_function(_prctl, (_PR_SET_DUMPABLE, int(dumpable), 0, 0, 0))
    if _ctypes.call_function(_prctl, (_PR_GET_DUMPABLE, 0, 0, 0, 0)) != int(dumpable):
        raise OSError('prctl(PR_SET_DUMPABLE) had no effect')


def set_name(name):
    """What ps shows of this process: at most 15 bytes."""
    _ctypes.call_function(_prctl, (_PR_SET_NAME, name, 0, 0, 0))


def fork_under_name(name):
    """os.fork; the new process has the name from its first moment, this one keeps that of the zygote."""
    set_name(name)
    pid = os.fork()
    if pid:
        set_name(ZYGOTE)
    return pid


def be_first_to_die():
    """Makes this process the one that the kernel kills when memory runs out."""
    score = os.open('/proc/self/oom_score_adj', os.O_WRONLY | os.O_CLOEXEC)
    os.write(score, b'1000')
    os.close(score)


def heed_all_signals():
    """Makes this process, and so its forks, deaf to no signal that whoever started the server ignored (nohup, `&`)."""
    for number in _signal.valid_signals() - {_signal.SIGPIPE, _signal.SIGXFSZ}:  # the interpreter ignores these itself
        if _signal.getsignal(number) == _signal.SIG_IGN:
            _signal.signal(number, _signal.SIG_DFL)


def close_all_but_standard():
    """Closes every descriptor past 2, whoever left it open."""
    for name in os.listdir('/proc/self/fd'):
        descriptor = int(name)
        if descriptor > 2:
            try:
                os.close(descriptor)
            except OSError:
                pass  # the one that listdir itself had


class Standing:
    """Limits and priorities of this process, as they are when made."""

    def __init__(self):
        self._at_start = self._now()

    def changed(self):
        """Whether another process has changed them since."""
        return self._now() != self._at_start

    @staticmethod
    def _now():
        limits = [resource.getrlimit(limit) for limit in range(16)]  # RLIM_NLIMITS
        return (limits, os.getpriority(os.PRIO_PROCESS, 0), os.sched_getscheduler(0), os.sched_getaffinity(0))
