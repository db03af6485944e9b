from functools import cached_property

from .case import ZygoteCase, in_every_start, natively
from .frames import RESULT


@in_every_start
class Exits(ZygoteCase):
    @cached_property
    def runner(self):
        """A sandbox whose script executes its event, and returns if that does not end the run."""
        return self.program('exec(event)\nreturn "went on"')

    def assert_exits(self, source, code, signal=None, stdout='', stderr=''):
        with self.subTest(source=source):
            outcome = self.runner.run(source)
            self.assert_no_result(outcome)
            self.assertEqual(outcome.bytes_of(RESULT), b'')
            self.assertEqual((outcome.exit, outcome.stdout, outcome.stderr), ((code, signal), stdout, stderr))

    def test_exit_codes_are_reported(self):
        self.assert_exits('import os\nos._exit(3)', 3)
        self.assert_exits('import os\nos._exit(0)', 0)
        self.assert_exits('import sys\nsys.exit(0)', 0)
        self.assert_exits('import sys\nsys.exit()', 0)
        self.assert_exits('import sys\nsys.exit(3)', 3)
        self.assert_exits('import sys\nsys.exit(True)', 1)
        self.assert_exits('import sys\nsys.exit(-1)', 255)
        self.assert_exits('import sys\nsys.exit(2**80)', 255)
        self.assert_exits('exit(4)', 4)
        self.assert_exits('raise SystemExit(5)', 5)

    def test_the_text_of_an_exit_goes_to_stderr(self):
        self.assert_exits('import sys\nsys.exit("téxt")', 1, stderr='téxt\n')

    def test_an_exit_while_awaiting_is_reported(self):
        for end in ('', '\nreturn 1'):
            outcome = self.run_script('import asyncio, sys\nawait asyncio.sleep(0)\nsys.exit(6)' + end)
            self.assert_no_result(outcome)
            self.assertEqual(outcome.exit, (6, None))

    def test_an_interrupt_while_awaiting_is_an_exception(self):
        for source in ('import os, signal\nos.kill(os.getpid(), signal.SIGINT)\nawait asyncio.sleep(1000)',
                       'async def f():\n  raise KeyboardInterrupt\ntask = asyncio.create_task(f())\nawait asyncio.sleep(1000)'):
            with self.subTest(source=source):
                self.assertEqual(self.error('import asyncio\n' + source)['name'], 'KeyboardInterrupt')

    def test_an_exit_in_a_task_is_reported_whether_the_script_still_waits_or_not(self):
        for end in ('await asyncio.sleep(1000)', 'await asyncio.sleep(0)'):
            with self.subTest(end=end):
                outcome = self.run_script('import asyncio, sys\nasync def f():\n  await asyncio.sleep(0.01)\n  sys.exit(8)\n'
                                      'task = asyncio.create_task(f())\n' + end)
                self.assert_no_result(outcome)
                self.assertEqual(outcome.exit, (8, None))

    def test_signals_are_reported(self):
        for name, number in (('SIGSEGV', 11), ('SIGKILL', 9), ('SIGTERM', 15), ('SIGABRT', 6), ('SIGHUP', 1)):
            self.assert_exits(f'import os, signal\nos.kill(os.getpid(), signal.{name})\nsignal.pause()', None, number)

    def test_a_real_segmentation_fault_is_reported(self):
        self.assert_exits('import ctypes\nctypes.string_at(0)', None, 11)

    def test_an_interrupt_is_an_exception(self):
        self.assertEqual(self.error('import os, signal\nos.kill(os.getpid(), signal.SIGINT)\nsignal.pause()')['name'], 'KeyboardInterrupt')

    def test_the_script_may_execute_another_program(self):
        self.assert_exits('import os\nos.execv("/bin/sh", ["sh", "-c", "echo replaced; exit 7"])', 7, stdout='replaced\n')

    def test_output_before_an_exit_arrives_complete(self):
        outcome = self.run_script('import sys\nsys.stdout.write("x" * 3_000_000)\nprint("end", end="")\nsys.exit(2)')
        self.assertEqual((outcome.exit, outcome.stdout), ((2, None), 'x' * 3_000_000 + 'end'))

    def test_os_exit_keeps_what_was_written_and_drops_what_was_only_buffered(self):
        outcome = self.run_script('import os\nos.write(1, b"written" * 1000)\nprint("line")\nprint("buffered", end="")\nos._exit(1)')
        self.assertEqual(outcome.stdout, 'written' * 1000 + 'line\n')

    def test_functions_of_atexit_may_print_and_do_not_change_the_exit_code(self):
        self.assert_exits('import atexit, sys\natexit.register(print, "bye")\nsys.exit(3)', 3, stdout='bye\n')

    def test_end_reports_what_all_processes_used(self):
        outcome = self.run_script('''
            import subprocess, sys, time
            held = bytearray(b'x') * 60_000_000
            while time.process_time() < 0.1:
                pass
            subprocess.run([sys.executable, '-c', 'import time\\nwhile time.process_time() < 0.1: pass'])
            return len(held)
            ''')
        self.assertEqual(set(outcome.end), {'exitCode', 'signal', 'cpuMicroseconds', 'maxRssBytes', 'last'})
        self.assertIs(type(outcome.end['cpuMicroseconds']), int)
        self.assertGreaterEqual(outcome.end['cpuMicroseconds'], 200_000)
        self.assertGreaterEqual(outcome.end['maxRssBytes'], 60_000_000)
        self.assertLess(outcome.end['maxRssBytes'], 200_000_000)
        self.assertEqual([value is None for value in outcome.exit].count(True), 1)


