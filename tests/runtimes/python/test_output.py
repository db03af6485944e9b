from pathlib import Path

from .case import ZygoteCase, in_every_start, script
from .frames import END, RUN, RESULT, STDERR, STDOUT

CHUNK = 64 << 10


@in_every_start
class Output(ZygoteCase):
    def test_stdout_and_stderr_are_apart(self):
        outcome = self.run_script('import sys\nprint("out é")\nprint("err é", file=sys.stderr)')
        self.assertEqual((outcome.stdout, outcome.stderr), ('out é\n', 'err é\n'))

    def test_a_line_goes_out_when_it_ends(self):
        sandbox = self.program('print("first")\nimport sys\nprint("second", file=sys.stderr)\nimport signal\nsignal.pause()')
        sandbox.send(RUN, '{}')
        self.assertEqual([sandbox.next(), sandbox.next()], [(STDOUT, b'first\n'), (STDERR, b'second\n')])

    def test_it_is_binary_safe(self):
        every_byte = bytes(range(256))
        outcome = self.run_script('import sys\nsys.stdout.buffer.write(bytes(range(256)))\nsys.stderr.buffer.write(bytes(range(256)))')
        self.assertEqual((outcome.bytes_of(STDOUT), outcome.bytes_of(STDERR)), (every_byte, every_byte))

    def test_it_may_come_from_child_processes(self):
        outcome = self.run_script(r'import subprocess; subprocess.run(["sh", "-c", "printf \"\\377x\"; printf y >&2"])')
        self.assertEqual((outcome.bytes_of(STDOUT), outcome.bytes_of(STDERR)), (b'\xffx', b'y'))

    def test_printing_surrogates_does_not_raise(self):
        outcome = self.run_script(r'print("a\udcffb\ud800c")' + '\nimport sys\n' + r'print("\ud800", file=sys.stderr)' + '\nreturn 1')
        self.assertEqual(self.payload('V', outcome), 1)
        self.assertEqual((outcome.bytes_of(STDOUT), outcome.bytes_of(STDERR)), (b'a\xffb?c\n', b'\\ud800\n'))

    def test_a_line_of_a_megabyte_arrives_in_frames_of_at_most_64_kibibytes(self):
        outcome = self.run_script('import sys\nfor stream in (sys.stdout, sys.stderr): stream.write("x" * (1 << 20) + "\\n")')
        for kind in (STDOUT, STDERR):
            self.assertEqual(outcome.bytes_of(kind), b'x' * (1 << 20) + b'\n')
        sizes = [len(payload) for _, payload in outcome.frames[:-1]]
        self.assertLessEqual(max(sizes), CHUNK)
        self.assertGreaterEqual(min(sizes), 1)

    def test_many_lines_arrive_in_order(self):
        outcome = self.run_script('''
            import sys
            for number in range(20_000):
                print('line', number)
                if number % 100 == 0:
                    print('error', number, file=sys.stderr)
            return 'done'
            ''')
        self.assertEqual(outcome.stdout, ''.join(f'line {number}\n' for number in range(20_000)))
        self.assertEqual(outcome.stderr, ''.join(f'error {number}\n' for number in range(0, 20_000, 100)))

    def test_the_order_of_both_streams_is_kept(self):
        for start in ('process', 'shared', 'sandbox'):
            sandbox = self.sandbox()
            sandbox.bind(script('''
                import sys
                for number in range(100):
                    print('out', number, file=sys.stdout)
                    print('err', number, file=sys.stderr)
                    if number % 3 == 0:
                        print('err again', number, file=sys.stderr)
                print('last', end='')
                sys.stdout.flush()
                print('of all', file=sys.stderr)
                '''), isolation=start)
            outcome = sandbox.run()
            expected = ''.join(f'out {number}\nerr {number}\n' + f'err again {number}\n' * (number % 3 == 0) for number in range(100))
            printed = b''.join(payload for kind, payload in outcome.frames if kind in (STDOUT, STDERR)).decode()
            self.assertEqual(printed, expected + 'lastof all\n')

    def test_no_write_waits_long_for_the_order_of_the_streams(self):
        outcome = self.run_script('''
            import os, subprocess, sys
            read, write = os.pipe()
            os.dup2(write, 1)
            for number in range(3):
                print('out', number)
                print('err', number, file=sys.stderr)
            os.close(1)
            print('closed', file=sys.stderr)
            return os.read(read, 100).decode()
            ''')
        self.assertEqual((self.payload('V', outcome), outcome.stderr), ('out 0\nout 1\nout 2\n', 'err 0\nerr 1\nerr 2\nclosed\n'))

    def test_a_stream_that_the_script_installs_is_flushed_too(self):
        outcome = self.run_script('''
            import sys
            sys.stdout = open('/dev/stdout', 'w')
            print('through another', end='')
            ''')
        self.assert_nothing_returned(outcome)
        self.assertEqual(outcome.stdout, 'through another')

    def test_odd_streams_of_the_script_do_no_harm(self):
        sandbox = self.program('''
            import dataclasses, sys
            @dataclasses.dataclass
            class Stream:
                written: str = ''
            print('before', end='')
            sys.stdout = sys.stderr = eval(event[0])
            if event[1] == 'return':
                return 1
            exec(event[1])
            ''')
        for stream in ('None', '[]', '5', 'Stream()', 'type("Stream", (), {"flush": lambda self: 1 / 0})()'):
            for end, kind in (('return', 'V'), ('', 'N'), ('1 / 0', 'E'), ('sys.exit(3)', None)):
                with self.subTest(stream=stream, end=end):
                    outcome = sandbox.run([stream, end])
                    self.assertEqual((outcome.stdout, outcome.result and outcome.result.kind), ('before', kind))
                    if kind is None:
                        self.assertEqual(outcome.exit, (3, None))

    def test_standard_input_is_empty(self):
        self.assertEqual(self.value('import os, sys\nreturn [sys.stdin.read(), os.readlink("/proc/self/fd/0")]'), ['', '/dev/null'])


