"""A script's run as __main__, and its end.

Theory of operation: a returned value or an exception ends the invocation at once, and what is still running is
dropped. A script that returns nothing ends as a program does: threads joined, atexit called, __main__ torn down,
streams flushed. A SystemExit does the same and leaves no result, only its exit code. What the script forked ends
as a program too, and never sends a result.

`__builtins__` is a copy, and functions are held, for the reason that result.py gives.
"""
import atexit
import builtins
import gc
import sys
from os import _exit, getcwd
from time import time
from types import ModuleType

from .event import parse_json
from .result import name_of

__builtins__ = dict(vars(builtins))

_run_exit_functions = atexit._run_exitfuncs
_collect = gc.collect
_set_trace, _set_profile = sys.settrace, sys.setprofile
_get_recursion_limit, _set_recursion_limit = sys.getrecursionlimit, sys.setrecursionlimit
_modules = sys.modules
NO_EXIT = object()


class Run:
    """The end of this process, in the end."""

    def __init__(self, script, program, pipe):
        self._script = script
        self._program = program
        self._pipe = pipe
        self._streams = (sys.stdout, sys.stderr)
        self._namespace = None

    def prepare(self):
        """Makes the globals of a module such as `python3 script.py` has."""
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
        """Obeys, and takes no other order; never returns."""
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
            logging._startTime = time()  # what relativeCreated of a record counts from
        if self._program.warnings:
            import linecache
            import warnings
            linecache.lazycache(self._script.filename, vars(sys.modules['__main__']))
            for category, text, line in self._program.warnings:
                warnings.warn_explicit(text, getattr(builtins, category), self._script.filename, line)

    async def _await(self, coroutine):
        """The script's coroutine, ended as soon as it has a value, else when the loop has nothing more to do."""
        from asyncio import CancelledError
        try:
            value = await coroutine
        except (SystemExit, CancelledError):
            raise  # asyncio.run knows whether a cancellation is the script's, an interrupt or another task's exit
        except BaseException as error:
            self._end_with_error(error)
        self._end_with_value(value)
        await _run_dry()

    def _end_with_value(self, value):
        """Returns if there is none to send."""
        stop_tracing()
        if value is not None and self._pipe.is_mine:
            self._tell(value)
            _exit(0)

    def _end_with_error(self, error):
        """Never returns."""
        stop_tracing()
        if not self._pipe.is_mine:
            self._end_fork_with_error(error)
        self._tell_error(error)
        _exit(1)

    def _end_fork_with_error(self, error):
        """As a program that nobody waits for; never returns."""
        sys.excepthook(type(error), error, self._script_part(error.__traceback__))
        self._end_as_a_program(1)

    def _tell(self, value):
        self._flush()
        try:
            self._pipe.send_value(value)
        except BaseException as error:
            self._tell_error(error)

    def _tell_error(self, error):
        self._flush()
        message = _text_of(error)
        self._pipe.send_error(name_of(error), message, self._stack_of(error, message))

    def _end_as_a_program(self, code):
        """Never returns."""
        stop_tracing()
        status = _exit_status(code)
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
                pass  # None, closed, detached, or the script's own: its affair

    def _script_part(self, trace):
        """The traceback from the script's first frame on."""
        while trace is not None and trace.tb_frame.f_code.co_filename != self._script.filename:
            trace = trace.tb_next
        return trace

    def _stack_of(self, error, message):
        try:
            import traceback
            return ''.join(traceback.TracebackException(
                type(error), error, self._script_part(error.__traceback__)).format())
        except BaseException:  # the script has broken a module that traceback needs, or its own exception
            return f'{name_of(error)}: {message}\n'


async def _run_dry():
    import asyncio
    loop = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(0)
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        # No public interface tells the timers of call_later; a loop that has them elsewhere has none to us.
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


def _text_of(error):
    try:
        return str(error)
    except BaseException:
        return '<exception str() failed>'


def _exit_status(code):
    """What the interpreter makes of sys.exit's argument; a text goes to stderr."""
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
    """One step of a program's end; what it raises is shown, as the interpreter shows it, and ends nothing."""
    try:
        step()
    except BaseException as error:
        try:
            sys.excepthook(type(error), error, error.__traceback__)
        except BaseException:
            pass  # the hook is the script's
