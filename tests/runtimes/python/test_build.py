"""The build of a Python script's libraries: what is declared, locked and packed, and what is refused."""
import io
import json
import subprocess
import tarfile
import tempfile
import unittest
import zipfile
from pathlib import Path

from .limited import LimitedCase
from .sandbox import RUNTIME
from .wheels import Registry, wheel

_PROGRAM = RUNTIME.parent / 'python' / 'build.py'


class BuildCase(LimitedCase):
    def setUp(self):
        self.registry = Registry()
        self.addCleanup(self.registry.close)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.builds = 0

    def build(self, lock=None, max_files=1000, max_bytes=1_000_000, **declared):
        """The last answer, and the bytes of the layer. Without a lock, versions are chosen first."""
        self.log, self.lock = [], lock
        if lock is None:
            answer, output = self.ask(None, max_files, max_bytes, **declared)
            self.assertEqual(b'', output)
            if not answer.get('chosen'):
                return answer, b''
            self.lock = answer['chosen']
        return self.ask(self.lock, max_files, max_bytes)

    def ask(self, lock, max_files, max_bytes, entry='', dependencies=(), requirements=None):
        """The last answer of one build, and what follows it."""
        self.builds += 1
        request = json.dumps({
            'dependencies': list(dependencies), 'entry': entry, 'requirements': requirements, 'lock': lock,
            'index': self.registry.index, 'maxFiles': max_files, 'maxBytes': max_bytes})
        done = subprocess.run(
            ['/usr/bin/python3', '-I', '-S', '-E', '-B', _PROGRAM, self.folder / f'build{self.builds}'],
            input=request.encode() + b'\n', capture_output=True, check=False, env={})
        self.assertEqual((0, b''), (done.returncode, done.stderr))
        output = io.BytesIO(done.stdout)
        self.assertEqual(b'{"ready": true}\n', output.readline())
        answers = []
        for line in output:
            answers.append(json.loads(line))
            if 'log' not in answers[-1]:
                break
        self.log += [answer['log'] for answer in answers[:-1]]
        return answers[-1], output.read()

    def assert_built(self, **asked):
        answer, self.layer = self.build(**asked)
        self.assertIn('built', answer, self.log)
        return {'lock': self.lock, **answer['built']}, self.members()

    def assert_refused(self, words, **asked):
        answer, layer = self.build(**asked)
        self.assertIn('refused', answer, self.log)
        self.assertEqual(b'', layer)
        for word in [words] if isinstance(words, str) else words:
            self.assertIn(word, answer['refused'])

    def members(self):
        with tarfile.open(fileobj=io.BytesIO(self.layer)) as archive:
            return {member.name: archive.extractfile(member).read() for member in archive}


