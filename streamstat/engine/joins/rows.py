"""Rows of a join: the numbers of events become their key, their times and what is asked of them."""

from collections.abc import Callable, Mapping

import numpy as np

from streamstat.common.record import record
from streamstat.engine.asides import times_of_kept
from streamstat.engine.kept import KeptEvents
from streamstat.engine.wanted import VALUE, WRITTEN, Wanted, each_wanted, rows_of_none, values_of
from streamstat.expressions.nodes import seconds_of
from streamstat.plan.job import Job
from streamstat.plan.joined_columns import JoinColumn, time_of
from streamstat.plan.joining import Joined
from streamstat.states import Cells
from streamstat.values.columns import (
    I64,
    Kind,
    Mask,
    Rows,
    Values,
    concatenate,
    integers,
    json_values,
    spread_over,
    take,
)


@record
class JoinSide:
    """One side: its number and its name, the fields of its key, and what is kept of its events.

    tells_keyless: whether an event without a key may be told.
    """

    number: int
    name: str
    key: tuple[str, ...]
    wanted: tuple[Wanted, ...]
    kept: KeptEvents
    tells_keyless: bool


def side_of(job: Job, joined: Joined, number: int) -> JoinSide:
    """A side of a join, of which nothing is there yet."""
    of_side = job.streams[number] if job.streams else job
    is_told = number == 0 or joined.kind not in ("semi", "anti")
    wanted = [Wanted(VALUE, path, need) for path, need in joined.paths(number).items()] if is_told else []
    if not joined.columns and is_told:
        wanted.append(Wanted(WRITTEN, ""))
    things = each_wanted(wanted)
    alone = ("left", "outer", "anti") if number == 0 else ("right", "outer")
    key = tuple(each.paths[number] for each in joined.on)
    kept = KeptEvents(rows_of_none(of_side, things))
    return JoinSide(number, joined.names[number], key, things, kept, joined.kind in alone)


@record
class Found:
    """n rows in order: the numbers int64[n] of a left and a right event (-1: none), and their times."""

    left: I64
    right: I64
    left_times: I64
    right_times: I64

    def __len__(self) -> int:
        return len(self.left)

    def part(self, lo: int, hi: int) -> "Found":
        """Rows [lo, hi)."""
        return Found(self.left[lo:hi], self.right[lo:hi], self.left_times[lo:hi], self.right_times[lo:hi])


class JoinRows:
    """Makes rows of what was found."""

    def __init__(self, job: Job, joined: Joined, sides: tuple[JoinSide, JoinSide]) -> None:
        self._job, self._joined, self._sides = job, joined, sides

    def of(self, found: Found) -> Rows:
        """The rows, in the same order."""
        left = _SideOfRows(self._sides[0], found.left, found.left_times)
        right = _SideOfRows(self._sides[1], found.right, found.right_times)
        times = np.maximum(found.left_times, found.right_times)
        if not (left.all_there and right.all_there):
            alone = np.where(left.there, found.left_times, found.right_times)
            times = np.where(left.there & right.there, times, alone)
        columns = [integers(times)]
        for key in self._joined.on:
            values = left.field(key.paths[0])
            if not left.all_there:
                values = _either(values, right.field(key.paths[1]), left.there)
            columns.append(values)
        columns += [left.time_column, right.time_column]
        columns += [self._selected(each, times, left, right) for each in self._joined.columns]
        if not self._joined.columns:
            columns += [left.written, right.written]
        return Rows(self._job.fields, tuple(columns))

    def _selected(self, column: JoinColumn, times: I64, left: "_SideOfRows", right: "_SideOfRows") -> Values:
        fields = {}
        for side in (left, right):
            if time_of(side.name) in column.expression.fields:
                fields[time_of(side.name)] = side.seconds
            for path in column.of_side(side.name):
                fields[f"{side.name}.{path}"] = side.field(path)
        known = times_of_kept(self._job, times, fields)
        return column.expression.evaluate(fields, len(times), known).values


class _SideOfRows:
    """The events of one side in rows."""

    def __init__(self, side: JoinSide, numbers: I64, times: I64) -> None:
        self.name, self._side, self._times = side.name, side, times
        self.there: Mask = numbers >= 0
        self.all_there = bool(self.there.all())
        wanted = numbers if self.all_there else numbers[self.there]
        self._cells = side.kept.cells_of(wanted) if side.kept.has_columns else None

    @property
    def time_column(self) -> Values:
        """The time of each event, null where there is none."""
        if self.all_there:
            return integers(self._times)
        kinds = np.where(self.there, Kind.INTEGER, Kind.NULL).astype(np.uint8)
        return Values(kinds, np.where(self.there, self._times, 0))

    @property
    def seconds(self) -> Values:
        """The same in seconds, as expressions have times."""
        return seconds_of(self._times, self.there)

    def field(self, path: str) -> Values:
        """A field of each event, null where there is none."""
        return self._spread(lambda cells: values_of(cells[Wanted(VALUE, path).label]))

    @property
    def written(self) -> Values:
        """Each event as it was written, null where there is none."""
        return self._spread(lambda cells: json_values(cells[Wanted(WRITTEN, "").label]["texts"]))

    def _spread(self, of: Callable[[Mapping[str, Cells]], Values]) -> Values:
        if self._cells is None:
            n = len(self.there)
            return Values(np.full(n, Kind.NULL, np.uint8), np.zeros(n, np.int64))
        return spread_over(of(self._cells), self.there)


def _either(values: Values, others: Values, first: Mask) -> Values:
    """The values where `first`, else the others."""
    places = np.arange(len(first)) + np.where(first, 0, len(first))
    return take(concatenate([values, others]), places)
