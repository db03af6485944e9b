from pathlib import Path

from .case import ZygoteCase, script
from .frames import RUN, PROGRAM, STDOUT
from .sandbox import ZygoteEnded


class Alone(ZygoteCase):
    """Isolation `sandbox`: one call, whose end is the last. The program comes as soon as it can."""

    def alone(self, source):
        sandbox = self.sandbox()
        sandbox.bind(script(source), isolation='sandbox')
        return sandbox

    def assert_last(self, sandbox, outcome):
        self.assertIs(outcome.end['last'], True)
        self.assertEqual((sandbox.wait(), sandbox.stderr), (0, ''))

    def test_it_runs_as_ever_and_is_the_last(self):
        sandbox = self.alone('''
            import json
            print(event['name'])
            return json.dumps(input)
            ''')
        outcome = sandbox.run({'name': 'one'})
        self.assertEqual((self.payload('V', outcome), outcome.stdout), ('{"name": "one"}', 'one\n'))
        self.assert_last(sandbox, outcome)

    def test_what_it_leaves_behind_is_killed_and_not_waited_for(self):
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

    def test_an_exception_has_its_place(self):
        sandbox = self.alone('x = 1\n1 / 0')
        outcome = sandbox.run()
        self.assertIn('line 2', self.payload('E', outcome)['stack'])
        self.assert_last(sandbox, outcome)

    def test_a_source_that_does_not_compile_is_refused_by_a_call_and_by_a_check(self):
        for ask in ('run', 'check'):
            sandbox = self.alone('x = 1\nx = (')
            outcome = getattr(sandbox, ask)()
            refusal = self.payload('S', outcome)
            self.assertEqual((refusal['line'], refusal['column']), (2, 5))
            self.assert_last(sandbox, outcome)

    def test_a_source_that_kills_the_parser_is_the_end_of_its_own_process(self):
        sandbox = self.alone('return ' + '(' * 500_000)
        outcome = sandbox.run()
        self.assertTrue(outcome.result is None or outcome.result.kind in 'SE', outcome)
        self.assert_last(sandbox, outcome)

    def test_there_is_no_second_call(self):
        sandbox = self.alone('return 1')
        sandbox.run()
        with self.assertRaises(ZygoteEnded) as caught:
            sandbox.run()
        self.assertEqual(caught.exception.status, 0)


class AloneAhead(Alone):
    """The same, when a process waits for the program already."""

    def alone(self, source):
        sandbox = self.sandbox()
        self.wait_until(lambda: _waiting(sandbox))
        sandbox.bind(script(source), isolation='sandbox')
        return sandbox


class BeforeTheProgram(ZygoteCase):
    """The process that waits before the program is known."""

    def ahead(self):
        sandbox = self.sandbox()
        self.wait_until(lambda: _waiting(sandbox))
        return sandbox, _waiting(sandbox)

    def test_it_serves_the_one_call_of_a_program_of_isolation_sandbox(self):
        sandbox, waiting = self.ahead()
        sandbox.bind("print('here', flush=True)\nwhile True: pass", isolation='sandbox')
        sandbox.send(RUN, '{}')
        self.assertEqual(sandbox.next(), (STDOUT, b'here\n'))
        self.assertEqual(sandbox.children(sandbox.zygote_pid), waiting)

    def test_it_dies_when_the_program_has_many_calls_which_all_have_their_own(self):
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

    def test_it_does_not_hide_a_frame_that_is_no_program(self):
        for kind, payload in ((RUN, b'{}'), (PROGRAM, b'no JSON')):
            sandbox, _ = self.ahead()
            sandbox.send(kind, payload)
            self.assertEqual(sandbox.wait(), 70)


def _waiting(sandbox):
    """The processes that wait for an order."""
    pids = sandbox.children(sandbox.zygote_pid)
    return [pid for pid in pids if Path(f'/proc/{pid}/comm').read_text() == 'faas-waiting\n']
