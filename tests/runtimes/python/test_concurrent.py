import time

from .case import ZygoteCase, script
from .concurrent import Concurrent


class ConcurrentRuns(ZygoteCase):
    """A child that serves several runs at once."""

    def concurrent(self, source, **options):
        return Concurrent(self.sandbox(**options), script(source))

    def assert_runs_side_by_side(self, child):
        begun = time.monotonic()
        numbers = [child.begin(n) for n in range(8)]
        for n, (result, stdout, stderr) in enumerate(child.wait(*numbers)):
            self.assertEqual((result.kind, result.value), ('V', [n, n, n]))
            self.assertEqual((stdout, stderr), (f'begin {n}\nmiddle {n}\n', f'log {n}\n'))
        self.assertLess(time.monotonic() - begun, 8 * 0.5, 'one after another would take 4 s')

    def test_runs_that_await_go_on_side_by_side(self):
        self.assert_runs_side_by_side(self.concurrent('''
            import asyncio, logging
            mine = event
            print('begin', event)
            await asyncio.sleep(0.5)
            logging.basicConfig(format='log %(message)s')
            logging.warning(mine)
            def show():
                print('middle', end=' ')
                print(mine)
            await asyncio.create_task(asyncio.to_thread(show))
            return [mine, event, input]
            '''))

    def test_runs_that_wait_in_a_call_go_on_side_by_side(self):
        self.assert_runs_side_by_side(self.concurrent('''
            import sys, time
            mine = event
            print('begin', event)
            time.sleep(0.5)
            print('log', mine, file=sys.stderr)
            class Shown:
                def __str__(self):
                    return f'middle {mine}'
            def show():
                sys.stdout.write(f'{Shown()}\\n')
            show()
            return [mine, event, input]
            '''))

    def test_names_that_are_declared_global_are_shared_and_others_are_not(self):
        child = self.concurrent('''
            from string import *
            global calls
            calls = globals().get('calls', 0) + 1
            own = 'own' in dir() or 'own' in globals()
            class Kept:
                name: str = 'kept'
            return [calls, own, __name__, Kept.__qualname__, Kept.__module__, digits[:2]]
            ''')
        for number in (1, 2, 3):
            self.assertEqual(child.run()[0].value, [number, False, '__main__', 'Kept', '__main__', '01'])

    def test_what_is_raised_or_has_no_json_ends_its_own_run_only(self):
        for wait in ('import asyncio; await asyncio.sleep(0.05)', 'import time; time.sleep(0.05)'):
            child = self.concurrent(f'''
            if event == 'raise':
                1 / 0
            if event == 'json':
                return {{1}}
            if event == 'exit':
                raise SystemExit(3)
            {wait}
            return 'fine'
            ''')
            numbers = [child.begin(how) for how in ('raise', 'json', 'exit', '')]
            results = [result for result, _, _ in child.wait(*numbers)]
            self.assertEqual([result.kind for result in results], ['E', 'E', 'X', 'V'])
            self.assertEqual(results[0].value['name'], 'ZeroDivisionError')
            self.assertIn('File "script.py", line 2, in <module>', results[0].value['stack'])
            self.assertEqual((results[1].value['name'], results[2].value), ('TypeError', 3))

    def test_a_task_that_is_cancelled_ends_and_prints_no_more(self):
        child = self.concurrent('''
            import asyncio
            print('before', flush=True)
            try:
                await asyncio.sleep(600)
            finally:
                print('after')
            ''')
        number = child.begin()
        while not child.printed(number):
            child.take()
        child.cancel(number)
        [(result, stdout, _)] = child.wait(number)
        self.assertEqual((result.kind, result.value['name'], stdout, child.heard), ('E', 'CancelledError', 'before\n', [number]))

    def test_a_thread_that_is_cancelled_is_heard_and_prints_no_more(self):
        child = self.concurrent('import time\nprint("before")\ntime.sleep(0.3)\nprint("after")\nreturn 1')
        number = child.begin()
        while not child.printed(number):
            child.take()
        child.cancel(number)
        [(result, stdout, _)] = child.wait(number)
        self.assertEqual((result.value, stdout, child.heard), (1, 'before\n', [number]))

    def test_the_end_of_the_process_is_told_with_what_belongs_to_no_run(self):
        for ending, end in (('os._exit(4)', (4, None)), ('os.kill(os.getpid(), 9)', (None, 9))):
            child = self.concurrent(f'''
                import os, subprocess, threading, time
                if not event:
                    time.sleep(600)
                subprocess.run(['/bin/echo', 'from a process'])
                thread = threading.Thread(target=lambda: print('from a thread', flush=True))
                thread.start()
                thread.join()
                os.write(1, b'x' * 100_000 + b'from below')
                {ending}
                ''')
            first = child.begin(False)
            self.assertEqual(child.wait(first, child.begin(True)), [])
            self.assertEqual((child.end['exitCode'], child.end['signal'], child.end['last']), (*end, True))
            self.assertTrue(child.left_over.endswith(b'xxxfrom below'))
            self.assertLessEqual(len(child.left_over), 32 << 10)

    def test_output_of_threads_and_processes_reaches_no_run(self):
        child = self.concurrent('''
            import os, threading
            thread = threading.Thread(target=print, args=('from a thread',))
            thread.start()
            thread.join()
            os.system('echo from a process')
            print('own')
            if event:
                os._exit(0)
            ''')
        result, stdout, _ = child.run(False)
        self.assertEqual((result.kind, stdout), ('N', 'own\n'))
        child.wait(child.begin(True))
        self.assertEqual(child.left_over, b'from a thread\nfrom a process\n' * 2)

    def test_work_that_a_run_has_left_does_not_print_into_a_later_one(self):
        child = self.concurrent('''
            import asyncio
            if event:
                async def later():
                    await asyncio.sleep(0.05)
                    print('late')
                global task
                task = asyncio.create_task(later())
                return 'left'
            await asyncio.sleep(0.2)
            return task.done()
            ''')
        self.assertEqual(child.run(True)[0].value, 'left')
        self.assertEqual(child.run(False)[:2], ((child.over[2][0]), ''))
        self.assertIs(child.over[2][0].value, True)

    def test_a_process_that_a_run_forks_ends_as_a_program_and_sends_nothing(self):
        child = self.concurrent('''
            import os
            if (pid := os.fork()) == 0:
                print('forked')
                return 'never'
            return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            ''')
        for _ in range(3):
            result, stdout, _ = child.run()
            self.assertEqual((result.value, stdout), (0, ''))

    def test_large_inputs_outputs_and_values_arrive_complete(self):
        child = self.concurrent('print("x" * len(event), end="")\nreturn event')
        lengths = [1, 65_520, 65_531, 65_536, 3_000_000]
        numbers = [child.begin('y' * length) for length in lengths]
        self.assertEqual([(len(result.value), len(stdout)) for result, stdout, _ in child.wait(*numbers)],
                         [(length, length) for length in lengths])

    def test_a_source_that_does_not_compile_fails_each_run(self):
        for source, line in (('x = (', 1), ('x = 1\nglobal event', 2)):
            child = self.concurrent(source)
            for _ in range(2):
                result, _, _ = child.run()
                self.assertEqual((result.kind, result.value['line']), ('S', line))

    def test_the_end_of_the_orders_ends_the_zygote(self):
        for source in ('return 1', 'import asyncio\nawait asyncio.sleep(0)\nreturn 1'):
            sandbox = self.sandbox()
            child = Concurrent(sandbox, source)
            self.assertEqual(child.run()[0].value, 1)
            sandbox.end_input()
            self.assertEqual(sandbox.wait(), 0)

    def test_a_concurrency_without_a_shared_process_is_refused(self):
        for isolation, concurrency in (('process', 2), ('shared', 0), ('shared', '2')):
            sandbox = self.sandbox()
            sandbox.send(0x01, f'{{"filename":"script.py","source":"","isolation":"{isolation}","concurrency":'
                               f'{concurrency if type(concurrency) is int else chr(34) + concurrency + chr(34)}}}')
            self.assertEqual(sandbox.wait(), 70)
            self.assertIn('concurrency must be 1, or at isolation shared more', sandbox.stderr)
