"""The zygote's part while a concurrent child lives: it waits for the child's end, which it alone can tell.

Theory of operation: the child speaks with the server itself. What is written to the descriptors 1 and 2 below Python's streams belongs
to no run that could be told. The zygote reads it, so that no write to them blocks, and keeps the last of it: a message of a process
that crashes is there. When the child is dead, the zygote kills all that is left, sends what it has kept as STDERR of run 0, and END,
which is the last.
"""
import os

from .frames import STDERR

_KEPT = 32 << 10  # bytes
_OF_NO_RUN = (0).to_bytes(4, 'little')


def keep_company(child, relay, writer, wakeup):
    """Returns when the child is dead and END has been sent."""
    tail = bytearray()
    while child.status is None:
        for descriptor, _ in child.poll.poll():
            if descriptor == wakeup.descriptor:
                wakeup.clear()
                child.reap(os.WNOHANG)
            elif not _keep_from(descriptor, tail):
                child.poll.unregister(descriptor)
    child.kill_all()
    for source in child.sources:
        while _keep_from(source, tail):
            pass
    if tail:
        writer.send(STDERR, _OF_NO_RUN + tail)
    relay.send_end(True)
    child.close()


def _keep_from(source, tail):
    """Reads once. False at the end of the pipe, and when it is empty."""
    try:
        data = os.read(source, _KEPT)
    except BlockingIOError:
        return False
    tail += data
    del tail[:-_KEPT]
    return bool(data)
