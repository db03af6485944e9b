import os

from .case import ZygoteCase, script
from .frames import FILE, FILE_BYTES, OUT, RESULT
from .sandbox import Sandbox, ZygoteEnded

SEEN = """
    import os
    seen = {}
    for name in sorted(os.listdir('/tmp/in')) if os.path.isdir('/tmp/in') else ():
        with open(f'/tmp/in/{name}', 'rb') as file:
            seen[name] = file.read().hex()
    return [seen, sorted(os.listdir('/tmp'))]
    """
LIMITS = {'files': 3, 'bytes': 1000}


class Given(ZygoteCase):
    """The files that a call brings."""

    def bound(self, source, isolation='process', **options):
        sandbox = self.sandbox()
        sandbox.bind(script(source), isolation=isolation, **options)
        return sandbox

    def seen(self, sandbox):
        return self.payload('V', sandbox.run())

    def test_they_belong_to_the_run_that_they_come_before_and_to_no_other(self):
        sandbox = self.bound(SEEN)
        big = os.urandom(3 << 20)
        sandbox.give('ä b.csv', b'1,2\n')
        sandbox.give('empty', b'')
        sandbox.give('big', big)
        self.assertEqual(self.seen(sandbox), [{'ä b.csv': b'1,2\n'.hex(), 'empty': '', 'big': big.hex()}, ['in', 'out', 'script.py']])
        sandbox.give('other', b'x')
        self.assertEqual(self.seen(sandbox), [{'other': b'x'.hex()}, ['in', 'out', 'script.py']])
        self.assertEqual(self.seen(sandbox), [{}, ['script.py']])

    def test_they_reach_the_child_that_was_forked_before_its_program(self):
        sandbox = self.sandbox()
        self.wait_until(lambda: sandbox.children(sandbox.zygote_pid))
        sandbox.bind(script(SEEN), isolation='sandbox')
        sandbox.give('a', b'1')
        self.assertEqual(self.seen(sandbox)[0], {'a': b'1'.hex()})

    def test_the_script_may_change_and_remove_them(self):
        sandbox = self.bound("""
            import os, shutil, stat
            modes = [oct(stat.S_IMODE(os.stat(path).st_mode)) for path in ('/tmp/in', '/tmp/in/a', '/tmp/out')]
            open('/tmp/in/a', 'a').write('more')
            text = open('/tmp/in/a').read()
            shutil.rmtree('/tmp/in')
            return [modes, text]
            """)
        for _ in range(2):
            sandbox.give('a', b'1')
            self.assertEqual(self.seen(sandbox), [['0o755', '0o644', '0o755'], '1more'])

    def test_a_name_that_leaves_the_folder_breaks_the_protocol(self):
        for name in (b'..', b'.', b'', b'../a', b'a/b', b'/etc/a', b'a\0b', b'x' * 256):
            with self.subTest(name):
                sandbox = self.bound(SEEN)
                sandbox.send(FILE, name)
                with self.assertRaises(ZygoteEnded) as ended:
                    sandbox.run()
                self.assertEqual(ended.exception.status, 70)

    def test_bytes_without_a_file_and_files_of_a_shared_process_break_the_protocol(self):
        for isolation, kind in (('process', FILE_BYTES), ('shared', FILE)):
            with self.subTest(isolation):
                sandbox = self.bound(SEEN, isolation)
                sandbox.send(kind, b'a')
                with self.assertRaises(ZygoteEnded) as ended:
                    sandbox.run()
                self.assertEqual(ended.exception.status, 70)

    def test_those_that_do_not_fit_end_the_zygote(self):
        sandbox = Sandbox(extra=('--size', '65536', '--tmpfs', '/tmp'))
        self.addCleanup(sandbox.close)
        sandbox.bind('return 1')
        sandbox.give('big', bytes(1 << 20))
        with self.assertRaises(ZygoteEnded) as ended:
            sandbox.run()
        self.assertIn('No space left', ended.exception.stderr)


