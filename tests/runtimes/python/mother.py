"""Runs the mother as process 1 of real bubblewrap walls, and stands in for the server (runtimes/PROTOCOL.md)."""
import base64
import json
import os
import select
import shutil
import socket
import struct
import subprocess
import tempfile
import time
from pathlib import Path

from .sandbox import PATIENCE, PYTHON, Conversation, as_nobody, walls

_FIRST_UID = 4210100
"""Of the mother on this machine. Those of her children follow."""

_SLOTS = 16
_NEWNS, _NEWIPC, _NEWPID, _NEWNET = 0x20000, 0x8000000, 0x20000000, 0x40000000  # CLONE_ of unshare(2)
_NOSUID, _NODEV, _NOEXEC, _REC, _PRIVATE = 2, 4, 8, 16384, 1 << 18  # MS_ of mount(2)
_DUMPABLE, _SECCOMP, _NO_NEW_PRIVS = 4, 22, 38  # PR_ of prctl(2)
_NOFILE = 7  # RLIMIT_
_ALLOW_EVERYTHING = struct.pack('<HBBI', 6, 0, 0, 0x7fff0000)  # a filter of one instruction


def call(name, *arguments, why='a wall'):
    """A call as the server lists it."""
    return {'call': name, 'arguments': arguments, 'why': why}


def given(name, **length):
    return {'given': name, **length}


def was(number):
    return {'was': number}


def data(content):
    return {'bytes': base64.b64encode(content).decode()}


BEFORE = [call('setns', given('ownPidNamespace'), _NEWPID), call('unshare', _NEWPID, why='a pid namespace')]

AWAIT_SERVER = call('read', 0, data(bytes(1)), 1, why='the cgroups')

CHILD = [
    call('setsid'),
    call('unshare', _NEWNS | _NEWIPC | _NEWNET, why='namespaces'),
    call('mount', 0, '/', 0, _REC | _PRIVATE),
    call('mount', 'proc', '/proc', 'proc', _NOSUID | _NODEV | _NOEXEC, why='a fresh /proc'),
    call('mount', 'tmpfs', '/tmp', 'tmpfs', _NOSUID | _NODEV, given('tmp'), why='a fresh /tmp'),
    call('mount', 'tmpfs', '/dev/shm', 'tmpfs', _NOSUID | _NODEV, given('tmp'), why='a fresh /dev/shm'),
    call('chdir', '/tmp'),
    call('setrlimit', _NOFILE, data(struct.pack('<QQ', 256, 256))),
    AWAIT_SERVER,
    call('setresgid', given('slot'), given('slot'), given('slot')),
    call('setresuid', given('slot'), given('slot'), given('slot')),
    call('prctl', _DUMPABLE, 0),
    call('prctl', _NO_NEW_PRIVS, 1),
    call('prctl', _SECCOMP, 2, given('filter')),
]


class MotherEnded(Exception):
    """The mother has closed her output."""


