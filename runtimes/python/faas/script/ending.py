"""The steps by which a Python program ends, for runner.py to take.

`__builtins__` is a copy, and functions are saved at import, for the reason that result.py gives.
"""
import atexit
import builtins
import gc
import sys

from .recursion import allow_at_least

__builtins__ = dict(vars(builtins))

_run_exit_functions, _drop_exit_function = atexit._run_exitfuncs, atexit.unregister
_collect = gc.collect
_set_trace, _set_profile = sys.settrace, sys.setprofile
_modules = sys.modules
_LEAST_RECURSION_LIMIT = 1000

NO_EXIT = object()
"""In place of an exit code: the script has not called sys.exit."""

count_exit_functions = atexit._ncallbacks
"""How many functions atexit has to call."""

default_hook = sys.__excepthook__
"""Prints an exception, as the interpreter does without a hook of the script."""


class Failure:
    """An exception that has ended a script: described as the result tells it, and the code with which the script's hook has exited."""

    def __init__(self, described, code):
        self.described = described
        self.code = code


async def run_dry():
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


def leave_loop():
    """Lets exit functions run an event loop of their own, although this process is still in one."""
    from asyncio import events
    events._set_running_loop(None)


def stop_tracing():
    """Lets no tracer of the script see the runtime's own code, and gives that code room on the stack."""
    _set_trace(None)
    _set_profile(None)
    allow_at_least(_LEAST_RECURSION_LIMIT)


def exit_code_of_hook(hook, error, trace, otherwise):
    """Calls a sys.excepthook as the interpreter does. The code with which it exits, if it does."""
    try:
        hook(type(error), error, trace)
    except SystemExit as exit:
        return exit.code
    except BaseException as broken:
        broken.__traceback__ = broken.__traceback__.tb_next
        if broken.__context__ is error:
            broken.__context__ = None
        guarded(lambda: print('Error in sys.excepthook:', file=sys.stderr))
        default_hook(type(broken), broken, broken.__traceback__)
        guarded(lambda: print('\nOriginal exception was:', file=sys.stderr))
        default_hook(type(error), error, trace)
    return otherwise


def run_exit_functions():
    """Calls the functions of atexit."""
    guarded(_run_exit_functions)


def collect():
    """Collects garbage, so that objects in cycles are torn down, too."""
    guarded(_collect)


def run_exit_functions_alone():
    """Runs the exit functions, except that of multiprocessing, which waits for processes; those end with this one."""
    multiprocessing = _modules.get('multiprocessing.util')
    if multiprocessing is not None:
        _drop_exit_function(getattr(multiprocessing, '_exit_function', None))
    run_exit_functions()


def exit_status(code):
    """The exit status for the argument of sys.exit, as the interpreter maps it; a text is printed on stderr."""
    if code is NO_EXIT or code is None:
        return 0
    if isinstance(code, int):
        return code & 0xff if -1 << 63 <= code < 1 << 63 else 0xff
    guarded(lambda: print(code, file=sys.stderr))
    return 1


def join_threads():
    """Waits for the threads that are no daemons, as the interpreter does."""
    threading = _modules.get('threading')
    if threading is not None:
        threading._shutdown()


def guarded(step):
    """Does one step of a program's end. An exception is shown, as the interpreter shows it, and does not stop the next step."""
    try:
        step()
    except BaseException as error:
        try:
            sys.excepthook(type(error), error, error.__traceback__)
        except BaseException:
            pass  # the hook is the script's
