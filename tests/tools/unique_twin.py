"""Values that were counted before, by the rules, one row at a time: the truth that the kernel is compared with."""

from dataclasses import dataclass, field

LEFT_OUT, ASKED_FOR, COUNTS, MAY_BE_LATE = range(4)

Hash = tuple[int, int]
Row = tuple[Hash, int, int, int]  # hash, the watermark that forgets it, the one before it, role


@dataclass
class Twin:
    """A dictionary of the watermarks from which on each value is forgotten, and rows of which is not known yet."""

    forgets: bool
    known: dict[Hash, int] = field(default_factory=dict)
    pending: dict[Hash, tuple[int, int]] = field(default_factory=dict)

    def sift(self, rows: list[Row], begin: int) -> tuple[int, list[bool]]:
        """The row before which it stops, and which rows before that were there before."""
        duplicates = [False] * len(rows)
        for i, (spelt, forgotten, before, role) in enumerate(rows[begin:], begin):
            value = told_apart(spelt)
            if role == LEFT_OUT:
                continue
            if value in self.known and (not self.forgets or before < self.known[value]):
                duplicates[i] = True
            elif value in self.pending:
                return i, duplicates
            elif role == COUNTS:
                self.known[value] = forgotten
            elif role == MAY_BE_LATE:
                self.pending[value] = i, forgotten
        return len(rows), duplicates

    def settle(self, lost: list[bool]) -> None:
        for value, (row, forgotten) in self.pending.items():
            if row >= len(lost) or not lost[row]:
                self.known[value] = forgotten
        self.pending = {}


def told_apart(value: Hash) -> Hash:
    """First two bytes of zero stand for nothing in the table, and are one instead."""
    low, high = value
    return (low if low >> 48 else low | 1 << 48), high
