from pathlib import Path

from .case import ZygoteCase, script
from .frames import RUN, PROGRAM, STDOUT
from .sandbox import ZygoteEnded


class Alone(ZygoteCase):
    """Isolation `sandbox`: a single run, whose END is the last. The program comes as soon as it can."""

    def alone(self, source):
        sandbox = self.sandbox()
        sandbox.bind(script(source), isolation='sandbox')
        return sandbox

    def assert_last(self, sandbox, outcome):
        self.assertIs(outcome.end['last'], True)
        self.assertEqual((sandbox.wait(), sandbox.stderr), (0, ''))

    def test_it_runs_like_any_script_and_end_is_the_last(self):
        sandbox = self.alone('''
            import json
            print(event['name'])
            return json.dumps(input)
            ''')
        outcome = sandbox.run({'name': 'one'})
        self.assertEqual((self.payload('V', outcome), outcome.stdout), ('{"name": "one"}', 'one\n'))
        self.assert_last(sandbox, outcome)

    def test_the_processes_and_files_that_it_leaves_do_not_delay_end(self):
        sandbox = self.alone('''
            import os, time
            if os.fork() == 0:
                time.sleep(60)
            open('/tmp/left', 'w').close()
            return 1
            ''')
        outcome = sandbox.run()
        self.assertEqual(self.payload('V', outcome), 1)
        self.assert_last(sandbox, outcome)

    def test_an_exception_has_its_line(self):
        sandbox = self.alone('x = 1\n1 / 0')
        outcome = sandbox.run()
        self.assertIn('line 2', self.payload('E', outcome)['stack'])
        self.assert_last(sandbox, outcome)

    def test_a_source_that_does_not_compile_fails_a_run_and_a_check(self):
        for ask in ('run', 'check'):
            sandbox = self.alone('x = 1\nx = (')
            outcome = getattr(sandbox, ask)()
            refusal = self.payload('S', outcome)
            self.assertEqual((refusal['line'], refusal['column']), (2, 5))
            self.assert_last(sandbox, outcome)

    def test_a_source_that_kills_the_parser_kills_only_its_child(self):
        sandbox = self.alone('return ' + '(' * 500_000)
        outcome = sandbox.run()
        self.assertTrue(outcome.result is None or outcome.result.kind in 'SE', outcome)
        self.assert_last(sandbox, outcome)

    def test_there_is_no_second_run(self):
        sandbox = self.alone('return 1')
        sandbox.run()
        with self.assertRaises(ZygoteEnded) as caught:
            sandbox.run()
        self.assertEqual(caught.exception.status, 0)


class AloneAhead(Alone):
    """The same, when a child already waits for the program."""

    def alone(self, source):
        sandbox = self.sandbox()
        self.wait_until(lambda: _waiting(sandbox))
        sandbox.bind(script(source), isolation='sandbox')
        return sandbox


class BeforeTheProgram(ZygoteCase):
    """The child that is forked before the program comes."""

    def ahead(self):
        sandbox = self.sandbox()
        self.wait_until(lambda: _waiting(sandbox))
        return sandbox, _waiting(sandbox)

    def test_it_serves_the_single_run_of_isolation_sandbox(self):
        sandbox, waiting = self.ahead()
        sandbox.bind("print('here', flush=True)\nwhile True: pass", isolation='sandbox')
        sandbox.send(RUN, '{}')
        self.assertEqual(sandbox.next(), (STDOUT, b'here\n'))
        self.assertEqual(sandbox.children(sandbox.zygote_pid), waiting)

    def test_it_dies_when_the_program_may_have_many_runs(self):
        for isolation in ('process', 'shared'):
            sandbox, waiting = self.ahead()
            sandbox.bind('return event', isolation=isolation)
            for event in (1, 2, 3):
                self.assertEqual(self.payload('V', sandbox.run(event)), event)
            self.assertFalse(set(waiting) & set(sandbox.children(sandbox.zygote_pid)))

    def test_it_ends_with_the_zygote_when_no_program_comes(self):
        sandbox, _ = self.ahead()
        sandbox.end_input()
        self.assertEqual((sandbox.wait(), sandbox.stderr), (0, ''))

    def test_it_does_not_hide_a_first_frame_that_is_not_program(self):
        for kind, payload in ((RUN, b'{}'), (PROGRAM, b'no JSON')):
            sandbox, _ = self.ahead()
            sandbox.send(kind, payload)
            self.assertEqual(sandbox.wait(), 70)


def _waiting(sandbox):
    """The pids of the children that wait for an order."""
    pids = sandbox.children(sandbox.zygote_pid)
    return [pid for pid in pids if Path(f'/proc/{pid}/comm').read_text() == 'faas-waiting\n']
