"""Describes an exception as the script's author knows it: without the frames of the runtime.

`__builtins__` is a copy, for the reason that result.py gives.
"""
import builtins

from .result import name_of

__builtins__ = dict(vars(builtins))


def describe_error(error, filename):
    """(name, message, stack) of an exception of the script that is compiled under this filename. Never raises."""
    message = _text_of(error)
    return name_of(error), message, _stack_of(error, message, filename)


def script_part(trace, filename):
    """The traceback from the script's first frame on."""
    while trace is not None and trace.tb_frame.f_code.co_filename != filename:
        trace = trace.tb_next
    return trace


def _stack_of(error, message, filename):
    try:
        import traceback
        return ''.join(traceback.TracebackException(
            type(error), error, script_part(error.__traceback__, filename)).format())
    except BaseException:  # the script has broken a module that traceback needs, or its own exception
        return f'{name_of(error)}: {message}\n'


def _text_of(error):
    try:
        return str(error)
    except BaseException:
        return '<exception str() failed>'
