"""Where the result message ends: the kind (1 byte), a length (4 bytes, little-endian), that many bytes."""

HEADER = 5


class ResultMeter:
    """Counts the bytes of one result message. Their meaning is the server's affair."""

    def __init__(self):
        self._header = b''
        self._missing = HEADER

    @property
    def complete(self):
        """Whether the message's last byte was counted."""
        return self._missing == 0 and len(self._header) == HEADER

    def take(self, view):
        """How many of these next bytes still belong to the message."""
        taken = 0
        if len(self._header) < HEADER:
            taken = min(HEADER - len(self._header), len(view))
            self._header += bytes(view[:taken])
            self._missing -= taken
            if len(self._header) == HEADER:
                self._missing = int.from_bytes(self._header[1:], 'little')
        if len(self._header) == HEADER:
            body = min(self._missing, len(view) - taken)
            self._missing -= body
            taken += body
        return taken
