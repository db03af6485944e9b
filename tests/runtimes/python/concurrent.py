"""Speaks with a concurrent child: several runs at once, their frames told apart by number."""
import json

from .frames import CANCEL, DONE, END, HEARD, PROGRAM, RESULT, RUN, STDERR, STDOUT, parse_result


class Concurrent:
    """The runs of one sandbox. Run numbers begin at 1."""

    def __init__(self, sandbox, source, concurrency=8):
        self._sandbox = sandbox
        self._last = 0
        self._output = {}
        self.over = {}
        """The result, stdout and stderr of each run that is over, by number."""
        self.heard = []
        self.left_over = b''
        """What belongs to no run."""
        self.end = None
        """The payload of END."""
        sandbox.send(PROGRAM, json.dumps({
            'filename': 'script.py', 'source': source, 'sourceMap': None, 'isolation': 'shared', 'concurrency': concurrency}))

    def begin(self, event=None):
        """Sends an order. Its number."""
        self._last += 1
        self._output[self._last] = {STDOUT: b'', STDERR: b'', RESULT: b''}
        self._sandbox.send(RUN, self._last.to_bytes(4, 'little') + json.dumps(event).encode())
        return self._last

    def cancel(self, number):
        self._sandbox.send(CANCEL, number.to_bytes(4, 'little'))

    def wait(self, *numbers):
        """The runs of these numbers, when they are over, or as many of them as are over when the process has ended."""
        while self.end is None and not all(number in self.over for number in numbers):
            self.take()
        return [self.over[number] for number in numbers if number in self.over]

    def run(self, event=None):
        return self.wait(self.begin(event))[0]

    def printed(self, number):
        """What a run that is not over has printed to stdout so far."""
        return self._output[number][STDOUT]

    def take(self):
        """Takes one frame."""
        kind, payload = self._sandbox.next()
        if kind == END:
            self.end = json.loads(payload)
            return
        number, rest = int.from_bytes(payload[:4], 'little'), payload[4:]
        if number == 0:
            self.left_over += rest
        elif kind == HEARD:
            self.heard.append(number)
        elif kind == DONE:
            output = self._output.pop(number)
            self.over[number] = parse_result(output[RESULT]), output[STDOUT].decode(), output[STDERR].decode()
        else:
            self._output[number][kind] += rest
