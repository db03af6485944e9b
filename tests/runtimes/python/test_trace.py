from .case import ZygoteCase, script
from .frames import TRACE as TRACE_FRAME
from .sandbox import Sandbox, ZygoteEnded

TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
OTHER = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203332-00'
SEEN = """
    import os
    def handler(event, context):
        return [os.environ.get('TRACEPARENT'), context.traceparent]
    """


class Trace(ZygoteCase):
    """The trace that a run belongs to."""

    def given(self, source, isolation):
        sandbox = Sandbox()
        self.addCleanup(sandbox.close)
        sandbox.bind(script(source), isolation=isolation)
        return sandbox

    def test_it_belongs_to_the_run_that_it_comes_before_and_to_no_other(self):
        for isolation in ('process', 'shared'):
            with self.subTest(isolation=isolation):
                sandbox = self.given(SEEN, isolation)
                for trace in (None, TRACE, OTHER, None):
                    self.assertEqual(self.payload('V', sandbox.run(trace=trace)), [trace, trace])

    def test_it_reaches_the_child_that_was_forked_before_its_program(self):
        self.assertEqual(self.payload('V', self.given(SEEN, 'sandbox').run(trace=TRACE)), [TRACE, TRACE])

    def test_it_reaches_processes_that_the_script_starts(self):
        sandbox = self.given("import subprocess\nreturn subprocess.run('echo $TRACEPARENT', shell=True, capture_output=True, text=True).stdout",
                             'process')
        self.assertEqual(self.payload('V', sandbox.run(trace=TRACE)), f'{TRACE}\n')

    def test_it_is_no_order(self):
        sandbox = self.given('return 1', 'process')
        sandbox.send(TRACE_FRAME, TRACE)
        with self.assertRaises(ZygoteEnded):
            sandbox.run(trace=TRACE)

    def test_one_that_is_too_long_breaks_the_protocol(self):
        with self.assertRaises(ZygoteEnded):
            self.given('return 1', 'process').run(trace='x' * 65)
