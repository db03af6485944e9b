"""Finds the end of a result message: kind (1 byte), length (4 bytes, little-endian), payload."""

HEADER_SIZE = 5


class ResultMeter:
    """Counts the bytes of one result message. The zygote reads nothing else of it."""

    def __init__(self):
        self._header = b''
        self._missing = HEADER_SIZE

    @property
    def complete(self):
        """Whether the message's last byte has been taken."""
        return self._missing == 0 and len(self._header) == HEADER_SIZE

    @property
    def kind(self):
        """The message's kind, a byte, once that has been taken."""
        return self._header[:1]

    def take(self, view):
        """Takes the next bytes. How many of them belong to the message: fewer than all at its end."""
        taken = 0
        if len(self._header) < HEADER_SIZE:
            taken = min(HEADER_SIZE - len(self._header), len(view))
            self._header += bytes(view[:taken])
            self._missing -= taken
            if len(self._header) == HEADER_SIZE:
                self._missing = int.from_bytes(self._header[1:], 'little')
        if len(self._header) == HEADER_SIZE:
            body = min(self._missing, len(view) - taken)
            self._missing -= body
            taken += body
        return taken
