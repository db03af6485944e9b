"""Tells a script how many processors its sandbox may use.

Theory of operation: the kernel limits the processor time of a sandbox, but still shows it every processor of the machine. A program
that starts a thread for each of them would only wait. So the functions of os tell the limit, rounded down, and at least 1.
"""
import builtins
import os

__builtins__ = dict(vars(builtins))  # see result.py

_cpu_count, _affinity_of = os.cpu_count, os.sched_getaffinity
_NAMES_OF_THE_COUNT = 'cpu_count', 'process_cpu_count'  # the latter from Python 3.13 on
_most = None


def cpu_count():
    """Return the number of processors that this sandbox may use."""
    return min(_most, _cpu_count() or _most)


def sched_getaffinity(pid, /):
    """Return the affinity of the process identified by pid, as far as this sandbox may use it."""
    return set(sorted(_affinity_of(pid))[:_most])


def tell_processors(limit):
    """limit: in processors, possibly a fraction; None: not known, so the functions stay as they are."""
    global _most
    if limit is None or _most is not None:
        return
    _most = max(1, int(limit))
    for name in _NAMES_OF_THE_COUNT:
        if hasattr(os, name):
            setattr(os, name, cpu_count)
    os.sched_getaffinity = sched_getaffinity
