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
from types import ModuleType

from .event import parse_json
from .program import Refusal, build
from .result import ResultPipe, name_of

__builtins__ = dict(vars(builtins))

_run_exit_functions = atexit._run_exitfuncs
_collect = gc.collect
_set_trace, _set_profile = sys.settrace, sys.setprofile
_get_recursion_limit, _set_recursion_limit = sys.getrecursionlimit, sys.setrecursionlimit
_modules = sys.modules
_NO_EXIT = object()


class Script:
    """The server's program, compiled if that was possible. Also what linecache asks for its source."""

    def __init__(self, source, filename, outcome):
        self.source = source
        self.filename = filename
        self.outcome = outcome

    def get_source(self, name):
        """As every importer's (PEP 302)."""
        return self.source

    def check(self, descriptor):
        """Compiles; never returns."""
        pipe = ResultPipe(descriptor)
        self._compiled(pipe)
        pipe.send_nothing()
        _exit(0)

    def invoke(self, descriptor, event):
        """Runs with an event, the JSON of it in UTF-8; never returns."""
        pipe = ResultPipe(descriptor)
        _Run(self, self._compiled(pipe), pipe).run(event)

    def _compiled(self, pipe):
        outcome = self.outcome or build(self.source, self.filename)
        if isinstance(outcome, Refusal):
            pipe.send_refusal(outcome)
            _exit(0)
        return outcome


class _Run:
    def __init__(self, script, program, pipe):
        self._script = script
        self._program = program
        self._pipe = pipe
        self._streams = (sys.stdout, sys.stderr)

    def run(self, event):
        """Never returns."""
        code = _NO_EXIT
        is_coroutine = self._program.is_coroutine
        try:
            namespace = self._enter_main(parse_json(event))
            self._warn()
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

    def _enter_main(self, event):
        """The globals of a module such as `python3 script.py` makes, with the event in it."""
        for name in [name for name in sys.modules if name == 'faas' or name.startswith('faas.')]:
            del sys.modules[name]
        sys.argv[:] = [self._script.filename]
        sys.path.insert(0, getcwd())
        main = ModuleType('__main__')
        sys.modules['__main__'] = main
        namespace = vars(main)
        namespace.update(
            __annotations__={}, __builtins__=builtins, __cached__=None, __file__=self._script.filename,
            __loader__=self._script, event=event, input=event)
        return namespace

    def _warn(self):
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
        _stop_tracing()
        if value is None or not self._pipe.is_mine:
            return
        self._flush()
        try:
            self._pipe.send_value(value)
        except BaseException as error:
            self._end_with_error(error)
        _exit(0)

    def _end_with_error(self, error):
        """Never returns."""
        _stop_tracing()
        if not self._pipe.is_mine:
            sys.excepthook(type(error), error, self._script_part(error.__traceback__))
            self._end_as_a_program(1)
        self._flush()
        message = _text_of(error)
        self._pipe.send_error(name_of(error), message, self._stack_of(error, message))
        _exit(1)

    def _end_as_a_program(self, code):
        """Never returns."""
        _stop_tracing()
        status = _exit_status(code)
        _guarded(_join_threads)
        _guarded(_run_exit_functions)
        self._flush()
        _modules.pop('__main__', None)
        _guarded(_collect)
        self._flush()
        if code is _NO_EXIT and self._pipe.is_mine:
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


def _stop_tracing():
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
    if code is _NO_EXIT or code is None:
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
