"""A process of a script until its order comes.

Theory of operation: whatever does not depend on the order is done before it, while nobody waits. A source that could
not be compiled aside may kill this process too, so that waits for the order, whose end it then is.
"""
from os import _exit

from .kernel import SCRIPT, set_name
from .orders import Orders
from .program import Program, Refusal, build
from .protocol import CHECK
from .result import ResultPipe
from .run import Run
from .shared_run import SharedRun


def live(script, order, result):
    """Never returns."""
    pipe = ResultPipe(result)
    orders = Orders(order)
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


def _prepared(script, program, pipe):
    run = (SharedRun if script.is_shared else Run)(script, program, pipe)
    run.prepare()
    return run
