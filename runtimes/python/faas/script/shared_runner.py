"""Runs a script's program again and again in one process.

Theory of operation: the namespace stays, so a global can be a cache; each run replaces `event` and `input`. Between two runs
the process stands still: it waits for its order with every signal blocked, in a call that keeps the interpreter's lock, so no
thread of the script runs. There is one asyncio loop for all runs. Tasks that a run leaves go on during the next one. A run
ends with its value, its exception, or the end of its body. SystemExit ends the process, as a Python program ends: only then
are threads joined and atexit called.

`__builtins__` is a copy, and functions are saved at import, for the reason that result.py gives.
"""
import builtins

import _signal

from .ending import NO_EXIT, stop_tracing
from .event import parse_json
from .handler import is_awaitable
from .runner import Runner
from .source_traits import VALUE

__builtins__ = dict(vars(builtins))

_EVERY_SIGNAL = _signal.valid_signals()
_mask, _BLOCK, _SET = _signal.pthread_sigmask, _signal.SIG_BLOCK, _signal.SIG_SETMASK


class SharedRunner(Runner):
    """One run after another, until a run ends the process."""

    def __init__(self, script, program, pipe):
        super().__init__(script, program, pipe)
        self._loop = None
        self._has_begun = False

    def run(self, event, orders):
        """Runs the program with this input, then with that of each next order. Never returns."""
        mask = _mask(_BLOCK, ())
        while True:
            self._run_once(event, mask)
            _mask(_BLOCK, _EVERY_SIGNAL)
            event = orders.take_run()

    def _run_once(self, event, mask):
        try:
            _mask(_SET, mask)
            self._has_handled, self._uncalled = False, None
            self._namespace['event'] = self._namespace['input'] = self._event = parse_json(event)
            if self._handlers is not None or self._program.input_use != VALUE:
                self._watch_and_set_input(self._namespace)
            if not self._has_begun:
                self._has_begun = True
                self._begin()
            value = eval(self._program.code, self._namespace)
            if self._program.is_coroutine:
                value = self._wait_for(value)
            if value is None:
                value = self._handle(self._namespace)
                if is_awaitable(value):
                    value = self._wait_for(_value_of(value))
        except SystemExit as exit:
            code = exit.code
        except BaseException as error:
            failure = self._fail(error)
            if failure.code is NO_EXIT:
                self._pipe.send_error(*failure.described)
                return
            code = failure.code
        else:
            stop_tracing()
            code = NO_EXIT
            if self._pipe.is_mine:
                self._send_end(value)
                return
        value = None
        self._end_as_a_program(code)

    def _send_end(self, value):
        if value is None:
            self._flush()
            self._send_nothing()
        else:
            self._send_value(value)

    def _wait_for(self, coroutine):
        if self._loop is None:
            import asyncio
            self._loop = asyncio.new_event_loop()
            asyncio.set_event_loop(self._loop)
        task = self._loop.create_task(coroutine)
        try:
            return self._loop.run_until_complete(task)
        finally:
            task.cancel()  # ends a task that an exit or an interrupt has left; a task that is done is not affected


async def _value_of(awaitable):
    return await awaitable