class Left(ZygoteCase):
    """The files that a run gives back."""

    def outcome(self, source, isolation='process', out=LIMITS, **options):
        """Of the second run, so that it is seen what the first one has left."""
        sandbox = self.sandbox(**options)
        sandbox.bind('import os\n' + script(source), isolation=isolation, **({} if out is None else {'out': out}))
        if isolation == 'process':
            sandbox.run()
        return sandbox.run()

    def refusal(self, source):
        outcome = self.outcome(f"""
            os.mkdir('/tmp/out')
            os.chdir('/tmp/out')
            {source}
            return 1
            """)
        self.assertEqual(outcome.files, {})
        self.assertEqual(outcome.result.value, 1)
        return outcome.refused

    def test_they_come_after_the_result_which_is_announced(self):
        for isolation in ('process', 'sandbox'):
            with self.subTest(isolation):
                outcome = self.outcome("""
                    os.mkdir('/tmp/out')
                    open('/tmp/out/a.txt', 'w').write('a')
                    open('/tmp/out/ä b', 'w').close()
                    print('printed')
                    return 1
                    """, isolation)
                self.assertEqual(outcome.files, {b'a.txt': b'a', 'ä b'.encode(): b''})
                kinds = [kind for kind, _ in outcome.frames]
                self.assertLess(kinds.index(OUT), kinds.index(RESULT))
                self.assertEqual(kinds.count(OUT), 1)

    def test_a_run_that_makes_no_folder_is_not_announced(self):
        self.assertEqual([kind for kind, _ in self.outcome('return 1').frames], [RESULT])

    def test_a_large_file_comes_in_pieces(self):
        outcome = self.outcome("""
            os.mkdir('/tmp/out')
            with open('/tmp/out/big', 'wb') as big:
                for number in range(1000):
                    big.write(number.to_bytes(4, 'little') * 1000)
            return 1
            """, out={'files': 1, 'bytes': 4_000_000})
        self.assertEqual(outcome.files[b'big'], b''.join(number.to_bytes(4, 'little') * 1000 for number in range(1000)))

    def test_a_script_that_returns_nothing_or_exits_well_gives_them_back_too(self):
        for end in ('pass', 'raise SystemExit(0)', 'os._exit(0)'):
            with self.subTest(end):
                outcome = self.outcome(f"os.mkdir('/tmp/out'); open('/tmp/out/a', 'w').write('a')\n{end}")
                self.assertEqual(outcome.files, {b'a': b'a'})

    def test_a_script_that_fails_gives_back_none(self):
        for end in ('raise ValueError', 'raise SystemExit(1)', 'os.abort()', 'os._exit(3)'):
            with self.subTest(end):
                outcome = self.outcome(f"os.mkdir('/tmp/out'); open('/tmp/out/a', 'w').write('a')\n{end}")
                self.assertEqual((outcome.files, outcome.refused), ({}, None))

    def test_a_program_without_limits_and_a_shared_process_give_back_none(self):
        source = "os.makedirs('/tmp/out', exist_ok=True); open('/tmp/out/a', 'w').write('a')\nreturn 1"
        self.assertEqual([kind for kind, _ in self.outcome(source, out=None).frames], [RESULT])
        self.assertEqual([kind for kind, _ in self.outcome(source, 'shared').frames], [RESULT])

    def test_what_is_no_plain_file_is_refused_by_name(self):
        for source, kind in (
                ("os.symlink('/etc/passwd', 'x')", 'x is a symbolic link'), ("os.mkfifo('x')", 'x is a named pipe'),
                ("os.mkdir('x')", 'x is a folder'),
                ("import socket; socket.socket(socket.AF_UNIX).bind('x')", 'x is a socket')):
            with self.subTest(kind):
                self.assertEqual(
                    self.refusal(source), {'over': False, 'detail': f'/tmp/out/{kind}; only plain files are given back.'})
        self.assertIn('not valid UTF-8', self.refusal(r"open(b'\xff', 'w').close()")['detail'])

    def test_a_folder_that_is_none_is_refused(self):
        for source, kind in (("os.symlink('/etc', '/tmp/out')", 'a symbolic link'), ("open('/tmp/out', 'w').close()", 'a file')):
            with self.subTest(kind):
                outcome = self.outcome(f'{source}\nreturn 1')
                self.assertEqual(outcome.refused, {'over': False, 'detail': f'/tmp/out is {kind}, and no folder.'})

    def test_too_much_is_refused_at_its_limit(self):
        self.assertEqual(
            self.refusal("[open(str(number), 'w').close() for number in range(4)]"),
            {'over': True, 'detail': '/tmp/out has more than 3 files (faas.sandbox.out-files).'})
        self.assertEqual(
            self.refusal("os.truncate(os.open('giant', os.O_CREAT | os.O_RDWR), 1 << 40)"),
            {'over': True, 'detail': 'With /tmp/out/giant, /tmp/out has more than 1000 bytes (faas.sandbox.out-limit).'})

    def test_a_hundred_thousand_files_cost_no_more_than_a_look(self):
        self.assertTrue(self.refusal("[os.close(os.open(str(number), os.O_CREAT)) for number in range(100_000)]")['over'])

    def test_modes_and_hard_links_do_not_matter(self):
        outcome = self.outcome("""
            os.mkdir('/tmp/out')
            open('/tmp/out/a', 'w').write('a')
            os.link('/tmp/out/a', '/tmp/out/b')
            os.chmod('/tmp/out/a', 0)
            os.chmod('/tmp/out', 0)
            return 1
            """)
        self.assertEqual(outcome.files, {b'a': b'a', b'b': b'a'})

    def test_what_a_process_that_is_left_does_to_them_does_not_matter(self):
        outcome = self.outcome("""
            os.mkdir('/tmp/out')
            open('/tmp/out/a', 'w').write('a')
            if os.fork() == 0:
                while True:
                    with open('/tmp/out/growing', 'a') as growing:
                        growing.write('x')
                    os.rename('/tmp/out/growing', '/tmp/out/other')
                    os.rename('/tmp/out/other', '/tmp/out/growing')
            return 1
            """, out={'files': 3, 'bytes': 1 << 30})
        self.assertEqual(outcome.files[b'a'], b'a')
        self.assertIsNone(outcome.refused)

    def test_a_tmp_without_rights_hides_them_and_harms_nothing(self):
        for before in ('', "os.mkdir('/tmp/out'); open('/tmp/out/a', 'w').close(); "):
            with self.subTest(before):
                outcome = self.outcome(f"{before}os.chmod('/tmp', 0)\nreturn 'left'")
                self.assertEqual((outcome.result.value, outcome.files, outcome.refused), ('left', {}, None))

    def test_a_process_that_is_left_and_removes_the_folder_harms_nothing(self):
        outcome = self.outcome("""
            os.mkdir('/tmp/out')
            if os.fork() == 0:
                while True:
                    for change in (os.rmdir, os.mkdir):
                        try:
                            change('/tmp/out')
                        except OSError:
                            pass
            return 1
            """)
        self.assertEqual((outcome.result.value, outcome.files), (1, {}))
