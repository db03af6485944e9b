import json

from .case import ZygoteCase
from .frames import RUN, RESULT, STDOUT

CHUNK = 64 << 10


class ReturnedValues(ZygoteCase):
    def test_every_kind_of_json_comes_back_unchanged(self):
        sandbox = self.program('return event')
        for sample in (0, -7, 2**64, 10**4000, 1.5, -0.0, 1e300, 5e-324, '', 'text', 'é😀\u2028\0"\\', True, False, [], {},
                       [1, [2, [3]]], {'a': {'b': [None, True]}, 'é': 1, '': []}):
            with self.subTest(sample=sample):
                value = self.payload('V', sandbox.run(sample))
                self.assertEqual((type(value), repr(value)), (type(sample), repr(sample)))

    def test_none_is_no_value(self):
        for source in ('return None', 'return', 'pass', ''):
            with self.subTest(source=source):
                self.assert_nothing_returned(self.run_script(source))

    def test_falsy_values_are_values(self):
        sandbox = self.program('return eval(event)')
        for source, value in (('0', 0), ('False', False), ('""', ''), ('[]', []), ('{}', {}), ('0.0', 0.0)):
            with self.subTest(source=source):
                self.assertEqual(self.payload('V', sandbox.run(source)), value)

    def test_values_that_json_dumps_accepts_are_accepted_too(self):
        self.assertEqual(self.value('''
            import collections, enum, typing
            class Colour(enum.IntEnum):
                RED = 3
            class Text(str):
                pass
            class Point(typing.NamedTuple):
                x: int
            return [(1, 2), {1: 'a', None: 'b', True: 'c', 1.5: 'd'}, Colour.RED, Text('t'), Point(4),
                    collections.OrderedDict(a=1), collections.defaultdict(list, a=[2]), collections.Counter('aa')]
            '''), [[1, 2], {'1': 'c', 'null': 'b', '1.5': 'd'}, 3, 't', [4], {'a': 1}, {'a': [2]}, {'a': 2}])

    def test_a_value_without_json_is_a_type_error_that_names_its_class(self):
        sandbox = self.program('return eval(event)')
        for expression, name in (('{1, 2}', 'set'), ('b"x"', 'bytes'), ('object()', 'object'), ('len', 'builtin_function_or_method'),
                                 ('[1, {"a": 1j}]', 'complex'), ('range(3)', 'range'), ('(n for n in [])', 'generator'),
                                 ('int', 'type'), ('__import__("decimal").Decimal(1)', 'Decimal'),
                                 ('__import__("datetime").date(2020, 1, 1)', 'date')):
            with self.subTest(expression=expression):
                error = self.payload('E', sandbox.run(expression))
                message = f'Object of type {name} is not JSON serializable'
                self.assertEqual(error, {'name': 'TypeError', 'message': message, 'stack': f'TypeError: {message}\n'})

    def test_a_key_without_json_is_a_type_error(self):
        self.assertEqual(self.error('return {(1, 2): 3}')['message'], 'keys must be str, int, float, bool or None, not tuple')

    def test_numbers_that_json_does_not_know_are_value_errors(self):
        for number in ('nan', 'inf', '-inf'):
            with self.subTest(number=number):
                error = self.error(f'return {{"a": [float("{number}")]}}')
                self.assertEqual(error['name'], 'ValueError')
                self.assertIn('not JSON compliant', error['message'])

    def test_a_value_within_itself_is_a_value_error(self):
        self.assertEqual(self.error('a = []\na.append(a)\nreturn a')['message'], 'Circular reference detected')

    def test_the_same_value_twice_is_no_error(self):
        self.assertEqual(self.value('a = [1]\nreturn [a, a, {"a": a}]'), [[1], [1], {'a': [1]}])

    def test_a_value_nested_too_deeply_is_a_recursion_error(self):
        self.assertEqual(self.error('a = []\nfor _ in range(200_000): a = [a]\nreturn a')['name'], 'RecursionError')

    def test_an_integer_too_long_for_decimal_digits_is_a_value_error(self):
        self.assertEqual(self.error('return 10 ** 5000')['name'], 'ValueError')

    def test_an_integer_is_as_long_as_the_script_allows(self):
        message = self.run_script('import sys\nsys.set_int_max_str_digits(0)\nreturn 10 ** 5000').bytes_of(RESULT)
        self.assertEqual(message[5:], b'1' + b'0' * 5000)

    def test_lone_surrogates_stay_escapes(self):
        outcome = self.run_script(r'return ["\ud800", "é\udc80", {"\udfff": 1}]')
        self.assertEqual(self.payload('V', outcome), ['\ud800', 'é\udc80', {'\udfff': 1}])
        self.assertIn(rb'"\ud800"', outcome.bytes_of(RESULT))

    def test_text_is_utf_8_without_escapes(self):
        self.assertIn('é😀'.encode(), self.run_script('return "é😀"').bytes_of(RESULT))

    def test_an_exception_while_the_value_is_encoded_is_the_error(self):
        error = self.error('class Odd(dict):\n  def items(self):\n    raise KeyError("odd")\nreturn Odd(a=1)')
        self.assertEqual(error['name'], 'KeyError')
        self.assertIn('File "script.py", line 3, in items', error['stack'])
        self.assertNotIn('faas', error['stack'])

    def test_a_large_value_comes_in_full_frames(self):
        outcome = self.run_script('return "x" * event', 4_000_000)
        self.assertEqual(self.payload('V', outcome), 'x' * 4_000_000)
        sizes = [len(payload) for kind, payload in outcome.frames if kind == RESULT]
        self.assertGreater(len(sizes), 4_000_000 // CHUNK)
        self.assertLessEqual(max(sizes), CHUNK)
        self.assertGreaterEqual(min(sizes), 1)


class PrintedValues(ZygoteCase):
    def test_a_script_that_prints_json_still_returns_its_value(self):
        outcome = self.run_script('print(\'{"value": "printed"}\')\nreturn "returned"')
        self.assertEqual(self.payload('V', outcome), 'returned')
        self.assertEqual(outcome.stdout, '{"value": "printed"}\n')

    def test_printed_text_is_no_result(self):
        outcome = self.run_script('print(1)')
        self.assert_nothing_returned(outcome)
        self.assertEqual(outcome.stdout, '1\n')

    def test_text_that_looks_like_a_frame_is_output(self):
        forged = 'V\x02\x00\x00\x0013'
        outcome = self.run_script('import sys\nsys.stdout.write(event)\nreturn 1', forged)
        self.assertEqual((outcome.stdout, outcome.result.value), (forged, 1))

    def test_output_comes_before_the_result(self):
        outcome = self.run_script('print("x" * 200_000)\nreturn 1')
        kinds = [kind for kind, _ in outcome.frames]
        self.assertEqual(kinds[-1], RESULT)
        self.assertEqual(set(kinds[:-1]), {STDOUT})


class Events(ZygoteCase):
    def test_event_and_input_are_one_value(self):
        self.assertEqual(self.value('return [event, event is input]', {'a': [1]}), [{'a': [1]}, True])

    def test_an_event_of_eight_mebibytes_arrives(self):
        size = (8 << 20) - 2
        self.assertEqual(self.value('return len(event)', 'x' * size), size)

    def test_an_event_may_be_any_json_text(self):
        sandbox = self.program('return event')
        for text, value in ((' \t\r\n[ 1 , 2 ]\n', [1, 2]), ('"\\ud800"', '\ud800'), ('1e2', 100.0), ('{"a":1,"a":2}', {'a': 2})):
            with self.subTest(text=text):
                sandbox.send(RUN, text)
                self.assertEqual(self.payload('V', sandbox.outcome()), value)

    def test_an_event_that_is_not_json_is_an_error_of_this_run_only(self):
        sandbox = self.program('return event')
        for text in ('', ' ', '{x}', '1 2', 'NaN', '-Infinity', '"\n"', '[1', b'"\xff"', '\ufeff1', '[' * 200_000, '1' * 5000):
            with self.subTest(text=text[:20]):
                sandbox.send(RUN, text)
                error = self.payload('E', sandbox.outcome())
                self.assertIn(error['name'], ('ValueError', 'JSONDecodeError', 'UnicodeDecodeError', 'RecursionError'))
                self.assertNotIn('faas', error['stack'])
        self.assertEqual(self.payload('V', sandbox.run([1])), [1])

    def test_a_nested_event_that_fits_arrives(self):
        deep = json.loads('[' * 500 + ']' * 500)
        self.assertEqual(self.value('return event', deep), deep)
