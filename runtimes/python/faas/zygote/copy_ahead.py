"""Decides by a trial whether copying a run's pages ahead (kernel/pages.py) pays on this machine.

Theory of operation: a page fault costs little on one machine and much on another. A rehearsal finds more pages than a run
needs, so copying them ahead can cost more than it saves: on one machine a quarter of a short run was saved, on another a
quarter was added. So the runs after the rehearsal take turns: one with copies, one without. The processor time of each run is
measured: that of the zygote since the fork, and that of the run's processes. The cheapest run of each way decides, because
runs of the same script vary, and other load only adds.

A mother lets a fork of hers make the trial (mother/trial.py), and her zygotes inherit the verdict.
"""
from time import process_time

from ..kernel.pages import Pages

RUNS_OF_A_TRIAL = 10
_NONE = Pages()

_inherited = None
"""The verdict of a mother's trial."""


def inherit(pays):
    """Gives the verdict to the zygotes that this process forks. None: each must find out by itself."""
    global _inherited
    _inherited = pays


class CopyAhead:
    """The pages that one zygote and its children copy ahead: none before a rehearsal, and none if that does not pay."""

    def __init__(self):
        self.pays = _inherited
        """None as long as that is unknown."""
        self._of_zygote = self._of_children = _NONE
        self._costs = {True: [], False: []}
        self._copies = False
        self._start = 0.0

    def begin(self, of_zygote, of_children):
        """Copies these pages from now on: always if that is known to pay, else in every second run until the trial is over."""
        if not of_zygote and not of_children:
            self.pays = False
            return
        self._of_zygote, self._of_children = of_zygote, of_children
        self._copies = True
        of_children.give_to_children()

    def before_fork(self):
        """Of the child of the next run."""
        if self._is_trial:
            (self._of_children if self._copies else _NONE).give_to_children()
            self._start = process_time()

    def after_fork(self):
        """In the zygote."""
        if self._copies:
            self._of_zygote.populate()

    def after_run(self, cpu_seconds):
        """cpu_seconds: what the processes of the run have used."""
        if self._is_trial:
            self._costs[self._copies].append(process_time() - self._start + cpu_seconds)
            self._copies = not self._copies
            if all(len(costs) >= RUNS_OF_A_TRIAL // 2 for costs in self._costs.values()):
                self._decide()

    @property
    def _is_trial(self):
        return self.pays is None and self._of_children is not _NONE

    def _decide(self):
        self.pays = self._copies = min(self._costs[True]) < min(self._costs[False])
        (self._of_children if self.pays else _NONE).give_to_children()
