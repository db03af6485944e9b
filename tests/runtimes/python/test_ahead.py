import os
import signal
import time
from pathlib import Path

from .case import ZygoteCase, script


class ForkedAhead(ZygoteCase):
    """The child of the next run is forked before its order comes."""

    def program(self, source, **options):
        """Bound once the child that could serve any program exists, so that no test takes it for the script's own child."""
        sandbox = self.sandbox(**options)
        before = self.waiting(sandbox)
        sandbox.bind(script(source))
        self.wait_until(lambda: before not in sandbox.children(sandbox.zygote_pid))
        return sandbox

    def waiting(self, sandbox):
        """Waits until the child exists. Its pid outside the sandbox."""
        self.wait_until(lambda: any(self.has_orders(pid) for pid in sandbox.children(sandbox.zygote_pid)))
        [pid] = sandbox.children(sandbox.zygote_pid)
        self.assertEqual(Path(f'/proc/{pid}/comm').read_text(), 'faas-waiting\n')
        return pid

    def has_orders(self, pid):
        """Whether a process waits for orders, on their pipe: the understudy of a rehearsal does not."""
        return os.path.exists(f'/proc/{pid}/fd/1022')

    def test_it_waits_after_the_program_and_after_each_end(self):
        sandbox = self.program('import os\nreturn os.getpid()')
        waited = [self.waiting(sandbox)]
        for number in range(3):
            status = dict(line.split(':\t', 1) for line in Path(f'/proc/{waited[-1]}/status').read_text().splitlines())
            self.assertEqual(self.payload('V', sandbox.run()), int(status['NSpid'].split()[-1]))
            waited.append(self.waiting(sandbox))
        self.assertEqual(len(set(waited)), 4)

    def test_if_it_dies_while_it_waits_it_is_replaced(self):
        sandbox = self.program('return event')
        for number in range(3):
            waiting = self.waiting(sandbox)
            os.kill(waiting, signal.SIGKILL)
            self.wait_until(lambda: Path(f'/proc/{waiting}/stat').read_text().rsplit(') ', 1)[1].startswith('Z'))
            outcome = sandbox.run(number)
            self.assertEqual((self.payload('V', outcome), outcome.stderr), (number, ''))
        self.assertEqual(sandbox.stderr, '')

    def test_an_event_of_any_length_reaches_it(self):
        sandbox = self.program('return event')
        self.waiting(sandbox)
        for size in (10, 4096, 65536, 65537, 8 << 20):
            text = 'x' * (size - 10)
            self.assertEqual(self.payload('V', sandbox.run(text)), text)

    def test_two_children_share_no_random_number(self):
        sandbox = self.program('''
            import hashlib, os, random, secrets, ssl, tempfile, uuid
            return [random.random(), random.SystemRandom().random(), secrets.token_hex(8), os.urandom(8).hex(),
                    ssl.RAND_bytes(8).hex(), str(uuid.uuid1()), str(uuid.uuid4()), tempfile.mktemp()]
            ''')
        rounds = []
        for _ in range(5):
            self.waiting(sandbox)
            rounds.append(self.payload('V', sandbox.run()))
        for source in zip(*rounds):
            self.assertEqual(len(set(source)), 5, source)

    def test_the_time_of_a_log_counts_from_the_run(self):
        sandbox = self.program('import logging, time\nreturn [logging._startTime, time.time()]')
        self.waiting(sandbox)
        before = time.time()
        started, now = self.payload('V', sandbox.run())
        self.assertLessEqual(before, started)
        self.assertLessEqual(started, now)


class ImportedAhead(ZygoteCase):
    """Standard modules that a script names are loaded before the fork."""

    def test_a_module_that_a_script_names_is_loaded_before_its_first_statement(self):
        for statement, modules in (
                ('import json, re, datetime, decimal, asyncio', ['json', 're', 'datetime', 'decimal', 'asyncio']),
                ('from xml.etree import ElementTree', ['xml.etree.ElementTree']),
                ('from concurrent.futures import ThreadPoolExecutor', ['concurrent.futures.thread']),
                ('try:\n  import sqlite3\nexcept ImportError:\n  sqlite3 = None', ['sqlite3']),
                ('import urllib.request as r, email.message', ['urllib.request', 'email.message']),
                ('def f():\n  import csv', ['csv'])):
            with self.subTest(statement=statement):
                self.assertEqual(self.value(
                    f'import sys\nmissing = [name for name in {modules} if name not in sys.modules]\n{statement}\nreturn missing'), [])

    def test_a_module_that_it_does_not_name_is_not(self):
        self.assertEqual(self.value('import sys\nreturn [name for name in ("decimal", "sqlite3", "ssl") if name in sys.modules]'), [])

    def test_no_statement_of_a_script_runs_before_its_order(self):
        sandbox = self.program('''
            import decimal, os
            print('ran in', os.getpid())
            class Made(decimal.Decimal):
                print('made')
            return os.listdir('/tmp')
            ''')
        self.wait_until(lambda: sandbox.children(sandbox.zygote_pid))
        for _ in range(2):
            outcome = sandbox.run()
            self.assertEqual(self.payload('V', outcome), ['script.py'])
            self.assertRegex(outcome.stdout, r'^ran in [2-9]\d*\nmade\n$|^ran in 1\d+\nmade\n$')
        self.assertEqual(sandbox.stderr, '')

    def test_a_module_that_the_script_wrote_hides_no_standard_one_from_the_zygote(self):
        sandbox = self.program('''
            import os
            with open('/tmp/decimal.py', 'w') as file:
                file.write('print("mine")')
            import decimal
            return decimal.__file__
            ''')
        for _ in range(2):
            outcome = sandbox.run()
            self.assertRegex(self.payload('V', outcome), '^/usr/')
            self.assertEqual(outcome.stdout, '')
