"""Runs a script's program as __main__, and ends the process.

Theory of operation: a returned value or an exception ends the run at once; threads and tasks that still run are dropped. A
script that returns nothing ends as a Python program ends: threads are joined, atexit is called, __main__ is torn down,
streams are flushed. SystemExit ends it the same way, without a result, with its exit code. A process that the script has
forked also ends as a Python program, and never sends a result.

`__builtins__` is a copy, and functions are saved at import, for the reason that result.py gives.
"""
import atexit
import builtins
import gc
import sys
from os import _exit, getcwd
from time import time
from types import ModuleType

from .errors import describe_error, script_part
from .event import parse_json

__builtins__ = dict(vars(builtins))

_run_exit_functions = atexit._run_exitfuncs
_collect = gc.collect
_set_trace, _set_profile = sys.settrace, sys.setprofile
_get_recursion_limit, _set_recursion_limit = sys.getrecursionlimit, sys.setrecursionlimit
_modules = sys.modules
NO_EXIT = object()


class Runner:
    """One run, at whose end the process ends."""

    def __init__(self, script, program, pipe):
        self._script = script
        self._program = program
        self._pipe = pipe
        self._streams = (sys.stdout, sys.stderr)
        self._namespace = None

    def prepare(self):
        """Makes the globals that `python3 script.py` has."""
        for name in [name for name in _modules if name == 'faas' or name.startswith('faas.')]:
            del _modules[name]
        sys.argv[:] = [self._script.filename]
        sys.path.insert(0, getcwd())
        main = ModuleType('__main__')
        _modules['__main__'] = main
        self._namespace = vars(main)
        self._namespace.update(
            __annotations__={}, __builtins__=builtins, __cached__=None, __file__=self._script.filename,
            __loader__=self._script)

    def run(self, event, orders):
        """Runs the program with this input, and takes no other order. Never returns."""
        orders.close()
        code = NO_EXIT
        is_coroutine = self._program.is_coroutine
        try:
            namespace, self._namespace = self._namespace, None
            namespace['event'] = namespace['input'] = parse_json(event)
            self._begin()
            value = eval(self._program.code, namespace)
            if is_coroutine:
                import asyncio
                value = asyncio.run(self._await(value))
        except SystemExit as exit:
            code = exit.code
        except BaseException as error:
            self._end_with_error(error)
        else:
            self._end_with_value(value)
        namespace = value = None
        self._end_as_a_program(code)

    def _begin(self):
        logging = _modules.get('logging')
        if logging is not None:
            logging._startTime = time()  # the start of a record's relativeCreated
        if self._program.warnings:
            import linecache
            import warnings
            linecache.lazycache(self._script.filename, vars(sys.modules['__main__']))
            for category, text, line in self._program.warnings:
                warnings.warn_explicit(text, getattr(builtins, category), self._script.filename, line)

    async def _await(self, coroutine):
        """Awaits the script's coroutine. Ends the process as soon as there is a value or an exception, else awaits an empty loop."""
        from asyncio import CancelledError
        try:
            value = await coroutine
        except (SystemExit, CancelledError):
            raise  # asyncio.run tells apart the script's cancellation, an interrupt and another task's exit
        except BaseException as error:
            self._end_with_error(error)
        self._end_with_value(value)
        await _run_dry()

    def _end_with_value(self, value):
        """Sends the value and ends the process. Returns if there is no value to send."""
        stop_tracing()
        if value is not None and self._pipe.is_mine:
            self._send_value(value)
            _exit(0)

    def _end_with_error(self, error):
        """Sends the error and ends the process."""
        stop_tracing()
        if not self._pipe.is_mine:
            self._end_fork_with_error(error)
        self._send_error(error)
        _exit(1)

    def _end_fork_with_error(self, error):
        """Ends a process that the script has forked. Never returns."""
        sys.excepthook(type(error), error, script_part(error.__traceback__, self._script.filename))
        self._end_as_a_program(1)

    def _send_value(self, value):
        self._flush()
        try:
            self._pipe.send_value(value)
        except BaseException as error:
            self._send_error(error)

    def _send_error(self, error):
        self._flush()
        self._pipe.send_error(*describe_error(error, self._script.filename))

    def _end_as_a_program(self, code):
        """Ends the process as the interpreter ends a program. Never returns."""
        stop_tracing()
        status = exit_status(code)
        _guarded(_join_threads)
        _guarded(_run_exit_functions)
        self._flush()
        self._namespace = None
        _modules.pop('__main__', None)
        _guarded(_collect)
        self._flush()
        if code is NO_EXIT and self._pipe.is_mine:
            self._pipe.send_nothing()
        _exit(status)

    def _flush(self):
        for stream in (*self._streams, getattr(sys, 'stdout', None), getattr(sys, 'stderr', None)):
            try:
                stream.flush()
            except BaseException:
                pass  # the stream may be None, closed, detached, or the script's own object


async def _run_dry():
    """Returns when the loop has neither tasks nor timers."""
    import asyncio
    loop = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(0)
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        # There is no public way to list the timers of call_later. On another kind of loop they go unnoticed.
        timers = [timer.when() for timer in getattr(loop, '_scheduled', ()) if not timer.cancelled()]
        if tasks:
            await asyncio.wait(tasks)
        elif timers:
            await asyncio.sleep(max(0, min(timers) - loop.time()))
        else:
            return


def stop_tracing():
    _set_trace(None)
    _set_profile(None)
    _set_recursion_limit(max(1000, _get_recursion_limit()))


def exit_status(code):
    """The exit status for the argument of sys.exit, as the interpreter maps it; a text is printed on stderr."""
    if code is NO_EXIT or code is None:
        return 0
    if isinstance(code, int):
        return code & 0xff if -1 << 63 <= code < 1 << 63 else 0xff
    _guarded(lambda: print(code, file=sys.stderr))
    return 1


def _join_threads():
    threading = _modules.get('threading')
    if threading is not None:
        threading._shutdown()


def _guarded(step):
    """Does one step of a program's end. An exception is shown, as the interpreter shows it, and does not stop the next step."""
    try:
        step()
    except BaseException as error:
        try:
            sys.excepthook(type(error), error, error.__traceback__)
        except BaseException:
            pass  # the hook is the script's
