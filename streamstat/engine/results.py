"""From slots of state to result rows."""

from collections.abc import Iterator

import numpy as np

from streamstat.aggregates import Place
from streamstat.common.record import record
from streamstat.engine.keys import Keys
from streamstat.engine.store import Store
from streamstat.plan.job import Job
from streamstat.values.columns import (
    I32,
    I64,
    Kind,
    Mask,
    Rows,
    Values,
    byte_values,
    concatenate_rows,
    integers,
)
from streamstat.values.exact import spelt_with_kind, state_fields

MOST_TOGETHER = 4096  # pieces absorbed at once


@record
class Windows:
    """Windows of keys, in row order: key int32[m], start and end int64[m], and the pieces they are made of:
    window `of[i]` holds slot `slots[i]`. A window without pieces is one without events."""

    keys: I32
    starts: I64
    ends: I64
    of: I64
    slots: I32

    def __len__(self) -> int:
        return len(self.keys)

    def split(self, most: int) -> "Iterator[Windows]":
        """The same windows, at most so many at once."""
        if 0 < len(self) <= most:
            yield self
            return
        order = np.argsort(self.of, kind="stable")
        of, slots = self.of[order], self.slots[order]
        for lo in range(0, len(self), most):
            hi = lo + most
            begin, end = np.searchsorted(of, [lo, hi])
            keys, starts, ends = self.keys[lo:hi], self.starts[lo:hi], self.ends[lo:hi]
            yield Windows(keys, starts, ends, of[begin:end] - lo, slots[begin:end])


class Results:
    """Reads the state of windows; publishes nothing."""

    def __init__(self, job: Job, keys: Keys, store: Store) -> None:
        self._job, self._keys, self._store = job, keys, store
        self.fields = job.fields + (store.state_fields() if job.sketches else ())
        self._exact_from = len(self.fields)
        if job.states:
            self.fields += state_fields(job.group_names, store.as_bytes.names)

    def rows(self, windows: Windows, capacity: int) -> Rows:
        """The result rows of windows; slots from `capacity` on are free."""
        m = len(windows)
        if np.array_equal(windows.of, np.arange(m)):
            return self._read(windows, windows.slots)
        most = max(MOST_TOGETHER * m // max(len(windows.of), 1), 1)
        return concatenate_rows([self._made(part, capacity) for part in windows.split(most)])

    def _made(self, windows: Windows, capacity: int) -> Rows:
        """Rows of windows of several pieces, or of none: they get slots of their own behind those of the pieces."""
        m = len(windows)
        scratch = np.arange(capacity, capacity + m, dtype=np.int32)
        self._store.reserve(capacity + m)
        self._store.absorb(scratch[windows.of], windows.slots)
        rows = self._read(windows, scratch)
        self._store.clear(scratch)
        empty = np.bincount(windows.of, minlength=m) == 0
        return self._emptied(rows, empty) if empty.any() else rows

    def _emptied(self, rows: Rows, empty: Mask) -> Rows:
        """Windows without events: counts and sums are 0, the rest is null."""
        columns = list(rows.columns)
        first = len(self._job.fields) - len(self._job.measures)
        for i, measure in enumerate(self._job.measures, first):
            if not measure.aggregate.zero_if_empty:
                columns[i] = Values(
                    np.where(empty, np.uint8(Kind.NULL), columns[i].kinds),
                    columns[i].numbers,
                    columns[i].texts,
                )
        for i in range(self._exact_from, len(columns)):
            columns[i] = Values(
                np.where(empty, np.uint8(Kind.NULL), columns[i].kinds), columns[i].numbers, columns[i].texts
            )
        return Rows(rows.fields, tuple(columns))

    def _read(self, windows: Windows, slots: I32) -> Rows:
        place = Place(slots, windows.ends - windows.starts)
        columns: list[Values] = [integers(windows.starts), integers(windows.ends)]
        columns += self._keys.columns(windows.keys)
        columns += self._store.results(place)
        if self._job.sketches:
            columns += self._store.states(slots)
        if self._job.states:
            columns += map(spelt_with_kind, self._keys.columns(windows.keys))
            columns += map(byte_values, self._store.as_bytes.snapshots(slots))
        return Rows(self.fields, tuple(columns))
