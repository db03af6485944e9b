import json
import os
import signal
import time
from pathlib import Path

from .case import ZygoteCase, script
from .frames import RUN, PROGRAM
from .sandbox import ZygoteEnded


class Shared(ZygoteCase):
    """A shared child, which serves the runs in turn."""

    COUNT = "calls = globals().get('calls', 0) + 1\n"

    def shared(self, source, **options):
        sandbox = self.sandbox(**options)
        sandbox.send(PROGRAM, json.dumps({
            'filename': 'script.py', 'source': script(source), 'sourceMap': None, 'isolation': 'shared'}))
        return sandbox

    def test_state_stays_and_each_run_has_its_own_event(self):
        sandbox = self.shared('''
            import os, sys
            if 'seen' not in globals():
                seen, process = [], os.getpid()
            seen.append(event)
            open('/tmp/' + str(event), 'w').close()
            return [seen, input, os.getpid() == process, sorted(os.listdir('/tmp')), sys.modules['__main__'].event]
            ''')
        for number in range(3):
            self.assertEqual(self.payload('V', sandbox.run(number)), [
                list(range(number + 1)), number, True, [*(str(left) for left in range(number + 1)), 'script.py'], number])

    def test_without_this_isolation_no_state_stays(self):
        for isolation in ('process', None):
            sandbox = self.sandbox()
            program = {'filename': 'script.py', 'source': self.COUNT + 'return calls', 'sourceMap': None}
            sandbox.send(PROGRAM, json.dumps(program if isolation is None else {**program, 'isolation': isolation}))
            for _ in range(2):
                self.assertEqual(self.payload('V', sandbox.run()), 1)

    def test_an_unknown_isolation_is_refused(self):
        sandbox = self.sandbox()
        sandbox.send(PROGRAM, json.dumps({'filename': 'script.py', 'source': '', 'isolation': 'yes'}))
        with self.assertRaises(ZygoteEnded) as caught:
            sandbox.next()
        self.assertEqual(caught.exception.status, 70)
        self.assertIn('isolation one of sandbox, process, shared', caught.exception.stderr)

    def test_an_exception_ends_the_run_and_the_process_stays(self):
        sandbox = self.shared(self.COUNT + 'if event == "raise":\n  1 / 0\nreturn calls')
        self.assertEqual(self.payload('V', sandbox.run()), 1)
        outcome = sandbox.run('raise')
        self.assertEqual(self.payload('E', outcome)['name'], 'ZeroDivisionError')
        self.assertEqual(outcome.exit, (0, None))
        self.assertEqual(self.payload('V', sandbox.run()), 3)

    def test_a_value_without_json_ends_the_run_and_the_process_stays(self):
        sandbox = self.shared(self.COUNT + 'return {calls} if event == "set" else calls')
        self.assertEqual(self.payload('E', sandbox.run('set'))['name'], 'TypeError')
        self.assertEqual(self.payload('V', sandbox.run()), 2)

    def test_a_run_that_returns_nothing_is_over_at_the_end_of_the_body(self):
        sandbox = self.shared('''
            import atexit, threading
            if 'gate' not in globals():
                gate = threading.Event()
                threading.Thread(target=gate.wait).start()
                atexit.register(print, 'exit')
            ''')
        for _ in range(2):
            outcome = sandbox.run()
            self.assert_nothing_returned(outcome)
            self.assertEqual(outcome.stdout, '')

    def test_after_an_exit_it_ends_as_a_program_and_the_next_run_gets_a_fresh_one(self):
        sandbox = self.shared('''
            import atexit, os
            if 'calls' not in globals():
                calls = 0
                atexit.register(lambda: print('exit after', calls))
            calls += 1
            open('/tmp/left', 'a').close()
            class Last:
                def __del__(self):
                    os.write(1, b'torn down')
            last = last if 'last' in globals() else Last()
            if event == 'exit':
                raise SystemExit(3)
            if event == '_exit':
                os._exit(4)
            if event == 'kill':
                os.kill(os.getpid(), 9)
            return [calls, sorted(os.listdir('/tmp'))]
            ''')
        for event, told, printed in (('exit', (3, None), 'exit after 2\ntorn down'), ('_exit', (4, None), ''), ('kill', (None, 9), '')):
            self.assertEqual(self.payload('V', sandbox.run()), [1, ['left', 'script.py']])
            outcome = sandbox.run(event)
            self.assert_no_result(outcome)
            self.assertEqual((outcome.exit, outcome.stdout), (told, printed))
        self.assertEqual(self.payload('V', sandbox.run()), [1, ['left', 'script.py']])

    def test_if_it_is_killed_between_two_runs_it_is_replaced(self):
        sandbox = self.shared(self.COUNT + 'return calls')
        self.assertEqual(self.payload('V', sandbox.run()), 1)
        [process] = sandbox.children(sandbox.zygote_pid)
        os.kill(process, signal.SIGKILL)
        with open(f'/proc/{process}/stat') as stat:
            self.wait_until(lambda: stat.seek(0) == 0 and ') Z' in stat.read())
        self.assertEqual(self.payload('V', sandbox.run()), 1)

    def test_threads_stand_still_between_two_runs(self):
        sandbox = self.shared('''
            import threading, time
            if 'ticks' not in globals():
                ticks = []
                def tick():
                    while True:
                        time.sleep(0.001)
                        ticks.append(time.monotonic())
                threading.Thread(target=tick, daemon=True).start()
            enough = len(ticks) + 3
            while len(ticks) < enough:
                time.sleep(0.001)
            return max(later - sooner for sooner, later in zip(ticks, ticks[1:]))
            ''')
        self.payload('V', sandbox.run())
        time.sleep(0.5)
        self.assertGreater(self.payload('V', sandbox.run()), 0.4)

    def test_a_signal_between_two_runs_is_handled_in_the_next(self):
        sandbox = self.shared('''
            import signal
            if 'handled' not in globals():
                handled = []
                def handle(number, frame):
                    handled.append(1)
                signal.signal(signal.SIGUSR1, handle)
            return len(handled)
            ''')
        self.assertEqual(self.payload('V', sandbox.run('')), 0)
        for number in range(2):
            self.wait_until(lambda: self.blocks_signals(sandbox))
            os.kill(sandbox.children(sandbox.zygote_pid)[0], signal.SIGUSR1)
            self.assertEqual(self.payload('V', sandbox.run('')), number + 1)

    def test_tasks_and_timers_go_on_in_the_next_run(self):
        sandbox = self.shared('''
            import asyncio
            if 'steps' not in globals():
                steps, gate = [], asyncio.Event()
                async def work():
                    steps.append('begun')
                    await gate.wait()
                    steps.append('done')
                task = asyncio.create_task(work())
                asyncio.get_running_loop().call_later(0.001, steps.append, 'timer')
                await asyncio.sleep(0)
                return steps[0]
            gate.set()
            await task
            while 'timer' not in steps:
                await asyncio.sleep(0.001)
            return sorted(steps)
            ''')
        self.assertEqual(self.payload('V', sandbox.run()), 'begun')
        self.assertEqual(self.payload('V', sandbox.run()), ['begun', 'done', 'timer'])

    def test_an_exit_while_awaiting_is_reported(self):
        sandbox = self.shared('import asyncio\nawait asyncio.sleep(0)\nif event == "exit":\n  raise SystemExit(7)\nreturn 1')
        self.assertEqual(self.payload('V', sandbox.run()), 1)
        outcome = sandbox.run('exit')
        self.assert_no_result(outcome)
        self.assertEqual(outcome.exit, (7, None))
        self.assertEqual(self.payload('V', sandbox.run()), 1)

    def test_output_before_the_result_comes_before_it(self):
        sandbox = self.shared('import sys\nprint("x" * event, end="")\nprint("e", end="", file=sys.stderr)\nreturn event')
        for size in (0, 1, 100_000, 5):
            outcome = sandbox.run(size)
            self.assertEqual((self.payload('V', outcome), outcome.stdout, outcome.stderr), (size, 'x' * size, 'e'))

    def test_output_between_two_runs_belongs_to_the_next(self):
        sandbox = self.shared('return 1')
        outcome = sandbox.run()
        [process] = sandbox.children(sandbox.zygote_pid)
        self.wait_until(lambda: self.blocks_signals(sandbox))
        with open(f'/proc/{process}/fd/1', 'wb', buffering=0) as stdout:
            stdout.write(b'between')
        self.assertEqual((outcome.stdout, sandbox.run().stdout, sandbox.run().stdout), ('', 'between', ''))

    def test_processes_that_it_starts_live_as_long_as_it_does(self):
        sandbox = self.shared('''
            import subprocess
            if 'child' not in globals():
                child = subprocess.Popen(['sleep', '1000'], start_new_session=True)
            if event == 'exit':
                raise SystemExit
            import os
            return [child.poll(), len([name for name in os.listdir('/proc') if name.isdigit()])]
            ''')
        for event in (1, 2):
            self.assertEqual(self.payload('V', sandbox.run(event)), [None, 3])
        sandbox.run('exit')
        self.wait_until(lambda: len(sandbox.children(sandbox.zygote_pid)) == 1)
        self.assertEqual(self.payload('V', sandbox.run(3)), [None, 3])

    def test_processes_that_it_starts_have_neither_its_orders_nor_its_result(self):
        sandbox = self.shared('''
            import os, subprocess
            listed = subprocess.run(['ls', '/proc/self/fd'], stdout=subprocess.PIPE, close_fds=False).stdout.split()
            read, write = os.pipe()
            if os.fork() == 0:
                os.write(write, ' '.join(os.listdir('/proc/self/fd')).encode())
                os._exit(0)
            os.wait()
            forked = os.read(read, 1000).split()
            os.close(read), os.close(write)
            return [[int(number) for number in numbers if int(number) > 100] for numbers in (listed, forked)]
            ''')
        for _ in range(2):
            self.assertEqual(self.payload('V', sandbox.run()), [[], []])

    def test_a_fork_that_runs_to_its_end_takes_no_order_and_sends_no_result(self):
        sandbox = self.shared(self.COUNT + '''
import os
pid = os.fork()
if pid == 0 and event == 'raise':
    raise ValueError
if pid:
    os.waitpid(pid, 0)
    return calls
''')
        for number, event in enumerate(('', 'raise', '')):
            outcome = sandbox.run(event)
            self.assertEqual(self.payload('V', outcome), number + 1)
            self.assertEqual('ValueError' in outcome.stderr, event == 'raise')

    def test_bytes_on_the_result_pipe_between_two_runs_are_no_result(self):
        sandbox = self.shared('return event')
        for number in range(3):
            self.assertEqual(self.payload('V', sandbox.run(number)), number)
            self.wait_until(lambda: self.blocks_signals(sandbox))
            [process] = sandbox.children(sandbox.zygote_pid)
            with open(f'/proc/{process}/fd/1023', 'wb', buffering=0) as result:
                result.write(b'V' + (7).to_bytes(4, 'little') + b'"forge"')

    def test_if_it_dies_right_after_its_result_it_is_replaced(self):
        sandbox = self.shared(self.COUNT + '''
import os
if event == 'die':
    os.write(1023, b'V' + (1).to_bytes(4, 'little') + b'1')
    os._exit(0)
return calls
''')
        for _ in range(5):
            self.assertEqual(self.payload('V', sandbox.run()), 1)
            [process] = sandbox.children(sandbox.zygote_pid)
            self.assertEqual(self.payload('V', sandbox.run('die')), 1)
            self.wait_until(lambda: process not in sandbox.children(sandbox.zygote_pid) or self.is_dead(sandbox))

    def test_if_it_closes_the_pipe_of_its_orders_it_is_replaced(self):
        for damage in ('os.close(1022)', 'os.dup2(0, 1022)'):
            with self.subTest(damage=damage):
                sandbox = self.shared(self.COUNT + f'import os\nif event == "damage":\n  {damage}\nreturn calls')
                self.assertEqual(self.payload('V', sandbox.run()), 1)
                [process] = sandbox.children(sandbox.zygote_pid)
                self.assertEqual(self.payload('V', sandbox.run('damage')), 2)
                self.wait_until(lambda: process not in sandbox.children(sandbox.zygote_pid) or self.is_dead(sandbox))
                self.assertEqual(self.payload('V', sandbox.run()), 1)

    def test_a_check_gets_a_fresh_child_and_so_does_the_run_after_it(self):
        sandbox = self.shared(self.COUNT + 'print("ran")\nreturn calls')
        self.assert_nothing_returned(sandbox.check())
        self.assertEqual([self.payload('V', sandbox.run()) for _ in range(2)], [1, 2])
        outcome = sandbox.check()
        self.assert_nothing_returned(outcome)
        self.assertEqual(outcome.stdout, '')
        self.assertEqual(self.payload('V', sandbox.run()), 1)

    def test_a_source_that_does_not_compile_fails_each_time(self):
        sandbox = self.shared('x = (')
        for request in (sandbox.run, sandbox.check, sandbox.run):
            self.assertEqual(self.payload('S', request())['line'], 1)

    def test_an_event_that_is_not_json_is_an_error_of_this_run_only(self):
        sandbox = self.shared(self.COUNT + 'return calls')
        self.assertEqual(self.payload('V', sandbox.run()), 1)
        sandbox.send(RUN, b'{')
        self.assertEqual(self.payload('E', sandbox.outcome())['name'], 'ValueError')
        self.assertEqual(self.payload('V', sandbox.run()), 2)

    def test_end_reports_what_this_run_has_used(self):
        sandbox = self.shared('''
            import time
            if event == 'work':
                end = time.process_time() + 0.2
                while time.process_time() < end:
                    pass
            if event == 'exit':
                raise SystemExit
            return 1
            ''')
        used = {}
        for event in ('work', '', 'exit'):
            end = sandbox.run(event).end
            self.assertEqual(set(end), {'exitCode', 'signal', 'cpuMicroseconds', 'maxRssBytes', 'last'})
            self.assertIs(end['last'], False)
            self.assertGreater(end['maxRssBytes'], 1 << 20)
            used[event] = end['cpuMicroseconds']
        self.assertGreaterEqual(used['work'], 200_000)
        self.assertLess(used[''], 200_000)
        self.assertLess(used['exit'], 200_000)

    def test_three_hundred_runs_leak_no_descriptor(self):
        sandbox = self.shared('import os\nif event % 20 == 19:\n  os._exit(0)\nreturn len(os.listdir("/proc/self/fd"))', open_files=24)
        for number in range(300):
            outcome = sandbox.run(number)
            if number % 20 != 19:
                self.assertEqual(self.payload('V', outcome), 6)
        self.assertEqual(sandbox.stderr, '')

    def is_dead(self, sandbox):
        return self.status(sandbox)['State'].startswith('Z')

    def blocks_signals(self, sandbox):
        return int(self.status(sandbox)['SigBlk'], 16) >> (signal.SIGUSR1 - 1) & 1

    def status(self, sandbox):
        """The pid of the child that serves."""
        [process] = sandbox.children(sandbox.zygote_pid)
        return dict(line.split(':\t', 1) for line in Path(f'/proc/{process}/status').read_text().splitlines())
