"""The zygote's loop over the server's frames.

Theory of operation: starting Python takes tens of milliseconds, forking it takes one. So Python starts once per sandbox, is
bound to one script, and forks one child per run. It forks ahead: the child sets itself up and waits for its order, so a RUN
costs little more than the script. Even a zygote that has no script yet has such a child. For isolation `sandbox` that child
takes PROGRAM as its first order. For any other isolation the zygote replaces it by children that have the compiled script.

The zygote itself never parses the script and never runs a statement of it. It reads a frame, passes it to the child, relays
the child's output (relay.py), kills and reaps all processes (fork.py), restores /tmp (scratch.py), and sends END.
"""
import functools
import gc
import os
import sys
import time

from .copy_ahead import CopyAhead  # first, because a fork hook below it must be the first of all hooks (kernel/pages.py)
from ..kernel.libc import ZYGOTE, Standing, set_dumpable, set_name
from ..script.compile import Program
from ..script.preload import Preload, preload_named
from ..script.processors import tell_processors
from ..script.recursion import hide_frames_below
from .before_run import BeforeRun
from .child import child_main
from .compile_aside import compile_aside
from .fork import ChildHandle
from .frames import CHECK, FILE, FILE_BYTES, PROGRAM, READY, RUN, BrokenPeer, FrameWriter, read_frame
from .outbox import Outbox
from .program_frame import SANDBOX, SCRIPT_FOLDER, parse_program_frame
from .relay import Relay, Wakeup
from .scratch import OutOfTime, ScratchFolder
from .version import runtime_json

AFTER_READY = (
    'faas.script.shared_runner', 'faas.zygote.rehearsal', 'faas.zygote.concurrent_child', 'faas.zygote.keeper',
    'faas.zygote.import_in_child', 'faas.zygote.import_in_zygote')
"""Modules that not every sandbox needs."""

_FRAMES_OF_A_CHILD = 4  # ChildHandle.__init__, _begin_child, child_main, Runner.run
_FRAMES_OF_A_SHARED_CHILD = 5  # and SharedRunner._run_once
_SCRATCH = ('/tmp', '/dev/shm')
_RESTORE_LIMIT = 50  # milliseconds
_WORTH_A_REHEARSAL = 20  # runs: a rehearsal costs as much as five of them, and most sandboxes have fewer


def _restore_limit():
    return next((int(argument) for argument in sys.argv[1:] if not argument.startswith('--')), _RESTORE_LIMIT)


