"""A child that serves several runs at once, from the start of its own code (isolation `shared` with a concurrency above 1)."""
from ..kernel.libc import SCRIPT, set_name
from ..script.compile import compile_whole
from ..script.concurrent_runner import ConcurrentRunner
from ..script.libraries import seed_again
from .channel import Channel


def concurrent_main(script, orders, frames):
    """Serves until the end of the orders; never returns."""
    seed_again()
    if script.layer is not None:
        script.layer.enter()
    compiled = script.compiled or compile_whole(script, as_function=True)
    runner = ConcurrentRunner(script, compiled, Channel(orders, frames))
    runner.prepare()
    set_name(SCRIPT)
    runner.serve()
