"""The mother's child, from the fork until it is a zygote.

Theory of operation: the child has the mother's memory and nothing that was hers alone: it speaks with the server over two
connections of its own, by which the kernel tells the server the child's pid (SO_PEERCRED). Then it builds its walls. One of those calls
waits for a byte from the server, which sends it as soon as the child is in its cgroups.
"""
import os

import _socket

from ..kernel.libc import close_all_but_standard
from ..zygote.exits import KnownFailure, exit_after
from ..zygote.loop import NAME, serve_prepared
from .calls import ServerGone


def child_main(setup, token, given):
    """Becomes a zygote. Never returns."""
    exit_after(NAME, lambda: _become_zygote(setup, token, given))


def _become_zygote(setup, token, given):
    _connect(setup.socket, f'out {token}\n', (0, 1))
    _connect(setup.socket, f'err {token}\n', (2,))
    close_all_but_standard()
    try:
        setup.child.carry_out(given)
    except ServerGone:
        return
    serve_prepared()


def _connect(path, greeting, descriptors):
    connection = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    try:
        connection.connect(path)
        connection.sendall(greeting.encode())
    except OSError as error:
        raise KnownFailure(f'no connection to the server at {path} for "{greeting.rstrip()}": {error.strerror}') from error
    for descriptor in descriptors:
        os.dup2(connection.fileno(), descriptor)
    connection.close()