class Zygote:
    """Serves the frames that it takes, and answers on descriptor 1."""

    def __init__(self, scratch=_SCRATCH, runs_before_rehearsal=_WORTH_A_REHEARSAL):
        """scratch: the folders to restore after each run. runs_before_rehearsal: see rehearsal.py."""
        if os.getpid() != 1:
            raise RuntimeError('must be process 1 of a sandbox: it kills every process that it can')
        set_dumpable(False)
        set_name(ZYGOTE)
        os.set_blocking(0, True)
        os.set_blocking(1, True)
        self._wakeup = Wakeup()
        self._writer = FrameWriter(1)
        self._preload = Preload(AFTER_READY)
        self._standing = Standing()
        self._scratch = [ScratchFolder(path) for path in scratch if os.path.isdir(path)]
        self._restore_limit = _restore_limit() / 1000
        self._script = None
        self._child = None
        """The handle of the child that waits for its order."""
        self._before_run = BeforeRun()
        self._outbox = None
        """Takes the files that runs give back; None: they give back none."""
        self._named_modules = []
        self._in_zygote = self._in_child = None
        """Who imports libraries ahead of the runs: an ImportInZygote, an ImportInChild; None: no such process."""
        self._copy_ahead = CopyAhead()
        self._runs = 0
        self._runs_before_rehearsal = runs_before_rehearsal
        self._is_last = False
        """Whether the next END is the last, because of the isolation."""
        self._spent = False
        """Whether the END that comes next, or came last, is the last."""
        self._has_ended = False
        """Whether that END was sent."""

    @property
    def copying_pays(self):
        """Whether copying pages ahead has proved to pay (copy_ahead.py); None when that is unknown."""
        return self._copy_ahead.pays

    def serve(self):
        """Serves until the end of stdin, or an END that is the last."""
        gc.freeze()
        self._writer.send(READY, runtime_json())
        while not self._has_ended:
            if not self._preload.until_readable(0) and self._script is None:
                self._fork_ahead()
            if self._in_child is not None and not self._child.has_served and self._in_child.let_wait(self._child):
                self._replace_child()
            frame = read_frame(0)
            if frame is None:
                return
            self.take(*frame)

    def take(self, kind, payload):
        """Takes a frame, and serves it."""
        if (kind == PROGRAM) != (self._script is None) or kind in (FILE, FILE_BYTES) and self._script.is_shared:
            raise BrokenPeer(f'frame of type {kind:#04x} out of turn')
        if kind == FILE and self._in_child is not None and not self._before_run.inbox.has_files:
            self._replace_child()
        if self._before_run.take(kind, payload):
            return
        if kind == PROGRAM:
            self._bind(payload)
            if self._script.is_concurrent:
                self._serve_concurrently()
        else:
            self._run(kind, payload)
            if kind == RUN:
                self._runs += 1
                self._rehearse()
        if not self._spent:
            self._import_in_zygote()
            self._fork_ahead(None if self._in_child is None else self._in_child.ahead)

    def _bind(self, payload):
        script = parse_program_frame(payload)
        self._is_last = script.isolation == SANDBOX
        if not self._is_last:
            if self._child is not None:
                self._end_child()
            script.compiled = compile_aside(script, script.is_concurrent)
        elif self._child is not None:
            self._child.give(PROGRAM, payload)  # a single child may as well compile the script itself
        if script.out is not None and not script.is_shared:
            self._outbox = Outbox(self._writer, script.out)
        if script.tree is None:
            self._keep_file(script)
        tell_processors(script.limits.cpus)
        if isinstance(script.compiled, Program):
            self._named_modules = preload_named(script.compiled)
        if script.is_shared and not script.is_concurrent:
            from ..script import shared_runner  # noqa: F401 so that no child needs to import it
        self._script = script
        if script.layer is not None and isinstance(script.compiled, Program):
            self._plan_imports()

    def _plan_imports(self):
        script = self._script
        if not script.layer.may_import_ahead or script.is_concurrent:
            return
        statements = script.layer.imports(script.compiled, script.own_modules)
        if script.layer.is_trusted and not script.is_shared:
            from .import_in_zygote import ImportInZygote
            self._in_zygote = ImportInZygote(script, statements)
        else:
            from .import_in_child import ImportInChild
            self._in_child = ImportInChild(statements)

    def _import_in_zygote(self):
        if self._in_zygote is not None and self._in_zygote.go_on():
            self._named_modules += self._in_zygote.take_modules()
            for folder in self._scratch:
                folder.restore(float('inf'))

    def _keep_file(self, script):
        """Makes the script's text a file, which is what a script's `__file__` promises. Without room, there is no file."""
        for folder in self._scratch:
            if folder.path == SCRIPT_FOLDER:
                try:
                    folder.keep(script.filename, script.source.encode('utf-8', 'surrogatepass'))
                except OSError:
                    pass

    def _serve_concurrently(self):
        """Forks the child that speaks with the server itself, and waits for its end."""
        from .concurrent_child import concurrent_main
        from .fork import DirectChildHandle
        from .keeper import keep_company
        child = DirectChildHandle(functools.partial(concurrent_main, self._script), self._wakeup)
        self._spent = self._has_ended = True
        keep_company(child, Relay(child, self._writer, self._wakeup), self._writer, self._wakeup)

    def _fork_ahead(self, ahead=None):
        """ahead: see child_main."""
        if self._child is None:
            if self._standing.changed():
                raise RuntimeError('a script has changed the limits or the priority of the zygote')
            hide_frames_below(_FRAMES_OF_A_SHARED_CHILD if self._script is not None and self._script.is_shared else _FRAMES_OF_A_CHILD)
            self._copy_ahead.before_fork()
            self._child = ChildHandle(functools.partial(child_main, self._script, ahead), self._wakeup)
            self._copy_ahead.after_fork()

    def _rehearse(self):
        script = self._script
        if (self._copy_ahead.pays is not False and self._runs == self._runs_before_rehearsal and not self._spent
                and not script.is_shared and isinstance(script.compiled, Program)):
            from .rehearsal import rehearse
            self._copy_ahead.begin(*rehearse(self._play))

    def _play(self, areas):
        """In the understudy: a run of the rehearsal in place of the script. Its writer."""
        from .rehearsal import Rehearsal
        self._script = Rehearsal(self._script, self._named_modules, areas)
        self._fork_ahead()
        self._run(RUN, b'{"key": "value"}')
        return self._writer

    def _run(self, kind, payload):
        inbox = self._before_run.inbox
        inbox.end()
        if self._is_unfit_for(kind):
            if inbox.has_files:
                raise RuntimeError('the child has died, and clearing up after it removes the files of the call')
            self._replace_child()
        inbox.forget()
        self._before_run.give_to(self._child)
        outbox = self._outbox if kind == RUN else None
        relay = Relay(self._child, self._writer, self._wakeup, outbox and outbox.announce)
        relay.forward(kind, payload)
        if self._script.is_shared and kind == RUN and relay.has_result and self._child.keep_alive():
            relay.drain()
        else:
            relay.kill_all()
            if kind == RUN:
                self._copy_ahead.after_run(self._child.cpu_seconds)
            if outbox is not None:
                outbox.end(relay.is_good)
            self._close_child()
            if self._is_last:
                self._spent = True
            else:
                self._restore_scratch()
        relay.send_end(self._spent)
        self._has_ended = self._spent

    def _is_unfit_for(self, kind):
        """Whether another child must carry out the order."""
        if self._in_child is not None:
            self._in_child.go_on()
        # A child that waits may be dead: the kernel kills it when memory runs out, and a shared one, or an import, may end itself.
        if self._child.is_dead:
            if self._in_child is not None:
                self._in_child.give_up()
            return True
        if self._child.has_served:
            return kind == CHECK
        return self._in_child is not None and (kind == CHECK or self._in_child.is_at_work(self._child))

    def _replace_child(self):
        """Gets a child that does nothing ahead of its order but to prepare itself."""
        self._end_child()
        self._restore_scratch()
        self._fork_ahead()

    def _end_child(self):
        self._child.kill_all()
        self._close_child()

    def _close_child(self):
        self._child.close()
        self._child = None

    def _restore_scratch(self):
        """Restores the folders. When that takes too long, this zygote is spent."""
        deadline = time.monotonic() + self._restore_limit
        try:
            for folder in self._scratch:
                folder.restore(deadline)
        except OutOfTime:
            self._spent = True
