"""Records that were to change the queries, and did not: the first few, with the reason of each."""

from collections.abc import Iterator

from streamstat.common.units import counted
from streamstat.engine.strategy import Examined
from streamstat.runners.notes import Note, Sight

MOST_TOLD = 3


class BadChanges:
    """How many there are, and the first of them."""

    def __init__(self) -> None:
        self._count = 0
        self._first: list[str] = []

    def look(self, sight: Sight, examined: Examined) -> None:
        """Those of a block."""
        self._count += len(examined.refused)
        for row, reason in examined.refused[: MOST_TOLD - len(self._first)]:
            self._first.append(f"{sight.place(row)}: {reason}")

    def notes(self) -> Iterator[Note]:
        """One for each of the first, and how many more there are."""
        yield from (Note("--queries", each) for each in self._first)
        if more := self._count - len(self._first):
            yield Note("--queries", f"bad_queries: {counted(more, 'other record')} changed no query")
