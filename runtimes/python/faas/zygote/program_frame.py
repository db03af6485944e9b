"""What the server has bound the sandbox to."""


class Script:
    """The server's program, compiled if that was possible. Also what linecache asks for its source."""

    def __init__(self, source, filename, outcome, is_shared):
        self.source = source
        self.filename = filename
        self.outcome = outcome
        self.is_shared = is_shared

    def get_source(self, name):
        """As every importer's (PEP 302)."""
        return self.source