class Mother:
    """A running mother, who has been sent her first line."""

    pid = None
    """Hers, outside of her walls."""

    def __init__(self, before=BEFORE, child=CHILD, first=None, socket_path='/tmp/server', libraries=None):
        """libraries: see sandbox.py. first: a line in place of the setup."""
        self._folder = tempfile.mkdtemp()
        self._stderr = tempfile.TemporaryFile()
        self._zygotes = []
        self._callers = {}
        self._said = b''
        self._listener = self._listen()
        self._process = None
        try:
            self._start(libraries)
            setup = {'socket': socket_path, 'before': before, 'child': child, 'filter': base64.b64encode(_ALLOW_EVERYTHING).decode()}
            self.send_line(json.dumps(setup) if first is None else first)
        except BaseException:
            self.close()
            raise

    @property
    def stderr(self):
        self._stderr.seek(0)
        return self._stderr.read().decode()

    def send(self, order):
        self.send_line(json.dumps(order))

    def send_line(self, line):
        self.send_bytes(line.encode() + b'\n')

    def send_bytes(self, received):
        self._process.stdin.write(received)

    def next(self):
        """Her next line. MotherEnded at the end of her output."""
        poll = select.poll()
        poll.register(self._process.stdout, select.POLLIN)
        while b'\n' not in self._said:
            if not poll.poll(PATIENCE * 1000):
                raise TimeoutError(f'no line came; stderr: {self.stderr}')
            received = os.read(self._process.stdout.fileno(), 65536)
            if not received:
                raise MotherEnded(self.stderr)
            self._said += received
        line, self._said = self._said.split(b'\n', 1)
        return json.loads(line)

    def ask(self, order):
        """Her answer to an order."""
        self.send(order)
        return self.next()

    def order_fork(self, token, slot=1, **values):
        """Sends an order of a child in the slot."""
        slot = slot if os.getuid() == 0 else 0
        self.send({'fork': token, 'given': {'slot': slot, 'tmp': f'mode=0755,uid={slot},gid={slot}', **values}})

    def meet(self, token, pid):
        """Waits for both connections of a child that she has forked. The zygote to be, which waits for its byte."""
        while not {f'out {token}', f'err {token}'} <= self._callers.keys():
            self._listener.settimeout(PATIENCE)
            connection, _ = self._listener.accept()
            self._callers[_greeting(connection)] = connection
        zygote = Zygote(self, pid, self._callers.pop(f'out {token}'), self._callers.pop(f'err {token}'))
        self._zygotes.append(zygote)
        return zygote

    def waiting(self, token='one', slot=1):
        """A zygote to be, which waits for its byte."""
        self.order_fork(token, slot)
        return self.meet(token, self.next()['pid'])

    def zygote(self, token='one', slot=1):
        """A zygote that is ready."""
        zygote = self.waiting(token, slot)
        zygote.let_go()
        zygote.ready = zygote.take_ready()
        return zygote

    def status_of(self, pid):
        """The status word of a child, once it is dead."""
        deadline = time.monotonic() + PATIENCE
        while (answer := self.ask({'reap': pid}))['status'] is None:
            if time.monotonic() > deadline:
                raise TimeoutError('the child does not end')
            time.sleep(0.002)
        return answer['status']

    def end_input(self):
        self._process.stdin.close()

    def wait(self):
        """Waits until she ends by herself. Her exit status."""
        return self._process.wait(PATIENCE)

    def close(self):
        for zygote in self._zygotes:
            zygote.close()
        for connection in (*self._callers.values(), self._listener):
            connection.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process.stdin.close()
            self._process.stdout.close()
        self._stderr.close()
        shutil.rmtree(self._folder)

    def _listen(self):
        listener = socket.socket(socket.AF_UNIX)
        path = f'{self._folder}/server'
        listener.bind(path)
        listener.listen(64)
        os.chmod(self._folder, 0o755)
        os.chmod(path, 0o777)
        return listener

    def _start(self, libraries):
        (information, write_end), (block, go) = os.pipe(), os.pipe()
        # Root maps the users of all slots while bubblewrap waits. Anyone else can map only one user: the user of this test.
        waits = ['--unshare-user', '--userns-block-fd', str(block)] if os.getuid() == 0 else []
        rights = [part for name in ('SYS_ADMIN', 'SETUID', 'SETGID') for part in ('--cap-add', f'CAP_{name}')]
        more, arguments = (libraries.walls, libraries.arguments) if libraries else ([], [])
        command = [
            *as_nobody(str(_FIRST_UID)), 'bwrap', '--uid', '0', '--gid', '0', *rights, '--info-fd', str(write_end), *waits, *walls(), *more,
            '--bind', self._folder, '/tmp', '--remount-ro', '/', '--chdir', '/tmp', '--',
            *PYTHON, '/faas/mother.py', str(PATIENCE * 1000), *arguments]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._stderr, bufsize=0, pass_fds=(write_end, block))
        os.close(write_end)
        os.close(block)
        with open(information, 'rb') as said, open(go, 'wb') as may_go:
            about = said.read()
            if not about:
                raise AssertionError(f'bubblewrap does not start: {self.stderr}')
            self.pid = json.loads(about)['child-pid']
            if waits:
                for kind in ('uid_map', 'gid_map'):
                    Path(f'/proc/{self.pid}/{kind}').write_text(f'0 {_FIRST_UID} {_SLOTS + 1}\n')
                may_go.write(b'x')


class Zygote(Conversation):
    """A zygote that the mother has forked, over its two connections."""

    ready = None
    """The payload of READY, once it has come."""

    def __init__(self, mother, pid, connection, errors):
        """pid: as the mother sees it."""
        connection.setblocking(False)
        super().__init__(connection.fileno(), connection.fileno())
        self.pid = pid
        self._mother = mother
        self._connection = connection
        self._errors = errors

    @property
    def outer_pid(self):
        """Its pid outside of all walls, as the kernel tells it."""
        return struct.unpack('3i', self._connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0]

    def let_go(self):
        """Sends the byte that the child waits for."""
        self._connection.sendall(b'\n')

    @property
    def stderr(self):
        """Everything that it writes there until its end."""
        self._errors.settimeout(PATIENCE)
        said = b''
        while some := self._errors.recv(65536):
            said += some
        return said.decode()

    @property
    def has_said_something(self):
        """Whether a frame waits to be read."""
        return bool(select.select([self._connection], [], [], 0)[0])

    def stop_talking(self):
        """Closes the connection, with all that has not been read. Its stderr stays."""
        self._connection.close()

    def end_input(self):
        self._connection.shutdown(socket.SHUT_WR)

    def wait(self):
        """Waits until it ends. Its exit status."""
        return os.waitstatus_to_exitcode(self._mother.status_of(self.pid))

    def close(self):
        self._connection.close()
        self._errors.close()


def _greeting(connection):
    """The first line, and no byte more."""
    line = b''
    while not line.endswith(b'\n'):
        line += connection.recv(1)
    return line[:-1].decode()
