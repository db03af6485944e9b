"""The zygote's part while a concurrent child lives: it waits for the child's end, which it alone can tell.

Theory of operation: the child speaks with the server itself. What is written to the descriptors 1 and 2 below Python's streams belongs
to no known run. The zygote reads it, so that no write to them blocks, and keeps its last bytes, where the message of a process that
crashes is. When the child is dead, the zygote kills the other processes of the sandbox. It sends the kept bytes as STDERR of run 0,
and then END with `last`.
"""
import os

from .frames import NUMBER_SIZE, STDERR

_KEPT = 32 << 10  # bytes
_OF_NO_RUN = bytes(NUMBER_SIZE)


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
