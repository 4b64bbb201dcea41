"""A run that counted nothing, although there were events: what left them out."""

from collections.abc import Iterator

import numpy as np

from streamstat.common.terminal import printable
from streamstat.common.units import counted, shown
from streamstat.engine.strategy import Examined
from streamstat.expressions import Expression
from streamstat.plan.job import Job
from streamstat.runners.notes import EventRecord, Note, Sight
from streamstat.runners.notes.showing import MOST_SHOWN, field_in, shown_value


class LeftOut:
    """Events that `--where` was asked for, and those that it let through, until one of them is in a window."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._asked = self._passed = self._kept = 0
        self._first = ""  # what the first event has in the fields of --where

    def look(self, sight: Sight, examined: Examined) -> None:
        """Those of a block."""
        if self._kept:
            return
        rows, where = sight.events.rows, self._job.where
        dated = np.ones(rows, np.bool_) if examined.dated is None else examined.dated
        passed = dated if where is None else dated & examined.columns.condition(where)
        if where is not None and not self._asked and dated.any():
            self._first = _values(sight.record(int(np.argmax(dated))), where)
        self._asked += int(np.count_nonzero(dated))
        self._passed += int(np.count_nonzero(passed))
        self._kept += rows if examined.kept is None else int(np.count_nonzero(examined.kept))

    def notes(self) -> Iterator[Note]:
        """One, if nothing was kept."""
        where = self._job.where
        if where is not None and self._asked and not self._passed:
            hint = f"the first one has {self._first}" if self._first else ""
            yield Note("--where", f"--where {shown(where.text)} left out {_all(self._asked)}", hint)
        elif self._passed and not self._kept:
            yield Note("--window", f"no window holds an event: {_all(self._passed)} lie between two windows")


def _values(event: EventRecord, where: Expression) -> str:
    fields = ((path, field_in(event, path)) for path in where.fields)
    return ", ".join(f"{printable(path, MOST_SHOWN)} {shown_value(*found)}" for path, found in fields)


def _all(n: int) -> str:
    return f"all {counted(n, 'event')}" if n > 1 else "the only event"
