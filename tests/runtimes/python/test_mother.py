import os
import resource
import select
import struct
import sys
from pathlib import Path

from .case import ZygoteCase, script
from .frames import RUN
from .mother import BEFORE, CHILD, Mother, MotherEnded, call, given
from .sandbox import PATIENCE, ZygoteEnded

EAGAIN, EINVAL = 11, 22


class MotherCase(ZygoteCase):
    def mother(self, **options):
        """A mother who is warm."""
        mother = self.cold_mother(**options)
        mother.next()
        return mother

    def cold_mother(self, **options):
        mother = Mother(**options)
        self.addCleanup(mother.close)
        return mother

    def assert_runs(self, zygote, value):
        zygote.bind('return event')
        self.assertEqual(self.payload('V', zygote.run(value)), value)

    def assert_ends(self, mother, status):
        """Her stderr, once she has ended."""
        with self.assertRaises(MotherEnded):
            mother.next()
        self.assertEqual(mother.wait(), status, mother.stderr)
        return mother.stderr


class Orders(MotherCase):
    def test_she_says_that_she_is_warm_in_the_words_of_a_zygote(self):
        version = '.'.join(str(number) for number in sys.version_info[:3])
        mother = self.cold_mother()
        self.assertEqual((mother.next(), mother.stderr), ({'protocol': 1, 'runtime': 'python', 'version': version}, ''))

    def test_two_orders_in_turn_make_two_zygotes(self):
        mother = self.mother()
        one = mother.zygote('one')
        self.assert_runs(one, 'first')
        two = mother.zygote('two')
        self.assert_runs(two, 'second')
        self.assertEqual(self.payload('V', one.run('third')), 'third')
        self.assertNotEqual(one.pid, two.pid)

    def test_a_zygote_serves_many_runs(self):
        zygote = self.mother().zygote()
        zygote.bind('import os\nreturn [event, os.listdir("/tmp")]')
        for number in range(40):
            self.assertEqual(self.payload('V', zygote.run(number)), [number, ['script.py']])
        zygote.end_input()
        self.assertEqual(zygote.stderr, '')

    def test_ten_orders_at_once_make_ten_zygotes(self):
        mother = self.mother()
        tokens = [f'token {number}' for number in range(10)]
        for slot, token in enumerate(tokens, start=1):
            mother.order_fork(token, slot)
        forked = [mother.next() for _ in tokens]
        self.assertEqual([answer['forked'] for answer in forked], tokens)
        zygotes = [mother.meet(token, answer['pid']) for token, answer in zip(tokens, forked)]
        for zygote in reversed(zygotes):
            zygote.let_go()
        for number, zygote in enumerate(zygotes):
            zygote.take_ready()
            self.assert_runs(zygote, number)

    def test_she_tells_the_status_of_a_dead_child_once(self):
        mother = self.mother()
        zygote = mother.zygote()
        self.assertEqual(mother.ask({'reap': zygote.pid}), {'reaped': zygote.pid, 'status': None})
        os.kill(zygote.outer_pid, 9)
        self.assertEqual(mother.status_of(zygote.pid), 9)
        self.assertEqual(mother.ask({'reap': zygote.pid}), {'reaped': zygote.pid, 'status': -1})

    def test_a_pid_that_is_no_child_of_hers_has_the_status_minus_one(self):
        self.assertEqual(self.mother().ask({'reap': 12345}), {'reaped': 12345, 'status': -1})

    def test_the_end_of_stdin_ends_her_and_every_sandbox(self):
        mother = self.mother()
        zygotes = [mother.zygote('idle', 1), mother.zygote('busy', 2), mother.waiting('waits', 3)]
        zygotes[1].bind('while True: pass')
        zygotes[1].send(RUN, '{}')
        descriptors = [os.pidfd_open(zygote.outer_pid) for zygote in zygotes]
        mother.end_input()
        self.assertEqual((mother.wait(), mother.stderr), (0, ''))
        for descriptor in descriptors:
            poll = select.poll()
            poll.register(descriptor, select.POLLIN)
            self.assertTrue(poll.poll(PATIENCE * 1000))
            os.close(descriptor)


