"""The mother's loop over the server's orders.

Theory of operation: starting Python takes tens of milliseconds, and so does bubblewrap. The mother starts once and does what
all sandboxes have in common: she imports modules and prepares the system calls. A fork of hers does the rest: it builds walls
(calls.py) and becomes a zygote (zygote/loop.py). The mother herself never sees a script.

Each child is process 1 of a pid namespace of its own, which the calls before the fork have made. The mother is process 1 too,
so the kernel kills every sandbox when she ends. A dead child stays a zombie until the server asks for its status: so no other
process can get its pid before that.
"""
import gc
import os

from ..zygote.loop import AFTER_READY  # first, because its first import has a fork hook (kernel/pages.py)
from ..kernel.libc import MOTHER, set_dumpable, set_name
from ..script.preload import Preload
from ..script.result import to_json
from ..zygote.copy_ahead import inherit
from ..zygote.exits import KnownFailure, exit_after
from ..zygote.start import prepare
from ..zygote.version import runtime_json
from .calls import CallFailed
from .child import child_main
from .given import Given, NotGiven
from .lines import read_lines
from .memory import sock_fprog
from .orders import Fork, parse_order, parse_setup
from .trial import copying_pays

_NO_SUCH_CHILD = -1


def serve():
    """Serves until the end. Never returns."""
    exit_after('python mother', lambda: _Mother().serve())


class _Mother:
    def __init__(self):
        if os.getpid() != 1:
            raise KnownFailure('must be process 1 of a sandbox: her end must end all sandboxes')
        prepare()
        set_dumpable(False)
        set_name(MOTHER)
        os.set_blocking(0, True)
        os.set_blocking(1, True)
        Preload(AFTER_READY).all()
        self._lines = read_lines(0)
        self._setup = None
        self._supplied = {'ownPidNamespace': os.open('/proc/self/ns/pid', os.O_RDONLY | os.O_CLOEXEC)}

    def serve(self):
        """Serves until the end of stdin."""
        line = next(self._lines, None)
        if line is None:
            return
        self._setup = parse_setup(line)
        self._blocks = sock_fprog(self._setup.filter)
        self._supplied['filter'] = self._blocks[0].address
        gc.collect()
        gc.freeze()
        inherit(copying_pays(self._setup.before, self._supplied))
        self._say(runtime_json())
        for line in self._lines:
            order = parse_order(line)
            self._say(to_json(self._fork(order) if isinstance(order, Fork) else self._reap(order)))

    def _fork(self, order):
        given = Given(order.given, self._supplied)
        try:
            self._setup.before.require(given)
            self._setup.child.require(given)
            self._setup.before.carry_out(given)
            pid = os.fork()
        except (NotGiven, CallFailed) as error:
            return {'failed': order.token, 'error': str(error)}
        except OSError as error:
            return {'failed': order.token, 'error': str(CallFailed('the child', 'fork', error.errno))}
        if pid == 0:
            child_main(self._setup, order.token, given)
        return {'forked': order.token, 'pid': pid}

    def _reap(self, order):
        try:
            pid, status = os.waitpid(order.pid, os.WNOHANG)
        except ChildProcessError:
            return {'reaped': order.pid, 'status': _NO_SUCH_CHILD}
        return {'reaped': order.pid, 'status': status if pid else None}

    @staticmethod
    def _say(line):
        rest = line + b'\n'
        while rest:
            rest = rest[os.write(1, rest):]
