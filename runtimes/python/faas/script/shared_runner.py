"""A script's body called again and again in one process.

Theory of operation: the namespace stays, so a global can be a cache; `event` and `input` are replaced. Between two
calls the process stands still: it waits for its order by a call that keeps the interpreter's lock, so no thread of
the script runs a line, and with every signal blocked. An asyncio loop is made once and goes on in the next call with
the tasks that the last one left. A call is over with its value, its exception or its body; threads are joined and
atexit is called when the process ends: by SystemExit, and then it ends as a program does.

`__builtins__` is a copy, and functions are held, for the reason that result.py gives.
"""
import builtins

import _signal

from .event import parse_json
from ..zygote.frames import INVOKE
from .runner import NO_EXIT, Run, stop_tracing

__builtins__ = dict(vars(builtins))

_EVERY_SIGNAL = _signal.valid_signals()
_mask, _BLOCK, _SET = _signal.pthread_sigmask, _signal.SIG_BLOCK, _signal.SIG_SETMASK


class SharedRun(Run):
    """A Run without end."""

    def __init__(self, script, program, pipe):
        super().__init__(script, program, pipe)
        self._loop = None
        self._has_begun = False

    def run(self, event, orders):
        """Never returns."""
        mask = _mask(_BLOCK, ())
        while True:
            self._call(event, mask)
            _mask(_BLOCK, _EVERY_SIGNAL)
            kind, event = orders.take()
            if kind != INVOKE:
                raise ValueError(f'order {kind} to a process that has served')

    def _call(self, event, mask):
        try:
            _mask(_SET, mask)
            self._namespace['event'] = self._namespace['input'] = parse_json(event)
            if not self._has_begun:
                self._has_begun = True
                self._begin()
            value = eval(self._program.code, self._namespace)
            if self._program.is_coroutine:
                value = self._wait_for(value)
        except SystemExit as exit:
            code = exit.code
        except BaseException as error:
            stop_tracing()
            if not self._pipe.is_mine:
                self._end_fork_with_error(error)
            self._tell_error(error)
            return
        else:
            stop_tracing()
            code = NO_EXIT
            if self._pipe.is_mine:
                self._tell_end(value)
                return
        value = None
        self._end_as_a_program(code)

    def _tell_end(self, value):
        if value is None:
            self._flush()
            self._pipe.send_nothing()
        else:
            self._tell(value)

    def _wait_for(self, coroutine):
        if self._loop is None:
            import asyncio
            self._loop = asyncio.new_event_loop()
            asyncio.set_event_loop(self._loop)
        task = self._loop.create_task(coroutine)
        try:
            return self._loop.run_until_complete(task)
        finally:
            task.cancel()  # of one that is done, nothing; of one that an exit or an interrupt has left, its end
