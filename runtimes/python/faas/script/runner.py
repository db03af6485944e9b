"""Runs a script's program as __main__, and ends the process.

Theory of operation: a script ends as a Python program ends. When it returns nothing, threads are joined, atexit is called, __main__ is
torn down, streams are flushed. SystemExit ends it the same way, without a result, with its exit code. An exception goes to
the sys.excepthook that the script has set; the result tells it in any case. After a value or an exception, threads that still run are
dropped: the client would wait for them in vain. A process that the script has forked also ends as a Python program, and never sends
a result.

`__builtins__` is a copy, and functions are saved at import, for the reason that result.py gives.
"""
import builtins
import sys
from os import _exit, getcwd
from time import monotonic, time
from types import ModuleType

from . import stdio
from .ending import (
    NO_EXIT, Failure, collect, count_exit_functions, default_hook, exit_code_of_hook, exit_status, guarded,
    join_threads, leave_loop, run_dry, run_exit_functions, run_exit_functions_alone, stop_tracing)
from .environment import set_environment
from .errors import describe_error, script_part
from .event import parse_json
from .handler import Context, Handlers, call, is_awaitable
from .inputs import set_inputs
from .processors import tell_processors
from .source_traits import VALUE

__builtins__ = dict(vars(builtins))

_modules = sys.modules
_PACKAGES = 'faas.mother', 'faas.zygote', 'faas.script', 'faas.kernel', 'faas'


def _forget_runtime():
    """Hides the runtime's modules. A look at all modules would make this process copy a page for each name of a library."""
    for package in _PACKAGES:
        found = _modules.pop(package, None)
        for name in tuple(vars(found)) if found is not None else ():
            _modules.pop(f'{package}.{name}', None)


