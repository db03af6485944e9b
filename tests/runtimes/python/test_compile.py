import ast
import builtins
import inspect

from . import runtime  # noqa: F401
from .limited import LimitedCase
from faas.script import toplevel
from faas.script.event import parse_json
from faas.script.compile import CompileError, Program, compile_script


def run(source, **names):
    """The returned value and the namespace."""
    program = compile_script(source, 'script.py')
    assert isinstance(program, Program), program.message
    namespace = {'__annotations__': {}, '__builtins__': builtins, '__name__': '__main__', **names}
    return eval(program.code, namespace), namespace


class Compiling(LimitedCase):
    def error(self, source):
        error = compile_script(source, 'script.py')
        self.assertIsInstance(error, CompileError)
        return error.message, error.line, error.column

    def assert_refused(self, source, line, column, message=None):
        with self.subTest(source=source):
            told, *place = self.error(source)
            self.assertEqual((place, told), ([line, column], message or told))

    def test_a_module_is_compiled_unchanged(self):
        source = '"""doc"""\nx = [y for y in (1, 2)]\n'
        self.assertEqual(compile_script(source, 'script.py').code, compile(source, 'script.py', 'exec'))

    def test_only_await_outside_a_function_makes_a_coroutine(self):
        for source, is_coroutine in (('x = 1', False), ('return 1', False), ('async def f(): await g()', False), ('await f()', True),
                                     ('return await f()', True), ('if 0:\n  await f()\nreturn 1', True),
                                     ('async for x in y: return x', True), ('async with x: return 1', True),
                                     ('return [x async for x in y]', True)):
            with self.subTest(source=source):
                self.assertIs(compile_script(source, 'script.py').is_coroutine, is_coroutine)

    def test_the_code_is_not_that_of_a_function(self):
        for source in ('return 1', 'await f()\nreturn 1'):
            flags = compile_script(source, 'script.py').code.co_flags
            self.assertFalse(flags & (inspect.CO_OPTIMIZED | inspect.CO_NEWLOCALS | inspect.CO_GENERATOR))
        self.assertEqual(compile_script('return 1', 'script.py').code.co_name, '<module>')

    def test_each_warning_is_kept_once(self):
        for end in ('', '\nreturn 1', '\nawait x\nreturn 1'):
            program = compile_script('x = 1\nx is 1\nx is 2' + end, 'script.py')
            self.assertEqual([(category, line) for category, _, line in program.warnings], [('SyntaxWarning', 2), ('SyntaxWarning', 3)])

    def test_errors_have_lines_and_columns_from_1_in_characters(self):
        self.assertEqual(self.error('\n  é = 1'), ('unexpected indent', 2, 2))
        self.assertEqual(self.error('é = "😀"; yield 1'), ("'yield' outside function", 1, 10))
        self.assertEqual(self.error('é = "😀"; yield 1\nreturn'), ("'yield' outside function", 1, 10))
        self.assertEqual(self.error('"é" = 1')[1:], (1, 1))
        self.assertEqual(self.error('é\0'), ('source code cannot contain null bytes', 1, 2))
        self.assertEqual(self.error('a\r\nb\ré\udc80'), ('source code cannot contain the lone surrogate U+DC80', 3, 2))

    def test_columns_are_characters(self):
        self.assert_refused('# é😀\n"é😀" = 1', 2, 1)
        self.assert_refused('é = "😀😀" b', 1, 10, 'invalid syntax')
        self.assert_refused('é = "😀"; a b', 1, 12, 'invalid syntax')
        self.assert_refused('é = "😀"; yield 1', 1, 10, "'yield' outside function")
        self.assert_refused('é = "😀"; yield 1\nreturn 2', 1, 10, "'yield' outside function")

    def test_columns_are_right_after_every_kind_of_line_end(self):
        for end in ('\n', '\r\n', '\r'):
            self.assert_refused(f'é = 1{end}é = "\u2028\x0b"; yield 1{end}', 2, 11, "'yield' outside function")

    def test_a_statement_that_no_module_may_contain_is_refused_beside_a_return_too(self):
        for rest in ('', '\nreturn 1', '\nawait x\nreturn 1'):
            self.assert_refused('x = 1\nyield x' + rest, 2, 1, "'yield' outside function")
            self.assert_refused('x = 1\nnonlocal y' + rest, 2, 1, 'nonlocal declaration not allowed at module level')
            self.assert_refused('x = 1\nbreak' + rest, 2, 1, "'break' outside loop")
            self.assert_refused('x = 1\ncontinue' + rest, 2, 1, "'continue' not properly in loop")
            self.assert_refused('x = 1\nglobal x' + rest, 2, 1, "name 'x' is assigned to before global declaration")
            self.assert_refused('class C:\n  return 1' + rest, 2, 3, "'return' outside function")
            self.assert_refused('def f():\n  from os import *' + rest, 2, 18, 'import * only allowed at module level')
            self.assert_refused('def f():\n  await x' + rest, 2, 3, "'await' outside async function")
            self.assert_refused('x = 1\nfrom __future__ import annotations' + rest, 2, 1)
            self.assert_refused('from __future__ import braces' + rest, 1, 1, 'not a chance')
            self.assert_refused('def f(a, a): pass' + rest, 1, 10, "duplicate argument 'a' in function definition")

    def test_an_error_of_the_parser_has_its_position(self):
        self.assert_refused('def f(:\n  pass', 1, 7)
        self.assert_refused('x = (1,\n  2', 1, 5, "'(' was never closed")
        self.assert_refused('x = "abc', 1, 5)
        self.assert_refused('if True:\nx = 1', 2, 1)
        self.assert_refused('x = 1\n  y = 2', 2, 2)
        self.assert_refused('x = 1 +', 1, 8, 'invalid syntax')

    def test_a_source_beyond_the_limits_of_the_compiler_is_refused(self):
        message, *place = self.error('+'.join(['1'] * 100_000))
        self.assertRegex(message, '^(RecursionError|MemoryError)')
        self.assertEqual(place, [1, 1])


