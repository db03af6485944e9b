"""The mother's child, from the fork until it is a zygote.

Theory of operation: the child has the mother's memory, but shares no open file with her. It connects to the server
(meeting.py), closes what it has inherited, and builds its walls. One of those calls waits for a byte from the server, which
sends it once the child is in its cgroups.
"""
from ..kernel.libc import close_all_but_standard
from ..zygote.exits import exit_after
from ..zygote.start import NAME, serve_prepared
from .calls import ServerGone
from .meeting import meet


def child_main(setup, token, given):
    """Becomes a zygote. Never returns."""
    exit_after(NAME, lambda: _become_zygote(setup, token, given))


def _become_zygote(setup, token, given):
    meet(setup.socket, token)
    close_all_but_standard()
    try:
        setup.child.carry_out(given)
    except ServerGone:
        return
    serve_prepared()
