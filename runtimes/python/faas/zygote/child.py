"""A child, from the start of its own code to its result; with isolation `shared`, from order to order.

Theory of operation: everything that does not depend on the order is done before the order comes, while no client waits. If the
script could not be compiled aside (compile_aside.py), compiling it may kill this process, so that is done after the order
has come: its END then reports the death.

The child of isolation `sandbox` is forked even before the program comes, and takes PROGRAM as its first order.
"""
from os import _exit

from ..kernel.libc import SCRIPT, set_name
from ..script.compile import CompileError, Program, compile_whole
from ..script.libraries import seed_again
from ..script.result import ResultPipe
from ..script.runner import Runner
from .frames import CHECK
from .orders import Orders
from .program_frame import parse_program_frame


def child_main(script, ahead, order, result):
    """Takes and carries out orders; never returns. Without a script, the first order is PROGRAM. ahead: called with the Orders before one
    is taken; or None."""
    seed_again()
    pipe = ResultPipe(result)
    orders = Orders(order)
    if script is None:
        script = parse_program_frame(orders.take()[1])
    if script.layer is not None:
        script.layer.enter()
    runner = _prepared(script, script.compiled, pipe) if isinstance(script.compiled, Program) else None
    if ahead is not None:
        ahead(orders)
    kind, event = orders.take()
    set_name(SCRIPT)
    if kind == CHECK or runner is None:
        compiled = script.compiled or compile_whole(script)
        if isinstance(compiled, CompileError):
            pipe.send_compile_error(compiled)
            while script.is_shared:
                orders.take()
                pipe.send_compile_error(compiled)
            _exit(0)
        if kind == CHECK:
            pipe.send_nothing()
            _exit(0)
        runner = _prepared(script, compiled, pipe)
    runner.run(event, orders)


def _prepared(script, program, pipe):
    if script.is_shared:
        from ..script.shared_runner import SharedRunner  # already imported in the zygote
        runner = SharedRunner(script, program, pipe)
    else:
        runner = Runner(script, program, pipe)
    runner.prepare()
    return runner