class Walls(MotherCase):
    """What the calls of the server make of a child."""

    def test_each_child_has_folders_of_its_own_where_its_calls_make_them(self):
        mother = self.mother()
        source = '''
            import os
            seen = os.listdir('/tmp') + os.listdir('/dev/shm')
            for path in ('/tmp/left', '/dev/shm/left'):
                open(path, 'w').close()
            return seen
            '''
        for token in ('one', 'two'):
            zygote = mother.zygote(token)
            zygote.bind(script(source), isolation='shared')
            self.assertEqual(self.payload('V', zygote.run()), ['script.py'])
            self.assertEqual(sorted(self.payload('V', zygote.run())), ['left', 'left', 'script.py'])

    def test_a_script_has_the_user_the_limits_and_the_filter_that_the_calls_set(self):
        zygote = self.mother().zygote(slot=5)
        zygote.bind(script('''
            import os, resource
            status = dict(line.split(':\\t', 1) for line in open('/proc/self/status').read().splitlines())
            return [os.getuid(), resource.getrlimit(resource.RLIMIT_NOFILE), status['Seccomp'], status['NoNewPrivs'],
                    [name for name in os.listdir('/proc') if name.isdigit() and int(name) not in (1, os.getpid())]]
            '''))
        slot = 5 if os.getuid() == 0 else 0
        self.assertEqual(self.payload('V', zygote.run()), [slot, [256, 256], '2', '1', []])

    def test_the_zygote_shares_no_descriptor_with_its_mother(self):
        if os.getuid() != 0:
            self.skipTest('only root may look at the descriptors of an undumpable process')
        mother = self.mother()
        mother.zygote('one')
        zygote = mother.zygote('two')
        targets = [{os.readlink(path) for path in Path(f'/proc/{pid}/fd').iterdir()} for pid in (mother.pid, zygote.outer_pid)]
        self.assertTrue(all(targets))
        self.assertEqual(targets[0] & targets[1], set())

    def test_a_script_can_not_look_into_its_zygote(self):
        zygote = self.mother().zygote()
        zygote.bind(script('''
            import os
            refused = []
            for look in (lambda: os.readlink('/proc/1/fd/0'), lambda: open('/proc/1/mem'), lambda: open('/proc/1/maps').read()):
                try:
                    look()
                except PermissionError as error:
                    refused.append(type(error).__name__)
            return refused
            '''))
        self.assertEqual(self.payload('V', zygote.run()), ['PermissionError'] * 3)

    def test_a_call_that_fails_is_told_on_the_childs_stderr_and_the_mother_goes_on(self):
        child = list(CHILD)
        child.insert(2, call('mount', 'tmpfs', '/missing', 'tmpfs', 0, why='a folder that nothing has made'))
        mother = self.mother(child=child)
        for token in ('one', 'two'):
            zygote = mother.waiting(token)
            self.assertEqual(zygote.stderr, 'python zygote: a folder that nothing has made: mount failed, errno 2\n')
            self.assertEqual(zygote.wait(), 71)
        self.assertEqual(mother.stderr, '')

    def test_a_child_whose_calls_make_no_pid_namespace_refuses_to_serve(self):
        zygote = self.mother(before=[]).waiting()
        zygote.let_go()
        self.assertIn('must be process 1 of a sandbox', zygote.stderr)
        self.assertEqual(zygote.wait(), 71)


