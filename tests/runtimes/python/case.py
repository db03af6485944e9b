"""What every test of a running zygote shares."""
import subprocess
import tempfile
import textwrap
import time
from pathlib import Path

from .limited import LimitedCase
from .sandbox import PATIENCE, PYTHON, Sandbox


def natively(source):
    """What Python itself makes of the source in a file: its exit status, stdout and stderr. The file's name is as in a sandbox's stacks."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, 'script.py')
        path.write_text(source)
        ended = subprocess.run([*PYTHON, path], capture_output=True, text=True, timeout=PATIENCE, cwd=folder)
        return ended.returncode, *(text.replace(str(path), path.name) for text in (ended.stdout, ended.stderr))


def script(source):
    """The source. One that begins with a line end is dedented first, because a test indents it."""
    return textwrap.dedent(source[1:]) if source.startswith('\n') else source


class ZygoteCase(LimitedCase):
    """A test whose sandboxes are all dead when it is over."""

    maxDiff = 4000

    def sandbox(self, **options):
        sandbox = Sandbox(**options)
        self.addCleanup(sandbox.close)
        return sandbox

    def program(self, source, filename='script.py', **options):
        """A zygote bound to a script."""
        sandbox = self.sandbox(**options)
        sandbox.bind(script(source), filename)
        return sandbox

    def run_script(self, source, event=None, **options):
        """The outcome of one run in a new sandbox."""
        return self._once(lambda sandbox: sandbox.run(event), source, **options)

    def check(self, source, **options):
        return self._once(lambda sandbox: sandbox.check(), source, **options)

    def value(self, source, event=None, **options):
        return self.payload('V', self.run_script(source, event, **options))

    def error(self, source, event=None, **options):
        return self.payload('E', self.run_script(source, event, **options))

    def payload(self, kind, outcome):
        """The payload of the result. Fails when the result is of another kind."""
        self.assertIsNotNone(outcome.result, outcome)
        self.assertEqual(outcome.result.kind, kind, outcome)
        return outcome.result.value

    def assert_nothing_returned(self, outcome):
        self.payload('N', outcome)

    def assert_no_result(self, outcome):
        """Fails unless the child ended without a result."""
        self.assertIsNone(outcome.result, outcome)

    def wait_until(self, condition):
        """Returns as soon as the condition holds. Fails when it never does."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            self.assertLess(time.monotonic(), deadline, 'the condition never held')
            time.sleep(0.002)

    def _once(self, request, source, **options):
        sandbox = Sandbox(**options)
        try:
            sandbox.bind(script(source))
            return request(sandbox)
        finally:
            sandbox.close()
