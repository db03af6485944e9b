import base64
import json
import os
import struct
from ctypes import string_at

from . import runtime  # noqa: F401
from .limited import LimitedCase
from faas.mother.calls import CallFailed, Calls, ServerGone, UnknownFunction
from faas.mother.given import Given, NotGiven
from faas.mother.lines import read_lines
from faas.mother.memory import Block, sock_fprog
from faas.mother.orders import Fork, Reap, parse_order, parse_setup
from faas.zygote.frames import BrokenPeer

AT_FDCWD = -100
NOTHING_GIVEN = Given({}, {})


def call(name, *arguments):
    return {'call': name, 'arguments': list(arguments), 'why': f'the reason of {name}'}


def data(content):
    return {'bytes': base64.b64encode(content).decode()}


class PipeCase(LimitedCase):
    """A test with a pipe."""

    def setUp(self):
        self.read_end, self.write_end = os.pipe()
        self.addCleanup(os.close, self.read_end)
        self.addCleanup(self.close_write_end)

    def close_write_end(self):
        if self.write_end is not None:
            os.close(self.write_end)
            self.write_end = None


class CarryingOut(PipeCase):
    def carried_out(self, *calls, given=NOTHING_GIVEN):
        """What the calls have written to the pipe."""
        Calls(calls).carry_out(given)
        return os.read(self.read_end, 1000)

    def test_a_text_is_passed_as_the_address_of_its_utf8_and_a_zero(self):
        self.assertEqual(self.carried_out(call('write', self.write_end, 'süß', 6)), 'süß'.encode() + b'\0')

    def test_bytes_are_passed_as_their_address(self):
        self.assertEqual(self.carried_out(call('write', self.write_end, data(b'a\0\xff'), 3)), b'a\0\xff')

    def test_a_call_takes_what_an_earlier_one_returned(self):
        folder = f'/proc/self/fd/{self.write_end}'
        self.assertEqual(self.carried_out(
            call('prctl', 3),  # PR_GET_DUMPABLE, so that the number below is not that of the first call
            call('openat', AT_FDCWD, folder, os.O_WRONLY),
            call('write', {'was': 1}, 'text', 4),
            call('close', {'was': 1})), b'text')

    def test_a_call_takes_given_values_and_the_length_of_a_text(self):
        given = Given({'map': 'ü 3 1\n', 'descriptor': self.write_end}, {})
        write = call('write', {'given': 'descriptor'}, {'given': 'map'}, {'given': 'map', 'length': True})
        self.assertEqual(self.carried_out(write, given=given), 'ü 3 1\n'.encode())

    def test_a_call_takes_given_bytes(self):
        given = Given({'data': b'\x00\xff'}, {})
        write = call('write', self.write_end, {'given': 'data'}, {'given': 'data', 'length': True})
        self.assertEqual(self.carried_out(write, given=given), b'\x00\xff')

    def test_a_call_may_write_to_what_it_is_given(self):
        os.write(self.write_end, b'new')
        given = Given({'text': 'old text'}, {})
        self.assertEqual(self.carried_out(
            call('read', self.read_end, {'given': 'text'}, 3),
            call('write', self.write_end, {'given': 'text'}, 8), given=given), b'new text')

    def test_missing_arguments_are_zero(self):
        self.assertEqual(self.carried_out(call('write', self.write_end), call('write', self.write_end, 'x', 1)), b'x')

    def test_the_same_calls_can_be_carried_out_again_with_other_values(self):
        calls = Calls([call('write', self.write_end, {'given': 'text'}, {'given': 'text', 'length': True})])
        for text in ('first', 'and second'):
            calls.carry_out(Given({'text': text}, {}))
        self.assertEqual(os.read(self.read_end, 100), b'firstand second')

    def test_the_first_call_that_fails_is_named_and_is_the_last(self):
        with self.assertRaises(CallFailed) as caught:
            Calls([call('close', -1), call('write', self.write_end, 'x', 1)]).carry_out(NOTHING_GIVEN)
        self.assertEqual(str(caught.exception), 'the reason of close: close failed, errno 9')
        os.set_blocking(self.read_end, False)
        self.assertRaises(BlockingIOError, os.read, self.read_end, 1)

    def test_a_read_at_the_end_of_the_file_tells_that_the_server_is_gone(self):
        self.close_write_end()
        self.assertRaises(ServerGone, Calls([call('read', self.read_end, data(bytes(1)), 1)]).carry_out, NOTHING_GIVEN)


class Preparing(LimitedCase):
    def test_a_function_that_is_not_on_the_list_is_named(self):
        for name in ('system', 'execve', 'fork', 'nothing'):
            with self.assertRaisesRegex(UnknownFunction, f'^{name} '):
                Calls([call(name)])

    def test_a_malformed_call_is_refused(self):
        arguments = (
            1.5, None, True, [], {}, {'was': 1}, {'was': -1}, {'was': '0'}, {'bytes': 'x'}, {'bytes': 1}, {'bytes': '', 'more': 1},
            {'given': 1}, {'given': 'a', 'length': 1.5}, {'given': 'a', 'length': False}, {'given': 'a', 'more': True},
            {'given': 'a', 'was': 0})
        for malformed in (
                1, [1], [{}], [{'call': 'close'}], [{'call': 'close', 'arguments': [], 'why': '', 'more': 1}],
                [call('close', *[0] * 7)], [call('syscall', *[0] * 8)],
                *([call('setsid'), call('close', argument)] for argument in arguments)):
            with self.subTest(malformed=malformed):
                self.assertRaises((LookupError, TypeError, ValueError), Calls, malformed)

    def test_a_value_that_no_order_gives_is_found_before_a_call(self):
        for argument, values in (({'given': 'slot'}, {}), ({'given': 'slot', 'length': True}, {'slot': 3})):
            with self.assertRaisesRegex(NotGiven, 'slot'):
                Calls([call('close', argument)]).require(Given(values, {}))
        Calls([call('close', {'given': 'slot'}, {'given': 'map', 'length': True})]).require(Given({'slot': 3, 'map': ''}, {}))

    def test_no_order_replaces_what_the_mother_supplies(self):
        for value in (1, 'text'):
            self.assertEqual(Given({'filter': value}, {'filter': 77}).number('filter'), 77)


