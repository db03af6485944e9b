from . import runtime  # noqa: F401
from .limited import LimitedCase
from faas.zygote import copy_ahead
from faas.zygote.copy_ahead import RUNS_OF_A_TRIAL, CopyAhead


class Recorded:
    """Pages that note what is done with them."""

    given = None
    """Those that were given to the children last."""

    def __init__(self):
        self.populated = 0

    def populate(self):
        self.populated += 1

    def give_to_children(self):
        Recorded.given = self


class Trial(LimitedCase):
    def setUp(self):
        self.of_zygote, self.of_children = Recorded(), Recorded()
        none = Recorded()
        before, copy_ahead._NONE = copy_ahead._NONE, none
        self.addCleanup(setattr, copy_ahead, '_NONE', before)
        self.addCleanup(copy_ahead.inherit, None)
        Recorded.given = none

    def run_once(self, ahead, seconds):
        """Whether the run copied pages. seconds: (with copies, without), the processor time of the run."""
        before = self.of_zygote.populated
        ahead.before_fork()
        copies = Recorded.given is self.of_children
        ahead.after_fork()
        self.assertEqual(self.of_zygote.populated - before, copies)
        ahead.after_run(seconds[not copies])
        return copies

    def runs(self, ahead, count, seconds=(1, 1)):
        return [self.run_once(ahead, seconds) for _ in range(count)]

    def begun(self):
        ahead = CopyAhead()
        ahead.begin(self.of_zygote, self.of_children)
        return ahead

    def test_nothing_is_copied_before_a_rehearsal(self):
        ahead = CopyAhead()
        self.assertEqual((self.runs(ahead, 3), ahead.pays), ([False] * 3, None))

    def test_runs_take_turns_until_the_trial_is_over(self):
        ahead = self.begun()
        self.assertEqual(self.runs(ahead, RUNS_OF_A_TRIAL - 1), [True, False] * (RUNS_OF_A_TRIAL // 2 - 1) + [True])
        self.assertIsNone(ahead.pays)
        self.run_once(ahead, (1, 1))
        self.assertIsNotNone(ahead.pays)

    def test_the_cheaper_way_is_kept(self):
        for seconds, pays in (((10, 20), True), ((20, 10), False)):
            with self.subTest(pays=pays):
                ahead = self.begun()
                self.runs(ahead, RUNS_OF_A_TRIAL, seconds)
                self.assertEqual((ahead.pays, self.runs(ahead, 3, seconds)), (pays, [pays] * 3))

    def test_the_cheapest_run_of_each_way_counts(self):
        ahead = self.begun()
        self.run_once(ahead, (1, 1))
        self.run_once(ahead, (2, 2))
        self.runs(ahead, RUNS_OF_A_TRIAL - 2, (50, 40))
        self.assertIs(ahead.pays, True)

    def test_a_fork_without_a_run_changes_no_turn(self):
        ahead = self.begun()
        for _ in range(3):
            ahead.before_fork()
            ahead.after_fork()
        self.assertEqual(self.runs(ahead, 3), [True, False, True])

    def test_an_inherited_verdict_needs_no_trial(self):
        for pays in (True, False):
            copy_ahead.inherit(pays)
            self.assertIs(CopyAhead().pays, pays)
        copy_ahead.inherit(True)
        self.assertEqual(self.runs(self.begun(), RUNS_OF_A_TRIAL + 2, (20, 10)), [True] * (RUNS_OF_A_TRIAL + 2))

    def test_a_rehearsal_that_has_found_no_pages_decides(self):
        ahead = CopyAhead()
        ahead.begin((), ())
        self.assertEqual((ahead.pays, self.runs(ahead, 2)), (False, [False] * 2))
