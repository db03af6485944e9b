import base64
import json

from .case import ZygoteCase, in_every_start
from .frames import RUN, RESULT, STDOUT

CHUNK = 64 << 10


@in_every_start
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
        for expression, place in (('{1, 2}', '$ is a set'), ('object()', '$ is an object'), ('len', '$ is a builtin_function_or_method'),
                                  ('[1, {"a": 1j}]', '$[1].a is a complex'), ('range(3)', '$ is a range'),
                                  ('(n for n in [])', '$ is a generator'), ('int', '$ is a type'), ('[b"x"]', '$[0] is a bytes'),
                                  ('__import__("decimal").Decimal(1)', '$ is a Decimal'),
                                  ('{"rows": [0, 1, 2, {"at": __import__("datetime").date(2020, 1, 1)}]}', '$.rows[3].at is a date'),
                                  ('{"a key": {"9": {"": {1: {True: {None: {"é\\"": {"_1": len}}}}}}}}',
                                   '$["a key"]["9"][""]["1"].true.null["é\\""]._1 is a builtin_function_or_method'),
                                  ('{1: 2, (1, 2): 3}', 'a key of $ is a tuple'), ('[{(1, 2): 3}]', 'a key of $[0] is a tuple'),
                                  ('[float("nan"), {1}]', '$[1] is a set')):
            with self.subTest(expression=expression):
                error = self.payload('E', sandbox.run(expression))
                message = f'The returned value cannot be sent as JSON: {place}'
                self.assertEqual(error, {'name': 'TypeError', 'message': message, 'stack': f'TypeError: {message}\n'})

    def test_the_place_is_found_in_a_value_that_is_nested_deeply_and_wide(self):
        place = '[7]' * 400
        error = self.error('a = {1}\nfor _ in range(400): a = [*range(7), a]\nreturn a')
        self.assertEqual(error['message'], f'The returned value cannot be sent as JSON: ${place} is a set')

    def test_numbers_that_json_does_not_know_are_null(self):
        sandbox = self.program('return eval(event, {"nan": float("nan"), "inf": float("inf")})')
        for expression, value in (('nan', None), ('{"a": [nan, inf, -inf, 1.5]}', {'a': [None, None, None, 1.5]}),
                                  ('[nan, {nan: 1}]', [None, {'NaN': 1}]),
                                  (r'["NaN\"NaN\\", nan, "\ud800 Infinity"]', ['NaN"NaN\\', None, '\ud800 Infinity'])):
            with self.subTest(expression=expression):
                self.assertEqual(self.payload('V', sandbox.run(expression)), value)

    def test_a_value_within_itself_is_a_type_error_that_says_where(self):
        for source, place in (('a = []\na.append(a)\nreturn a', '$[0]'), ('a = {}\na["b"] = [0, {"c": a}]\nreturn [a]', '$[0].b[1].c')):
            with self.subTest(source=source):
                error = self.error(source)
                self.assertEqual((error['name'], error['message']),
                                 ('TypeError', f'The returned value cannot be sent as JSON: {place} contains itself'))

    def test_bytes_are_a_result_of_their_own_kind(self):
        sandbox = self.program('return eval(event)')
        for expression, content in (('bytes(range(256))', bytes(range(256))), ('b""', b''), ('bytearray(b"a")', b'a'),
                                    ('memoryview(b"abcd")[::2]', b'ac')):
            with self.subTest(expression=expression):
                value = self.payload('B', sandbox.run(expression))
                self.assertEqual((base64.b64decode(value['base64'], validate=True), value['mediaType']),
                                 (content, 'application/octet-stream'))

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


@in_every_start
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


@in_every_start
class Events(ZygoteCase):
    def test_event_and_input_are_one_value(self):
        self.assertEqual(self.value('return [event, event is input]', {'a': [1]}), [{'a': [1]}, True])

    def test_their_type_is_exactly_that_of_json_unless_input_is_called_too(self):
        sandbox = self.program('return [type(event).__name__, event is input]')
        for event in ({}, [], '', 1, 1.5, True):
            with self.subTest(event=event):
                self.assertEqual(self.payload('V', sandbox.run(event)), [type(event).__name__, True])

    def test_input_reads_stdin_where_a_script_calls_it(self):
        outcome = self.run_script('try:\n  name = input("Who? ")\nexcept EOFError as error:\n  name = str(error)\nreturn [name, event]', 5)
        self.assertEqual((self.payload('V', outcome), outcome.stdout), (['EOF when reading a line', 5], 'Who? '))
        read = 'import io, sys\nsys.stdin = io.StringIO("one\\ntwo\\nthree\\n\\n")\n'
        for source, value in (('return [input(), input("")]', ['one', 'two']), ('return list(iter(input, ""))', ['one', 'two', 'three']),
                              ('a, b = map(str.upper, (input(), input()))\nreturn [a, b]', ['ONE', 'TWO']),
                              ('def f():\n  return [input() for _ in "ab"]\nreturn f()', ['one', 'two']),
                              ('return [input(), input is __builtins__.input]', ['one', False]),
                              ('import builtins\ninput = sys.stdin.readline\nreturn [input(), builtins.input()]', ['one\n', 'two'])):
            with self.subTest(source=source):
                self.assertEqual(self.value(read + source), value)

    def test_input_is_both_the_value_and_the_function_where_a_script_uses_both(self):
        sandbox = self.program('''
            import copy, io, json, pickle, sys
            sys.stdin = io.StringIO('line')
            again = [copy.copy(input), copy.deepcopy(input), pickle.loads(pickle.dumps(input))]
            plain = type(json.loads(json.dumps(input)))
            return [input, event is input, input == event, isinstance(input, plain), repr(input) == repr(again[0]),
                    [type(one) is plain and one == input for one in again], type(input).__name__ == plain.__name__, input()]
            ''')
        for event in ({'a': 1}, [1, {'b': 2}], 'text', 5, 1.5):
            with self.subTest(event=event):
                self.assertEqual(self.payload('V', sandbox.run(event)), [event, True, True, True, True, [True] * 3, True, 'line'])
        for event, name in (('true', 'bool'), ('null', 'NoneType')):
            with self.subTest(event=event):
                sandbox.send(RUN, event)
                self.assertEqual(self.payload('E', sandbox.outcome())['message'], f"'{name}' object is not callable")

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
