"""Group keys: the values of the group columns as dense int32 numbers, and back.

With a limit, keys beyond the first so many are one: null in all columns, true in a column of their own, `overflow`.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from streamstat import kernels
from streamstat.common.record import record
from streamstat.common.units import counted
from streamstat.engine.columns import Columns
from streamstat.engine.sizes import SIZES, Sizes
from streamstat.plan.job import Group
from streamstat.values.columns import (
    I32,
    I64,
    U8,
    Kind,
    Mask,
    Texts,
    Values,
    arrays_of,
    no_texts,
    take_texts,
)
from streamstat.values.packing import Packer, Unpacker, within

FEW = 16  # a part of all keys so small is sorted rather than marked
FLAGS = np.array([Kind.FALSE, Kind.TRUE], np.uint8)


@record
class Coded:
    """The different values of a group column in a block, and which of them each row has: codes int32[n]."""

    kinds: U8
    texts: Texts
    codes: I32

    def at(self, codes: I32) -> tuple[U8, I64, U8]:
        """These values, as tables of keys take them."""
        texts = take_texts(self.texts, codes)
        return self.kinds[codes], texts.offsets, texts.data


def coded(group: Group, columns: Columns) -> Coded:
    """The values of a group column in a block."""
    table = kernels.KeyTable()
    codes = codes_of(group, table, columns)
    every = np.arange(len(table), dtype=np.int32)
    return Coded(table.kinds(every), Texts(*table.texts(every)), codes)


def codes_of(group: Group, table: kernels.KeyTable, columns: Columns) -> I32:
    """The values of a group column in a block, as codes of this table."""
    if group.by.field is None:
        values = columns.argument(group.by, 0, columns.events.rows)
        texts = values.texts
        return table.intern(values.kinds, texts.offsets, texts.data)
    kinds, texts = columns.events.dictionary(group.by.field)
    known = table.intern(kinds, texts.offsets, texts.data)
    codes: I32 = known[columns.events.codes(group.by.field)]
    return codes


class Keys:
    """Numbers keys in the order in which they come. Two keys are equal if they are written alike: 1 is not 1.0."""

    def __init__(
        self,
        groups: tuple[Group, ...],
        limit: int | None = None,
        sizes: Sizes = SIZES,
        *,
        can_be_limited: bool = True,
    ) -> None:
        self._groups, self._limit, self._sizes, self._can_be_limited = groups, limit, sizes, can_be_limited
        self._overflowed = 0  # events
        width = len(groups) + (limit is not None)
        self._values = tuple(kernels.KeyTable() for _ in range(width))
        self._tuples = kernels.TupleTable(width) if width > 1 else None
        if limit is not None:
            none = no_texts(len(FLAGS))
            self._values[-1].intern(FLAGS, none.offsets, none.data)

    def __len__(self) -> int:
        """How many keys there have been."""
        if self._tuples is not None:
            return len(self._tuples)
        return len(self._values[0]) if self._values else 1

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader of the rows should know of the groups."""
        if self._overflowed:
            others = f"beyond the first {self._limit:,} (--max-groups)"
            were = "was" if self._overflowed == 1 else "were"
            rows = f"{were} counted together, in rows where overflow is true"
            return (f"{counted(self._overflowed, 'event')} of groups {others} {rows}",)
        if self._limit is None and len(self) >= self._sizes.many_groups:
            hint = "; --max-groups N sets a limit" if self._can_be_limited else ""
            return (f"{len(self):,} different groups were kept in memory{hint}",)
        return ()

    def snapshot(self) -> bytes:
        """All keys, by number."""
        packer = Packer().integer("overflowed", self._overflowed)
        for table in self._values:
            packer.blob("values", table.snapshot())
        if self._tuples is not None:
            packer.blob("tuples", self._tuples.snapshot())
        return packer.packed()

    def restore(self, snapshot: bytes, /) -> None:
        """The keys with their numbers."""
        unpacker = Unpacker(snapshot)
        self._overflowed = unpacker.integer("overflowed")
        if self._overflowed < 0 or (self._overflowed and self._limit is None):
            raise ValueError(f"overflowed: {self._overflowed} without a limit")
        for table in self._values:
            table.restore(unpacker.blob("values"))
        if self._tuples is not None:
            self._tuples.restore(unpacker.blob("tuples"))
            codes = self._tuples.columns(np.arange(len(self._tuples), dtype=np.int32))
            for table, column in zip(self._values, codes, strict=True):
                within("tuples", column, len(table))
        unpacker.end()

    def encode(self, columns: Columns, left: Mask | None) -> I32:
        """The key of each row of a block, int32[n]; with a limit only of rows that are left, which alone take room."""
        if not self._groups:
            return np.zeros(columns.events.rows, np.int32)
        if self._limit is not None:
            return self._encode_limited(columns, left, self._limit)
        tables = zip(self._groups, self._values, strict=True)
        codes = [codes_of(group, table, columns) for group, table in tables]
        return codes[0] if self._tuples is None else self._tuples.intern(codes)

    def intern(self, columns: Sequence[Values]) -> I32:
        """The key of each of n rows whose columns are these, numbers with their spelling."""
        codes = [
            table.intern(kinds, offsets, data)
            for table, (kinds, _, offsets, data) in zip(self._values, map(arrays_of, columns), strict=True)
        ]
        return codes[0] if self._tuples is None else self._tuples.intern(codes)

    def _encode_limited(self, columns: Columns, left: Mask | None, limit: int) -> I32:
        assert self._tuples is not None
        groups = [coded(group, columns) for group in self._groups]
        block = kernels.TupleTable(len(groups))
        rows = block.intern([each.codes for each in groups], None if left is None else left.view(np.uint8))
        tuples = block.columns(np.arange(len(block), dtype=np.int32))
        plain = np.zeros(len(block), np.int32)
        each_of = list(zip(self._values[:-1], groups, tuples, strict=True))
        keys = self._tuples.find([*(table.find(*each.at(codes)) for table, each, codes in each_of), plain])
        new = np.flatnonzero(keys < 0)
        room = max(limit - len(self._tuples), 0)
        first, others = new[:room], new[room:]
        admitted = [table.intern(*each.at(codes[first])) for table, each, codes in each_of]
        keys[first] = self._tuples.intern([*admitted, plain[first]])
        if len(others):
            keys[others] = self._overflow()
        encoded = np.append(keys, np.int32(0))[rows]  # -1, a row that is left out, becomes 0
        if len(self._tuples) > limit:
            self._overflowed += int(np.count_nonzero(encoded == limit))
        return encoded

    def _overflow(self) -> I32:
        """The key of all groups beyond the limit; it is the one behind them."""
        assert self._tuples is not None
        null, none = np.array([Kind.NULL], np.uint8), no_texts(1)
        codes = [table.intern(null, none.offsets, none.data) for table in self._values[:-1]]
        return self._tuples.intern([*codes, np.ones(1, np.int32)])

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
        at_once = self._sizes.ranked_at_once
        if 0 < len(keys) <= at_once and all((column == column[0]).all() for column in before):
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
        for lo, hi in _stretches(np.flatnonzero(begins), at_once):
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

    def ranks(self) -> I32:
        """The rank of each key in row order, by number: int32[len]."""
        ranks = np.arange(len(self), dtype=np.int32)
        if self._tuples is None:
            return self._values[0].ranks() if self._values else ranks
        codes = zip(self._values, self._split(ranks), strict=True)
        order = np.lexsort([table.ranks()[column] for table, column in codes][::-1])
        ranks[order] = np.arange(len(self), dtype=np.int32)
        return ranks

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


def _stretches(begins: I64, at_once: int) -> Iterator[tuple[int, int]]:
    """Rows cut where runs of them begin, about every `at_once`; the last of `begins` is their number."""
    lo, n = 0, int(begins[-1])
    while lo < n:
        hi = int(begins[min(int(np.searchsorted(begins, lo + at_once)), len(begins) - 1)])
        yield lo, hi
        lo = hi
