"""What every test of a running zygote shares."""
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

from .limited import LimitedCase
from .sandbox import PATIENCE, PYTHON, Sandbox, program_frame


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


def in_every_start(case):
    """Runs the tests of a class also where each run of a script has a sandbox of its own, as /run-now gives it.

    warm   as the class says: the zygote has compiled the script before it forks the child
    spare  the child has waited for any script, and compiles it
    cold   the script comes before the zygote has loaded a module or forked a child
    """
    for start in ('spare', 'cold'):
        name = f'{case.__name__}In{start.title()}Sandboxes'
        members = {'start': start, 'seconds': 4 * case.seconds, '__module__': case.__module__}  # to start a sandbox takes its time
        setattr(sys.modules[case.__module__], name, type(name, (case,), members))
    return case


class ZygoteCase(LimitedCase):
    """A test whose sandboxes are all dead when it is over."""

    maxDiff = 4000
    start = 'warm'
    """See in_every_start."""

    def sandbox(self, **options):
        sandbox = Sandbox(**options)
        self.addCleanup(sandbox.close)
        return sandbox

    def program(self, source, filename='script.py', members={}, **options):
        """A zygote bound to a script. members: further ones of PROGRAM."""
        if self.start != 'warm':
            return self._fresh(script(source), filename, options, members)
        sandbox = self.sandbox(**options)
        sandbox.bind(script(source), filename, **members)
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
        sandbox = Sandbox(**options) if self.start == 'warm' else self._fresh(script(source), 'script.py', options)
        try:
            if self.start == 'warm':
                sandbox.bind(script(source))
            return request(sandbox)
        finally:
            sandbox.close()

    def _fresh(self, source, filename, options, members={}):
        sandboxes = FreshSandboxes(self.start, source, filename, options, self.wait_until, members)
        self.addCleanup(sandboxes.close)
        return sandboxes


class FreshSandboxes:
    """Stands in for a sandbox that is bound to a script: each order goes to a new one, which takes no other."""

    def __init__(self, start, source, filename, options, wait_until, members):
        self._start = start
        self._program = program_frame(source, filename, isolation='sandbox', **members)
        self._options = options
        self._wait_until = wait_until
        self._sandbox = None

    def __getattr__(self, name):
        """What only looks at the sandbox of the last order."""
        return getattr(self._sandbox, name)

    def run(self, event=None):
        return self._next().run(event)

    def check(self):
        return self._next().check()

    def send(self, kind, payload=b''):
        self._next().send(kind, payload)

    def close(self):
        if self._sandbox is not None:
            self._sandbox.close()
            self._sandbox = None

    def _next(self):
        self.close()
        if self._start == 'cold':
            self._sandbox = Sandbox(first=self._program, **self._options)
        else:
            self._sandbox = Sandbox(**self._options)
            self._wait_until(lambda: self._sandbox.children(self._sandbox.zygote_pid))
            self._sandbox.send_bytes(self._program)
        return self._sandbox
