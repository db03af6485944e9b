from .case import ZygoteCase, script
from .sandbox import Sandbox


COUNT = '  given = dict(locals())\n  return len(given.get("a", ())) + ("e" in given) + (given.get("c") is not None)'


class Handlers(ZygoteCase):
    """Functions that people bring from other function servers."""

    def assert_returns(self, source, value, event=None, stdout='', handler=None):
        with self.subTest(source=source, handler=handler):
            outcome = self.given(source, handler).run(event)
            self.assertEqual((self.payload('V', outcome), outcome.stdout, outcome.stderr), (value, stdout, ''))

    def assert_not_called(self, source, stdout='', handler=None):
        with self.subTest(source=source, handler=handler):
            outcome = self.given(source, handler).run()
            self.assert_nothing_returned(outcome)
            self.assertEqual((outcome.stdout, outcome.stderr), (stdout, ''))

    def given(self, source, handler=None, isolation='process', **limits):
        sandbox = Sandbox()
        self.addCleanup(sandbox.close)
        sandbox.bind(script(source), isolation=isolation, handler=handler, **limits)
        return sandbox

    def test_each_known_name_is_called_with_the_event_and_the_context(self):
        for name in ('handler', 'lambda_handler', 'handle'):
            self.assert_returns(f'def {name}(event, context):\n  return [event, context.function_name]', [[1], 'script'], [1])
        self.assert_returns('def main(args):\n  return args', {'a': 1}, {'a': 1})

    def test_it_gets_as_many_arguments_as_it_takes(self):
        for arguments, count in (('', 0), ('e', 1), ('e, c=None', 2), ('*a', 2), ('e, *a', 2), ('e, /, c, *, k=1', 2), ('e, c, more=1', 2)):
            self.assert_returns(f'def handler({arguments}):\n{COUNT}', count)
        for arguments, count in (('e', 1), ('e, verbose=False', 1), ('e, c', 2), ('*a', 1)):
            self.assert_returns(f'def main({arguments}):\n{COUNT}', count)

    def test_it_may_be_a_coroutine_an_object_or_a_method(self):
        self.assert_returns('import asyncio\nasync def handler(event, context):\n  await asyncio.sleep(0)\n  return event', 5, 5)
        self.assert_returns('import asyncio\nawait asyncio.sleep(0)\nasync def handler(event, context):\n  await asyncio.sleep(0)\n'
                            '  return event', 5, 5)
        self.assert_returns('handler = lambda event, context: event', 5, 5)
        self.assert_returns('class Service:\n  def __call__(self, event, context):\n    return event\nhandler = Service()', 5, 5)
        self.assert_returns('class Service:\n  def serve(self, event):\n    return event\nhandler = Service().serve', 5, 5)
        self.assert_returns('import functools\ndef logged(f):\n  @functools.wraps(f)\n  def wrapper(*args):\n    return f(*args)\n'
                            '  return wrapper\n@logged\ndef handler(event, context):\n  return event', 5, 5)

    def test_it_gets_the_input_even_if_the_script_has_rebound_event(self):
        self.assert_returns('event = "other"\ndef handler(event, context):\n  return event', 5, 5)

    def test_a_value_of_the_body_wins_even_a_false_one(self):
        self.assert_returns('def handler(event, context):\n  return 1\nreturn 0', 0)

    def test_it_is_not_called_when_the_body_has_printed(self):
        self.assert_not_called('def handler(event, context):\n  return 1\nprint("loaded")', 'loaded\n')
        self.assert_not_called('import sys\ndef handler(event, context):\n  return 1\nsys.stdout.write("x")', 'x')
        self.assert_not_called('import sys\ndef handler(event, context):\n  return 1\nsys.stdout.buffer.write(b"x")', 'x')

    def test_output_to_stderr_and_output_of_its_own_are_no_obstacle(self):
        with self.subTest('stderr'):
            outcome = self.run_script('import sys\nprint("loaded", file=sys.stderr)\ndef handler(event, context):\n  return 1')
            self.assertEqual((self.payload('V', outcome), outcome.stderr), (1, 'loaded\n'))
        self.assert_returns('def handler(event, context):\n  print("handled")\n  return 1', 1, stdout='handled\n')

    def test_a_function_that_the_script_uses_itself_is_none(self):
        self.assert_not_called('def main(args=None):\n  open("/tmp/x", "a").write("x")\n  return 5\nif __name__ == "__main__":\n  main()')
        self.assert_not_called('import sys\ndef main(argv):\n  return None\nresult = main(sys.argv)')
        self.assert_not_called('class Service:\n  def __init__(self, f): pass\n'
                               'def handler(event, context):\n  return 1\nservice = Service(handler)')

    def test_what_is_not_a_function_of_the_script_is_none(self):
        self.assert_not_called('from json import dumps as handler')
        self.assert_not_called('class handler:\n  def __init__(self, *_): pass')
        self.assert_not_called('handler = 5')
        self.assert_not_called('def main():\n  return 1')
        self.assert_not_called('def other(event, context):\n  return 1')
        self.assert_not_called('class C:\n  def handler(self, event, context):\n    return 1')

    def test_the_name_given_at_upload_is_called_even_if_the_body_has_printed(self):
        source = 'print("Loading function")\ndef serve(event, context):\n  return event\ndef handler(event, context):\n  return 1'
        self.assert_returns(source, 5, 5, 'Loading function\n', 'serve')
        self.assert_returns('def serve(event):\n  return event\nserve(1)', 5, 5, handler='serve')

    def test_a_given_name_that_is_not_there_is_an_error(self):
        for source in ('x = 1', 'serve = 1', 'def handler(event, context):\n  return 1'):
            error = self.payload('E', self.given(source, 'serve').run())
            message = "The script has no handler 'serve'"
            self.assertEqual(error, {'name': 'NameError', 'message': message, 'stack': f'NameError: {message}\n'})

    def test_an_exception_of_it_has_the_scripts_lines_alone(self):
        stack = self.error('def handler(event, context):\n  1 / 0')['stack']
        self.assertRegex(stack, r'^Traceback \(most recent call last\):\n  File "script\.py", line 2, in handler\n')
        self.assertNotIn('faas', stack)

    def test_what_it_prints_is_output_when_it_returns_nothing(self):
        self.assert_not_called('def handler(event, context):\n  print(5)', '5\n')

    def test_a_process_that_the_body_has_forked_calls_none(self):
        outcome = self.run_script('import os\nif os.fork():\n  os.wait()\ndef handler(event, context):\n  return os.getpid()\n')
        self.assertGreater(self.payload('V', outcome), 1)

    def test_in_a_shared_process_it_is_called_for_each_run(self):
        sandbox = self.given('''
            calls = globals().get('calls', 0)
            async def handler(event, context):
                global calls
                calls += 1
                return [event, calls]
            if event == 'print':
                print('printed')
            ''', isolation='shared')
        self.assertEqual([self.payload('V', sandbox.run(number)) for number in (1, 2)], [[1, 1], [2, 2]])
        self.assert_nothing_returned(sandbox.run('print'))
        self.assertEqual(self.payload('V', sandbox.run(3)), [3, 3])

    def test_the_context_knows_the_limits(self):
        source = ('def handler(event, context):\n'
                  '  return [context.memory_limit_in_mb, context.get_remaining_time_in_millis(), context.aws_request_id]')
        memory, left, request = self.payload('V', self.given(source, memoryBytes=128 << 20, timeoutMilliseconds=60_000).run())
        self.assertEqual(memory, '128')
        self.assertTrue(30_000 < left <= 60_000, left)
        self.assertRegex(request, r'^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$')
        self.assertEqual(self.payload('V', self.given(source).run())[:2], [None, None])