class Declarations(BuildCase):
    def test_libraries_are_declared_in_the_script_in_a_file_and_in_the_upload(self):
        for name in ('alpha', 'beta', 'gamma', 'delta'):
            self.registry.publish(name, '1.0', requires=['delta>=1'] if name == 'alpha' else ())
        report, members = self.assert_built(
            entry='import alpha\n# /// script\n# requires-python = ">=3.8"\n# dependencies = [\n#   "Alpha>=1",  # why\n# ]\n#\n'
                  '# [tool.other]\n# x = 1\n# ///\n',
            requirements='# comment\nbeta==1.0  # pinned\n\n',
            dependencies=['gamma'])
        self.assertEqual(['alpha==1.0', 'beta==1.0', 'delta==1.0', 'gamma==1.0'], [line.split()[0] for line in report['lock'].splitlines()])
        self.assertEqual(b"version = '1.0'\n", members['delta/__init__.py'])
        self.assertEqual({'name': 'alpha', 'version': '1.0'}, report['libraries'][0])
        self.assertEqual((len(members), False), (report['files'], report['isNative']))

    def test_a_lock_gives_the_same_bytes_again_though_newer_versions_are_there(self):
        self.registry.publish('alpha', '1.0')
        report, _ = self.assert_built(dependencies=['alpha'])
        first = self.layer
        self.registry.publish('alpha', '2.0')
        again, _ = self.assert_built(lock=report['lock'])
        self.assertEqual((report, first), (again, self.layer))
        newer, _ = self.assert_built(dependencies=['alpha'])
        self.assertIn('alpha==2.0', newer['lock'])
        self.assertIn('Successfully installed alpha-2.0', self.log)

    def test_what_is_no_declaration_is_refused_by_name(self):
        for words, asked in [
            ('TOML', {'entry': '# /// script\n# dependencies = [\n# ///\n'}),
            ('more than one', {'entry': '# /// script\n# x = 1\n# ///\n\n# /// script\n# x = 1\n# ///\n'}),
            ("'dependency'", {'entry': '# /// script\n# dependency = []\n# ///\n'}),
            ('list of texts', {'entry': '# /// script\n# dependencies = [1]\n# ///\n'}),
            ("requires-python = '>=4': scripts run on Python 3", {'entry': '# /// script\n# requires-python = ">=4"\n# ///\n'}),
            ("requires-python = 'new'", {'entry': '# /// script\n# requires-python = "new"\n# ///\n'}),
            (["requirements.txt, line 2: '--index-url'"], {'requirements': 'alpha\n--index-url http://127.0.0.1/\n'}),
            (["'-r'"], {'requirements': '-r other.txt\n'}),
            (["'alpha @ https://example.org/a.whl'", 'names an address'], {'dependencies': ['alpha @ https://example.org/a.whl']}),
            (["'./alpha'", 'is no requirement'], {'dependencies': ['./alpha']}),
            (["'--pre'", 'is no requirement'], {'dependencies': ['--pre']}),
        ]:
            with self.subTest(words):
                self.assert_refused(words, **asked)


