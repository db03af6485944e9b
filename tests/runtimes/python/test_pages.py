import ctypes
import marshal
import mmap
import os

from . import runtime  # noqa: F401
from .case import ZygoteCase
from .limited import LimitedCase
from faas.kernel.pages import Pages, areas, used_since_fork, without
from faas.zygote.copy_ahead import RUNS_OF_A_TRIAL
from faas.zygote.loop import _WORTH_A_REHEARSAL

PAGE = mmap.PAGESIZE
COUNT = 64


class UsedSinceFork(LimitedCase):
    """Pages of a block of memory that was written before the fork, numbered from its first."""

    def setUp(self):
        self.memory = mmap.mmap(-1, COUNT * PAGE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        self.memory[:] = b'x' * len(self.memory)
        here = ctypes.c_char.from_buffer(self.memory)
        self.first = ctypes.addressof(here) // PAGE
        del here
        self.addCleanup(self.memory.close)

    def forked(self, work):
        """The value of work() in a fork."""
        read_end, write_end = os.pipe()
        pid = os.fork()
        if pid == 0:
            try:
                os.write(write_end, marshal.dumps(work()))
            finally:
                os._exit(0)
        os.close(write_end)
        with open(read_end, 'rb') as pipe:
            said = pipe.read()
        os.waitpid(pid, 0)
        return marshal.loads(said)

    def write(self, pages):
        for page in pages:
            self.memory[page * PAGE] = 1

    def ours(self, ranges):
        """The pages of the block among these ranges, each with whether it was written."""
        return {page - self.first: written for first, count, written in ranges for page in range(first, first + count)
                if self.first <= page < self.first + COUNT}

    def test_exactly_the_pages_that_a_fork_wrote_are_found(self):
        mapped = areas()
        for pages in ([], [0], [3, 4, 9], [COUNT - 1], range(COUNT)):
            with self.subTest(pages=pages):
                found = self.forked(lambda: self.write(pages) or used_since_fork(mapped))
                self.assertEqual(self.ours(found), dict.fromkeys(pages, True))

    def test_populated_pages_are_copied_without_a_write_and_keep_their_content(self):
        mapped = areas()
        pages = Pages([(self.first + 2, 3, True), (self.first + 10, 1, True)])
        found, kept = self.forked(lambda: (pages.populate(), used_since_fork(mapped), self.memory[:] == b'x' * len(self.memory))[1:])
        self.assertEqual(self.ours(found), dict.fromkeys([2, 3, 4, 10], True))
        self.assertIs(kept, True)

    def test_pages_that_are_no_longer_mapped_do_no_harm(self):
        pages = Pages([(1, 10, True), (self.first, COUNT, False)])
        self.assertEqual(self.forked(lambda: pages.populate() or 'alive'), 'alive')

    def test_pages_of_others_are_removed(self):
        ranges = [(10, 10, True), (40, 2, False), (50, 1, True)]
        self.assertEqual(without(ranges, []), ranges)
        self.assertEqual(without(ranges, [(0, 11, True), (14, 2, False), (19, 31, True)]), [(11, 3, True), (16, 3, True), (50, 1, True)])
        self.assertEqual(without(ranges, ranges), [])


class Rehearsal(ZygoteCase):
    """The rehearsal, and the trial after it."""

    def test_it_prints_nothing_and_leaves_nothing(self):
        sandbox = self.program('import os\nprint(event)\nreturn [os.listdir("/tmp"), len([n for n in os.listdir("/proc") if n.isdigit()])]')
        for number in range(_WORTH_A_REHEARSAL + RUNS_OF_A_TRIAL + 2):
            outcome = sandbox.run(number)
            self.assertEqual((self.payload('V', outcome), outcome.stdout, outcome.stderr), ([['script.py'], 2], f'{number}\n', ''))
        self.assertEqual(sandbox.stderr, '')
