import json

from .case import ZygoteCase, in_every_start, script


@in_every_start
class AsInAFile(ZygoteCase):
    """Each script runs with a return and without, because the two are compiled in different ways."""

    def assert_both_ways(self, source, value):
        """Fails unless the script leaves this value in `found`."""
        source = script(source)
        for end in ('import json\nprint(json.dumps(found))', 'return found'):
            with self.subTest(end=end):
                outcome = self.run_script(source + end)
                found = json.loads(outcome.stdout) if end.startswith('import') else self.payload('V', outcome)
                self.assertEqual(found, value)

    def test_a_coroutine_is_a_module_too(self):
        self.assertEqual(self.value('''
            """doc"""
            from __future__ import annotations
            import asyncio
            from math import *
            x: undefined = await asyncio.sleep(0, 3)
            def area(radius):
                global used
                used = [floor(pi * x * n) for n in range(radius)]
                return used
            class C:
                kept = x
            exec('y = x + 1')
            return [area(2), used, C.kept, C.__qualname__, area.__qualname__, y, __doc__, __annotations__, locals() is globals(), __name__]
            '''), [[0, 9], [0, 9], 3, 'C', 'area', 4, 'doc', {'x': 'undefined'}, True, '__main__'])

    def test_import_star(self):
        self.assert_both_ways('''
            from math import *
            if True:
                from os.path import *
            def area(radius):
                return floor(pi * radius ** 2)
            found = [area(1), join('a', 'b')]
            ''', [3, 'a/b'])

    def test_multi_line_strings_keep_their_text(self):
        self.assert_both_ways('''
            text = """first
              second
            \tthird"""
            found = text + f"""
            {1 + 1}
            """
            ''', 'first\n  second\n\tthird\n2\n')

    def test_global_and_nonlocal(self):
        self.assert_both_ways('''
            count = 0
            def add():
                global count, made
                count += 1
                made = 'in a function'
                own = 0
                def inner():
                    nonlocal own
                    own += 1
                    return own
                return inner() + inner()
            found = [add(), add(), count, made]
            ''', [3, 3, 2, 'in a function'])

    def test_global_at_top_level(self):
        self.assert_both_ways('''
            global x
            x = 1
            def f():
                return x
            found = [f(), globals()['x']]
            ''', [1, 1])

    def test_name_is_main(self):
        self.assert_both_ways('''
            found = None
            def main():
                global found
                import __main__, sys
                found = [__name__, __main__.found, sys.modules['__main__'].main is main, sys.argv, __file__, __package__, __spec__]
            if __name__ == "__main__":
                main()
            ''', ['__main__', None, True, ['script.py'], '/tmp/script.py', None, None])

    def test_comprehensions_and_generators_see_top_level_names(self):
        self.assert_both_ways('''
            factor = 3
            rows = [1, 2]
            found = [
                [factor * n for n in rows], sorted({factor + n for n in rows}), {str(n): factor for n in rows},
                list(factor - n for n in rows), [[a * b * factor for a in rows] for b in rows], [last := n for n in rows], last,
                list(map(lambda n: n + factor, rows)), [key for key in dir() if key == 'n']]
            ''', [[3, 6], [4, 5], {'1': 3, '2': 3}, [2, 1], [[3, 6], [6, 12]], [1, 2], 2, [4, 5], []])

    def test_functions_call_each_other_in_any_order(self):
        self.assert_both_ways('''
            def even(n):
                return n == 0 or odd(n - 1)
            def odd(n):
                return n != 0 and even(n - 1)
            found = [even(10), odd(7), even(3)]
            ''', [True, True, False])

    def test_classes(self):
        self.assert_both_ways('''
            base = 2
            class Shape:
                sides = base
                def __init__(self, name):
                    self.name = name
                def __repr__(self):
                    return f'{type(self).__qualname__}({self.name})'
                class Inner:
                    def method(self):
                        class Local: pass
                        return Local
            class Square(Shape):
                sides = Shape.sides * 2
                def __init__(self):
                    super().__init__('square')
                def same(self):
                    return __class__ is Square
            found = [Square.sides, repr(Square()), Square().same(), Shape.Inner.__qualname__, Shape.Inner.method.__qualname__,
                     Shape.Inner().method().__qualname__, Square.__module__]
            ''', [4, 'Square(square)', True, 'Shape.Inner', 'Shape.Inner.method', 'Shape.Inner.method.<locals>.Local', '__main__'])

    def test_qualified_names_are_those_of_a_module(self):
        self.assert_both_ways('''
            def outer():
                def inner(): pass
                return inner
            async def coroutine(): pass
            name = lambda: 0
            found = [outer.__qualname__, outer().__qualname__, coroutine.__qualname__, name.__qualname__]
            ''', ['outer', 'outer.<locals>.inner', 'coroutine', '<lambda>'])

    def test_dataclasses_enumerations_and_named_tuples(self):
        self.assert_both_ways('''
            import dataclasses, enum, pickle, typing
            @dataclasses.dataclass(order=True)
            class Point:
                x: int
                y: "typing.List[int]" = dataclasses.field(default_factory=list)
            class Colour(enum.Enum):
                RED = enum.auto()
            class Pair(typing.NamedTuple):
                a: int = 1
            found = [dataclasses.asdict(Point(1)), Point(1) < Point(2), Colour.RED.name, Pair().a,
                     pickle.loads(pickle.dumps(Point(3))).x, typing.get_type_hints(Point)['y'] == typing.List[int]]
            ''', [{'x': 1, 'y': []}, True, 'RED', 1, 3, True])

    def test_the_docstring(self):
        self.assert_both_ways('''
            """The text
            of the script."""
            def f():
                "of f"
            found = [__doc__, f.__doc__]
            ''', ['The text\nof the script.', 'of f'])

    def test_annotations(self):
        self.assert_both_ways('''
            x: int = 1
            y: 'str'
            if True:
                z: float = 2
            (w): int = 3
            def f(a: int) -> str:
                b: undefined = 4
                return b
            box = [0]
            box[0]: int = 5
            class C:
                member: int = 6
            found = [{name: str(kind) for name, kind in __annotations__.items()}, x, z, w, f(0), box, 'y' in globals(),
                     [str(kind) for kind in f.__annotations__.values()], list(C.__annotations__)]
            ''', [{'x': "<class 'int'>", 'y': 'str', 'z': "<class 'float'>"}, 1, 2, 3, 4, [5], False,
                  ["<class 'int'>", "<class 'str'>"], ['member']])

    def test_future_annotations(self):
        self.assert_both_ways('''
            """doc"""
            from __future__ import annotations
            x: undefined[int] = 1
            def f(a: undefined) -> nothing: pass
            found = [__annotations__, f.__annotations__, __doc__, annotations.compiler_flag > 0]
            ''', [{'x': 'undefined[int]'}, {'a': 'undefined', 'return': 'nothing'}, 'doc', True])

    def test_exec_eval_and_locals_are_those_of_the_module(self):
        self.assert_both_ways('''
            a = 1
            exec('b = a + 1\\ndef made(): return b')
            locals()['c'] = 3
            vars()['d'] = 4
            globals()['e'] = 5
            found = [b, made(), c, d, e, eval('a + b'), locals() is globals(), 'a' in dir(), eval('[a for _ in "xy"]')]
            ''', [2, 2, 3, 4, 5, 3, True, True, [1, 1]])

    def test_every_way_to_bind_a_name_makes_a_global(self):
        self.assert_both_ways('''
            import os.path, json as j
            from math import pi as p
            with open('/dev/null') as w: pass
            for i, (k, *rest) in [(1, (2, 3, 4))]: pass
            def f(): pass
            class C: pass
            try:
                raise KeyError
            except KeyError as gone: pass
            if (walrus := 7): pass
            total = 0
            total += 1
            t = u = 2
            deleted = 1
            del deleted
            match [1, {'m': 2, 'other': 3}]:
                case [one, {'m': two, **others}]: pass
            names = 'os j p w i k rest f C gone walrus total t u deleted one two others'.split()
            def seen():
                return [name for name in names if name in globals()]
            found = sorted(set(names) - set(seen()))
            ''', ['deleted', 'gone'])

    def test_a_name_that_was_deleted_is_a_name_error(self):
        for end in ('', '\nreturn 1'):
            error = self.error('x = 1\ndel x\nx' + end)
            self.assertEqual((error['name'], error['message']), ('NameError', "name 'x' is not defined"))

    def test_introspection_finds_the_source(self):
        self.assert_both_ways('''
            import inspect
            def f():
                return 1  # here
            found = [inspect.getsource(f), f.__code__.co_filename, f.__code__.co_firstlineno]
            ''', ['def f():\n    return 1  # here\n', 'script.py', 2])

    def test_builtins_of_an_interactive_interpreter_exist(self):
        self.assert_both_ways('''
            found = [callable(exit), callable(quit), callable(help), __builtins__.len is len]
            ''', [True, True, True, True])
