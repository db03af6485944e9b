"""How a zygote or a mother ends: its exit status, and the reason on stderr."""
import os

from .frames import BrokenPeer

BROKEN_PEER, BROKEN_PROMISE = 70, 71  # exit statuses: see zygote.py and mother.py


class KnownFailure(Exception):
    """A failure that its text explains completely, so that the operator needs no traceback."""


def exit_after(name, work):
    """Calls work, and ends the process with the status that tells how it ended. Never returns. `name` begins the reason."""
    try:
        work()
        status = 0
    except (BrokenPeer, BrokenPipeError) as error:
        status = _report(BROKEN_PEER, name, f'{type(error).__name__}: {error}')
    except KnownFailure as error:
        status = _report(BROKEN_PROMISE, name, str(error))
    except BaseException as error:
        import traceback
        # The error comes first, because a reader of stderr may keep only its beginning.
        status = _report(BROKEN_PROMISE, name, f'{type(error).__name__}: {error}\n{traceback.format_exc()}')
    os._exit(status)


def _report(status, name, why):
    os.write(2, f'{name}: {why.rstrip()}\n'.encode('utf-8', 'backslashreplace'))
    return status