class ReturnRewriting(LimitedCase):
    def test_has_return_looks_into_statements_but_not_into_functions_and_classes(self):
        for source, has_return in (
                ('return', True), ('if a:\n  pass\nelse:\n  return', True), ('for a in b:\n  pass\nelse:\n  return', True),
                ('while a:\n  return', True), ('with a:\n  return', True), ('try:\n  pass\nfinally:\n  return', True),
                ('try:\n  pass\nexcept A:\n  return', True), ('match a:\n  case 1:\n    return', True),
                ('try:\n  pass\nexcept A:\n  pass\nelse:\n  return', True), ('def f():\n  return', False),
                ('async def f():\n  return', False), ('class C:\n  def f(self):\n    return', False), ('x = 1', False)):
            with self.subTest(source=source):
                self.assertIs(toplevel.has_return(ast.parse(source)), has_return)

    def test_dropped_returns_leave_their_values_as_expressions(self):
        tree = ast.parse('if a:\n  return f()\nreturn\ndef g():\n  return 1')
        toplevel.drop_returns(tree)
        self.assertEqual(ast.unparse(tree), 'if a:\n    f()\nNone\n\ndef g():\n    return 1')

    def test_names_are_globals_of_the_given_namespace(self):
        value, namespace = run('a = 1\ndef f():\n  return a + 1\nfor b in [f()]: pass\nreturn [c := b + 1 for _ in "x"]')
        self.assertEqual((value, namespace['a'], namespace['b'], namespace['c']), ([3], 1, 2, 3))

    def test_names_of_comprehensions_stay_local(self):
        value, namespace = run('x = 9\ny = [x for x in range(3)]\nz = {k: v for k, v in [(1, 2)]}\nreturn [x, y, z, sorted(locals())]')
        self.assertEqual(value[:3], [9, [0, 1, 2], {1: 2}])
        self.assertNotIn('k', namespace)
        self.assertEqual([name for name in value[3] if not name.startswith('__')], ['x', 'y', 'z'])

    def test_a_constant_that_looks_like_a_placeholder_stays(self):
        for text in ('import * ', '<module>.<locals>.x', '<module>.<locals>.'):
            with self.subTest(text=text):
                source = f'from math import *\nx = {text!r}\ndef f(): return {text!r}\nreturn [x, f(), pi > 3]'
                self.assertEqual(run(source)[0], [text, text, True])

    def test_star_imports_bind_in_place_and_in_order(self):
        value, _ = run('early = "sqrt" in globals()\nfrom math import *\nfrom cmath import *\nreturn [early, sqrt(-1) == 1j]')
        self.assertEqual(value, [False, True])

    def test_a_star_import_that_is_not_reached_binds_nothing(self):
        _, namespace = run('if False:\n  from math import *\nreturn 1')
        self.assertNotIn('pi', namespace)

    def test_annotations_evaluate_what_a_module_evaluates(self):
        for end in ('', 'return 1'):
            seen = []
            _, namespace = run('a: note("a") = note("value")\n(b): note("b") = 1\nnote("box").c: note("c") = 2\nd: note("d")\n'
                               'note("target")[note("key")]: note("e")\n' + end,
                               note=lambda text: seen.append(text) or Box())
            with self.subTest(end=end):
                self.assertEqual((seen, list(namespace['__annotations__'])),
                                 (['value', 'a', 'b', 'box', 'c', 'd', 'target', 'key', 'e'], ['a', 'd']))

    def test_only_the_first_statement_is_the_docstring(self):
        self.assertEqual(run('"one"\n"two"\nreturn __doc__')[0], 'one')
        self.assertEqual(run('x = 1\n"two"\nreturn __doc__', __doc__=None)[0], None)
        self.assertEqual(run('f"one"\nreturn __doc__', __doc__=None)[0], None)

    def test_lines_of_code_are_those_of_the_source(self):
        code = compile_script('\n\nx = 1\nif x:\n  return x\n', 'script.py').code
        self.assertEqual(sorted({line for _, _, line in code.co_lines() if line} - {1}), [3, 4, 5])


class Box:
    def __setitem__(self, key, value):
        pass


class Events(LimitedCase):
    def test_json_is_what_the_standard_says(self):
        self.assertEqual(parse_json(b' {"a": [1, 2.5, "\\u00e9", true, null]}\r\n'), {'a': [1, 2.5, 'é', True, None]})
        for encoded in (b'', b'{', b'{x}', b'1 2', b'NaN', b'Infinity', b'01', b"'a'", b'[1,]', b'\xff', b'\xc2\xa01'):
            with self.subTest(encoded=encoded), self.assertRaises(ValueError):
                parse_json(encoded)
