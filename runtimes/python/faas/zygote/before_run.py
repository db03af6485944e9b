"""What comes before a RUN and belongs to it: its trace, its secrets, its files."""
from .frames import FILE, FILE_BYTES, SECRETS, TRACE, BrokenPeer
from .inbox import Inbox


class BeforeRun:
    """The frames that have come since the last order."""

    def __init__(self):
        self.inbox = Inbox()
        self._trace = None
        self._secrets = None

    def take(self, kind, payload):
        """Takes a frame. False if it is of another kind. BrokenPeer if it comes a second time."""
        if kind == TRACE and self._trace is None:
            self._trace = payload
        elif kind == SECRETS and self._secrets is None:
            self._secrets = payload
        elif kind == FILE:
            self.inbox.begin(payload)
        elif kind == FILE_BYTES:
            self.inbox.append(payload)
        elif kind in (TRACE, SECRETS):
            raise BrokenPeer(f'frame of type {kind:#04x} out of turn')
        else:
            return False
        return True

    def give_to(self, child):
        """Passes trace and secrets on to the child that gets the order, and keeps nothing."""
        trace, self._trace = self._trace, None
        if trace is not None:
            child.give(TRACE, trace)
        secrets, self._secrets = self._secrets, None
        if secrets is not None:
            child.give(SECRETS, secrets)
            secrets[:] = bytes(len(secrets))  # no secret stays here, where further children are forked