class BackPressure(ZygoteCase):
    def test_a_script_stalls_while_the_server_does_not_read_and_then_goes_on(self):
        size = 64 << 20
        sandbox = self.program(f'''
            import sys
            line = 'x' * 1023
            for _ in range({size} // 1024):
                print(line)
            return 'done'
            ''')
        sandbox.send(RUN, '{}')
        zygote = sandbox.zygote_pid
        received = 0
        while received < 1 << 20:
            received += len(sandbox.next()[1])
        before = _resident(zygote)
        self.wait_until(lambda: _stand_still(zygote, sandbox.children(zygote)[0]))
        self.assertLess(_resident(zygote) - before, 1 << 20)
        message = b''
        while (found := sandbox.next())[0] != END:
            received += len(found[1]) if found[0] == STDOUT else 0
            message += found[1] if found[0] == RESULT else b''
        self.assertEqual((received, message), (size, b'V\x06\x00\x00\x00"done"'))
        self.assertLess(_resident(zygote) - before, 1 << 20)


def _stand_still(zygote, script):
    """Whether both slept at the same moment. Then only a reader of the frames can wake them, because a zygote that has
    something to read does not sleep in its poll."""
    before = _switches(script)
    return _state(script) == 'S' and _state(zygote) == 'S' and _state(script) == 'S' and before == _switches(script)


def _status(pid, name):
    lines = Path(f'/proc/{pid}/status').read_text().splitlines()
    return next(line.split()[1] for line in lines if line.startswith(name + ':'))


def _state(pid):
    return _status(pid, 'State')


def _switches(pid):
    return _status(pid, 'voluntary_ctxt_switches'), _status(pid, 'nonvoluntary_ctxt_switches')


def _resident(pid):
    return int(_status(pid, 'VmRSS')) << 10
