"""A process for a script, forked ahead of the order that it waits for, seen from the zygote.

Theory of operation: a fork costs more than most scripts, so it is made while nobody waits for it, and sets itself up
as far as it can without knowing the event (script.py). Its order, a frame as the server sent it, comes on a pipe of
its own. wait4(2) says who died. kill(-1) of process 1 reaches every process of the sandbox but itself, and one that
has a SIGKILL pending cannot fork; so after it wait4 finds each of them, and then finds none.

_signal is the extension below signal, which costs 4 ms of every start for its enumerations.
"""
import os
import select
import time

import _signal

from . import start as child
from ..kernel.libc import WAITING, fork_under_name
from .frames import RESULT, STDERR, STDOUT, frame_header

_LONGEST_PIPE = 1 << 20  # /proc/sys/fs/pipe-max-size
_PAGE = os.sysconf('SC_PAGE_SIZE')


class Fork:
    """One process, whoever descends from it, and the ends of its pipes."""

    def __init__(self, live, wakeup):
        """It runs live(order descriptor, result descriptor), which never returns."""
        pipes = [os.pipe() for _ in range(4)]
        self._pid = fork_under_name(WAITING)
        if self._pid == 0:
            (order, _), *outputs = pipes
            child.run(live, order, *(write_end for _, write_end in outputs))
        (order, self._order), *outputs = pipes
        os.close(order)
        self.sources = {}
        """The read end of each of its outputs: the frames that its bytes go into."""
        self.poll = select.poll()
        """For all that may happen to it."""
        self.poll.register(wakeup.descriptor, select.POLLIN)
        for (read_end, write_end), kind in zip(outputs, (STDOUT, STDERR, RESULT)):
            os.close(write_end)
            os.set_blocking(read_end, False)
            self.poll.register(read_end, select.POLLIN)
            self.sources[read_end] = kind
        self.status = None
        """Of wait4(2), when it is dead."""
        self.cpu_seconds = 0.0
        self.max_rss_bytes = 0
        self.has_served = False
        """Whether it has had an order, and stayed."""
        self._charged = 0.0
        self._memory = None

    def give(self, kind, payload):
        """The order. One that dies before it has read all of it is found dead later."""
        self.cpu_seconds, self.max_rss_bytes = 0.0, 0
        if self.has_served:
            self._drop_results()
        rest = memoryview(frame_header(kind, len(payload)) + payload)
        try:
            while rest:
                rest = rest[os.write(self._order, rest):]
        except BrokenPipeError:
            pass

    def reap(self, options):
        """Takes note of the dead."""
        while True:
            try:
                pid, status, usage = os.wait4(-1, options)
            except ChildProcessError:
                return
            if pid == 0:
                return
            self.cpu_seconds += usage.ru_utime + usage.ru_stime
            if pid == self._pid:
                self.cpu_seconds -= self._charged
            self.max_rss_bytes = max(self.max_rss_bytes, usage.ru_maxrss << 10)
            if pid == self._pid and self.status is None:
                self.status = status

    @property
    def is_dead(self):
        """Now."""
        self.reap(os.WNOHANG)
        return self.status is not None

    def kill_all(self):
        """Returns when no process but this one is alive."""
        try:
            os.kill(-1, _signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.reap(0)

    def stay(self):
        """It has obeyed: whether it lives on. Then the two figures are those of its own process since the last time."""
        try:
            total = time.clock_gettime((~self._pid << 3) | 2)  # MAKE_PROCESS_CPUCLOCK(pid, CPUCLOCK_SCHED) of Linux
            if self._memory is None:
                self._memory = os.open(f'/proc/{self._pid}/statm', os.O_RDONLY | os.O_CLOEXEC)
            self.max_rss_bytes = int(os.pread(self._memory, 200, 0).split()[1]) * _PAGE
        except OSError:  # there is no such process any more
            return False
        self.cpu_seconds += total - self._charged
        self._charged = total
        self.has_served = True
        return True

    def _drop_results(self):
        """What came after the last whole message."""
        try:
            os.read(next(source for source, kind in self.sources.items() if kind == RESULT), _LONGEST_PIPE)
        except BlockingIOError:
            pass

    def close(self):
        """Closes the pipes."""
        for descriptor in (self._order, *self.sources, *(() if self._memory is None else (self._memory,))):
            os.close(descriptor)