class Refusals(BuildCase):
    def test_the_resolver_says_in_its_own_words_what_there_is_not(self):
        self.registry.publish('alpha', '1.0', requires=['beta>=2'])
        self.registry.publish('beta', '1.0')
        self.assert_refused('No matching distribution found for beta>=2', dependencies=['alpha'])

    def test_sources_are_not_installed_because_that_would_run_their_code(self):
        for suffix, pack in (('tar.gz', 'w:gz'), ('tar.bz2', 'w:bz2')):
            with self.subTest(suffix):
                ran = self.folder / f'ran-{suffix}'
                setup = f'open({str(ran)!r}, "w").close()\nfrom distutils.core import setup\nsetup(name="alpha", version="1.0")\n'.encode()
                source = io.BytesIO()
                with tarfile.open(fileobj=source, mode=pack) as archive:
                    member = tarfile.TarInfo('alpha-1.0/setup.py')
                    member.size = len(setup)
                    archive.addfile(member, io.BytesIO(setup))
                self.registry.publish('alpha', '1.0', end=f'.{suffix}', content=source.getvalue())
                self.assert_refused('No matching distribution found for alpha', dependencies=['alpha'])
                self.assertFalse(ran.exists())

    def test_what_a_library_requires_by_an_address_is_refused(self):
        self.registry.publish('evil', '1.0')
        address = f'{self.registry.index}evil/evil-1.0-py3-none-any.whl'
        self.registry.publish('alpha', '1.0', requires=[f'evil @ {address}'])
        self.assert_refused(f'requires evil from the address {address}', dependencies=['alpha'])

    def test_a_library_of_a_library_that_is_not_the_registrys_is_refused_with_the_rule(self):
        address = 'git+https://127.0.0.1:1/evil'
        self.registry.publish('alpha', '1.0', requires=[f'evil @ {address}'])
        self.assert_refused([f'requires evil from {address}', 'libraries come from the registry alone'], dependencies=['alpha'])

    def test_where_pip_breaks_its_last_words_are_told(self):
        self.registry.publish('alpha', '1.0', requires=['evil @ git+file:///nowhere'])
        self.assert_refused('InvalidRequirement: Invalid URL: git+file:///nowhere', dependencies=['alpha'])

    def test_nothing_is_declared_and_nothing_is_chosen(self):
        self.assertEqual(({'chosen': ''}, b''), self.build(entry='import alpha'))

    def test_a_wheel_with_other_content_than_was_locked_is_refused(self):
        self.registry.publish('alpha', '1.0')
        report, _ = self.assert_built(dependencies=['alpha'])
        self.registry.replace('alpha', '1.0', wheel('alpha', '1.0', {'alpha/__init__.py': 'evil = 1\n'}))
        self.assert_refused('DO NOT MATCH THE HASHES', lock=report['lock'])

    def test_a_lock_with_options_is_refused(self):
        self.assert_refused(["'--no-binary :all:'"], lock='--no-binary :all:\n')

    def test_a_lock_with_other_line_breaks_is_refused(self):
        line = f'alpha==1.0 --hash=sha256:{"0" * 64}'
        for end in ('\r', '\x85', '\u2028', '\v', '\x1c', '\n\n'):
            self.assert_refused('The lock has the line', lock=f'{line}{end}{line}\n')

    def test_a_block_may_have_the_line_breaks_of_windows_and_must_end(self):
        self.registry.publish('alpha', '1.0')
        report, _ = self.assert_built(entry='# /// script\r\n# dependencies = ["alpha"]\r\n# ///\r\n')
        self.assertTrue(report['lock'].startswith('alpha==1.0 '))
        self.assert_refused('has no end', entry='# /// script\n# dependencies = ["alpha"]\nimport alpha\n')

    def test_a_library_that_the_lock_lacks_is_not_installed(self):
        self.registry.publish('alpha', '1.0', requires=['beta'])
        self.registry.publish('beta', '1.0')
        report, _ = self.assert_built(dependencies=['alpha'])
        _, members = self.assert_built(lock=''.join(line for line in report['lock'].splitlines(True) if line.startswith('alpha')))
        self.assertNotIn('beta/__init__.py', members)

    def test_a_wheel_that_leads_out_of_its_folder_is_refused(self):
        self.registry.publish('alpha', '1.0', files={'../../evil.py': 'x = 1\n'})
        self.assert_refused('evil', dependencies=['alpha'])
        self.assertFalse(list(self.folder.rglob('evil.py')))

    def test_a_link_in_a_wheel_is_no_link_in_the_layer(self):
        link = zipfile.ZipInfo('alpha/passwd')
        link.external_attr = 0o120777 << 16
        self.registry.publish('alpha', '1.0', files={link: '/etc/passwd', 'alpha/__init__.py': ''})
        _, members = self.assert_built(dependencies=['alpha'])
        self.assertEqual(b'/etc/passwd', members['alpha/passwd'])

    def test_a_bomb_and_too_many_files_are_refused_with_the_limit(self):
        self.registry.publish('alpha', '1.0', files={'alpha/zeros': '0' * 2_000_000})
        self.assert_refused('faas.libraries.max-size allows 1000000', dependencies=['alpha'])
        self.registry.publish('beta', '1.0', files={f'beta/{n}': '' for n in range(20)})
        self.assert_refused('faas.libraries.max-files allows 10', dependencies=['beta'], max_files=10)


class Layers(BuildCase):
    def test_modules_are_compiled_and_valid_whatever_the_time_of_their_source(self):
        self.registry.publish('alpha', '1.0', files={'alpha/__init__.py': 'import sys\n', 'alpha/broken.py': 'def\n', 'alpha/a.so': 'x'})
        report, members = self.assert_built(dependencies=['alpha'])
        compiled = [content for name, content in members.items() if name.startswith('alpha/__pycache__/__init__.')]
        self.assertEqual(b'\x01\0\0\0', compiled[0][4:8])  # PEP 552: a hash, which is not checked
        self.assertNotIn(str(self.folder).encode(), compiled[0])
        self.assertTrue(report['isNative'])

    def test_programs_of_libraries_and_the_owner_are_left_out(self):
        self.registry.publish('alpha', '1.0', files={'alpha/__init__.py': '', 'alpha-1.0.data/scripts/run': '#!python\n'})
        self.assert_built(dependencies=['alpha'])
        with tarfile.open(fileobj=io.BytesIO(self.layer)) as archive:
            self.assertEqual({(0, 0, 0)}, {(member.uid, member.gid, member.mtime) for member in archive})
            self.assertFalse([name for name in archive.getnames() if name.startswith('bin/')])


if __name__ == '__main__':
    unittest.main()
