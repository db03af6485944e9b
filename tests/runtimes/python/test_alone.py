from .case import ZygoteCase, script
from .sandbox import ZygoteEnded


class Alone(ZygoteCase):
    """Isolation `sandbox`: one call, whose end is the last."""

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
        outcome = sandbox.invoke({'name': 'one'})
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
        outcome = sandbox.invoke()
        self.assertEqual(self.payload('V', outcome), 1)
        self.assert_last(sandbox, outcome)

    def test_an_exception_has_its_place(self):
        sandbox = self.alone('x = 1\n1 / 0')
        outcome = sandbox.invoke()
        self.assertIn('line 2', self.payload('E', outcome)['stack'])
        self.assert_last(sandbox, outcome)

    def test_a_source_that_does_not_compile_is_refused_by_a_call_and_by_a_check(self):
        for ask in ('invoke', 'check'):
            sandbox = self.alone('x = 1\nx = (')
            outcome = getattr(sandbox, ask)()
            refusal = self.payload('S', outcome)
            self.assertEqual((refusal['line'], refusal['column']), (2, 5))
            self.assert_last(sandbox, outcome)

    def test_a_source_that_kills_the_parser_is_the_end_of_its_own_process(self):
        sandbox = self.alone('return ' + '(' * 500_000)
        outcome = sandbox.invoke()
        self.assertTrue(outcome.result is None or outcome.result.kind in 'SE', outcome)
        self.assert_last(sandbox, outcome)

    def test_there_is_no_second_call(self):
        sandbox = self.alone('return 1')
        sandbox.invoke()
        with self.assertRaises(ZygoteEnded) as caught:
            sandbox.invoke()
        self.assertEqual(caught.exception.status, 0)
