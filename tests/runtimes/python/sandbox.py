"""Runs the zygote as process 1 of a real bubblewrap sandbox."""
import json
import os
import select
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Any, NamedTuple, Optional

from . import limited
from .frames import (
    CHECK, END, FILE, FILE_BYTES, OUT_BYTES, OUT_FILE, OUT_REFUSED, PROGRAM, READY, RESULT, RUN, STDERR, STDOUT, TRACE, Result, Splitter,
    frame, parse_result)

RUNTIME = Path(__file__).resolve().parents[3] / 'runtimes' / 'python'
PATIENCE = 60 * limited.PATIENCE
"""Seconds without any progress after which a test has failed."""

_UNPRIVILEGED = '4210001'
PYTHON = ['/usr/bin/python3', '-I', '-S', '-E', '-B', '-X', 'frozen_modules=on', '-X', 'utf8=1']


class Outcome(NamedTuple):
    """The frames between an order and its END, and that END."""
    frames: list
    end: dict

    def bytes_of(self, kind):
        return b''.join(payload for one, payload in self.frames if one == kind)

    @property
    def stdout(self):
        return self.bytes_of(STDOUT).decode()

    @property
    def stderr(self):
        return self.bytes_of(STDERR).decode()

    @property
    def result(self) -> Optional[Result]:
        return parse_result(self.bytes_of(RESULT))

    @property
    def files(self):
        """The files that the run has given back."""
        files, name = {}, None
        for kind, payload in self.frames:
            if kind == OUT_FILE:
                name = payload
                files[name] = b''
            elif kind == OUT_BYTES:
                files[name] += payload
        return files

    @property
    def refused(self):
        """Why there are none: the payload of OUT_REFUSED, or None."""
        return next((json.loads(payload) for kind, payload in self.frames if kind == OUT_REFUSED), None)

    @property
    def exit(self):
        """(exitCode, signal)"""
        return self.end['exitCode'], self.end['signal']


class ZygoteEnded(Exception):
    """The zygote has closed its output."""

    def __init__(self, status, stderr):
        super().__init__(f'the zygote ended ({status}): {stderr}')
        self.status = status
        self.stderr = stderr


def program_frame(source, filename='script.py', isolation='process', **more):
    """The frame that binds a zygote to a script. more: further members."""
    return frame(PROGRAM, json.dumps({'filename': filename, 'source': source, 'sourceMap': None, 'isolation': isolation, **more}))


class Conversation:
    """Frames to and from a zygote, over two descriptors, the first of which does not block. A subclass has wait and stderr."""

    def __init__(self, to_zygote, from_zygote):
        self._to_zygote = to_zygote
        self._from_zygote = from_zygote
        self._splitter = Splitter()

    def bind(self, source, filename='script.py', isolation='process', **more):
        self.send_bytes(program_frame(source, filename, isolation, **more))

    def run(self, event: Any = None, trace=None):
        """trace: a traceparent, which comes before the order."""
        if trace is not None:
            self.send(TRACE, trace)
        self.send(RUN, json.dumps({} if event is None else event))
        return self.outcome()

    def give(self, name, content):
        """Gives a file to the next run."""
        self.send(FILE, name)
        for at in range(0, len(content), 1 << 16):
            self.send(FILE_BYTES, content[at:at + (1 << 16)])

    def check(self):
        self.send(CHECK)
        return self.outcome()

    def send(self, kind, payload=b''):
        self.send_bytes(frame(kind, payload))

    def send_bytes(self, unsent):
        """Sends the bytes. Stops silently when the zygote is gone: its earlier frames and stderr tell why."""
        poll = select.poll()
        poll.register(self._to_zygote, select.POLLOUT)
        while unsent:
            if not poll.poll(PATIENCE * 1000):
                raise TimeoutError('the zygote does not read')
            try:
                unsent = unsent[os.write(self._to_zygote, unsent):]
            except BlockingIOError:
                pass
            except BrokenPipeError:
                return

    def next(self):
        """The next frame, (kind, payload). ZygoteEnded at the end of its output."""
        poll = select.poll()
        poll.register(self._from_zygote, select.POLLIN)
        while (found := self._splitter.pop()) is None:
            if not poll.poll(PATIENCE * 1000):
                raise TimeoutError(f'no frame came; stderr: {self.stderr}')
            received = os.read(self._from_zygote, 1 << 20)
            if not received:
                raise ZygoteEnded(self.wait(), self.stderr)
            self._splitter.push(received)
        return found

    def take_ready(self):
        """The payload of the first frame, which must be READY."""
        kind, payload = self.next()
        if kind != READY:
            raise AssertionError(f'the first frame is {kind:#04x}')
        return json.loads(payload)

    def outcome(self):
        """Everything up to the next END."""
        frames = []
        while (found := self.next())[0] != END:
            frames.append(found)
        return Outcome(frames, json.loads(found[1]))


