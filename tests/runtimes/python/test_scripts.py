import json
import os

from .case import ZygoteCase, in_every_start, natively


@in_every_start
class TopLevelReturnAndAwait(ZygoteCase):
    def test_return_ends_a_script_from_anywhere(self):
        sandbox = self.program('''
            kind = event
            if kind == 'if':
                return 'if'
            for number in range(3):
                if kind == 'for' and number == 1:
                    return number
            else:
                if kind == 'else':
                    return 'else'
            while kind == 'while':
                return 'while'
            with open('/dev/null') as nothing:
                if kind == 'with':
                    return 'with'
            try:
                if kind == 'try':
                    return 'try'
                if kind == 'except':
                    raise KeyError('except')
            except KeyError as error:
                return error.args[0]
            finally:
                if kind == 'finally':
                    return 'finally'
            return 'end'
            print('never')
            ''')
        for kind, value in (('if', 'if'), ('for', 1), ('else', 'else'), ('while', 'while'), ('with', 'with'), ('try', 'try'),
                            ('except', 'except'), ('finally', 'finally'), ('', 'end')):
            with self.subTest(kind=kind):
                outcome = sandbox.run(kind)
                self.assertEqual((self.payload('V', outcome), outcome.stdout), (value, ''))

    def test_await_works_with_and_without_return(self):
        self.assertEqual(self.value('import asyncio\nx = await asyncio.sleep(0, event)\nreturn x', 5), 5)
        outcome = self.run_script('import asyncio\nprint(await asyncio.sleep(0, 6))')
        self.assert_nothing_returned(outcome)
        self.assertEqual(outcome.stdout, '6\n')

    def test_every_asynchronous_statement_works_at_top_level(self):
        self.assertEqual(self.value('''
            import asyncio, contextlib
            async def numbers():
                for number in range(3):
                    await asyncio.sleep(0)
                    yield number
            @contextlib.asynccontextmanager
            async def opened():
                yield 'open'
            seen = []
            async for number in numbers():
                seen.append(number)
            async with opened() as state:
                seen.append(state)
            seen.append([number async for number in numbers()])
            seen.append([await asyncio.sleep(0, number) for number in range(2)])
            seen.append(await asyncio.gather(*(asyncio.sleep(0, number) for number in range(2))))
            return seen
            '''), [0, 1, 2, 'open', [0, 1, 2], [0, 1], [0, 1]])

    def test_a_value_drops_tasks_that_still_run(self):
        outcome = self.run_script('''
            import asyncio
            async def forever():
                while True:
                    await asyncio.sleep(1000)
                    print('late')
            task = asyncio.create_task(forever())
            await asyncio.sleep(0)
            return 'value'
            ''')
        self.assertEqual((self.payload('V', outcome), outcome.stdout), ('value', ''))

    def test_without_a_value_tasks_and_timers_finish(self):
        outcome = self.run_script('''
            import asyncio
            async def later(text):
                await asyncio.sleep(0.01)
                print(text)
                asyncio.get_running_loop().call_later(0.01, print, 'timer')
            tasks = [asyncio.create_task(later('task'))]
            await asyncio.sleep(0)
            ''')
        self.assert_nothing_returned(outcome)
        self.assertEqual(outcome.stdout, 'task\ntimer\n')

    def test_processes_threads_and_sockets_can_be_awaited(self):
        self.assertEqual(self.value('''
            import asyncio
            process = await asyncio.create_subprocess_exec('echo', 'spawned', stdout=asyncio.subprocess.PIPE)
            spawned, _ = await process.communicate()
            async def answer(reader, writer):
                writer.write(await reader.readline())
                writer.close()
            server = await asyncio.start_server(answer, '127.0.0.1', 0)
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            writer.write(b'echoed\\n')
            return [spawned.decode(), process.returncode, (await reader.read()).decode(), await asyncio.to_thread(pow, 2, 5)]
            '''), ['spawned\n', 0, 'echoed\n', 32])

    def test_asyncio_run_works_in_a_script_that_awaits_nothing(self):
        self.assertEqual(self.value('import asyncio\nasync def main():\n  return await asyncio.sleep(0, 3)\nreturn asyncio.run(main())'), 3)


