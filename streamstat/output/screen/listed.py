"""Bars of lists, `top` and histograms, of the last rows: what each holds, and how often."""

from collections.abc import Iterator

import numpy as np

from streamstat.common.terminal import ELLIPSIS
from streamstat.common.units import counted
from streamstat.output.screen.bars import bar_lines
from streamstat.output.screen.cells import cells_of, list_entries
from streamstat.output.screen.charts import headed
from streamstat.output.screen.layout import GAP
from streamstat.values.cells import Offsets, native_column
from streamstat.values.columns import ColumnType, ResultField, Rows, concatenate_rows, take_rows

LISTS = (ColumnType.TOP, ColumnType.HISTOGRAM)
LAST_ROWS, MOST_ENTRIES = 3, 20


class LastLists:
    """Keeps the last few rows that have lists, and draws them. names: of the columns that tell rows apart."""

    def __init__(
        self, fields: tuple[ResultField, ...], names: tuple[str, ...], offsets: Offsets | None = None
    ) -> None:
        self._offsets, self._names = offsets, names
        self._lists = [i for i, each in enumerate(fields) if each.type in LISTS]
        self._last: list[Rows] = []
        self._n = 0

    def add(self, rows: Rows) -> None:
        """Rows that are later than those before."""
        if not self._lists or not len(rows):
            return
        self._n += len(rows)
        known = concatenate_rows([*self._last, take_rows(rows, np.arange(len(rows))[-LAST_ROWS:])])
        self._last = [take_rows(known, np.arange(len(known))[-LAST_ROWS:])]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not self._last

    def lines(self, width: int, styled: bool) -> Iterator[str]:
        """A part for each column, with bars for each row."""
        if not self._last:
            return
        rows = self._last[0]
        heads = self._heads(rows)
        for i in self._lists:
            yield ""
            yield headed(rows.fields[i].name, styled)
            column = native_column(rows.fields[i].type, rows.columns[i])
            for head, entries in zip(heads, list_entries(column, 0, len(rows)), strict=True):
                yield head
                shown = entries[:MOST_ENTRIES]
                counts = [float(count) for _, count in shown]
                yield from bar_lines([label for label, _ in shown], counts, width, max(counts, default=0.0))
                if len(entries) > len(shown):
                    yield f"{ELLIPSIS} and {len(entries) - len(shown):,} more"
        if self._n > len(rows):
            yield f"{ELLIPSIS} lists of the last {len(rows)} of {counted(self._n, 'row')}; -f table shows all"

    def _heads(self, rows: Rows) -> list[str]:
        """What tells each row apart from others."""
        shown = [i for i, each in enumerate(rows.fields) if each.name in self._names]
        columns = (native_column(rows.fields[i].type, rows.columns[i], self._offsets) for i in shown)
        texts = (cells_of(column, 0, len(rows), True).texts for column in columns)
        return [GAP.join(row) for row in zip(*texts, strict=True)]
