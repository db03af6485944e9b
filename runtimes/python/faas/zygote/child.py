"""A process of a script until its order comes.

Theory of operation: whatever does not depend on the order is done before it, while nobody waits. A source that could
not be compiled aside may kill this process too, so that waits for the order, whose end it then is.

The process of the only call of a sandbox need not even wait for the program to be forked: that comes as its first order.
"""
from os import _exit

from ..script.event import parse_json
from ..kernel.libc import SCRIPT, set_name
from .orders import Orders
from ..script.compile import Program, Refusal, build
from .frames import CHECK
from ..script.result import ResultPipe
from ..script.runner import Run
from .program_frame import Script
from ..script.shared_runner import SharedRun


def live(script, order, result):
    """Never returns. Without a script: that of the PROGRAM, already checked, which is the first order."""
    pipe = ResultPipe(result)
    orders = Orders(order)
    if script is None:
        script = _script_of(orders)
    run = _prepared(script, script.outcome, pipe) if isinstance(script.outcome, Program) else None
    kind, event = orders.take()
    set_name(SCRIPT)
    if kind == CHECK or run is None:
        program = script.outcome or build(script.source, script.filename)
        if isinstance(program, Refusal):
            pipe.send_refusal(program)
            while script.is_shared:
                orders.take()
                pipe.send_refusal(program)
            _exit(0)
        if kind == CHECK:
            pipe.send_nothing()
            _exit(0)
        run = _prepared(script, program, pipe)
    run.run(event, orders)


def _script_of(orders):
    program = parse_json(orders.take()[1])
    return Script(program['source'], program['filename'], None, is_shared=False)


def _prepared(script, program, pipe):
    run = (SharedRun if script.is_shared else Run)(script, program, pipe)
    run.prepare()
    return run
