"""Group keys: the values of the group columns as dense int32 numbers, and back."""

from collections.abc import Iterable, Iterator

import numpy as np

from streamstat import kernels
from streamstat.batch import I32, I64, Mask, Texts, Values, no_texts
from streamstat.columns import Columns
from streamstat.job import Group
from streamstat.packing import Packer, Unpacker, within

FEW = 16  # a part of all keys so small is sorted rather than marked
MOST_ROWS = 65_536  # ranked at once, if no more are alike: ranks take many times the memory of rows


class Keys:
    """Numbers keys in the order in which they come. Two keys are equal if they are written alike: 1 is not 1.0."""

    def __init__(self, groups: tuple[Group, ...]) -> None:
        self._groups = groups
        self._values = tuple(kernels.KeyTable() for _ in groups)
        self._tuples = kernels.TupleTable(len(groups)) if len(groups) > 1 else None

    def __len__(self) -> int:
        """How many keys there have been."""
        if self._tuples is not None:
            return len(self._tuples)
        return len(self._values[0]) if self._values else 1

    def snapshot(self) -> bytes:
        """All keys, by number."""
        packer = Packer()
        for table in self._values:
            packer.blob("values", table.snapshot())
        if self._tuples is not None:
            packer.blob("tuples", self._tuples.snapshot())
        return packer.packed()

    def restore(self, snapshot: bytes, /) -> None:
        """The keys with their numbers."""
        unpacker = Unpacker(snapshot)
        for table in self._values:
            table.restore(unpacker.blob("values"))
        if self._tuples is not None:
            self._tuples.restore(unpacker.blob("tuples"))
            codes = self._tuples.columns(np.arange(len(self._tuples), dtype=np.int32))
            for table, column in zip(self._values, codes, strict=True):
                within("tuples", column, len(table))
        unpacker.end()

    def encode(self, columns: Columns) -> I32:
        """The key of each row of a block, int32[n]."""
        if not self._groups:
            return np.zeros(columns.events.rows, np.int32)
        codes = [self._codes(group, table, columns) for group, table in self._tables()]
        return codes[0] if self._tuples is None else self._tuples.intern(codes)

    def _tables(self) -> "Iterable[tuple[Group, kernels.KeyTable]]":
        return zip(self._groups, self._values, strict=True)

    @staticmethod
    def _codes(group: Group, table: kernels.KeyTable, columns: Columns) -> I32:
        if group.by.field is None:
            values = columns.argument(group.by, 0, columns.events.rows)
            texts = values.texts
            return table.intern(values.kinds, texts.offsets, texts.data)
        kinds, texts = columns.events.dictionary(group.by.field)
        known = table.intern(kinds, texts.offsets, texts.data)
        codes: I32 = known[columns.events.codes(group.by.field)]
        return codes

    def _split(self, keys: I32) -> list[I32]:
        if self._tuples is None:
            return [keys] if self._groups else []
        return list(self._tuples.columns(keys))

    def columns(self, keys: I32) -> tuple[Values, ...]:
        """The group columns of rows with these keys."""
        out = []
        for table, codes in zip(self._values, self._split(keys), strict=True):
            kinds = table.kinds(codes)
            offsets, data = table.texts(codes)
            numbers = kernels.parse_numbers(kinds, offsets, data)
            out.append(Values(kinds, numbers, Texts(offsets, data) if len(data) else no_texts(len(codes))))
        return tuple(out)

    def row_order(self, keys: I32, *before: I64) -> I64:
        """The places of rows int64[n] in the order of these columns, then of their keys' values.

        Only keys of rows that are alike in all of `before` are compared: values are many times slower than times.
        """
        if 0 < len(keys) <= MOST_ROWS and all((column == column[0]).all() for column in before):
            return stable_order([np.zeros(len(keys), np.int64), *self.order(keys)])
        order = before[-1].argsort(kind="stable") if len(before) == 1 else np.lexsort(before[::-1])
        n = len(order)
        # Where a run of rows that are alike begins; the last, where one would.
        begins = np.zeros(n + 1, np.bool_)
        begins[[0, n]] = True
        for column in before:
            ordered = column[order]
            begins[1:n] |= ordered[1:] != ordered[:-1]
        if begins.all():
            return order
        for lo, hi in _stretches(np.flatnonzero(begins)):
            order[lo:hi] = self._ties_ordered(keys, order[lo:hi], begins[lo : hi + 1])
        return order

    def _ties_ordered(self, keys: I32, rows: I64, begins: Mask) -> I64:
        """These rows with those that are alike in the order of their keys' values."""
        tied = np.flatnonzero(~(begins[:-1] & begins[1:]))
        among = rows[tied]
        ordered = rows.copy()
        runs: I64 = np.cumsum(begins[:-1], dtype=np.int64)[tied]
        ordered[tied] = among[stable_order([runs, *self.order(keys[among])])]
        return ordered

    def order(self, keys: I32) -> list[I64]:
        """For each group column, ranks of these keys in row order: numbers, text, false, true, other JSON, null."""
        ranks = []
        for table, codes in zip(self._values, self._split(keys), strict=True):
            different, place = distinct(codes, len(table))
            ranks.append(kernels.rank_values(table.kinds(different), *table.texts(different))[place])
        return ranks


def distinct(codes: I32, n: int) -> tuple[I32, I64]:
    """The different ones of codes below n, ascending, and the place of each code among them."""
    if len(codes) < n // FEW:
        different, place = np.unique(codes, return_inverse=True)
        return different, place
    present = np.zeros(n, np.bool_)
    present[codes] = True
    places = np.cumsum(present) - 1
    return np.flatnonzero(present).astype(np.int32), places[codes]


def stable_order(columns: list[I64]) -> I64:
    """The places of rows in the order of these columns of numbers from 0, the first counting most."""
    joined, room = columns[0], int(columns[0].max(initial=0)) + 1
    for column in columns[1:]:
        values = int(column.max(initial=0)) + 1
        room *= values
        if room > 2**62:
            return np.lexsort(columns[::-1])
        joined = joined * values + column
    return kernels.stable_order(joined)


def _stretches(begins: I64) -> Iterator[tuple[int, int]]:
    """Rows cut where runs of them begin, about every MOST_ROWS; the last of `begins` is their number."""
    lo, n = 0, int(begins[-1])
    while lo < n:
        hi = int(begins[min(int(np.searchsorted(begins, lo + MOST_ROWS)), len(begins) - 1)])
        yield lo, hi
        lo = hi
