"""Makes the trial of copy_ahead.py once for all zygotes of a mother.

Theory of operation: a fork of the mother acts as a zygote and runs a short script several times. Its exit status is the
verdict. Like every zygote, it kills all other processes after each run. So it must be process 1 of a pid namespace of its own,
which the calls before a fork make. It builds no walls, so it sees the mother's folders, which it must not empty.
"""
import os

from ..zygote.copy_ahead import RUNS_OF_A_TRIAL
from ..zygote.frames import PROGRAM, RUN
from ..zygote.loop import Zygote
from .calls import CallFailed
from .given import Given, NotGiven

_PAYS, _COSTS, _UNKNOWN = 0, 1, 2  # exit statuses
_PROGRAM = b'{"filename": "trial.py", "source": "return event"}'
_RUNS_BEFORE_REHEARSAL = 2  # so that it does not find what only the first run does


def copying_pays(before, supplied):
    """Whether copying pages ahead pays on this machine. None when the trial does not tell. before: the calls before a fork."""
    given = Given({}, supplied)
    try:
        before.require(given)
        before.carry_out(given)
        pid = os.fork()
    except (NotGiven, CallFailed, OSError) as error:
        return _unknown(error)
    if pid == 0:
        _try()
    _, status = os.waitpid(pid, 0)
    return {_PAYS: True, _COSTS: False}.get(os.waitstatus_to_exitcode(status))


def _try():
    status = _UNKNOWN
    try:
        os.dup2(os.open('/dev/null', os.O_WRONLY), 1)
        zygote = Zygote(scratch=(), runs_before_rehearsal=_RUNS_BEFORE_REHEARSAL)
        zygote.take(PROGRAM, _PROGRAM)
        for _ in range(_RUNS_BEFORE_REHEARSAL + RUNS_OF_A_TRIAL):
            zygote.take(RUN, b'{"key": "value"}')
        status = {True: _PAYS, False: _COSTS, None: _UNKNOWN}[zygote.copying_pays]
    except BaseException as error:
        _unknown(error)
    finally:
        os._exit(status)


def _unknown(error):
    os.write(2, f'python mother: no trial: {type(error).__name__}: {error}\n'.encode('utf-8', 'backslashreplace'))
