"""How a zygote starts: alone, or as a fork of a mother, who has done the first part once for all."""
import sys

from .loop import Zygote  # first, because its first import has a fork hook (kernel/pages.py)
from ..kernel.libc import close_all_but_standard, stop_ignoring_signals
from ..script.libraries import CannotPreload, load_libraries
from ..script.stdio import replace_outputs
from .exits import KnownFailure, exit_after

NAME = 'python zygote'


def serve():
    """Serves as a zygote that no mother has forked, until the end. Never returns."""
    exit_after(NAME, _serve_alone)


def _serve_alone():
    prepare()
    serve_prepared()


def prepare():
    """Sets up what forks of this process inherit. A mother does this once, for all zygotes that she forks."""
    close_all_but_standard()
    stop_ignoring_signals()
    replace_outputs()
    try:
        load_libraries(sys.argv[1:])
    except CannotPreload as error:
        raise KnownFailure(str(error)) from error


def serve_prepared():
    """Serves in a process that is set up by `prepare`, its own or its mother's. Returns at the end."""
    Zygote().serve()
