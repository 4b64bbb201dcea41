"""Each change as it is applied: when, what became of the row, its key and its columns."""

from collections.abc import Iterator

import numpy as np

from streamstat.common.errors import UsageError
from streamstat.engine.sizes import Sizes
from streamstat.engine.strategy import Publication
from streamstat.engine.views.batches import ChangeBatch
from streamstat.engine.views.kept import DELETE, EVENT_NAMES, INSERT, UPDATE, Applied, RowsByKey
from streamstat.engine.views.shown import RowsShown, Shown, changed_values
from streamstat.plan.viewing import CHANGE_KIND, CHANGE_TIME
from streamstat.values.columns import (
    I64,
    U8,
    ColumnType,
    Kind,
    ResultField,
    Rows,
    Texts,
    Values,
    concatenate,
    take,
    take_texts,
)

PROMISE_COLUMN = "watermark"
CHANGE_HEAD = (ResultField(CHANGE_TIME, ColumnType.TIME), ResultField(CHANGE_KIND, ColumnType.LABEL))


class ChangeTeller:
    """Makes rows of the changelog. promises: lines among them may be promises."""

    def __init__(self, kept: RowsByKey, shown: Shown, sizes: Sizes, promises: bool) -> None:
        self._kept, self._shown, self._sizes, self._promises = kept, shown, sizes, promises

    def fields(self, names: int) -> tuple[ResultField, ...]:
        """The columns of a row behind which so many names of columns were known."""
        met = self._kept.names[:names]
        if self._promises and PROMISE_COLUMN in met:
            problem = f"a row with the column {PROMISE_COLUMN!r} would read as a promise"
            raise UsageError(
                "--promises", problem, f"choose columns, for example --select other={PROMISE_COLUMN}"
            )
        return (*CHANGE_HEAD, *self._shown.fields(met))

    def rows(self, batch: ChangeBatch, applied: Applied) -> Iterator[Publication]:
        """The rows of these events, some at a time: all of one have the same columns."""
        for lo, hi in self._stretches(applied):
            rows = self._stretch(batch, applied, lo, hi)
            if len(rows):
                yield Publication(rows, None)

    def _stretches(self, applied: Applied) -> Iterator[tuple[int, int]]:
        lo, n = 0, len(applied)
        while lo < n:
            hi = int(np.searchsorted(applied.names, applied.names[lo], "right"))
            hi = min(hi, lo + self._sizes.published_at_once)
            yield lo, hi
            lo = hi

    def _stretch(self, batch: ChangeBatch, applied: Applied, lo: int, hi: int) -> Rows:
        assert applied.before is not None and applied.after is not None
        places = np.arange(lo, hi)
        slots, kinds = applied.slots[lo:hi], applied.kinds[lo:hi].copy()
        met = self._kept.names[: int(applied.names[lo])]
        keys = self._kept.key_columns(slots)
        times = batch.times[applied.changes[lo:hi]]
        gone = kinds == DELETE
        after = self._shown.columns(RowsShown(keys, take_texts(applied.after, places), times), met)
        fields = self.fields(int(applied.names[lo]))
        if after.passing is not None:
            before = self._shown.columns(RowsShown(keys, take_texts(applied.before, places), times), met)
            assert before.passing is not None
            kinds = _kinds(before.passing, after.passing)
            shown, told = _either(kinds == DELETE, before.columns, after.columns), kinds > 0
        elif gone.any():
            before = self._shown.columns(RowsShown(keys, take_texts(applied.before, places), times), met)
            shown, told = _either(gone, before.columns, after.columns), None
        else:
            shown, told = after.columns, None
        columns = (changed_values(times), _labels(kinds), *keys, *shown)
        if told is None or told.all():
            return Rows(fields, columns)
        return Rows(fields, tuple(take(column, np.flatnonzero(told)) for column in columns))


def _kinds(before: np.ndarray, after: np.ndarray) -> U8:
    """What a change is to a view of the rows that pass; 0: nothing."""
    kinds = np.zeros(len(before), np.uint8)
    kinds[after & ~before] = INSERT
    kinds[after & before] = UPDATE
    kinds[before & ~after] = DELETE
    return kinds


def _either(where: np.ndarray, one: tuple[Values, ...], other: tuple[Values, ...]) -> tuple[Values, ...]:
    """The columns of `one` where it is so, else those of `other`."""
    n = len(where)
    places: I64 = np.where(where, np.arange(n), np.arange(n, 2 * n))
    return tuple(take(concatenate([a, b]), places) for a, b in zip(one, other, strict=True))


def _labels(kinds: U8) -> Values:
    names = [b"", *(EVENT_NAMES[kind] for kind in (INSERT, UPDATE, DELETE))]
    table = Texts(np.cumsum([0, *map(len, names)], dtype=np.int64), np.frombuffer(b"".join(names), np.uint8))
    n = len(kinds)
    return Values(
        np.full(n, Kind.TEXT, np.uint8), np.zeros(n, np.int64), take_texts(table, kinds.astype(np.int64))
    )