class Runner:
    """One run, at whose end the process ends."""

    def __init__(self, script, program, pipe):
        self._script = script
        self._program = program
        self._pipe = pipe
        self._streams = (sys.stdout, sys.stderr)
        self._namespace = None
        self._handlers = Handlers(script.handler, program.handlers) if self._may_handle(script, program) else None
        self._begun_at = 0.0
        self._event = None
        self._has_handled = False
        """Whether a handler has been called."""
        self._uncalled = None
        """The name of a handler that was not called, because the script has printed."""

    @staticmethod
    def _may_handle(script, program):
        """Whether a handler may be called after the body."""
        return script.handler is not None or bool(program.handlers)

    def prepare(self):
        """Makes the globals that `python3 script.py` has."""
        _forget_runtime()
        tell_processors(self._script.limits.cpus)
        if self._script.env:
            set_environment(self._script.env)
        sys.argv[:] = [self._script.filename]
        sys.path.insert(0, getcwd())
        if self._script.tree is not None:
            self._script.tree.modules = self._program.modules
            self._script.tree.install()
        main = ModuleType('__main__')
        _modules['__main__'] = main
        self._namespace = vars(main)
        self._namespace.update(
            __annotations__={}, __builtins__=builtins, __cached__=None, __file__=self._script.path,
            __loader__=self._script)

    def run(self, event, orders):
        """Runs the program with this input, and takes no other order. Never returns."""
        orders.close()
        code, failure = NO_EXIT, None
        is_coroutine = self._program.is_coroutine
        try:
            namespace, self._namespace = self._namespace, None
            namespace['event'] = namespace['input'] = self._event = parse_json(event)
            if self._handlers is not None or self._program.input_use != VALUE:
                self._watch_and_set_input(namespace)
            self._begin()
            value = eval(self._program.code, namespace)
            if is_coroutine:
                import asyncio
                value = asyncio.run(self._await(value, namespace))
            elif value is None:
                value = self._handle(namespace)
                if is_awaitable(value):
                    import asyncio
                    value = asyncio.run(self._await(value))
            self._end_with_value(value)
        except SystemExit as exit:
            code = exit.code
        except BaseException as error:
            failure = self._fail(error)
            code = failure.code
        namespace = value = None
        self._end_as_a_program(code, failure)

    def _watch_and_set_input(self, namespace):
        if self._handlers is not None:
            self._begun_at = monotonic()
            stdio.outputs.watch()
        if self._program.input_use != VALUE:
            set_inputs(namespace, self._event, self._program.input_use)
            self._event = namespace['event']

    def _begin(self):
        logging = _modules.get('logging')
        if logging is not None:
            logging._startTime = time()  # the start of a record's relativeCreated
        if self._program.warnings:
            import linecache
            import warnings
            linecache.lazycache(self._script.shown_as, vars(sys.modules['__main__']))
            for category, text, line in self._program.warnings:
                warnings.warn_explicit(text, getattr(builtins, category), self._script.shown_as, line)

    def _handle(self, namespace):
        """What the handler returns, if there is one to call in this process; it may have to be awaited."""
        if self._handlers is None or not self._pipe.is_mine:
            return None
        self._flush()
        name, function = self._handlers.find(namespace, stdio.outputs.has_written)
        if function is None:
            self._uncalled = name
            return None
        self._has_handled = True
        limits = self._script.limits
        return call(name, function, self._event, lambda: Context(limits.memory_bytes, limits.timeout_seconds, self._begun_at))

    async def _await(self, awaitable, namespace=None):
        """Awaits the script's body, with its namespace, or what its handler has returned. Ends the process as soon as there is a value,
        else awaits an empty loop."""
        value = await awaitable
        if value is None and namespace is not None:
            value = self._handle(namespace)
            if is_awaitable(value):
                value = await value
        if value is not None and self._pipe.is_mine:
            leave_loop()
            self._end_with_value(value)
        await run_dry()

    def _end_with_value(self, value):
        """Sends the value and ends the process. Returns if there is no value to send."""
        stop_tracing()
        if value is None or not self._pipe.is_mine:
            return
        if count_exit_functions():
            run_exit_functions_alone()
        self._send_value(value)
        _exit(0)

    def _fail(self, error):
        """Tells the script's hook of an exception that has left the script. The Failure."""
        stop_tracing()
        self._flush()
        trace = error.__traceback__ = script_part(error.__traceback__, self._script.shown_as)
        if not self._pipe.is_mine:
            return Failure(None, exit_code_of_hook(sys.excepthook, error, trace, 1))
        described = describe_error(error, self._script.shown_as)
        hook = getattr(sys, 'excepthook', default_hook)
        code = NO_EXIT if hook is default_hook else exit_code_of_hook(hook, error, trace, NO_EXIT)
        return Failure(described, code)

    def _end_fork_with_error(self, error):
        """Ends a process that the script has forked. Never returns."""
        failure = self._fail(error)
        self._end_as_a_program(failure.code, failure)

    def _send_value(self, value):
        self._flush()
        try:
            self._pipe.send_value(value)
        except BaseException as error:
            self._send_error(error)

    def _send_error(self, error):
        self._flush()
        self._pipe.send_error(*describe_error(error, self._script.shown_as))

    def _end_as_a_program(self, code, failure=None):
        """Ends the process as the interpreter ends a program. Never returns."""
        stop_tracing()
        status = exit_status(code)
        described = failure.described if failure is not None and code is NO_EXIT else None
        if described is None:
            guarded(join_threads)
            run_exit_functions()
        else:
            run_exit_functions_alone()
        self._flush()
        self._namespace = None
        _modules.pop('__main__', None)
        collect()
        self._flush()
        if code is NO_EXIT and self._pipe.is_mine:
            if described is not None:
                self._pipe.send_error(*described)
                _exit(1)
            self._send_nothing()
        _exit(status)

    def _send_nothing(self):
        if self._has_handled:
            self._pipe.send_nothing()
        else:
            self._pipe.send_no_value(self._uncalled)

    def _flush(self):
        for stream in (*self._streams, getattr(sys, 'stdout', None), getattr(sys, 'stderr', None)):
            try:
                stream.flush()
            except BaseException:
                pass  # the stream may be None, closed, detached, or the script's own object
