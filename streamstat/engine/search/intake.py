"""A block on its way past the queries, which may change in between."""

from collections.abc import Iterator, Mapping
from typing import Protocol

import numpy as np

from streamstat.engine.search.changes import Change, change_in
from streamstat.engine.search.naming import NamedQueries, Order
from streamstat.engine.search.sources import EventSource, of_block, read_again
from streamstat.engine.strategy import Candidates, Publication, Taken
from streamstat.plan.job import Job
from streamstat.plan.searching import Queries
from streamstat.values.columns import I64, Kind, Mask, Need, Rows, Values, integers, json_values, take

MOST_TOLD_BYTES = 1 << 25  # of texts at once


class QueriesAsked(Protocol):
    """The queries of a strategy. planned: those of the plan; came: those that came with the events, as of `refresh`."""

    job: Job
    kept: Queries
    planned: NamedQueries
    came: NamedQueries
    came_needs: Mapping[str, Need]
    order: Order
    most_hits: int

    def refresh(self) -> None:
        """Let `came` be what the changes say."""

    def change(self, change: Change) -> None:
        """From the next row on queries are others."""


class SearchIntake:
    """An `Intake` whose rows are told at once."""

    def __init__(self, search: QueriesAsked, candidates: Candidates) -> None:
        self._search, self._candidates = search, candidates
        self._n = len(candidates.times)
        self._plan = of_block(candidates.columns)
        self._left = None if candidates.left is None else candidates.left.view(np.uint8)
        self._changes = self._rows_of_changes()
        self._came: EventSource | None = None
        search.planned.held.begin_block()

    @property
    def outside(self) -> Mask | None:
        """Events are in no windows."""
        return None

    def take(self, begin: int) -> Taken:
        """Hold rows against the queries, up to the next change of these, or as many as give rows enough."""
        refused = []
        while len(self._changes) and self._changes[0] <= begin:
            row, self._changes = int(self._changes[0]), self._changes[1:]
            if row == begin:
                begin += 1
                refused += self._change(row)
        stop = int(self._changes[0]) if len(self._changes) else self._n
        if begin == stop:
            return Taken(stop, refused=tuple(refused))
        end = self._reach(begin, stop)
        parts = (self._search.planned.held, self._search.came.held)
        rows, ranks = self._search.order.merged(*(held.before(end) for held in parts))
        if end == stop:
            self._came = None
        return Taken(end, published=self._published(rows, ranks), refused=tuple(refused))

    def _reach(self, begin: int, stop: int) -> int:
        """How far the hits of all queries are known by now."""
        search, columns = self._search, self._candidates.columns
        search.refresh()
        most = search.most_hits
        if len(search.came.names):
            if self._came is None:
                self._came = read_again(columns, search.job, search.came_needs, self._wanted(begin, stop))
                search.came.held.begin_block()
            stop = min(
                stop, search.came.held.reach(self._came, begin, stop, None, most, columns.count_unread)
            )
        if len(search.planned.names):
            held = search.planned.held
            stop = min(stop, held.reach(self._plan, begin, stop, self._left, most, columns.note_unread))
        return stop

    def _wanted(self, begin: int, stop: int) -> I64:
        rows = np.arange(begin, stop)
        return rows if self._left is None else rows[self._left[begin:stop] != 0]

    def _rows_of_changes(self) -> I64:
        job, events = self._search.job, self._candidates.columns.events
        if job.changes is None:
            return np.zeros(0, np.int64)
        changes: Mask = events.kinds(job.changes)[: self._n] != Kind.NULL
        if job.punctuation is not None:
            changes = changes & ~events.present(job.punctuation)[: self._n]
        return np.flatnonzero(changes)

    def _change(self, row: int) -> list[tuple[int, str]]:
        """Take in the change that a row is; the row and the reason where it is none."""
        path = str(self._search.job.changes)
        events = self._candidates.columns.events
        try:
            change = change_in(int(events.kinds(path)[row]), events.texts(path)[row], path)
        except ValueError as error:
            return [(row, str(error))]
        self._search.change(change)
        return []

    def _published(self, rows: I64, ranks: I64) -> Iterator[Publication]:
        """What is told of hits, some at a time: an event that many queries hold for stands in many rows."""
        if not len(rows):
            return
        search, columns = self._search, self._candidates.columns
        told = [(columns.evaluate(expression), rows) for _, expression in search.kept.columns]
        if not told:
            once, places = np.unique(rows, return_inverse=True)
            told = [(json_values(columns.events.written_of(once)), places)]
        for lo, hi in _cuts(told):
            values = [integers(self._candidates.times[rows[lo:hi]]), search.order.column(ranks[lo:hi])]
            values += [take(column, places[lo:hi]) for column, places in told]
            made = Rows(search.job.fields, tuple(values))
            yield Publication(made, made)


def _cuts(columns: list[tuple[Values, I64]]) -> Iterator[tuple[int, int]]:
    """Rows [lo, hi) of at most so many bytes, or a single one. columns: values, and which of them stand in the rows."""
    sizes = np.zeros(len(columns[0][1]), np.int64)
    for values, places in columns:
        if values.texts is not None:
            sizes += np.diff(values.texts.offsets)[places]
    ends, lo = np.cumsum(sizes), 0
    while lo < len(ends):
        most = int(ends[lo] - sizes[lo]) + MOST_TOLD_BYTES
        hi = max(lo + 1, int(np.searchsorted(ends, most, "right")))
        yield lo, hi
        lo = hi
