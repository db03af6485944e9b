"""One request: a fork, the frames of what it writes, and the certainty that nothing of it is left.

Theory of operation: SIGCHLD's handler does nothing, but the interpreter's own writes a byte to a pipe of ours
(signal.set_wakeup_fd), which wakes the poll; wait4(2) then says who died. That serves every kernel, reaps
orphans while the script runs (they would count against its pids), and is deaf to a script that sends SIGCHLD
itself. The request is over when its result message is whole or its own process is dead, whoever else still
holds the pipes. kill(-1) of process 1 reaches every process of the sandbox but itself, and one that has a
SIGKILL pending cannot fork; so after it wait4 finds each of them, and then finds none. With no writer left,
what the pipes hold is all that there will be: it is read without blocking, since a descriptor hidden in a
socket's queue can keep a pipe from its end of file.

_signal is the extension below signal, which costs 4 ms of every start for its enumerations.
"""
import os
import select

import _signal

from . import child
from .protocol import CHUNK, END, RESULT, STDERR, STDOUT
from .result_meter import ResultMeter


class Wakeup:
    """A pipe that is readable after a child's death. One a process."""

    def __init__(self):
        self.descriptor, write_end = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        _signal.set_wakeup_fd(write_end, warn_on_full_buffer=False)
        _signal.signal(_signal.SIGCHLD, lambda number, frame: None)
        # The interpreter's KeyboardInterrupt; without a handler process 1 cannot be interrupted.
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)

    def clear(self):
        """Takes out the bytes; those who look for the dead afterwards miss none."""
        try:
            while os.read(self.descriptor, 4096):
                pass
        except BlockingIOError:
            pass


class Invocation:
    """One fork and its end."""

    def __init__(self, writer, wakeup):
        self._writer = writer
        self._wakeup = wakeup
        self._meter = ResultMeter()
        self._pid = 0
        self._status = None
        self._cpu_seconds = 0.0
        self._max_rss_kilobytes = 0
        self._sources = {}

    def run(self, task):
        """Runs task(result descriptor) in a fork, sends its output; returns when nothing of it is alive."""
        self._fork(task)
        self._follow()
        self._kill_all()
        for source in self._sources:
            while self._forward(source):
                pass
            os.close(source)

    def send_end(self, last):
        """The END frame, which may be this zygote's last."""
        code = os.WEXITSTATUS(self._status) if os.WIFEXITED(self._status) else 'null'
        signal = os.WTERMSIG(self._status) if os.WIFSIGNALED(self._status) else 'null'
        self._writer.send(END, (
            f'{{"exitCode":{code},"signal":{signal},"cpuMicroseconds":{round(self._cpu_seconds * 1e6)},'
            f'"maxRssBytes":{self._max_rss_kilobytes << 10},"last":{"true" if last else "false"}}}').encode())

    def _fork(self, task):
        pipes = [os.pipe() for _ in range(3)]
        self._pid = os.fork()
        if self._pid == 0:
            child.run(task, *(write_end for _, write_end in pipes))
        for (read_end, write_end), kind in zip(pipes, (STDOUT, STDERR, RESULT)):
            os.close(write_end)
            os.set_blocking(read_end, False)
            self._sources[read_end] = kind

    def _follow(self):
        poll = select.poll()
        for descriptor in (self._wakeup.descriptor, *self._sources):
            poll.register(descriptor, select.POLLIN)
        while self._status is None and not self._meter.complete:
            for descriptor, _ in poll.poll():
                if descriptor == self._wakeup.descriptor:
                    self._wakeup.clear()
                    self._reap(os.WNOHANG)
                elif self._forward(descriptor) == 0:
                    poll.unregister(descriptor)

    def _forward(self, source):
        """Sends what a pipe holds now, at most one frame: how many bytes that was; 0 at its end; None if nothing."""
        try:
            count = self._writer.receive(source)
        except BlockingIOError:
            return None
        wanted = count
        if self._sources[source] == RESULT:
            wanted = self._meter.take(self._writer.received(count))
        if wanted:
            self._writer.forward(self._sources[source], wanted)
        return count

    def _kill_all(self):
        try:
            os.kill(-1, _signal.SIGKILL)
        except ProcessLookupError:
            pass
        self._reap(0)

    def _reap(self, options):
        while True:
            try:
                pid, status, usage = os.wait4(-1, options)
            except ChildProcessError:
                return
            if pid == 0:
                return
            self._cpu_seconds += usage.ru_utime + usage.ru_stime
            self._max_rss_kilobytes = max(self._max_rss_kilobytes, usage.ru_maxrss)
            if pid == self._pid and self._status is None:
                self._status = status
