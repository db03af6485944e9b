"""Imports the libraries that the program names in the zygote, so that all children share them. Only for a layer that is trusted.

Theory of operation: it is done while no client waits, if possible: when there is no order, and a frame that comes meanwhile interrupts it.
Where orders follow each other, it is done in the end without interruption: one run waits longer, and all further ones are faster. Each
import has been tried in a fork before (import_trial.py). One that behaves otherwise here than there ends the zygote: what it left would
hurt the scripts.
"""
import gc
import os
import select
import sys

from ..script.environment import set_environment
from ..script.layer import carry_out
from ..script.libraries import Apart
from ..script.remains import RemainsInZygote
from .exits import KnownFailure
from .import_trial import Interrupted, try_imports

_YIELDING_ATTEMPTS = 4
"""The first one is before the first order."""

_ENOUGH = 10
"""Seconds that a run must have, so that imports may hold it up: the server counts its time from the moment it sends the order."""

_SECONDS = {True: 10, False: 3}
"""How long a trial may take, by whether it yields to an order."""


class ImportInZygote:
    """The imports of one script."""

    def __init__(self, script, statements):
        self._script = script
        self._untried = statements
        self._good = []
        self._attempts = 0
        self._modules = []
        timeout = script.limits.timeout_seconds
        self._may_hold_up_a_run = timeout is None or timeout >= _ENOUGH

    def go_on(self):
        """Goes on, if anything is left. No child may be alive. Whether anything was done; the scratch folders may then hold files."""
        if not self._untried and not self._good:
            return False
        self._attempts += 1
        yields = self._attempts <= _YIELDING_ATTEMPTS or not self._may_hold_up_a_run
        if yields and _has_frame():
            return False
        self._script.layer.enter()
        try:
            self._prepare_for_imports()
            self._try(yields)
            self._import(yields)
        finally:
            self._script.layer.leave()
        gc.collect()
        gc.freeze()
        return True

    def take_modules(self):
        """The names of what has been imported since the last call."""
        modules, self._modules = self._modules, []
        return modules

    def _prepare_for_imports(self):
        """Gives imports what they would find in a child."""
        set_environment(self._script.env)
        sys.argv[:] = [self._script.filename]

    def _try(self, yields):
        try:
            good, bad = try_imports(self._untried, _SECONDS[yields], yields)
        except Interrupted:
            return
        self._untried = ()
        self._good += good
        for (module, _), why in bad:
            os.write(2, f'python zygote: {module} is left to the script: {why}\n'.encode('utf-8', 'backslashreplace'))

    def _import(self, yields):
        remains = RemainsInZygote()
        while self._good and not (yields and _has_frame()):
            statement = self._good.pop(0)
            try:
                with Apart():
                    carry_out(statement)
                why = remains.why()
            except BaseException as error:
                why = f'its import raises {type(error).__name__}: {error}'
            if why is not None:
                raise KnownFailure(f'{statement[0]} cannot be imported ahead of scripts, against a trial: {why}')
            self._modules.append(statement[0])


def _has_frame():
    poll = select.poll()
    poll.register(0, select.POLLIN)
    return bool(poll.poll(0))