@in_every_start
class Sources(ZygoteCase):
    def test_every_kind_of_line_end_a_byte_order_mark_tabs_and_a_missing_last_line_end(self):
        for source in ('x = 1\r\nif x:\r\n\treturn x', 'x = 1\rreturn x', '\ufeffreturn 1', '#!/usr/bin/python3\nreturn 1 # end',
                       '# -*- coding: latin-1 -*-\nreturn len("é")', 'return 1;', '\f\nreturn 1', 'é = 1\nreturn é'):
            with self.subTest(source=source):
                self.assertEqual(self.value(source), 1)

    def test_warnings_of_the_compiler_come_on_stderr_each_time(self):
        sandbox = self.program('x = 1\nx is 1\nreturn 5')
        for _ in range(2):
            outcome = sandbox.run()
            self.assertEqual(self.payload('V', outcome), 5)
            self.assertRegex(outcome.stderr, r'^script\.py:2: SyntaxWarning: "is" with .* literal.*\n  x is 1\n$')

    def test_a_thousand_lines_and_names(self):
        source = ''.join(f'name_{number} = {number}\n' for number in range(20_000)) + 'return name_19999'
        self.assertEqual(self.value(source), 19_999)

    def test_they_may_recurse_as_deeply_as_natively(self):
        source = '''import sys
def deepest(n):
    try:
        return deepest(n + 1)
    except RecursionError:
        return n
def limited(limit):
    try:
        sys.setrecursionlimit(limit)
        return deepest(0)
    except Exception as error:
        return repr(error)
found = [deepest(0), sys.getrecursionlimit(), limited(500), sys.getrecursionlimit(), limited(5000), limited(0), limited('x'),
         limited(2 ** 31)]
'''
        native = json.loads(natively(source + 'import json\nprint(json.dumps(found))')[1])
        for end in ('import json\nprint(json.dumps(found))', 'return found'):
            with self.subTest(end=end):
                outcome = self.run_script(source + end)
                self.assertEqual(json.loads(outcome.stdout or 'null') or self.payload('V', outcome), native)
        with self.subTest('shared'):
            sandbox = self.sandbox()
            sandbox.bind(source + 'sys.setrecursionlimit(1000)\nreturn found', isolation='shared')
            for _ in range(2):
                self.assertEqual(self.payload('V', sandbox.run()), native)

    def test_they_know_how_many_processors_they_may_use(self):
        source = ('import os, multiprocessing\nreturn [os.cpu_count(), len(os.sched_getaffinity(0)), multiprocessing.cpu_count(), '
                  'getattr(os, "process_cpu_count", os.cpu_count)()]')
        for limit, count in ((1, 1), (0.5, 1), (1.9, 1), (1000, len(os.sched_getaffinity(0)))):
            with self.subTest(limit=limit):
                sandbox = self.sandbox()
                sandbox.bind(source, cpus=limit)
                told = self.payload('V', sandbox.run())
                self.assertEqual([told[1], told[3]], [count, told[0]])
                self.assertEqual(told[0], min(limit, os.cpu_count()) if limit >= 2 else 1)

    def test_the_variables_of_their_version_are_in_their_environment_and_in_that_of_their_processes(self):
        source = ('import os, subprocess\nchild = subprocess.run(["sh", "-c", "printf %s \\"$A\\""], capture_output=True).stdout.decode()\n'
                  'return [os.environ["A"], os.getenv("B"), os.environ["HOME"], child]')
        for isolation in ('process', 'shared', 'sandbox'):
            with self.subTest(isolation):
                sandbox = self.sandbox()
                sandbox.bind(source, isolation=isolation, env={'A': 'ä 🙂\n', 'B': ''})
                self.assertEqual(self.payload('V', sandbox.run()), ['ä 🙂\n', '', '/tmp', 'ä 🙂\n'])

    def test_a_variable_that_a_run_has_changed_is_as_ever_in_the_next(self):
        sandbox = self.sandbox()
        sandbox.bind('import os\nbefore = os.environ["A"]\nos.environ["A"] = "2"\nreturn before', env={'A': '1'})
        self.assertEqual([self.payload('V', sandbox.run()) for _ in range(2)], ['1', '1'])

    def test_the_name_of_the_file_is_the_servers(self):
        sandbox = self.program('raise ValueError(__file__)', filename='other é.py')
        error = self.payload('E', sandbox.run())
        self.assertEqual(error['message'], '/tmp/other é.py')
        self.assertIn('File "other é.py", line 1', error['stack'])

    def test_a_module_that_the_script_wrote_can_be_imported(self):
        self.assertEqual(self.value('''
            with open('helper_of_mine.py', 'w') as file:
                file.write('answer = 42')
            import helper_of_mine
            return helper_of_mine.answer
            '''), 42)

    def test_nothing_of_the_zygote_can_be_imported(self):
        self.assertEqual(self.value('''
            import sys
            try:
                import faas
            except ImportError:
                return [name for name in sys.modules if name.startswith('faas')]
            '''), [])
