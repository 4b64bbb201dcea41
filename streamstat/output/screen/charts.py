"""Charts in characters: lines over time where there are several windows, else bars. Begin with `Charts`.

Of many groups those with the greatest totals are drawn, and what is not drawn is said.
"""

from collections.abc import Callable, Iterator

import numpy as np

from streamstat.common.record import record
from streamstat.common.terminal import ELLIPSIS, printable
from streamstat.common.units import counted
from streamstat.output.screen.bars import bar_lines
from streamstat.output.screen.colours import PLAIN, bold, paint
from streamstat.output.screen.layout import GAP
from streamstat.output.screen.lines import Line, plotted
from streamstat.output.screen.points import Points
from streamstat.output.screen.widths import shortened, width_of
from streamstat.values.columns import I64, Mask

MOST_DRAWN, MOST_CHARTS = 10, 3
LINES_FROM = 4  # windows: fewer are bars
DOTS = "braille"  # the finest mark; groups need a colour to be told apart by it
GROUP_MARKS, COLOURS = (
    "ox+*#@%&=~.",
    (6, 3, 5, 2, 4, 1, 14, 11, 13, 10, 8),
)  # the last are those of the others


@record
class Charts:
    """Charts of points, one under the other. width: columns; height: rows of a plot; time_texts: how times are written.

    sums: the columns that may be added up over groups. styled: names are bold, and groups have colours.
    """

    points: Points
    width: int
    height: int
    time_texts: Callable[[I64], list[str]]
    sums: frozenset[str] = frozenset()
    styled: bool = False

    def lines(self) -> Iterator[str]:
        """The text, line by line; there is a column with numbers."""
        numbers = self.points.numbers
        drawn = numbers[:MOST_CHARTS]
        points = self.points.ranked(drawn[0], MOST_DRAWN, self.sums)
        times = np.unique(points.times)
        for place, name in enumerate(drawn):
            yield from [""] * (place > 0)
            yield headed(name, self.styled)
            yield from (
                self._bars(points, name, times) if len(times) < LINES_FROM else self._plot(points, name)
            )
        if len(times) >= LINES_FROM:
            yield from self._legend(points, drawn)
        yield from self._notes(points, drawn, numbers[MOST_CHARTS:])

    def _plot(self, points: Points, name: str) -> list[str]:
        """A line for each group; those of the greatest hide others."""
        values = points.columns[name]
        groups = [points.groups == group for group in reversed(range(len(points.labels)))]
        lines = [
            Line(points.times[mine], values[mine], *self._look(points, len(groups) - 1 - place))
            for place, mine in enumerate(groups)
            if not np.isnan(values[mine]).all()
        ]
        return plotted(lines, self.width, self.height, self.time_texts)

    def _bars(self, points: Points, name: str, times: I64) -> Iterator[str]:
        """Bars of groups, window by window; where there are no groups, a bar for each window."""
        values = points.columns[name]
        there, most = ~np.isnan(values), float(np.nanmax(np.abs(values)))
        if not _has_groups(points):
            labels = self.time_texts(points.times[there])
            yield from bar_lines(
                labels, values[there].tolist(), self.width, most, self._paints(points, there)
            )
            return
        for time, text in zip(times, self.time_texts(times), strict=True):
            here = there & (points.times == time)
            if len(times) > 1 and here.any():
                yield text
            order = np.flatnonzero(here)[np.argsort(points.groups[here], kind="stable")]
            labels = [points.labels[group] for group in points.groups[order].tolist()]
            yield from bar_lines(
                labels, values[order].tolist(), self.width, most, self._paints(points, order)
            )

    def _paints(self, points: Points, rows: I64 | Mask) -> list[str]:
        """What begins the colour of each row, if there are colours."""
        groups = points.groups[rows].tolist() if self.styled else []
        return [paint(self._look(points, group)[1]) for group in groups]

    def _look(self, points: Points, group: int) -> tuple[str, int | None]:
        """The mark and the colour of a group."""
        place = -1 if points.others and group == len(points.labels) - 1 else group
        if self.styled:
            return DOTS, COLOURS[place]
        return DOTS if len(points.labels) == 1 else GROUP_MARKS[place], None

    def _legend(self, points: Points, drawn: list[str]) -> Iterator[str]:
        """Which mark is which group, as many on a line as there is room for."""
        line, taken = "", 0
        shows_others = any(name in self.sums for name in drawn)
        labels = points.labels if shows_others or not points.others else points.labels[:-1]
        for group, label in enumerate(labels if _has_groups(points) else ()):
            mark, colour = self._look(points, group)
            shown = shortened(label, self.width - len(GAP))
            width = len(GAP) + width_of(shown)
            if line and taken + len(GAP) + width > self.width:
                yield line
                line, taken = "", 0
            mark = "─" if mark == DOTS else mark
            painted = f"{paint(colour)}{mark}{PLAIN}" if colour is not None else mark
            line += f"{GAP if line else ''}{painted} {shown}"
            taken += width + len(GAP)
        if line:
            yield line

    def _notes(self, points: Points, drawn: list[str], not_drawn: list[str]) -> Iterator[str]:
        """What is not drawn."""
        without = [printable(name) for name in drawn if name not in self.sums]
        if points.others and without:
            groups = counted(points.others, "group")
            where = "" if len(without) == len(drawn) else f" of {', '.join(without)}"
            yield f"{ELLIPSIS} {groups} with smaller totals are left out{where}"
        if not_drawn:
            yield f"{ELLIPSIS} not drawn: {', '.join(map(printable, not_drawn))}; -f table shows all columns"
        if points.left_out:
            yield f"{ELLIPSIS} the first {counted(points.left_out, 'row')} are not drawn; -f csv has all"


def headed(name: str, styled: bool) -> str:
    """The name of a column over its chart."""
    return bold(printable(name)) if styled else printable(name)


def _has_groups(points: Points) -> bool:
    return points.labels != ("",)
