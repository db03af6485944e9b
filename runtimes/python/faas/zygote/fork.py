"""Forks a child ahead of its run: both sides of the fork.

Theory of operation: a fork takes longer than most scripts, so the zygote forks while no client waits, and the child sets
itself up as far as it can without its order (child.py). The order, a frame as the server sent it, comes on a pipe of its own.
wait4(2) tells which process has died. kill(-1) of process 1 reaches every other process of the sandbox, and a process with a
pending SIGKILL cannot fork. So after kill(-1), wait4 finds every process, and then finds no more.

The child keeps only the memory of the zygote. Even after an exception it ends in this file, and never returns into the
zygote's loop.

_signal is the extension below signal, whose enumerations would add 4 ms to every start.
"""
import os
import select
import time
from os import _exit  # saved, because the script may replace os._exit

import _signal

from ..kernel.libc import be_first_oom_victim, fork_waiting, set_dumpable
from .frames import RESULT, STDERR, STDOUT, frame_header

_HIGHEST_DESCRIPTOR = 1023
"""That of the result is high, so that a script that closes or reopens the first few hundred descriptors does not hit it."""

_PIPE_CAPACITY = 1 << 20  # bytes: /proc/sys/fs/pipe-max-size
_PAGE = os.sysconf('SC_PAGE_SIZE')
_CHILD_FAILED = 71  # exit status


class ChildHandle:
    """The zygote's side of a child and its descendants: its pid, the zygote's ends of its pipes, what it has used."""

    def __init__(self, child_main, wakeup):
        """Forks. The child calls child_main(order descriptor, result descriptor), which never returns."""
        pipes = [os.pipe() for _ in range(4)]
        self._pid = fork_waiting()
        if self._pid == 0:
            (order, _), *outputs = pipes
            _begin_child(child_main, order, *(write_end for _, write_end in outputs))
        (order, self._order), *outputs = pipes
        os.close(order)
        self._watch(outputs, wakeup)

    def _watch(self, outputs, wakeup):
        self.sources = {}
        """The read end of each output pipe, and the type of the frames for its bytes."""
        self.poll = select.poll()
        """Wakes up for output, and for the death of a process."""
        self.poll.register(wakeup.descriptor, select.POLLIN)
        for (read_end, write_end), kind in zip(outputs, (STDOUT, STDERR, RESULT)):
            os.close(write_end)
            os.set_blocking(read_end, False)
            self.poll.register(read_end, select.POLLIN)
            self.sources[read_end] = kind
        self.status = None
        """The status of wait4(2) once the child is dead."""
        self.cpu_seconds = 0.0
        self.max_rss_bytes = 0
        self.has_served = False
        """Whether it has carried out an order and is still alive."""
        self._reported_seconds = 0.0
        self._statm = None

    def give(self, kind, payload):
        """Gives the child an order. `status` tells later if the child has died before it has read the whole order."""
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
        """Reaps dead processes, and counts what they have used. Waits for all of them unless options say WNOHANG."""
        while True:
            try:
                pid, status, usage = os.wait4(-1, options)
            except ChildProcessError:
                return
            if pid == 0:
                return
            self.cpu_seconds += usage.ru_utime + usage.ru_stime
            if pid == self._pid:
                self.cpu_seconds -= self._reported_seconds
            self.max_rss_bytes = max(self.max_rss_bytes, usage.ru_maxrss << 10)
            if pid == self._pid and self.status is None:
                self.status = status

    @property
    def is_dead(self):
        """Whether the child is dead now."""
        self.reap(os.WNOHANG)
        return self.status is not None

    @property
    def name(self):
        """The name that the child has now (kernel/libc.py)."""
        with open(f'/proc/{self._pid}/comm', 'rb') as name:
            return name.read().rstrip(b'\n')

    def kill_all(self):
        """Kills and reaps every process except this one."""
        try:
            os.kill(-1, _signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.reap(0)

    def keep_alive(self):
        """Keeps the child for another order. False if it is dead, else the two figures are its own since the last END."""
        try:
            total = time.clock_gettime((~self._pid << 3) | 2)  # MAKE_PROCESS_CPUCLOCK(pid, CPUCLOCK_SCHED) of Linux
            if self._statm is None:
                self._statm = os.open(f'/proc/{self._pid}/statm', os.O_RDONLY | os.O_CLOEXEC)
            self.max_rss_bytes = int(os.pread(self._statm, 200, 0).split()[1]) * _PAGE
        except OSError:  # the process no longer exists
            return False
        self.cpu_seconds += total - self._reported_seconds
        self._reported_seconds = total
        self.has_served = True
        return True

    def _drop_results(self):
        """Drops bytes that came on the result pipe after the last complete message."""
        try:
            os.read(next(source for source, kind in self.sources.items() if kind == RESULT), _PIPE_CAPACITY)
        except BlockingIOError:
            pass

    def close(self):
        """Closes the zygote's descriptors of the child."""
        for descriptor in (self._order, *self.sources, *(() if self._statm is None else (self._statm,))):
            if descriptor is not None:
                os.close(descriptor)


class DirectChildHandle(ChildHandle):
    """A child that gets the zygote's own descriptors 0 and 1. The zygote must not use them while the child lives."""

    def __init__(self, child_main, wakeup):
        """Forks. The child calls child_main(descriptor of orders, descriptor of frames), which never returns."""
        outputs = [os.pipe() for _ in range(2)]
        self._pid = fork_waiting()
        if self._pid == 0:
            _begin_child(child_main, 0, *(write_end for _, write_end in outputs), 1)
        self._order = None
        self._watch(outputs, wakeup)


def _begin_child(child_main, order, stdout, stderr, result):
    """In the child: gives it descriptors of its own, and calls child_main. Never returns."""
    try:
        _signal.set_wakeup_fd(-1)
        _signal.signal(_signal.SIGCHLD, _signal.SIG_DFL)
        _signal.signal(_signal.SIGINT, _signal.default_int_handler)
        os.setsid()
        set_dumpable(True)
        be_first_oom_victim()
        for_result = min(_HIGHEST_DESCRIPTOR, os.sysconf('SC_OPEN_MAX') - 1)  # a mother may have had another limit
        for_orders = for_result - 1
        os.dup2(result, for_result, inheritable=False)
        os.dup2(order, for_orders, inheritable=False)
        os.dup2(os.open('/dev/null', os.O_RDONLY), 0)
        os.dup2(stdout, 1)
        os.dup2(stderr, 2)
        os.closerange(3, for_orders)
        child_main(for_orders, for_result)
    except BaseException:
        import traceback
        os.write(2, traceback.format_exc().encode('utf-8', 'replace'))
    finally:
        _exit(_CHILD_FAILED)
