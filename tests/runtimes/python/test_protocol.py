import json
import sys

from .case import ZygoteCase
from .frames import CHECK, END, RUN, PROGRAM, READY, frame, header
from .sandbox import ZygoteEnded

A_PROGRAM = frame(PROGRAM, json.dumps({'filename': 'script.py', 'source': 'return event', 'sourceMap': None}))


class Protocol(ZygoteCase):
    def assert_ends(self, received, status, frames=()):
        """Fails unless the zygote ends with 70, having sent only complete frames of these types."""
        with self.subTest(received=received[:40]):
            sandbox = self.sandbox()
            sandbox.send_bytes(received)
            sandbox.end_input()
            kinds = []
            with self.assertRaises(ZygoteEnded) as caught:
                while True:
                    kinds.append(sandbox.next()[0])
            self.assertEqual((caught.exception.status, tuple(kinds)), (status, tuple(frames)), caught.exception.stderr)
            return caught.exception.stderr

    def test_ready_names_the_runtime_and_its_version(self):
        sandbox = self.sandbox()
        version = '.'.join(str(number) for number in sys.version_info[:3])
        self.assertEqual(sandbox.ready, {'protocol': 1, 'runtime': 'python', 'version': version})

    def test_the_end_of_its_input_ends_the_zygote_silently(self):
        for received, frames in ((b'', []), (A_PROGRAM, []), (A_PROGRAM + frame(CHECK), [0x84, END]),
                                 (A_PROGRAM + frame(RUN, '1'), [0x84, END])):
            self.assertEqual(self.assert_ends(received, 0, frames), '')

    def test_a_frame_of_unknown_type_is_a_broken_peer(self):
        for kind in (0x00, 0x04, 0x42, READY, END, 0xff):
            self.assertIn(f'{kind:#04x}', self.assert_ends(header(kind, 0), 70))
            self.assert_ends(A_PROGRAM + header(kind, 0), 70)

    def test_a_frame_over_its_limit_is_a_broken_peer_before_its_payload_comes(self):
        self.assert_ends(header(PROGRAM, (32 << 20) + 1), 70)
        self.assert_ends(A_PROGRAM + header(RUN, (8 << 20) + 1), 70)
        self.assert_ends(A_PROGRAM + header(CHECK, 1), 70)
        self.assert_ends(header(PROGRAM, 0xffffffff), 70)

    def test_a_frame_out_of_turn_is_a_broken_peer(self):
        self.assert_ends(frame(RUN, '1'), 70)
        self.assert_ends(frame(CHECK), 70)
        self.assert_ends(A_PROGRAM + A_PROGRAM, 70)

    def test_a_frame_that_is_cut_off_is_a_broken_peer(self):
        self.assert_ends(b'\x01\x02', 70)
        self.assert_ends(A_PROGRAM[:-1], 70)
        self.assert_ends(A_PROGRAM + frame(RUN, '123')[:-1], 70)

    def test_a_malformed_program_is_a_broken_peer(self):
        for payload in ('', '{x}', '[]', '1', 'null', '"source"', '{}', '{"filename": "a.py"}', '{"filename": 1, "source": ""}',
                        '{"filename": "a.py", "source": null}', b'{"filename": "\xff", "source": ""}', '[' * 100_000, '1' * 5000,
                        *(f'{{"filename": "a.py", "source": "", "env": {env}}}' for env in ('null', '[]', '"A"', '{"A": 1}', '{"A": null}')),
                        '\ufeff{"filename": "a.py", "source": ""}', '{"filename": "a.py", "source": ""} 1'):
            self.assertTrue(self.assert_ends(frame(PROGRAM, payload), 70).startswith('python zygote: BrokenPeer: PROGRAM: '))

    def test_frames_may_come_in_any_pieces(self):
        sandbox = self.sandbox()
        for byte in A_PROGRAM + frame(RUN, '{"a":1}'):
            sandbox.send_bytes(bytes([byte]))
        self.assertEqual(self.payload('V', sandbox.outcome()), {'a': 1})

    def test_orders_may_wait_in_its_input(self):
        sandbox = self.sandbox()
        sandbox.send_bytes(A_PROGRAM + b''.join(frame(RUN, str(number)) for number in range(20)))
        self.assertEqual([self.payload('V', sandbox.outcome()) for _ in range(20)], list(range(20)))

    def test_a_program_of_many_mebibytes_is_taken(self):
        comment = '# ' + 'x' * (20 << 20)
        self.assertEqual(self.value(f'{comment}\nreturn 1'), 1)

    def test_it_ends_with_70_when_its_output_is_closed(self):
        sandbox = self.program('while True: print("x" * 1000)')
        sandbox.send(RUN, '{}')
        sandbox.next()
        self.assertEqual(sandbox.stop_reading_for_ever(), 70)
