"""The loop over the server's frames."""
import functools
import gc
import os
import sys
import time

from ..kernel.pages import Pages  # before all that a fork has hooks for
from ..script import stdio as streams
from .compile_aside import compile_aside
from ..script.event import parse_json
from .fork import Fork
from .relay import Invocation, Wakeup
from ..kernel.libc import ZYGOTE, Standing, close_all_but_standard, heed_all_signals, set_dumpable, set_name
from .child import live
from ..script.compile import Program
from .frames import CHECK, INVOKE, PROGRAM, READY, BrokenPeer, FrameWriter, read_frame
from .rehearsal import Rehearsal, rehearse
from .scratch import OutOfTime, Scratch
from .program_frame import Script
from ..script.preload import Warmth, warm

BROKEN_PEER, BROKEN_PROMISE = 70, 71

_SCRATCH = ('/tmp', '/dev/shm')
_EMPTYING = 50  # milliseconds
SANDBOX, PROCESS, SHARED = ISOLATIONS = 'sandbox', 'process', 'shared'
"""What the calls of a program have in common: nothing, so that there is but one; the walls; the process."""

_WORTH_A_REHEARSAL = 2  # calls: a rehearsal costs as much as some, and many sandboxes have only one


def serve():
    """Never returns."""
    try:
        if os.getpid() != 1:
            raise RuntimeError('must be process 1 of a sandbox: it kills every process that it can')
        _Zygote().run()
        status = 0
    except (BrokenPeer, BrokenPipeError) as error:
        status = _tell(BROKEN_PEER, f'{type(error).__name__}: {error}')
    except BaseException as error:
        import traceback
        # What went wrong comes first: whoever quotes this may have no room for all of it.
        status = _tell(BROKEN_PROMISE, f'{type(error).__name__}: {error}\n{traceback.format_exc()}')
    os._exit(status)


def _tell(status, why):
    os.write(2, f'python zygote: {why.rstrip()}\n'.encode('utf-8', 'backslashreplace'))
    return status


class _Zygote:
    def __init__(self):
        close_all_but_standard()
        heed_all_signals()
        set_dumpable(False)
        set_name(ZYGOTE)
        os.set_blocking(0, True)
        os.set_blocking(1, True)
        streams.settle()
        self._wakeup = Wakeup()
        self._writer = FrameWriter(1)
        self._warmth = Warmth()
        self._standing = Standing()
        self._scratch = [Scratch(path) for path in _SCRATCH if os.path.isdir(path)]
        self._emptying = (int(sys.argv[1]) if len(sys.argv) > 1 else _EMPTYING) / 1000
        self._script = None
        self._next = None
        self._modules = ()
        self._pages = None
        self._calls = 0
        self._is_last = False
        self._spent = False

    def run(self):
        """Until the end of stdin, or an END that is the last."""
        gc.freeze()
        version = '.'.join(str(number) for number in sys.version_info[:3])
        self._writer.send(READY, f'{{"protocol":1,"runtime":"python","version":"{version}"}}'.encode())
        while not self._spent:
            if not self._warmth.grow_until_readable(0) and self._script is None:
                self._fork_ahead()
            frame = read_frame(0)
            if frame is None:
                return
            self._answer(*frame)

    def _answer(self, kind, payload):
        if (kind == PROGRAM) != (self._script is None):
            raise BrokenPeer(f'frame of type {kind:#04x} out of turn')
        if kind == PROGRAM:
            self._bind(payload)
        else:
            self._run(kind, payload)
            self._calls += kind == INVOKE
            self._learn()
        if not self._spent:
            self._fork_ahead()

    def _bind(self, payload):
        try:
            program = parse_json(payload)
            source, filename, isolation = program['source'], program['filename'], program.get('isolation', PROCESS)
            if not isinstance(source, str) or not isinstance(filename, str) or isolation not in ISOLATIONS:
                raise TypeError(f'source and filename must be strings, and isolation one of {", ".join(ISOLATIONS)}')
        except (ValueError, LookupError, TypeError, RecursionError, AttributeError) as error:
            raise BrokenPeer(f'PROGRAM: {error}') from error
        self._is_last = isolation == SANDBOX
        outcome = None
        if not self._is_last:  # the one process may as well compile it
            if self._next is not None:
                self._end_next()
            outcome = compile_aside(source, filename)
        elif self._next is not None:
            self._next.give(PROGRAM, payload)
        if isinstance(outcome, Program):
            self._modules = warm(outcome)
        self._script = Script(source, filename, outcome, isolation == SHARED)

    def _fork_ahead(self):
        if self._next is None:
            if self._standing.changed():
                raise RuntimeError('a script has changed the limits or the priority of the zygote')
            self._next = Fork(functools.partial(live, self._script), self._wakeup)
            if self._pages is not None:
                self._pages.make_own()

    def _learn(self):
        if self._pages is None and self._calls == _WORTH_A_REHEARSAL and not self._spent and not self._script.is_shared and isinstance(self._script.outcome, Program):
            self._pages, of_forks = rehearse(self._play)
            of_forks.give_to_children()

    def _play(self, areas):
        self._script = Rehearsal(self._script, self._modules, areas)
        self._fork_ahead()
        self._run(INVOKE, b'{"key": "value"}')
        return self._writer

    def _run(self, kind, payload):
        # Dead by nobody's hand but the kernel's, when memory ran out, or, while it is shared, its own.
        if self._next.is_dead or kind == CHECK and self._next.has_served:
            self._end_next()
            self._empty_scratch()
            self._fork_ahead()
        invocation = Invocation(self._next, self._writer, self._wakeup)
        invocation.run(kind, payload)
        if self._script.is_shared and kind == INVOKE and invocation.has_result and self._next.stay():
            invocation.drain()
        else:
            invocation.end_all()
            self._close_next()
            if self._is_last:
                self._spent = True
            else:
                self._empty_scratch()
        invocation.send_end(self._spent)

    def _end_next(self):
        self._next.kill_all()
        self._close_next()

    def _close_next(self):
        self._next.close()
        self._next = None

    def _empty_scratch(self):
        """This zygote is spent when that takes too long."""
        deadline = time.monotonic() + self._emptying
        try:
            for folder in self._scratch:
                folder.restore(deadline)
        except OutOfTime:
            self._spent = True
