"""Queries behind one index: which of them hold for which rows, and for how many events each was held against them."""

from collections.abc import Callable, Sequence

import numpy as np

from streamstat import kernels
from streamstat.engine.search.sources import EventSource
from streamstat.expressions.forms import QueryReader, StoredQuery
from streamstat.values.columns import I32, I64, U8, Kind

Unread = Callable[[str, I64], None]  # told the call that made nothing of values, and their rows


class HeldQueries:
    """Some queries, by their numbers. muted: those that are left out (None: none).

    evaluated: how many events held the part of a query by which it is looked up, or all where there is none. hit: for
    how many it was true.
    """

    def __init__(self, queries: Sequence[StoredQuery], reader: QueryReader) -> None:
        programs = [each.program for each in queries]
        offsets = np.cumsum([0, *map(len, programs)], dtype=np.int64)
        self._fields = list(reader.fields)
        self._asks_written = reader.asks_written
        self._index = kernels.QueryIndex(
            offsets, np.frombuffer(b"".join(programs), np.uint8), len(self._fields)
        )
        self._open = {i: each.expression for i, each in enumerate(queries) if each.expression is not None}
        self._evaluated_before = np.zeros(len(queries), np.int64)
        self.hit = np.zeros(len(queries), np.int64)
        self.always: I32 = self._index.always()
        self.muted: U8 | None = None
        self._reached = 0
        self._rows, self._queries = np.zeros(0, np.int64), np.zeros(0, np.int32)

    def __len__(self) -> int:
        return len(self.hit)

    @property
    def evaluated(self) -> I64:
        """By query."""
        return self._evaluated_before + self._index.evaluated()

    def restore(self, evaluated: I64, hit: I64) -> None:
        """Go on counting from here."""
        self._evaluated_before, self.hit = evaluated, hit

    def begin_block(self) -> None:
        """Rows are counted anew."""
        self._reached = 0

    def reach(
        self, source: EventSource, begin: int, stop: int, wanted: U8 | None, most: int, unread: Unread
    ) -> int:
        """Look at rows [begin, stop), until there are `most` hits; the row up to which hits are known by now.

        What was known before is not looked at again.
        """
        if self._reached > begin:
            return self._reached
        end = source.place(stop)
        columns = source.fields(self._fields)
        written = source.written_arrays() if self._asks_written else None
        found = self._index.search(columns, written, wanted, self.muted, source.place(begin), end, most)
        place, rows, queries, open_rows, open_queries = found
        if len(open_rows):
            rows, queries = self._decided(source, rows, queries, open_rows, open_queries, unread)
        self.hit += np.bincount(queries, minlength=len(self))
        self._rows, self._queries = source.block_rows(rows), queries
        self._reached = stop if place == end else source.block_row(place, stop)
        return self._reached

    def before(self, row: int) -> tuple[I64, I32]:
        """The hits in rows before this one, which are told once: rows, and queries by number."""
        n = int(np.searchsorted(self._rows, row))
        rows, queries = self._rows[:n], self._queries[:n]
        self._rows, self._queries = self._rows[n:], self._queries[n:]
        return rows, queries

    def _decided(
        self, source: EventSource, rows: I64, queries: I32, open_rows: I64, open_queries: I32, unread: Unread
    ) -> tuple[I64, I32]:
        """The hits, with those of the open ones that hold, by row and query."""
        order = np.argsort(open_queries, kind="stable")
        numbers, begins = np.unique(open_queries[order], return_index=True)
        held = np.zeros(len(open_rows), np.bool_)
        for number, places in zip(numbers.tolist(), np.split(order, begins[1:]), strict=True):
            asked = open_rows[places]
            found = source.evaluate(self._open[number], asked)
            held[places] = found.values.kinds == Kind.TRUE
            for call, mask in found.unread.items():
                unread(call, source.block_rows(asked[mask]))
        rows, queries = np.concatenate([rows, open_rows[held]]), np.concatenate([queries, open_queries[held]])
        order = np.lexsort((queries, rows))
        return rows[order], queries[order]
