import json
from pathlib import Path

from .case import ZygoteCase, script
from .concurrent import Concurrent
from .frames import SECRETS, TRACE
from .sandbox import Sandbox, ZygoteEnded

TOKEN = 'tok-9f86d081884c7d65'
SEEN = """
    import builtins, os
    return [getattr(getattr(builtins, 'secrets', None), 'TOKEN', None), os.environ.get('TOKEN')]
    """


class Secrets(ZygoteCase):
    """The secrets of a run."""

    def given(self, source, isolation='process'):
        sandbox = Sandbox()
        self.addCleanup(sandbox.close)
        sandbox.bind(script(source), isolation=isolation)
        return sandbox

    @staticmethod
    def give(sandbox, values, env=False, number=b''):
        sandbox.send(SECRETS, number + json.dumps({'values': values, 'env': env}).encode())

    def seen(self, sandbox, **options):
        return self.payload('V', sandbox.run(**options))

    def test_they_belong_to_the_run_that_they_come_before_and_to_no_other(self):
        sandbox = self.given(SEEN)
        self.give(sandbox, {'TOKEN': TOKEN})
        self.assertEqual(self.seen(sandbox), [TOKEN, None])
        self.give(sandbox, {'TOKEN': 'other'}, env=True)
        self.assertEqual(self.seen(sandbox), ['other', 'other'])
        self.assertEqual(self.seen(sandbox), [None, None])

    def test_they_come_before_or_after_a_trace(self):
        sandbox = self.given(SEEN)
        self.give(sandbox, {'TOKEN': TOKEN})
        self.assertEqual(self.seen(sandbox, trace='trace'), [TOKEN, None])
        sandbox.send(TRACE, 'trace')
        self.give(sandbox, {'TOKEN': TOKEN})
        self.assertEqual(self.seen(sandbox), [TOKEN, None])

    def test_those_of_a_shared_process_are_those_that_came_last(self):
        sandbox = self.given(SEEN, 'shared')
        self.give(sandbox, {'TOKEN': TOKEN})
        self.assertEqual(self.seen(sandbox), [TOKEN, None])
        self.give(sandbox, {'TOKEN': 'other'}, env=True)
        self.assertEqual(self.seen(sandbox), ['other', 'other'])

    def test_those_of_a_process_with_several_runs_at_once_are_those_that_came_last(self):
        sandbox = self.sandbox()
        runs = Concurrent(sandbox, script(SEEN))
        for value in (TOKEN, 'other'):
            self.give(sandbox, {'TOKEN': value}, env=True, number=(1).to_bytes(4, 'little'))
            self.assertEqual(runs.run()[0].value, [value, value])

    def test_they_reach_the_child_that_was_forked_before_its_program(self):
        sandbox = self.given(SEEN, 'sandbox')
        self.give(sandbox, {'TOKEN': TOKEN})
        self.assertEqual(self.seen(sandbox), [TOKEN, None])

    def test_they_may_be_long_and_of_any_characters(self):
        values = {'LONG': 'x' * (3 << 20), 'ODD': '"\\\n\u2028ä𝄞\u0001'}
        sandbox = self.given('return [len(secrets.LONG), secrets.ODD]')
        self.give(sandbox, values)
        self.assertEqual(self.seen(sandbox), [len(values['LONG']), values['ODD']])

    def test_they_are_not_printed_with_the_whole_and_do_not_change(self):
        sandbox = self.given("""
            print(secrets, dir(secrets))
            for attempt in (lambda: setattr(secrets, 'TOKEN', 1), lambda: secrets.OTHER):
                try:
                    attempt()
                except AttributeError as error:
                    print(error)
            return secrets.TOKEN
            """)
        self.give(sandbox, {'TOKEN': TOKEN})
        outcome = sandbox.run()
        self.assertEqual(self.payload('V', outcome), TOKEN)
        self.assertEqual(
            outcome.stdout, "<secrets TOKEN> ['TOKEN']\nsecrets cannot be changed\nthe version lists no secret 'OTHER'\n")

    def test_the_module_of_that_name_can_be_imported(self):
        sandbox = self.given("""
            before = secrets.TOKEN
            import builtins, secrets as other
            import secrets
            return [before, len(secrets.token_hex(4)), len(other.token_hex(4)), builtins.secrets.TOKEN]
            """)
        self.give(sandbox, {'TOKEN': TOKEN})
        # `secrets` is assigned in the body, and so the script's own name from then on; before that it is the built-in.
        self.assertEqual(self.seen(sandbox), [TOKEN, 8, 8, TOKEN])

    def test_they_are_in_no_file_of_the_sandbox_no_argument_and_no_environment_of_the_zygote(self):
        sandbox = self.given("""
            import subprocess
            return subprocess.run(
                ['sh', '-c', 'read part; grep -rlF "$part" /tmp /dev/shm /proc/1/environ /proc/1/cmdline /proc/self/environ'],
                input=secrets.TOKEN[:-1], capture_output=True, text=True).stdout
            """)
        self.give(sandbox, {'TOKEN': TOKEN + '!'})
        self.assertEqual(self.seen(sandbox), '')
        self.assertNotIn(TOKEN.encode(), Path(f'/proc/{sandbox.zygote_pid}/environ').read_bytes())

    def test_those_that_come_twice_break_the_protocol(self):
        sandbox = self.given(SEEN)
        self.give(sandbox, {'TOKEN': TOKEN})
        self.give(sandbox, {'TOKEN': TOKEN})
        with self.assertRaises(ZygoteEnded):
            sandbox.run()