@in_every_start
class EndsOfAProgram(ZygoteCase):
    """After the last statement of a script that returns nothing."""

    def test_threads_are_joined_then_atexit_runs_then_globals_are_torn_down(self):
        outcome = self.run_script('''
            import atexit, threading
            class Last:
                def __del__(self):
                    print('del', end='')
            last = Last()
            atexit.register(print, 'atexit')
            go = threading.Event()
            def work():
                go.wait()
                print('thread')
            threading.Thread(target=work).start()
            print('script')
            go.set()
            ''')
        self.assert_nothing_returned(outcome)
        self.assertEqual(outcome.stdout, 'script\nthread\natexit\ndel')

    def test_daemon_threads_are_dropped(self):
        outcome = self.run_script('import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()')
        self.assert_nothing_returned(outcome)

    def test_executors_finish_their_work(self):
        outcome = self.run_script('''
            from concurrent.futures import ThreadPoolExecutor
            pool = ThreadPoolExecutor(2)
            for number in range(20):
                pool.submit(print, 'done')
            ''')
        self.assert_nothing_returned(outcome)
        self.assertEqual(sorted(outcome.stdout.split()), ['done'] * 20)

    def test_a_failure_there_goes_to_stderr_and_is_no_error(self):
        outcome = self.run_script('''
            import atexit, sys
            class Last:
                def __del__(self):
                    1 / 0
            last = Last()
            atexit.register(lambda: {}['missing'])
            ''')
        self.assert_nothing_returned(outcome)
        self.assertIn('KeyError', outcome.stderr)
        self.assertIn('ZeroDivisionError', outcome.stderr)

    def test_a_value_or_an_exception_waits_for_no_thread_and_no_process_and_atexit_runs(self):
        start = ('import atexit, multiprocessing, threading\natexit.register(print, "atexit")\n'
                 'threading.Thread(target=threading.Event().wait).start()\n'
                 'multiprocessing.Process(target=threading.Event().wait).start()\n')
        outcome = self.run_script(start + 'return 1')
        self.assertEqual((self.payload('V', outcome), outcome.stdout), (1, 'atexit\n'))
        outcome = self.run_script(start + '1 / 0')
        self.assertEqual((self.payload('E', outcome)['name'], outcome.stdout), ('ZeroDivisionError', 'atexit\n'))

    def test_logging_is_flushed_at_every_kind_of_end(self):
        sandbox = self.program('''
            import logging, logging.handlers, sys
            kept = logging.handlers.MemoryHandler(100, target=logging.StreamHandler(sys.stdout))
            logging.basicConfig(level=logging.INFO, handlers=[kept])
            logging.info('kept')
            if event == 'return': return 1
            exec(event)
            ''')
        for end in ('', 'return', '1 / 0', 'sys.exit(1)'):
            with self.subTest(end=end):
                self.assertEqual(sandbox.run(end).stdout, 'kept\n')

    def test_atexit_may_run_an_event_loop_when_a_script_that_awaits_has_ended(self):
        sandbox = self.program('''
            import asyncio, atexit
            async def close():
                await asyncio.sleep(0)
                print('closed')
            atexit.register(lambda: asyncio.run(close()))
            await asyncio.sleep(0)
            if event == 'return': return 1
            exec(event)
            ''')
        for end, kind in (('', 'N'), ('return', 'V'), ('1 / 0', 'E')):
            with self.subTest(end=end):
                outcome = sandbox.run(end)
                self.assertEqual((outcome.result.kind, outcome.stdout, outcome.stderr), (kind, 'closed\n', ''))

    def test_an_exception_cancels_the_tasks_of_a_script_that_awaits(self):
        outcome = self.run_script('''
            import asyncio
            async def work():
                try:
                    await asyncio.sleep(1000)
                finally:
                    print('tidied')
            task = asyncio.create_task(work())
            await asyncio.sleep(0)
            1 / 0
            ''')
        self.assertEqual((self.payload('E', outcome)['name'], outcome.stdout), ('ZeroDivisionError', 'tidied\n'))

    def test_a_hook_of_the_script_gets_its_exception(self):
        hook = 'import sys\nsys.excepthook = lambda kind, error, trace: print(kind.__name__, error, trace.tb_lineno)\n'
        for end in ('1 / 0', 'return 1 / 0', 'import asyncio\nawait asyncio.sleep(0)\n1 / 0'):
            with self.subTest(end=end):
                outcome = self.run_script(hook + end)
                line = 5 if 'await' in end else 3
                self.assertEqual((self.payload('E', outcome)['name'], outcome.stdout, outcome.stderr),
                                 ('ZeroDivisionError', f'ZeroDivisionError division by zero {line}\n', ''))

    def test_a_hook_that_exits_decides_how_the_run_ends(self):
        outcome = self.run_script('import atexit, sys\natexit.register(print, "bye")\nsys.excepthook = lambda *_: sys.exit(7)\n1 / 0')
        self.assert_no_result(outcome)
        self.assertEqual((outcome.exit, outcome.stdout), ((7, None), 'bye\n'))

    def test_a_hook_that_fails_is_told_on_stderr_as_natively(self):
        source = 'import sys\ndef hook(*_):\n  return undefined\nsys.excepthook = hook\n1 / 0\n'
        outcome = self.run_script(source)
        self.assertEqual(self.payload('E', outcome)['name'], 'ZeroDivisionError')
        self.assertEqual((1, outcome.stdout, outcome.stderr), natively(source))

    def test_hooks_of_threads_get_their_exceptions(self):
        outcome = self.run_script('''
            import threading
            threading.excepthook = lambda told: print(told.exc_type.__name__)
            thread = threading.Thread(target=lambda: 1 / 0)
            thread.start()
            thread.join()
            raise KeyError
            ''')
        self.assertEqual((self.payload('E', outcome)['name'], outcome.stdout), ('KeyError', 'ZeroDivisionError\n'))

    def test_buffered_output_is_flushed_at_every_kind_of_end(self):
        sandbox = self.program(
            'import sys\nprint("out", end="")\nprint("err", end="", file=sys.stderr)\nif event == "return": return 1\nexec(event)')
        for end in ('', 'return', '1 / 0', 'sys.exit(1)'):
            with self.subTest(end=end):
                outcome = sandbox.run(end)
                self.assertEqual((outcome.stdout, outcome.stderr), ('out', 'err'))

    def test_a_fork_that_runs_to_its_end_sends_no_result(self):
        for end in (
                'return "child" if child == 0 else os.waitpid(child, 0)[1]',
                'if child == 0: 1 / 0\nreturn os.waitpid(child, 0)[1] >> 8',
                'if child == 0: os._exit(0)\nreturn os.waitpid(child, 0)[1]'):
            with self.subTest(end=end):
                value = self.value('import os\nchild = os.fork()\n' + end)
                self.assertEqual(value, 1 if '1 / 0' in end else 0)

    def test_processes_of_multiprocessing_work(self):
        self.assertEqual(self.value('''
            import multiprocessing
            def double(n):
                return 2 * n
            if __name__ == '__main__':
                with multiprocessing.Pool(2) as pool:
                    return pool.map(double, range(5))
            '''), [0, 2, 4, 6, 8])
