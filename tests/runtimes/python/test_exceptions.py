import sys
import unittest

from .case import ZygoteCase, in_every_start


@in_every_start
class Exceptions(ZygoteCase):
    def test_an_exception_has_its_name_its_message_and_the_lines_of_the_script(self):
        for end in ('', '\nreturn 1', '\nimport asyncio\nawait asyncio.sleep(0)\nreturn 1'):
            with self.subTest(end=end):
                error = self.error('# first\ndef inner():\n    raise ValueError("far é")\n\nx = 1; inner()' + end)
                self.assertEqual((error['name'], error['message']), ('ValueError', 'far é'))
                self.assertRegex(error['stack'], (
                    r'^Traceback \(most recent call last\):\n'
                    r'  File "script\.py", line 5, in <module>\n    x = 1; inner\(\)\n( +[\^~]+\n)?'
                    r'  File "script\.py", line 3, in inner\n    raise ValueError\("far é"\)\n( +[\^~]+\n)?'
                    r'ValueError: far é\n$'))

    def test_output_before_an_exception_arrives(self):
        outcome = self.run_script('print("before", end="")\nraise KeyError(1)')
        self.assertEqual((outcome.stdout, self.payload('E', outcome)['message']), ('before', '1'))

    def test_chained_exceptions_show_their_causes(self):
        stack = self.error('''
            try:
                {}['key']
            except KeyError as error:
                raise RuntimeError('outer') from error
            ''')['stack']
        self.assertRegex(
            stack,
            r"(?s)^Traceback.*line 2, in <module>.*KeyError: 'key'\n\n.*direct cause.*line 4, in <module>.*RuntimeError: outer\n$")

    def test_no_frame_of_the_runtimes_is_shown(self):
        for source in ('1 / 0', 'import asyncio\nawait asyncio.sleep(0)\n1 / 0', 'async def f():\n  1 / 0\nawait f()',
                       'import asyncio\nasync def f():\n  1 / 0\nawait asyncio.gather(f())', 'try:\n  1 / 0\nfinally:\n  [][1]',
                       'import json\njson.loads("{")', 'exec("1 / 0")', 'return {1, 2}', 'from nowhere_at_all import *\nreturn 1',
                       'async def f():\n  1 / 0\nimport asyncio\nasyncio.run(f())'):
            with self.subTest(source=source):
                stack = self.error(source)['stack']
                self.assertNotIn('faas', stack)
                self.assertNotIn('_Run', stack)

    def test_an_import_star_that_fails_has_its_line(self):
        stack = self.error('x = 1\nfrom nowhere_at_all import *\nreturn 1')['stack']
        self.assertRegex(stack, r'^Traceback .*:\n  File "script\.py", line 2, in <module>\n')
        self.assertTrue(stack.endswith("ModuleNotFoundError: No module named 'nowhere_at_all'\n"), stack)

    def test_the_name_is_that_of_the_class(self):
        sandbox = self.program('exec(event)')
        for source, name, message in (('class Mine(Exception): pass\nraise Mine("a", 2)', 'Mine', "('a', 2)"),
                                      ('raise KeyboardInterrupt', 'KeyboardInterrupt', ''),
                                      ('raise BaseException("b")', 'BaseException', 'b'),
                                      ('import asyncio\nraise asyncio.CancelledError("c")', 'CancelledError', 'c'),
                                      ('raise 5', 'TypeError', 'exceptions must derive from BaseException'),
                                      ('raise GeneratorExit', 'GeneratorExit', ''), ('raise StopIteration(1)', 'StopIteration', '1'),
                                      ('raise KeyError("key")', 'KeyError', "'key'"), ('assert False, "why"', 'AssertionError', 'why'),
                                      ('undefined', 'NameError', "name 'undefined' is not defined")):
            with self.subTest(source=source):
                error = self.payload('E', sandbox.run(source))
                self.assertEqual((error['name'], error['message']), (name, message))

    def test_an_exception_of_an_awaiting_script_is_unchanged(self):
        sandbox = self.program('import asyncio\nawait asyncio.sleep(0)\nraise eval(event)')
        for name in ('KeyboardInterrupt', 'asyncio.CancelledError', 'GeneratorExit', 'TimeoutError', 'BaseException'):
            with self.subTest(name=name):
                self.assertEqual(self.payload('E', sandbox.run(name))['name'], name.rpartition('.')[2])

    def test_an_exception_whose_str_fails_still_comes_back(self):
        error = self.error('''
            class Odd(Exception):
                def __str__(self):
                    raise ValueError('no text')
            raise Odd()
            ''')
        self.assertEqual((error['name'], error['message']), ('Odd', '<exception str() failed>'))

    def test_surrogates_in_a_message_are_escaped(self):
        self.assertEqual(self.error(r'raise ValueError("\ud800x")')['message'], r'\ud800x')

    def test_a_long_message_keeps_its_beginning_and_a_long_stack_its_end(self):
        error = self.error('raise ValueError("<" + "é😀" * 1_000_000 + ">")')
        for text in (error['message'], error['stack']):
            self.assertLessEqual(len(text.encode()), 64 << 10)
            self.assertGreater(len(text.encode()), (64 << 10) - 8)
        self.assertRegex(error['message'], '^<(é😀)+é?$')
        self.assertRegex(error['stack'], '^😀?(é😀)+>\n$')

    def test_deep_recursion_is_a_recursion_error(self):
        for end in ('', '\nreturn 1', '\nimport asyncio\nawait asyncio.sleep(0)'):
            error = self.error('def f():\n  return f() + 1\nf()' + end)
            self.assertEqual(error['name'], 'RecursionError')
            self.assertIn('Previous line repeated', error['stack'])

    @unittest.skipIf(sys.version_info < (3, 11), 'there are no groups before 3.11')
    def test_a_group_shows_all_its_members(self):
        error = self.error('raise ExceptionGroup("several", [ValueError("one"), KeyError("two")])')
        self.assertIn('ValueError: one', error['stack'])
        self.assertIn("KeyError: 'two'", error['stack'])

    def test_lines_are_right_for_a_script_whose_file_has_other_lines(self):
        stack = self.error(
            'import os; os.unlink(__file__)\nwith open("script.py", "w") as file: file.write("forged\\n" * 9)\n1 / 0  # mine')['stack']
        self.assertIn('line 3, in <module>', stack)

    def test_an_exception_in_a_thread_goes_to_stderr_and_ends_nothing(self):
        outcome = self.run_script(
            'import threading\nthread = threading.Thread(target=lambda: 1 / 0)\nthread.start()\nthread.join()\nreturn 1')
        self.assertEqual(self.payload('V', outcome), 1)
        self.assertIn('ZeroDivisionError', outcome.stderr)
