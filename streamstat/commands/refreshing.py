"""Reports that are replaced as a whole, while a run follows its inputs and nobody commits it."""

import time
from collections.abc import Callable

from streamstat.commands.lifecycle import told_of
from streamstat.commands.settings import Settings
from streamstat.commands.watch import RunWatcher
from streamstat.common.units import parse_duration
from streamstat.plan.measures import attempt
from streamstat.runners import Run

REST_BETWEEN = 10  # at least so many times as long as the last time took, no other follows


class Refreshing:
    """A `Refresher` that goes by `--commit-every`."""

    def __init__(
        self, chosen: Settings, watcher: RunWatcher, clock: Callable[[], float] = time.monotonic
    ) -> None:
        every = "30s" if chosen.commit_every is None else chosen.commit_every
        self._every_s = attempt("--commit-every", parse_duration, every) / 1_000_000
        self._chosen, self._watcher, self._clock = chosen, watcher, clock
        self._next = clock() + self._every_s

    def due(self, now: float) -> bool:
        """Whether it is time."""
        return now >= self._next

    def refresh(self, run: Run) -> None:
        """Show the reports as they stand."""
        began = self._clock()
        for publication in run.engine.whole(last=False):
            self._watcher.published(publication)
        self._watcher.refresh(told_of(self._chosen, run.engine.ledgers))
        ended = self._clock()
        self._next = ended + max(self._every_s, REST_BETWEEN * (ended - began))