class Refusals(MotherCase):
    def test_a_call_that_fails_before_the_fork_fails_the_order_alone(self):
        before = [*BEFORE, call('setns', 0, given('kind'), why='the last call')]
        mother = self.mother(before=before)
        mother.order_fork('one', kind=1)
        self.assertEqual(mother.next(), {'failed': 'one', 'error': f'the last call: setns failed, errno {EINVAL}'})
        mother.order_fork('two', kind=1)
        self.assertEqual(mother.next()['failed'], 'two')
        self.assertEqual(mother.ask({'reap': 2}), {'reaped': 2, 'status': -1})

    def test_a_fork_that_fails_for_lack_of_pids_fails_the_order_alone(self):
        most = {count: struct.pack('<QQ', count, 100).decode() for count in (0, 100)}
        mother = self.mother(before=[*BEFORE, call('setrlimit', resource.RLIMIT_NPROC, given('most'))])
        mother.order_fork('one', most=most[0])
        self.assertEqual(mother.next(), {'failed': 'one', 'error': f'the child: fork failed, errno {EAGAIN}'})
        mother.order_fork('two', most=most[100])
        zygote = mother.meet('two', mother.next()['pid'])
        zygote.let_go()
        zygote.take_ready()
        self.assert_runs(zygote, 'two')

    def test_a_function_that_no_list_may_name_ends_her(self):
        for lists in ({'before': [call('system', 'true')]}, {'child': [*CHILD, call('execve')]}):
            name = [*lists.values()][0][-1]['call']
            stderr = self.assert_ends(self.cold_mother(**lists), 71)
            self.assertEqual(stderr, f'python mother: {name} is not among the functions that may be called\n')

    def test_a_malformed_first_line_ends_her_as_a_broken_peer(self):
        for line in ('', 'x', '{}', '[]', '"setup"', '{"socket": "/tmp/server", "before": [], "child": [], "filter": ""}'):
            with self.subTest(line=line):
                self.assertIn('python mother: BrokenPeer: setup: ', self.assert_ends(self.cold_mother(first=line), 70))

    def test_a_malformed_order_ends_her_as_a_broken_peer(self):
        for line in ('', '1', '{"fork": "one", "given": 1}', '{"fork": 1, "given": {}}', '{"reap": -1}', '{"reap": "1"}',
                     '{"reap": 1, "fork": "one"}'):
            with self.subTest(line=line):
                mother = self.mother()
                mother.send_line(line)
                self.assertIn('python mother: BrokenPeer: order: ', self.assert_ends(mother, 70))

    def test_an_order_that_lacks_a_value_fails_alone(self):
        mother = self.mother()
        for order in ({'fork': 'one', 'given': {'slot': 1}}, {'fork': 'one'}):
            mother.send(order)
            answer = mother.next()
            self.assertEqual(answer['failed'], 'one')
            self.assertRegex(answer['error'], '^the order gives no value named (tmp|slot)$')
        self.assert_runs(mother.zygote('two'), 'two')

    def test_an_end_inside_a_line_ends_her_as_a_broken_peer(self):
        mother = self.mother()
        mother.send_bytes(b'{"reap":')
        mother.end_input()
        self.assertIn('end of file inside a line', self.assert_ends(mother, 70))

    def test_a_child_that_finds_no_server_says_so_on_her_stderr(self):
        mother = self.mother(socket_path='/tmp/nothing')
        mother.order_fork('one')
        pid = mother.next()['pid']
        self.assertEqual(mother.status_of(pid), 71 << 8)
        self.assertEqual(
            mother.stderr, 'python zygote: no connection to the server at /tmp/nothing for "out one": No such file or directory\n')


class Endings(MotherCase):
    """How her children end."""

    def test_a_child_whose_server_is_gone_before_it_may_go_on_ends_without_a_word(self):
        zygote = self.mother().waiting()
        zygote.end_input()
        self.assertEqual((zygote.stderr, zygote.wait()), ('', 0))

    def test_the_end_of_its_input_ends_a_zygote_without_a_word(self):
        zygote = self.mother().zygote()
        self.assert_runs(zygote, 1)
        zygote.end_input()
        self.assertEqual((zygote.stderr, zygote.wait()), ('', 0))

    def test_a_zygote_ends_without_a_word_when_its_server_goes_and_has_left_frames_unread(self):
        mother = self.mother()
        zygote = mother.waiting()
        zygote.let_go()
        self.wait_until(lambda: zygote.has_said_something)
        zygote.stop_talking()
        self.assertEqual((zygote.stderr, zygote.wait()), ('', 0))

    def test_a_broken_peer_ends_a_zygote_with_its_own_status(self):
        zygote = self.mother().zygote()
        zygote.send(RUN, '{}')
        self.assertIn('python zygote: BrokenPeer: ', zygote.stderr)
        self.assertEqual(zygote.wait(), 70)

    def test_a_single_run_is_the_last(self):
        zygote = self.mother().zygote()
        zygote.bind('return event', isolation='sandbox')
        outcome = zygote.run(1)
        self.assertEqual((self.payload('V', outcome), outcome.end['last']), (1, True))
        with self.assertRaises(ZygoteEnded) as caught:
            zygote.next()
        self.assertEqual((caught.exception.status, caught.exception.stderr), (0, ''))


class Freshness(MotherCase):
    """What her children do not have in common."""

    def test_no_two_of_them_share_a_random_number(self):
        mother = self.mother()
        rounds = []
        for number in range(5):
            zygote = mother.zygote(str(number))
            zygote.bind(script('''
                import os, random, secrets, ssl, tempfile, uuid
                return [random.random(), random.Random().random(), secrets.token_hex(8), os.urandom(8).hex(), ssl.RAND_bytes(8).hex(),
                        str(uuid.uuid1()), str(uuid.uuid4()), tempfile.mktemp()]
                '''))
            rounds.append(self.payload('V', zygote.run()))
        for source in zip(*rounds):
            self.assertEqual(len(set(source)), 5, source)

    def test_a_module_of_the_runtime_is_no_module_of_a_script(self):
        zygote = self.mother().zygote()
        zygote.bind('import sys\nreturn [name for name in sys.modules if name.startswith("faas")]')
        self.assertEqual(self.payload('V', zygote.run()), [])
