"""Rows as charts in characters, drawn when all are there: lines over time, bars of few windows, bars of lists."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from os import terminal_size

import numpy as np

from streamstat.common.record import record
from streamstat.common.terminal import ELLIPSIS
from streamstat.output.presentation import Presentation
from streamstat.output.screen.cells import exact_texts
from streamstat.output.screen.charts import Charts
from streamstat.output.screen.days import Day, shared_day
from streamstat.output.screen.lines import plotext
from streamstat.output.screen.listed import LastLists
from streamstat.output.screen.points import PointKeeper
from streamstat.output.sinks.files import Target
from streamstat.values.cells import Offsets, native_column
from streamstat.values.columns import I64, ColumnType, ResultField, Rows, integers

CHARACTERS, HEIGHT = 80, 16  # of a chart where there is no terminal
LOWEST_PLOT, HIGHEST_PLOT, AROUND_PLOT = 10, 24, 6


@record
class Paper:
    """What is drawn on: columns, rows of a plot, and whether there are colours."""

    width: int = CHARACTERS
    height: int = HEIGHT
    styled: bool = False


def paper_of(terminal: terminal_size, styled: bool) -> Paper:
    """As wide as the terminal; a plot leaves room for its heading, its legend and the next prompt."""
    return Paper(terminal.columns, min(max(terminal.lines - AROUND_PLOT, LOWEST_PLOT), HIGHEST_PLOT), styled)


@dataclass(slots=True)
class ChartSink:
    """Holds the numbers of rows, of very many the last, and draws them at the end."""

    target: Target
    offsets: Offsets | None = None
    presentation: Presentation = Presentation()  # noqa: RUF009  (immutable)
    paper: Paper = Paper()  # noqa: RUF009  (immutable)
    _keeper: PointKeeper = field(default_factory=lambda: PointKeeper((), ()))
    _lists: LastLists = field(default_factory=lambda: LastLists((), ()))

    def __post_init__(self) -> None:
        plotext()  # without it the run ends before it has read anything

    def open(self, fields: tuple[ResultField, ...]) -> None:
        self.target.open()
        keys = self.presentation.keys
        self._keeper = PointKeeper(fields, keys)
        self._lists = LastLists(fields, ("window_start", *keys), self.offsets)

    def write(self, rows: Rows) -> None:
        self._keeper.add(rows)
        self._lists.add(rows)

    def commit(self, metadata: Mapping[str, str]) -> None:
        self.target.write("".join(f"{line}\n" for line in self._lines()).encode())
        self.target.publish()

    def discard(self) -> None:
        self.target.discard()

    def _lines(self) -> Iterator[str]:
        points = self._keeper.points()
        if not len(points):
            yield f"{ELLIPSIS} no row, so nothing is drawn"
            return
        ends = points.times[[points.times.argmin(), points.times.argmax()]]
        day = shared_day([self._texts(None, ends)])
        if day is not None:
            yield str(day)
        texts = partial(self._texts, day)
        sums, paper = frozenset(self.presentation.sums), self.paper
        if points.numbers:
            yield from Charts(points, paper.width, paper.height, texts, sums, paper.styled).lines()
        elif self._lists.is_empty:
            yield f"{ELLIPSIS} no row has a number, so nothing is drawn"
        for place, line in enumerate(self._lists.lines(paper.width, paper.styled)):
            if place or points.numbers:
                yield line

    def _texts(self, day: Day | None, times: I64) -> list[str]:
        """Times as a table has them, those of one day without their date."""
        column = native_column(ColumnType.TIME, integers(np.ascontiguousarray(times)), self.offsets)
        texts = exact_texts(column, 0, len(times))
        return texts if day is None else day.all_within(texts)
