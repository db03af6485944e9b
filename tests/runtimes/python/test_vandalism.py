from .case import ZygoteCase

VANDALISM = '''
import asyncio, atexit, builtins, codecs, gc, json, linecache, os, sys, threading, traceback, types, warnings
def broken(*arguments, error=RuntimeError, **named):
    raise error('forged')
everything = [os, json, json.encoder, json.decoder, gc, traceback, linecache, atexit, threading, warnings, codecs, types]
for module in everything:
    for name, thing in list(vars(module).items()):
        if callable(thing) and not name.startswith('__'):
            setattr(module, name, broken)
for name in ('settrace', 'setprofile', 'getrecursionlimit', 'setrecursionlimit', 'excepthook', 'exc_info', 'exit', '_getframe'):
    setattr(sys, name, broken)
sys.stdout = sys.stderr = sys.stdin = None
sys.argv = sys.path = None
'''
BUILTINS = '''
for name in list(vars(builtins)):
    if not name.startswith('__') and name not in ('setattr', 'list', 'vars', 'ValueError'):
        setattr(builtins, name, broken)
builtins.__import__ = broken
del name, module, thing, everything
'''


class Vandalism(ZygoteCase):
    """A script that replaces the functions and modules that the runtime uses."""

    def test_its_value_still_comes_back(self):
        for extent in (VANDALISM, VANDALISM + BUILTINS):
            self.assertEqual(self.value(extent + 'return {"a": [1, "é", 1.5, None]}'), {'a': [1, 'é', 1.5, None]})

    def test_its_exception_still_comes_back(self):
        for extent in (VANDALISM, VANDALISM + BUILTINS):
            error = self.error(extent + 'raise ValueError("mine")')
            self.assertEqual((error['name'], error['message']), ('ValueError', 'mine'))
            self.assertTrue(error['stack'].endswith('ValueError: mine\n'))

    def test_its_end_without_a_value_still_comes_back(self):
        for extent in (VANDALISM, VANDALISM + BUILTINS):
            self.assert_nothing_returned(self.run_script(extent))

    def test_its_output_still_comes_back(self):
        self.assertEqual(self.run_script('print("before", end="")\n' + VANDALISM + BUILTINS + 'return 1').stdout, 'before')

    def test_removed_modules_do_no_harm(self):
        start = 'import sys\nsys.modules.clear()\n'
        self.assertEqual(self.value(start + 'return 1'), 1)
        self.assert_nothing_returned(self.run_script(start))
        self.assertEqual(self.error(start + '1 / 0')['name'], 'ZeroDivisionError')
        start = 'import sys\nsys.modules = None\n'
        self.assertEqual(self.value(start + 'return 1'), 1)
        self.assert_nothing_returned(self.run_script(start))
        self.assertEqual(self.error(start + '1 / 0')['name'], 'ZeroDivisionError')

    def test_tracers_do_not_see_the_end_of_the_run(self):
        tracer = 'lambda *a: 1 / 0 if a[1] == "c_call" and a[2].__name__ == "write" else None'
        outcome = self.run_script(f'import sys\nsys.setprofile({tracer})\nreturn 1')
        self.assertEqual(self.payload('V', outcome), 1)

    def test_a_recursion_limit_that_leaves_no_room_is_lifted(self):
        for end, kind in (('return [[[1]]]', 'V'), ('1 / 0', 'E'), ('', 'N')):
            self.payload(kind, self.run_script('''
import sys
for limit in range(1, 1000):
    try:
        sys.setrecursionlimit(limit)
        break
    except RecursionError:
        pass
''' + end))

    def test_the_next_run_sees_nothing_of_it(self):
        broken = ''.join('    ' + line + '\n' for line in (VANDALISM + BUILTINS).splitlines())
        sandbox = self.program(
            f'if event == "break":\n{broken}    return "broken"\nimport json, os\nreturn [json.dumps(1), len(os.listdir("/tmp"))]')
        self.assertEqual(self.payload('V', sandbox.run('break')), 'broken')
        self.assertEqual(self.payload('V', sandbox.run()), ['1', 1])
