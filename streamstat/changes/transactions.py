"""Transactions of several records: which records are of one, and which of them are whole."""

import numpy as np

from streamstat.changes import Changes
from streamstat.common.record import record
from streamstat.values.columns import I64, Mask, Values
from streamstat.values.packing import Packer, Unpacker


@record
class Grouped:
    """Of each record the number of its transaction, never descending; those below `whole` are whole."""

    groups: I64
    whole: int


class NamedTransactions:
    """Transactions whose records have a name in common, and whose last record says that it is the last.

    A record of another name ends the one before, too: what its last record was may have been of another table. One
    without a name is a transaction of its own.
    """

    def __init__(self) -> None:
        self._open: bytes | None = None
        self.next = 0  # the number of the next transaction

    def group(self, names: Values, codes: I64, last: Mask) -> Grouped:
        """The transactions of records, in their order. codes: equal where names are."""
        n = len(codes)
        if not n:
            return Grouped(np.zeros(0, np.int64), self.next - (self._open is not None))
        assert names.texts is not None
        has_name = names.kinds != 0
        goes_on = np.zeros(n, np.bool_)
        goes_on[1:] = (codes[1:] == codes[:-1]) & has_name[1:] & ~last[:-1]
        goes_on[0] = bool(has_name[0]) and self._open == names.texts[0]
        groups: I64 = self.next - 1 + np.cumsum(~goes_on)
        self.next = int(groups[-1]) + 1
        self._open = names.texts[n - 1] if has_name[-1] and not last[-1] else None
        return Grouped(groups, self.next - (self._open is not None))

    def snapshot(self, packer: Packer) -> None:
        """Which one is open, and how many there have been."""
        packer.flag("open", self._open is not None).blob("name", self._open or b"").integer("next", self.next)

    def restore(self, unpacker: Unpacker) -> None:
        """As it was."""
        is_open, name, self.next = unpacker.flag("open"), unpacker.blob("name"), unpacker.integer("next")
        self._open = name if is_open else None
        _check(self.next, is_open)


@record
class Counted:
    """The same, with the place of each record in its transaction, and the number that this was begun with: where it
    has one, `known`. cut: the transactions that another one has begun in, so that their end will not come."""

    groups: I64
    whole: int
    ordinals: I64
    numbers: I64
    known: Mask
    cut: I64


class MarkedTransactions:
    """Transactions that stand between marks. A record outside of any is one of its own.

    None begins within another. Where it seems so, what wrote the log was broken off in the one that was open.
    """

    def __init__(self) -> None:
        self._is_open = False
        self._number = -1
        self._count = 0  # records of the open one
        self.next = 0

    def group(self, begins: Mask, ends: Mask, numbers: I64) -> Counted:
        """The transactions of records, marks among them. numbers: what beginnings say, from 0; -1: nothing."""
        n = len(begins)
        places = np.arange(n)
        marks = np.maximum.accumulate(np.where(begins | ends, places, -1)) if n else places
        before = np.concatenate([[-1], marks[:-1]]) if n else places  # the last mark in front of each
        inside = np.where(before < 0, self._is_open, begins[before])
        is_plain = ~begins & ~ends
        new = begins | (is_plain & ~inside)
        groups: I64 = self.next - 1 + np.cumsum(new)
        counted: I64 = np.cumsum(is_plain) - is_plain
        ordinals = np.where(before < 0, self._count + counted, counted - counted[before])
        said = np.where(before < 0, self._number, numbers[before])
        known = inside & (said >= 0)
        cut = groups[begins & inside] - 1
        if n:
            self._end(begins, ends, numbers, marks, is_plain)
            self.next = int(groups[-1]) + 1
        return Counted(groups, self.next - self._is_open, ordinals, said, known, cut)

    def _end(self, begins: Mask, ends: Mask, numbers: I64, marks: I64, is_plain: Mask) -> None:
        last = int(marks[-1])
        behind = int(np.count_nonzero(is_plain[last + 1 :]))
        if last < 0:
            self._count += behind if self._is_open else 0
            return
        self._is_open = bool(begins[last])
        self._number = int(numbers[last]) if self._is_open else -1
        self._count = behind if self._is_open else 0

    def snapshot(self, packer: Packer) -> None:
        """All of it."""
        packer.flag("open", self._is_open).integer("number", self._number)
        packer.integer("count", self._count).integer("next", self.next)

    def restore(self, unpacker: Unpacker) -> None:
        """As it was."""
        self._is_open, self._number = unpacker.flag("open"), unpacker.integer("number")
        self._count, self.next = unpacker.integer("count"), unpacker.integer("next")
        _check(self.next, self._is_open)
        if not 0 <= self._count < 1 << 62:
            raise ValueError(f"count: {self._count} records cannot have been")


def _check(next_number: int, is_open: bool) -> None:
    if not int(is_open) <= next_number < 1 << 62:
        raise ValueError(f"next: {next_number} transactions cannot have been")


def without_end(changes: Changes, cut: I64) -> Changes:
    """The same changes, and the transactions whose end will not come."""
    if not len(cut):
        return changes
    return Changes(**{name: getattr(changes, name) for name in Changes.__match_args__} | {"cut": cut})
