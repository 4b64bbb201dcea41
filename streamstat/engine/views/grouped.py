"""Rows of a view counted together: aggregates over the rows that there are, and which of them each change gave.

What groups have follows from the rows. So it is made of them when somebody asks for the first time, and kept up to date
from there on: most logs have far more changes than rows. Nothing of it is in checkpoints.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from streamstat.common.terminal import printable
from streamstat.engine.keys import Keys
from streamstat.engine.shaping import Shaping
from streamstat.engine.sizes import Sizes
from streamstat.engine.strategy import Publication
from streamstat.engine.views.bad_values import BadValues
from streamstat.engine.views.batches import ChangeBatch
from streamstat.engine.views.kept import Applied, RowsByKey
from streamstat.engine.views.measured import GroupSteps, Measured
from streamstat.engine.views.moving import Movement, RowMoves
from streamstat.engine.views.shown import MOST_OF_A_NAME, changed_values, name_hint
from streamstat.engine.views.stepping import (
    GIVEN,
    TAKEN_BACK,
    before_each,
    differing,
    labels,
    step_of_each,
)
from streamstat.engine.views.telling import CHANGE_HEAD
from streamstat.plan.job import Job, RowShape
from streamstat.plan.viewing import View
from streamstat.values.columns import (
    I32,
    I64,
    ColumnType,
    Mask,
    ResultField,
    Rows,
    Values,
    concatenate,
    take_rows,
)

MOST_LOADED = 1 << 16  # rows that are read again at once


class GroupedRows:
    """The groups of a view, over the rows that it keeps."""

    def __init__(self, job: Job, kept: RowsByKey, sizes: Sizes) -> None:
        assert isinstance(job.kept, View)
        self._view, self._kept, self._sizes = job.kept, kept, sizes
        self._keys = Keys(self._view.groups, None, sizes, can_be_limited=False)
        self._measured = Measured(self._view.measures)
        self._bad = BadValues(job)
        placed = self._measured.placed
        self._movement = Movement(job, kept, self._keys, placed=placed, tells_same=placed or bool(self._bad))
        self._is_made = self._view.changelog  # of no rows, up to now
        having = RowShape(having=self._view.having)
        self._shaping = Shaping(replace(job, columns=self.fields, shape=having), sizes)

    @property
    def fields(self) -> tuple[ResultField, ...]:
        """The columns of a report."""
        groups = (ResultField(each.name, ColumnType.ANY) for each in self._view.groups)
        return (*groups, *(ResultField(each.name, each.aggregate.type) for each in self._view.measures))

    @property
    def told_fields(self) -> tuple[ResultField, ...]:
        """The columns of the changelog."""
        return (*CHANGE_HEAD, *self.fields)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader of the rows should know."""
        lacking = self._movement.lacking
        met = self._kept.present_names() if lacking else ()
        said = (f"no row has {printable(path, MOST_OF_A_NAME)!r}{name_hint(path, met)}" for path in lacking)
        return (*said, *self._keys.warnings, *self._shaping.warnings)

    def wants(self, batch: ChangeBatch) -> tuple[bool, bool]:
        """Whether it looks at the rows before and after these changes."""
        return self._is_made, self._is_made or self._bad.asks_rows(batch)

    def restored(self) -> None:
        """Rows are there again."""
        if self._is_made:
            self._make()

    def _make(self) -> None:
        self._is_made = True
        live = self._kept.table.live()
        for lo in range(0, len(live), MOST_LOADED):
            moves = self._movement.of_rows(live[lo : lo + MOST_LOADED])
            self._change(moves)

    def take(self, batch: ChangeBatch, applied: Applied) -> Iterator[Publication]:
        """Changes were applied to rows."""
        bad = 0
        if self._is_made:
            moves = self._moves(batch, applied)
            self._change(moves)
            bad = moves.columns.bad_values
        elif self._bad:
            bad = self._bad.number(batch, applied)
        if bad:
            yield Publication(None, None, bad_values=bad)

    def tell(self, batch: ChangeBatch, applied: Applied) -> Iterator[Publication]:
        """The same, and which rows of groups each transaction takes back, and which it gives."""
        moves = self._moves(batch, applied)
        if len(moves):
            changes = applied.changes[moves.events]
            times = _last_times(batch, applied)
            for rows, taken_back in self._told(moves, batch.groups[changes], times[changes]):
                yield Publication(rows, None, retractions=taken_back)
        if moves.columns.bad_values:
            yield Publication(None, None, bad_values=moves.columns.bad_values)

    def _moves(self, batch: ChangeBatch, applied: Applied) -> RowMoves:
        moves = self._movement.of_events(batch, applied)
        self._bad.mark(moves.columns, ~moves.gone)
        return moves

    def _change(self, moves: RowMoves) -> None:
        self._measured.reserve(len(self._keys))
        self._measured.change(self._measured.fed(moves), moves.gone)
        self._forget(np.unique(moves.groups[moves.gone]))

    def _forget(self, groups: I32) -> None:
        """Those of these groups that have no rows leave nothing behind."""
        empty = groups[self._measured.counts(groups) == 0]
        if len(empty):
            self._measured.clear(empty)

    def _told(self, moves: RowMoves, transactions: I64, times: I64) -> Iterator[tuple[Rows, int]]:
        measured = self._measured
        measured.reserve(len(self._keys))
        order, ends = step_of_each(transactions, moves.groups, len(self._keys))
        first = order[np.concatenate([np.zeros(1, np.int64), ends[:-1]])]  # a row of each step
        slots = moves.groups[first]
        fed = measured.fed(moves)
        groups, places = np.unique(slots, return_inverse=True)
        begun = measured.counts(groups), measured.results(groups)
        counts, results = measured.walked(fed, GroupSteps(order, ends, slots), moves.gone)
        measured.change(fed, moves.gone)
        self._forget(groups)
        told = np.concatenate([groups, slots])
        columns = tuple(concatenate(list(pair)) for pair in zip(begun[1], results, strict=True))
        rows = Rows(self.fields, (*self._keys.columns(told), *columns))
        visible = np.concatenate([begun[0], counts]) > 0
        visible &= self._shaping.passing(rows)
        before, after = before_each(places, len(groups)), np.arange(len(slots)) + len(groups)
        in_order = self._keys.row_order(slots, transactions[first])
        yield from self._rows(rows, visible, before[in_order], after[in_order], times[first][in_order])

    def _rows(
        self, rows: Rows, visible: Mask, before: I64, after: I64, times: I64
    ) -> Iterator[tuple[Rows, int]]:
        """What each step takes back and gives, and how many rows it takes back. before, after: places of rows."""
        differs = differing(rows, before, after) | (visible[before] != visible[after])
        pairs = np.stack([before, after], axis=1).ravel()
        wanted = visible[pairs] & np.repeat(differs, 2)
        kinds = np.tile(np.array([TAKEN_BACK, GIVEN]), len(before))[wanted]
        places, when = pairs[wanted], np.repeat(times, 2)[wanted]
        most = self._sizes.published_at_once
        for lo in range(0, len(places), most):
            hi = lo + most
            told = take_rows(rows, places[lo:hi])
            head = changed_values(when[lo:hi]), labels(kinds[lo:hi])
            taken_back = int(np.count_nonzero(kinds[lo:hi] == TAKEN_BACK))
            yield Rows(self.told_fields, (*head, *told.columns)), taken_back

    def rows(self) -> Iterator[Rows]:
        """The rows as they are, by group; at least one part, which may be empty."""
        if not self._is_made:
            self._make()
        every = np.arange(len(self._keys), dtype=np.int32)
        self._measured.reserve(len(every))
        live = every[self._measured.counts(every) > 0]
        live = live[self._keys.row_order(live, np.zeros(len(live), np.int64))]
        most = self._sizes.published_at_once
        for lo in range(0, max(len(live), 1), most):
            yield self._part(live[lo : lo + most])

    def _part(self, groups: I32) -> Rows:
        columns: tuple[Values, ...] = (*self._keys.columns(groups), *self._measured.results(groups))
        rows = Rows(self.fields, columns)
        passing = self._shaping.passing(rows)
        return rows if passing.all() else take_rows(rows, np.flatnonzero(passing))


def _last_times(batch: ChangeBatch, applied: Applied) -> I64:
    """Of each change of a batch, the time of the last applied one of its transaction."""
    last = np.full(len(batch), -1)
    last[applied.changes] = applied.changes
    begins = np.flatnonzero(np.diff(batch.groups, prepend=batch.groups[:1] - 1))
    latest = np.maximum.reduceat(last, begins)
    lengths = np.diff(np.append(begins, len(batch)))
    times: I64 = batch.times[np.repeat(latest, lengths)]
    return times