class Sandbox(Conversation):
    """A running zygote."""

    def __init__(self, extra=(), open_files=1024, ignored=(), emptying=PATIENCE * 1000, first=b'', libraries=None):
        """libraries: see `Libraries`. first: frames that are sent before the zygote has started. emptying: the zygote's time limit for
        restoring the folders, in milliseconds. It is long, so that a busy machine does not matter, except in tests of the limit itself."""
        self._stderr = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            _command_line(extra, open_files, emptying, libraries),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._stderr, bufsize=0,
            preexec_fn=lambda: [signal.signal(number, signal.SIG_IGN) for number in ignored])
        os.set_blocking(self._process.stdin.fileno(), False)
        super().__init__(self._process.stdin.fileno(), self.stdout)
        self._zygote = None
        try:
            self.send_bytes(first)
            self.ready = self.take_ready()
            self._zygote = os.pidfd_open(self.zygote_pid)
        except BaseException:
            self.close()
            raise

    @property
    def zygote_pid(self):
        """The zygote's pid outside the sandbox: the only child of bwrap."""
        return self.children(self._process.pid)[0]

    @staticmethod
    def children(pid):
        return [int(number) for number in Path(f'/proc/{pid}/task/{pid}/children').read_text().split()]

    @property
    def stderr(self):
        self._stderr.seek(0)
        return self._stderr.read().decode()

    @property
    def stdout(self):
        """The descriptor on which the zygote's frames come."""
        return self._process.stdout.fileno()

    def end_input(self):
        self._process.stdin.close()

    def stop_reading_for_ever(self):
        """Closes the zygote's output. The exit status of the zygote."""
        self._process.stdout.close()
        return self._process.wait(PATIENCE)

    def wait(self):
        """Waits until the zygote ends by itself. Its exit status."""
        return self._process.wait(PATIENCE)

    def close(self):
        """Kills the sandbox, in any state, and makes sure that the zygote is dead."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._stderr):
            stream.close()
        if self._zygote is not None:
            poll = select.poll()
            poll.register(self._zygote, select.POLLIN)
            dead = poll.poll(PATIENCE * 1000)
            os.close(self._zygote)
            if not dead:
                raise AssertionError('the zygote outlives its sandbox')


def as_nobody(uid):
    """The beginning of a command line by which root becomes an ordinary user; empty for others."""
    return ['setpriv', '--reuid', uid, '--regid', uid, '--clear-groups', '--no-new-privs', '--'] if os.getuid() == 0 else []


def walls():
    """What the walls of a zygote and of a mother have in common: users, environment, files."""
    links = [part for name in ('bin', 'sbin', 'lib', 'lib64') if os.path.exists(f'/{name}')
             for part in ('--symlink', f'usr/{name}', f'/{name}')]
    return [
        '--unshare-all', '--as-pid-1', '--die-with-parent', '--new-session', '--clearenv',
        '--setenv', 'PATH', '/usr/bin:/bin', '--setenv', 'HOME', '/tmp', '--setenv', 'LANG', 'C.UTF-8',
        '--ro-bind', '/usr', '/usr', *links, '--ro-bind', str(RUNTIME), '/faas', '--proc', '/proc', '--dev', '/dev',
        '--tmpfs', '/dev/shm', '--remount-ro', '/dev']


class Libraries(NamedTuple):
    """A folder of packages, and the modules that are loaded ahead."""
    folder: str
    modules: tuple
    more: tuple = ()
    """Further walls."""

    @property
    def walls(self):
        return ['--perms', '0755', '--dir', '/packages', '--ro-bind', self.folder, '/packages/1', *self.more]

    @property
    def arguments(self):
        return ['--packages=/packages/1', *(f'--preload={module}' for module in self.modules)]


def _command_line(extra, open_files, emptying, libraries):
    more, arguments = (libraries.walls, libraries.arguments) if libraries else ([], [])
    return [
        *as_nobody(_UNPRIVILEGED), 'prlimit', f'--nofile={open_files}:{open_files}', '--core=1:1',
        'bwrap', '--uid', '1000', '--gid', '1000', '--cap-drop', 'ALL', *walls(), '--tmpfs', '/tmp', *more, *extra,
        '--remount-ro', '/', '--chdir', '/tmp', '--', *PYTHON, '/faas/zygote.py', str(emptying), *arguments]