class Memory(LimitedCase):
    def test_a_block_is_at_its_address_with_a_zero_behind_it(self):
        for content in (b'', b'x', bytes(range(256)) * 40):
            block = Block(content)
            self.assertEqual((string_at(block.address, len(content) + 1), block.length), (content + b'\0', len(content)))

    def test_blocks_of_the_same_content_are_not_the_same(self):
        one, other = Block(b'x'), Block(b'x')
        self.assertNotEqual(one.address, other.address)

    def test_a_filter_is_a_number_of_instructions_and_their_address(self):
        program = bytes(range(24))
        structure, instructions = sock_fprog(program)
        count, address = struct.unpack('HP', string_at(structure.address, 16))
        self.assertEqual((count, address, string_at(address, 24)), (3, instructions.address, program))


class Lines(PipeCase):
    def test_lines_come_in_any_pieces(self):
        for piece in (b'on', b'e\ntwo\n\nth', b'ree\n'):
            os.write(self.write_end, piece)
        self.close_write_end()
        self.assertEqual(list(read_lines(self.read_end)), [b'one', b'two', b'', b'three'])

    def test_a_line_may_be_long(self):
        line = b'x' * 50_000
        os.write(self.write_end, line + b'\n')
        lines = read_lines(self.read_end)
        self.assertEqual(next(lines), line)

    def test_an_end_inside_a_line_is_a_broken_peer(self):
        os.write(self.write_end, b'one\ntw')
        self.close_write_end()
        lines = read_lines(self.read_end)
        self.assertEqual(next(lines), b'one')
        self.assertRaises(BrokenPeer, next, lines)


class Parsing(LimitedCase):
    SETUP = {'socket': '/tmp/server', 'before': [], 'child': [call('setsid')], 'filter': base64.b64encode(bytes(8)).decode()}

    def test_a_setup_has_a_socket_two_lists_and_a_filter(self):
        setup = parse_setup(json.dumps(self.SETUP).encode())
        self.assertEqual((setup.socket, setup.filter, type(setup.before), type(setup.child)), ('/tmp/server', bytes(8), Calls, Calls))

    def test_a_malformed_setup_is_a_broken_peer(self):
        for change in ({'socket': 1}, {'socket': None}, {'before': 1}, {'before': None}, {'child': [1]}, {'child': [{}]}, {'filter': ''},
                       {'filter': 'AAAA'}, {'filter': 1}, {'filter': 'x'}):
            with self.subTest(change=change):
                self.assertRaises(BrokenPeer, parse_setup, json.dumps({**self.SETUP, **change}).encode())
        for missing in self.SETUP:
            without = {name: value for name, value in self.SETUP.items() if name != missing}
            self.assertRaises(BrokenPeer, parse_setup, json.dumps(without).encode())
        for line in (b'', b'\xff', b'1', b'[' * 100_000):
            self.assertRaises(BrokenPeer, parse_setup, line)

    def test_an_order_is_a_fork_or_a_reap(self):
        fork = parse_order(b'{"fork": "a token", "given": {"slot": 3, "map": "1000 3 1\\n"}}')
        self.assertEqual((type(fork), fork.token, fork.given), (Fork, 'a token', {'slot': 3, 'map': '1000 3 1\n'}))
        self.assertEqual(parse_order(b'{"fork": "a", "given": {"files": {"bytes": "AP8="}}}').given, {'files': b'\x00\xff'})
        self.assertEqual(parse_order(b'{"fork": "a token"}').given, {})
        reap = parse_order(b'{"reap": 17}')
        self.assertEqual((type(reap), reap.pid), (Reap, 17))

    def test_a_malformed_order_is_a_broken_peer(self):
        for order in (
                'fork', None, {}, {'fork': '', 'given': {}}, {'fork': 'a\nb', 'given': {}}, {'fork': 'one', 'given': []},
                {'fork': 'one', 'given': {'slot': None}}, {'fork': 'one', 'given': {'slot': 1.5}}, {'fork': 'one', 'given': {}, 'more': 1},
                {'fork': 'one', 'given': {'slot': True}}, {'fork': 'one', 'given': {'slot': {}}},
                {'fork': 'one', 'given': {'slot': {'bytes': 1}}}, {'fork': 'one', 'given': {'slot': {'bytes': 'A'}}},
                {'fork': 'one', 'given': {'slot': {'bytes': '', 'more': 1}}},
                {'reap': 0}, {'reap': -1}, {'reap': 1 << 31}, {'reap': True}, {'reap': '1'}):
            with self.subTest(order=order):
                self.assertRaises(BrokenPeer, parse_order, json.dumps(order).encode())
