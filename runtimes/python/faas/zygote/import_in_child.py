"""Imports the libraries that the program names, in the child that waits for its order: both sides.

Theory of operation: a layer that is not trusted may hold anything, and the zygote outlives every run, so it executes none of it. Its child
does, before the order comes, and begins only after a pause, so that under load the script's own import does the work. It fails
silently: the script's own import raises the error. While it imports, the child has another name. An order that comes meanwhile, or one
that must not meet what a library does (CHECK, the files of a call), gets a fresh child, which imports nothing ahead. So an import that
hangs, or ends the process, costs no run more than that. When it has taken too long, it is not done ahead any more. A
library may also leave threads or processes that go on: after the same time, everything but the zygote stands still until the order.
The name is the library's own word: one that lies makes its own script wait.
"""
import functools
import os
import select

import _signal

from ..kernel.libc import WAITING, set_name
from ..script import stdio
from ..script.layer import carry_out

IMPORTING = b'faas-importing'
"""The name of a child that imports."""

_PAUSE = 10  # milliseconds
_LONGEST = 2000  # milliseconds


def _import_until_ordered(statements, orders):
    """In the child: imports as long as there is no order."""
    if orders.have_come(_PAUSE):
        return
    set_name(IMPORTING)
    stdio.outputs.begin_ahead()
    for statement in statements:
        if orders.have_come(0):
            break
        try:
            carry_out(statement)
        except BaseException:
            pass  # the script's own import will raise it
    stdio.outputs.end_ahead()
    set_name(WAITING)


class ImportInChild:
    """In the zygote: the imports of the children of one script."""

    def __init__(self, statements):
        self._statements = statements
        self._stands_still = False

    @property
    def ahead(self):
        """What the next child calls with its Orders before it takes one; None: nothing."""
        return functools.partial(_import_until_ordered, self._statements) if self._statements else None

    def give_up(self):
        """Has no further child import anything: an import has ended a child, or has taken too long."""
        self._statements = ()

    def let_wait(self, child):
        """Waits for the next frame, and meanwhile bounds what the child does. Whether the child must be replaced."""
        if not self._statements:
            return False
        poll = select.poll()
        poll.register(0, select.POLLIN)
        if poll.poll(_LONGEST):
            return False
        if self.is_at_work(child):
            self.give_up()
            return True
        self._signal(_signal.SIGSTOP)
        return False

    @staticmethod
    def is_at_work(child):
        """Whether the child imports something now."""
        return child.name == IMPORTING

    def go_on(self):
        """An order has come."""
        if self._stands_still:
            self._signal(_signal.SIGCONT)

    def _signal(self, number):
        self._stands_still = number == _signal.SIGSTOP
        try:
            os.kill(-1, number)
        except ProcessLookupError:
            pass
