"""From the fork to the wait for an order: a process that has nothing of the zygote's left but its memory.

This is the only way into the code that runs scripts, and there is none back: whatever happens, the process ends
here and never returns into the zygote's loop.
"""
import os
from os import _exit  # the script may put something else into os

import _signal

from ..kernel.libc import be_first_to_die, set_dumpable

RESULT_DESCRIPTOR = min(1023, os.sysconf('SC_OPEN_MAX') - 1)
"""High, so that a script that closes or reopens the first few hundred descriptors does not hit it."""

ORDER_DESCRIPTOR = RESULT_DESCRIPTOR - 1


def run(live, order, stdout, stderr, result):
    """Calls live(order descriptor, result descriptor) behind fresh standard streams. Never returns."""
    try:
        _signal.set_wakeup_fd(-1)
        _signal.signal(_signal.SIGCHLD, _signal.SIG_DFL)
        _signal.signal(_signal.SIGINT, _signal.default_int_handler)
        os.setsid()
        set_dumpable(True)
        be_first_to_die()
        os.dup2(os.open('/dev/null', os.O_RDONLY), 0)
        os.dup2(stdout, 1)
        os.dup2(result, RESULT_DESCRIPTOR, inheritable=False)
        os.dup2(stderr, 2)
        os.dup2(order, ORDER_DESCRIPTOR, inheritable=False)
        os.closerange(3, ORDER_DESCRIPTOR)
        live(ORDER_DESCRIPTOR, RESULT_DESCRIPTOR)
    except BaseException:
        import traceback
        os.write(2, traceback.format_exc().encode('utf-8', 'replace'))
    finally:
        _exit(71)
