"""A run that counted nothing, although there were events: what left them out."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from streamstat.common.terminal import printable
from streamstat.common.units import counted, format_time, shown
from streamstat.engine.strategy import Examined
from streamstat.expressions import Expression
from streamstat.plan.job import Job
from streamstat.runners.notes import EventRecord, Note, Sight
from streamstat.runners.notes.showing import MOST_SHOWN, field_in, shown_value


class LeftOut:
    """Events that had a time, those of them that `--where` was asked for, and those that it let through, until one of
    them is in a window."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._dated = self._asked = self._passed = self._kept = 0
        self._first = ""  # what the first event has in the fields of --where
        self._times: tuple[int, int] | None = None  # the earliest and the latest

    def look(self, sight: Sight, examined: Examined) -> None:
        """Those of a block."""
        if self._kept:
            return
        rows, where = sight.events.rows, self._job.where
        dated, asked = (
            np.ones(rows, np.bool_) if some is None else some for some in (examined.dated, examined.asked)
        )
        passed = asked if where is None else asked & examined.columns.condition(where)
        if where is not None and not self._asked and asked.any():
            self._first = _values(sight.record(int(np.argmax(asked))), where)
        if dated.any() and examined.columns.times is not None:
            times = examined.columns.times.event[0][dated]
            self._reach(int(times.min()), int(times.max()))
        self._dated += int(np.count_nonzero(dated))
        self._asked += int(np.count_nonzero(asked))
        self._passed += int(np.count_nonzero(passed))
        self._kept += rows if examined.kept is None else int(np.count_nonzero(examined.kept))

    def _reach(self, earliest: int, latest: int) -> None:
        known = self._times or (earliest, latest)
        self._times = min(known[0], earliest), max(known[1], latest)

    def told(self) -> list[Any]:
        """What is known by now, as JSON can hold it."""
        return [self._dated, self._asked, self._passed, self._kept, self._first, self._times]

    def absorb(self, told: Sequence[Any]) -> None:
        """The events behind those that were looked at, as somebody else has told of them."""
        dated, asked, passed, kept, first, times = told
        self._first = self._first or first
        self._dated, self._asked = self._dated + dated, self._asked + asked
        self._passed, self._kept = self._passed + passed, self._kept + kept
        if times is not None:
            self._reach(*times)

    def notes(self) -> Iterator[Note]:
        """One, if nothing was kept."""
        where = self._job.where
        if self._times is not None and not self._asked:
            earliest, latest = (format_time(each, self._offset(each)) for each in self._times)
            option = "--until" if self._job.since_us is None else "--since"
            both = " and --until" if None not in (self._job.since_us, self._job.until_us) else ""
            times = f"of {earliest}" if earliest == latest else f"{earliest} to {latest}"
            yield Note(option, f"{option}{both} left out {_all(self._dated)}: {times}")
        elif where is not None and self._asked and not self._passed:
            hint = f"the first one has {self._first}" if self._first else ""
            yield Note("--where", f"--where {shown(where.text)} left out {_all(self._asked)}", hint)
        elif self._passed and not self._kept:
            yield Note("--window", f"no window holds an event: {_all(self._passed)} lie between two windows")

    def _offset(self, time: int) -> int:
        return int(self._job.zone.offsets(np.array([time]))[0])


def _values(event: EventRecord, where: Expression) -> str:
    fields = ((path, field_in(event, path)) for path in where.fields)
    return ", ".join(f"{printable(path, MOST_SHOWN)} {shown_value(*found)}" for path, found in fields)


def _all(n: int) -> str:
    return f"all {counted(n, 'event')}" if n > 1 else "the only event"
