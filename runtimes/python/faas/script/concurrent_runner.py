"""Runs a script's program for several runs at once in one process.

Theory of operation: the body of the script is compiled as a function (toplevel.py), so its variables belong to the run; names that
it declares `global` are shared. A context variable tells which run the code that is running belongs to, and follows tasks, callbacks
and asyncio.to_thread. A body with `await` at its top level is a task of one event loop. Any other body runs in a thread of its own,
so that runs that wait in a call do not hold up each other; the main thread reads the orders.

sys.stdout and sys.stderr send what is printed as output of the run that prints. What belongs to no run, or to a run that is over, is
written to the descriptors 1 and 2, as is what native code and other processes write there: it reaches the logs of the runs that end
with the process, and no others. Threads that the script starts belong to no run, unless it copies the context (contextvars).

A run that the server has cancelled prints no more. Its task is cancelled; a thread cannot be.

`__builtins__` is a copy, and functions are saved at import, for the reason that result.py gives.
"""
import builtins
import io
import sys
from _queue import SimpleQueue
from _thread import allocate_lock, start_new_thread
from contextvars import ContextVar, copy_context
from os import _exit, write
from types import FunctionType

from .compile import CompileError
from .ending import NO_EXIT, exit_status
from .errors import describe_error
from .event import parse_json
from .inputs import as_input
from .result import compile_error_message, error_message, exit_message, nothing_message, value_message
from .run_secrets import enter_secrets
from .runner import Runner

__builtins__ = dict(vars(builtins))

_current = ContextVar('faas_run', default=None)
_WORTH_SENDING = 8 << 10  # bytes of a line that has not ended


class _Run:
    """One run: its number, whether it is over, and the beginnings of lines that it has not finished."""

    __slots__ = ('number', 'is_over', 'is_muted', 'task', 'lines', 'lock')

    def __init__(self, number):
        self.number = number
        self.is_over = self.is_muted = False
        self.task = None
        self.lines = {1: bytearray(), 2: bytearray()}
        self.lock = allocate_lock()


class ConcurrentRunner(Runner):
    """Several runs at once, until the end of the orders."""

    def __init__(self, script, program, channel):
        super().__init__(script, program, channel)
        self._channel = channel
        self._function = None
        self._runs = {}
        self._loop = None
        self._waiting = SimpleQueue()
        self._lock = allocate_lock()
        self._idle = 0

    @staticmethod
    def _may_handle(script, program):
        return False  # the functions of a body are its own, and the body may not even compile

    def prepare(self):
        super().prepare()
        for name, descriptor in (('stdout', 1), ('stderr', 2)):
            stream = io.TextIOWrapper(
                _Output(self._channel, name, descriptor), 'utf-8', getattr(sys, name).errors, write_through=True)
            stream.mode = 'w'
            setattr(sys, name, stream)
        self._streams = (*self._streams, sys.stdout, sys.stderr)
        if not isinstance(self._program, CompileError):
            self._function = FunctionType(self._program.code, self._namespace)
            self._begin()

    def serve(self):
        """Serves until the end of the orders. Never returns."""
        if self._function is None or not self._program.is_coroutine:
            while True:
                self._take_orders()
        import asyncio
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)
        self._loop.add_reader(self._channel.orders, self._take_orders)
        self._loop.run_forever()
        _exit(0)

    def _take_orders(self):
        orders = self._channel.take_orders()
        if orders is None:
            _exit(0)
        for kind, number, payload in orders:
            if kind == 'cancel':
                self._cancel(number)
                self._channel.send_heard(number)
            elif kind == 'secrets':
                enter_secrets(payload)
            else:
                self._start(_Run(number), payload)

    def _start(self, run, payload):
        if self._function is None:
            self._channel.send_result(run.number, compile_error_message(self._program))
            return
        self._runs[run.number] = run
        context = copy_context()
        context.run(_current.set, run)
        if self._loop is not None:
            run.task = context.run(self._loop.create_task, self._run_in_loop(run, payload))
            return
        self._waiting.put((context, run, payload))
        with self._lock:
            if self._idle > 0:
                self._idle -= 1
                return
        start_new_thread(self._work, ())

    def _work(self):
        while True:
            context, run, payload = self._waiting.get()
            context.run(self._run_in_thread, run, payload)
            with self._lock:
                self._idle += 1

    def _cancel(self, number):
        run = self._runs.get(number)
        if run is not None:
            run.is_muted = True
            if run.task is not None:
                run.task.cancel()

    async def _run_in_loop(self, run, payload):
        try:
            event = parse_json(payload)
            message = self._message_of(await self._function(event, as_input(event, self._program.input_use)))
        except BaseException as error:
            message = self._message_of_error(error)
        self._end(run, message)

    def _run_in_thread(self, run, payload):
        try:
            event = parse_json(payload)
            message = self._message_of(self._function(event, as_input(event, self._program.input_use)))
        except BaseException as error:
            message = self._message_of_error(error)
        self._end(run, message)

    def _message_of(self, value):
        if not self._channel.is_mine:
            self._end_as_a_program(NO_EXIT)
        return nothing_message() if value is None else value_message(value)

    def _message_of_error(self, error):
        if isinstance(error, SystemExit):
            if not self._channel.is_mine:
                self._end_as_a_program(error.code)
            return exit_message(exit_status(error.code))
        if not self._channel.is_mine:
            self._end_fork_with_error(error)
        return error_message(*describe_error(error, self._script.shown_as))

    def _end(self, run, message):
        self._flush_own()
        run.is_over = True
        self._runs.pop(run.number, None)
        self._channel.send_result(run.number, message)

    def _flush_own(self):
        for stream in (sys.stdout, sys.stderr, *self._streams[-2:]):
            try:
                stream.flush()
            except BaseException:
                pass  # the stream may be None, closed, detached, or the script's own object


class _Output(io.RawIOBase):
    """The bytes of sys.stdout or sys.stderr, which go to the run that prints them."""

    def __init__(self, channel, name, descriptor):
        self._channel = channel
        self._descriptor = descriptor
        self.name = f'<{name}>'
        self.mode = 'wb'

    def writable(self):
        return True

    def fileno(self):
        return self._descriptor

    def write(self, data):
        run = _current.get()
        if run is None or run.is_over or not self._channel.is_mine:
            rest = memoryview(data)
            while rest:
                rest = rest[write(self._descriptor, rest):]
        elif not run.is_muted:
            with run.lock:
                run.lines[self._descriptor] += data
                if len(run.lines[self._descriptor]) > _WORTH_SENDING or b'\n' in bytes(data):
                    self._send(run)
        return len(data)

    def flush(self):
        run = _current.get()
        if run is not None and not run.is_over and self._channel.is_mine:
            with run.lock:
                self._send(run)

    def _send(self, run):
        line = run.lines[self._descriptor]
        if line and not run.is_muted:
            self._channel.send_output(run.number, self._descriptor, bytes(line))
        line.clear()
