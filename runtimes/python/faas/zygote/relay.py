"""One request: an order, the frames of what comes of it, and the certainty that nothing of it is left.

Theory of operation: SIGCHLD's handler does nothing, but the interpreter's own writes a byte to a pipe of ours
(signal.set_wakeup_fd), which wakes the poll. That serves every kernel, reaps orphans while the script runs (they
would count against its pids), and is deaf to a script that sends SIGCHLD itself. The request is over when its
result message is whole or its own process is dead, whoever else still holds the pipes. Then everybody is killed.
With no writer left, what the pipes hold is all that there will be: it is read without blocking, since a descriptor
hidden in a socket's queue can keep a pipe from its end of file.

In a shared process the whole message ends the request alone: nobody is killed, the pipes are read once for what they
hold, and what is read last goes out in one write with END. Otherwise a whole message is sent at once: to clear away a
process takes longer than most scripts, and the server's caller need not wait for that.
"""
import os

import _signal

from .frames import END, RESULT
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
    """One order and its end."""

    def __init__(self, fork, writer, wakeup):
        self._fork = fork
        self._writer = writer
        self._wakeup = wakeup
        self._meter = ResultMeter()

    @property
    def has_result(self):
        """Whether the message is whole."""
        return self._meter.complete

    def run(self, kind, payload):
        """Gives the order and sends what is printed until the request is over; the last of it with END."""
        self._fork.give(kind, payload)
        while self._fork.status is None and not self.has_result:
            self._writer.flush()
            for descriptor, _ in self._fork.poll.poll():
                if descriptor == self._wakeup.descriptor:
                    self._wakeup.clear()
                    self._fork.reap(os.WNOHANG)
                elif self._forward(descriptor) == 0:
                    self._fork.poll.unregister(descriptor)

    def end_all(self):
        """Returns when nothing of it is alive and all that it wrote is in frames; a whole result is sent before."""
        self._writer.flush()
        self._fork.kill_all()
        self.drain()

    def drain(self):
        """Puts into frames what the pipes hold now."""
        for source, kind in self._fork.sources.items():
            if kind != RESULT or not self.has_result:
                while self._forward(source):
                    pass

    def send_end(self, last):
        """The END frame, which may be this zygote's last."""
        status = self._fork.status or 0
        code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else 'null'
        signal = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 'null'
        self._writer.send(END, (
            f'{{"exitCode":{code},"signal":{signal},"cpuMicroseconds":{round(self._fork.cpu_seconds * 1e6)},'
            f'"maxRssBytes":{self._fork.max_rss_bytes},"last":{"true" if last else "false"}}}').encode())

    def _forward(self, source):
        """Frames what a pipe holds now, at most one frame: how many bytes that was; 0 at its end; None if nothing."""
        try:
            count = self._writer.receive(source)
        except BlockingIOError:
            return None
        kind = self._fork.sources[source]
        wanted = self._meter.take(self._writer.received(count)) if kind == RESULT else count
        if wanted:
            self._writer.keep(kind, wanted)
        return count
