"""Relays the output of one run to the server, and makes sure that no process of the run is left.

Theory of operation: SIGCHLD's handler does nothing, but the interpreter itself writes a byte to the Wakeup pipe for the
signal (signal.set_wakeup_fd), and that wakes poll. This works on every kernel, reaps orphans while the script runs (they
would count against its pids), and ignores a SIGCHLD that the script sends. The run is over when its result message is
complete or its child is dead, no matter which other processes still hold the pipes. Then all of them are killed. Without a
writer, the pipes hold all that will ever come. They are read without blocking, because a descriptor hidden in a socket's
queue can keep a pipe from its end of file.

For a shared child, only a complete message ends the run: no process is killed, each pipe is read once for what it holds, and
the last of it is sent in one write together with END. Otherwise a complete message is sent at once: clearing a process away
takes longer than most scripts, and the server need not wait for that.
"""
import os

import _signal

from .frames import END, RESULT
from .result_meter import ResultMeter


_BAD = b'E', b'S'  # kinds of result messages


class Wakeup:
    """A pipe that becomes readable when a child dies. One per process."""

    def __init__(self):
        self.descriptor, write_end = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        _signal.set_wakeup_fd(write_end, warn_on_full_buffer=False)
        _signal.signal(_signal.SIGCHLD, lambda number, frame: None)
        # Removes the interpreter's handler: without one, no signal from inside reaches process 1.
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)

    def clear(self):
        """Empties the pipe. Reap after this, not before, or a death may go unnoticed."""
        try:
            while os.read(self.descriptor, 4096):
                pass
        except BlockingIOError:
            pass


class Relay:
    """One order, from the child to the server."""

    def __init__(self, child, writer, wakeup, before_end=None):
        """before_end: called when the result is complete, before the last of it is sent."""
        self._child = child
        self._writer = writer
        self._wakeup = wakeup
        self._before_end = before_end
        self._meter = ResultMeter()

    @property
    def has_result(self):
        """Whether the result message is complete."""
        return self._meter.complete

    @property
    def is_good(self):
        """Whether the script has ended well, as far as it says so itself."""
        if self._meter.complete:
            return self._meter.kind not in _BAD
        return os.WIFEXITED(self._child.status) and os.WEXITSTATUS(self._child.status) == 0

    def forward(self, kind, payload):
        """Gives the order, and forwards output until the run is over. The last frames are kept, to be sent with END."""
        self._child.give(kind, payload)
        while self._child.status is None and not self.has_result:
            self._writer.flush()
            for descriptor, _ in self._child.poll.poll():
                if descriptor == self._wakeup.descriptor:
                    self._wakeup.clear()
                    self._child.reap(os.WNOHANG)
                elif self._forward_from(descriptor) == 0:
                    self._child.poll.unregister(descriptor)

    def kill_all(self):
        """Kills all processes of the run, and puts what they wrote into frames. Sends a complete result before that."""
        self._writer.flush()
        self._child.kill_all()
        self.drain()

    def drain(self):
        """Puts into frames what the pipes hold now."""
        for source, kind in self._child.sources.items():
            if kind != RESULT or not self.has_result:
                while self._forward_from(source):
                    pass

    def send_end(self, last):
        """Sends END. `last`: the zygote will send no other."""
        status = self._child.status or 0
        code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else 'null'
        signal = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 'null'
        self._writer.send(END, (
            f'{{"exitCode":{code},"signal":{signal},"cpuMicroseconds":{round(self._child.cpu_seconds * 1e6)},'
            f'"maxRssBytes":{self._child.max_rss_bytes},"last":{"true" if last else "false"}}}').encode())

    def _forward_from(self, source):
        """Makes at most one frame of what a pipe holds now. The number of bytes read; 0 at its end; None if it was empty."""
        try:
            count = self._writer.receive(source)
        except BlockingIOError:
            return None
        kind = self._child.sources[source]
        wanted = self._meter.take(self._writer.received(count)) if kind == RESULT else count
        if wanted and kind == RESULT and self._meter.complete and self._before_end is not None:
            self._before_end()
        if wanted:
            self._writer.keep(kind, wanted)
        return count
