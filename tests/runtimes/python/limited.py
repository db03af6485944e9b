"""A limit of time for each test."""
import os
import signal
import sys
import unittest

PATIENCE = int(os.environ.get('FAAS_TEST_PATIENCE', '1'))
"""How many times as long as on an ordinary machine everything may take."""

SECONDS = 55 * PATIENCE


class LimitedCase(unittest.TestCase):
    """A test that runs longer than the limit fails under its own name, even while it waits in a system call."""

    seconds = SECONDS

    def run(self, result=None):
        before = signal.signal(signal.SIGALRM, self._over)
        # The alarm comes again and again: what a test has to clean up may hang, too.
        signal.setitimer(signal.ITIMER_REAL, self.seconds, self.seconds)
        try:
            return super().run(result)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)

    def _over(self, _number, _frame):
        message = f'{self.id()} still runs after {self.seconds} s'
        print(f'\n{message}', file=sys.stderr, flush=True)  # unittest tells errors only once all tests have run
        raise TimeoutError(message)
