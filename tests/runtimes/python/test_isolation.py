import os

from .case import ZygoteCase


class ProcessOne(ZygoteCase):
    def test_a_script_cannot_look_into_it(self):
        for name, told in self.value('''
            import os
            told = {}
            for name in ('mem', 'environ', 'maps', 'fd', 'fd/0', 'fd/1', 'cwd', 'root', 'exe', 'syscall', 'stack', 'auxv', 'pagemap', 'io',
                         'map_files', 'fdinfo', 'ns/net'):
                try:
                    if name in ('fd', 'map_files', 'fdinfo'):
                        os.listdir('/proc/1/' + name)
                    elif name.startswith(('ns', 'cwd', 'root', 'exe', 'fd')):
                        os.readlink('/proc/1/' + name)
                    else:
                        open('/proc/1/' + name, 'rb').read(1)
                    told[name] = 'open'
                except OSError as error:
                    told[name] = type(error).__name__
            return told
            ''').items():
            with self.subTest(name=name):
                self.assertEqual(told, 'PermissionError')

    def test_a_script_cannot_write_to_it(self):
        for path, told in self.value('''
            told = {}
            for path in ('mem', 'fd/0', 'fd/1', 'fd/2', 'oom_score_adj', 'comm', 'clear_refs', 'coredump_filter'):
                try:
                    with open('/proc/1/' + path, 'r+b', buffering=0) as file:
                        file.write(b'0')
                    told[path] = 'written'
                except OSError as error:
                    told[path] = type(error).__name__
            return told
            ''').items():
            with self.subTest(path=path):
                self.assertEqual(told, 'PermissionError')

    def test_a_script_can_take_neither_its_descriptors_nor_its_memory(self):
        self.assertEqual(self.value('''
            import ctypes, errno, os
            libc = ctypes.CDLL(None, use_errno=True)
            def told(answer):
                return errno.errorcode[ctypes.get_errno()] if answer == -1 else answer
            class Range(ctypes.Structure):
                _fields_ = [('base', ctypes.c_void_p), ('length', ctypes.c_size_t)]
            room = ctypes.create_string_buffer(8)
            here, there = Range(ctypes.addressof(room), 8), Range(id(os), 8)
            pidfd = os.pidfd_open(1)
            return [told(libc.syscall(438, pidfd, 1, 0)), told(libc.ptrace(16, 1, None, None)),
                    told(libc.process_vm_readv(1, ctypes.byref(here), 1, ctypes.byref(there), 1, 0)),
                    told(libc.process_vm_writev(1, ctypes.byref(here), 1, ctypes.byref(there), 1, 0))]
            '''), ['EPERM'] * 4)

    def test_signals_to_it_have_no_effect(self):
        sandbox = self.program('''
            import os
            if event == 'attack':
                for number in range(1, 65):
                    os.kill(1, number)
            return event
            ''')
        for _ in range(3):
            self.assertEqual(self.payload('V', sandbox.run('attack')), 'attack')
            self.assertEqual(self.payload('V', sandbox.run('next')), 'next')
        self.assertEqual(sandbox.stderr, '')

    def test_it_ends_rather_than_go_on_with_limits_that_a_script_has_set(self):
        for attack in ('resource.prlimit(1, resource.RLIMIT_NOFILE, (50, 50))', 'resource.prlimit(1, resource.RLIMIT_CPU, (100, 100))',
                       'os.setpriority(os.PRIO_PROCESS, 1, 19)', 'os.sched_setscheduler(1, os.SCHED_BATCH, os.sched_param(0))'):
            with self.subTest(attack=attack):
                sandbox = self.program(f'import os, resource\n{attack}\nreturn 1')
                self.assertEqual(self.payload('V', sandbox.run()), 1)
                self.assertEqual(sandbox.wait(), 71)
                self.assertIn('limits or the priority', sandbox.stderr)


class Descriptors(ZygoteCase):
    OPEN = '''
            import os
            listing = os.listdir('/proc/self/fd')
            links = {}
            for name in listing:
                try:
                    links[int(name)] = os.readlink('/proc/self/fd/' + name)
                except FileNotFoundError:
                    pass  # the descriptor that the listing itself used
            '''

    def test_a_script_has_the_standard_ones_and_its_result_only(self):
        links = dict(self.value(self.OPEN + 'return sorted(links.items())'))
        self.assertEqual(sorted(links), [0, 1, 2, 1023])
        self.assertEqual(links.pop(0), '/dev/null')
        for link in links.values():
            self.assertRegex(link, r'^pipe:\[\d+\]$')
        self.assertEqual(len(set(links.values())), 3)

    def test_none_of_its_pipes_leads_to_the_server(self):
        sandbox = self.program(self.OPEN + 'return list(links.values())')
        ours = os.readlink(f'/proc/self/fd/{sandbox.stdout}')
        self.assertRegex(ours, r'^pipe:')
        self.assertNotIn(ours, self.payload('V', sandbox.run()))

    def test_the_result_is_not_inherited_by_its_children(self):
        self.assertEqual(self.value('''
            import os, subprocess
            listed = subprocess.run(['ls', '/proc/self/fd'], stdout=subprocess.PIPE, close_fds=False).stdout.split()
            read, write = os.pipe()
            if os.fork() == 0:
                os.write(write, ' '.join(os.listdir('/proc/self/fd')).encode())
                os._exit(0)
            os.wait()
            forked = os.read(read, 1000).split()
            return [[int(number) for number in numbers if int(number) > 100] for numbers in (listed, forked)]
            '''), [[], []])

    def test_its_pipes_block(self):
        self.assertEqual(self.value('import os\nreturn [os.get_blocking(number) for number in (1, 2)]'), [True, True])


class Surroundings(ZygoteCase):
    def test_the_environment_is_that_of_the_sandbox(self):
        self.assertEqual(self.value('import os\nreturn dict(os.environ)'), {
            'PATH': '/usr/bin:/bin', 'HOME': '/tmp', 'LANG': 'C.UTF-8', 'PWD': '/tmp'})

    def test_only_the_standard_library_can_be_imported(self):
        path = self.value('import sys\nreturn sys.path')
        self.assertEqual(path[0], '/tmp')
        for folder in path[1:]:
            self.assertRegex(folder, r'^/usr/lib(64)?/python3')
            self.assertNotIn('-packages', folder)

    def test_text_is_utf_8_in_any_locale(self):
        self.assertEqual(self.value('''
            import locale, sys
            with open('/tmp/é', 'w') as file:
                return [sys.flags.utf8_mode, sys.stdout.encoding, file.encoding.lower(), sys.getfilesystemencoding()]
            '''), [1, 'utf-8', 'utf-8', 'utf-8'])
