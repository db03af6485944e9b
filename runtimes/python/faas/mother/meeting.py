"""Connects a child of the mother with the server.

Theory of operation: the server listens on a Unix socket. It learns from the kernel which process has connected (SO_PEERCRED),
and from the first line which order that process belongs to, and which descriptors the connection becomes.
"""
import os

import _socket

from ..zygote.exits import KnownFailure


def meet(path, token):
    """Replaces the standard descriptors by two connections. KnownFailure when the server is not there."""
    _connect(path, f'out {token}\n', (0, 1))
    _connect(path, f'err {token}\n', (2,))


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
