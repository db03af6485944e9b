"""What a build writes: lines of JSON, and the bytes of the layer."""
import json


class Answers:
    """The stdout of a build."""

    def __init__(self, output):
        self._output = output

    def ready(self):
        """The beginning: the sandbox is built, and its registry may be opened."""
        self._write({'ready': True})

    def log(self, line):
        """A line of the log."""
        self._write({'log': line})

    def refused(self, why):
        """The end: the libraries cannot be had."""
        self._write({'refused': why})

    def chosen(self, lock):
        """The end: the versions."""
        self._write({'chosen': lock})

    def built(self, report, pack):
        """The end: `pack` writes the layer to the stream that it is called with."""
        self._write({'built': report})
        pack(self._output)
        self._output.flush()

    def _write(self, answer):
        self._output.write(json.dumps(answer).encode() + b'\n')
        self._output.flush()
