from .case import ZygoteCase


class ScriptFile(ZygoteCase):
    """The file whose name is in `__file__`."""

    def test_it_has_the_text_and_is_read_only(self):
        source = ('import os\nwith open(__file__) as file: text = file.read()\n'
                  'return [text, __file__, oct(os.stat(__file__).st_mode)]  # é\n')
        for isolation in ('process', 'shared', 'sandbox'):
            with self.subTest(isolation=isolation):
                sandbox = self.sandbox()
                sandbox.bind(source, isolation=isolation)
                self.assertEqual(self.payload('V', sandbox.run()), [source, '/tmp/script.py', '0o100444'])
        self.assertEqual(self.error('open(__file__, "w")')['name'], 'PermissionError')

    def test_every_run_finds_it_unchanged_whatever_an_earlier_run_has_done_to_it(self):
        # The second and the third run come before and after the file's times have left the tick of the clock in which it was written.
        for attack in ('os.unlink(__file__)', 'os.rename(__file__, "/tmp/other")', 'os.chmod(__file__, 0)',
                       'os.chmod(__file__, 0o644)\nos.truncate(__file__, 0)\nos.chmod(__file__, 0o444)',
                       'os.unlink(__file__)\nos.mkdir(__file__)', 'os.unlink(__file__)\nos.symlink("/etc/passwd", __file__)',
                       'os.link(__file__, "/tmp/other")', 'os.unlink(__file__)\nopen(__file__, "w").write("x" * len(text))',
                       'os.chmod(__file__, 0o644)\nopen(__file__, "r+").write("x" * len(text))\nos.chmod(__file__, 0o444)',
                       'os.chmod(__file__, 0o644)\nstat = os.stat(__file__)\nopen(__file__, "r+").write("x" * len(text))\n'
                       'os.utime(__file__, ns=(stat.st_atime_ns, stat.st_mtime_ns))\nos.chmod(__file__, 0o444)'):
            with self.subTest(attack=attack):
                source = ('import os, time\nwith open(__file__) as file: text = file.read()\n'
                          f'seen = [os.listdir("/tmp"), text, os.stat(__file__).st_mode]\n'
                          f'if event: time.sleep(0.02)\n{attack}\nreturn seen')
                sandbox = self.program(source)
                for event in (0, 1, 0, 0):
                    self.assertEqual(self.payload('V', sandbox.run(event)), [['script.py'], source, 0o100444])

    def test_a_file_that_does_not_fit_is_left_out(self):
        sandbox = self.program('# ' + 'x' * (2 << 20) + '\nimport os\nopen("/tmp/a", "w").close()\nreturn os.listdir("/tmp")',
                               extra=['--size', str(1 << 20), '--tmpfs', '/tmp'])
        for _ in range(2):
            self.assertEqual(self.payload('V', sandbox.run()), ['a'])

    def test_multiprocessing_can_start_it_again(self):
        for method in ('spawn', 'forkserver'):
            for isolation in ('process', 'sandbox'):
                with self.subTest(method=method, isolation=isolation):
                    sandbox = self.sandbox()
                    sandbox.bind('import multiprocessing\ndef square(n):\n  return n * n\nif __name__ == "__main__":\n'
                                 f'  with multiprocessing.get_context("{method}").Pool(1) as pool:\n'
                                 '    print(pool.map(square, [1, 2, 3]))\n', isolation=isolation)
                    outcome = sandbox.run()
                    self.assert_nothing_returned(outcome)
                    self.assertEqual((outcome.stdout, outcome.stderr), ('[1, 4, 9]\n', ''))

    def test_its_source_can_be_inspected(self):
        self.assertEqual(self.value('''
            import inspect, linecache, os, sys
            def f():
                return 1
            class C:
                pass
            os.chdir('/')
            return [inspect.getsource(f), inspect.getsource(C), inspect.getsource(sys.modules['__main__'])[:13],
                    linecache.getline(__file__, 2), inspect.getfile(sys.modules['__main__'])]
            '''), ['def f():\n    return 1\n', 'class C:\n    pass\n', 'import inspec', 'def f():\n', '/tmp/script.py'])
