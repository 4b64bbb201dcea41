"""Rows as a table for people, in the columns that fit: numbers under their points, names in bold."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain

from streamstat.common.terminal import ELLIPSIS, printable
from streamstat.common.units import counted
from streamstat.output.presentation import Presentation
from streamstat.output.screen.cells import ShownCells, cells_of
from streamstat.output.screen.colours import bold
from streamstat.output.screen.days import Day, shared_day
from streamstat.output.screen.layout import (
    GAP,
    ColumnNeed,
    Layout,
    Style,
    laid_out,
    need_of,
    with_room,
)
from streamstat.output.screen.parts import SHOWN_ENDS, AtOnce, Ends, Holding, InParts
from streamstat.output.sinks.files import Target
from streamstat.values.cells import Offsets, blocks, text_columns, text_fields
from streamstat.values.columns import ColumnType, ResultField, Rows

MOST_NAMED = 3  # of the columns that are left out


@dataclass(slots=True)
class TableSink:
    """Widths hold until a row does not fit; a new heading with new ones stands in front of it then.

    room: columns of the terminal, None for as many as it takes. bold: whether names are. is_short: of a long result
    only both ends are shown, which are known at its end.
    """

    target: Target
    offsets: Offsets | None = None
    room: int | None = None
    bold: bool = False
    presentation: Presentation = Presentation()  # noqa: RUF009  (immutable)
    is_short: bool = False
    _fields: list[ResultField] = field(default_factory=list)
    _holding: Holding = field(default_factory=AtOnce)
    _needs: list[ColumnNeed] = field(default_factory=list)
    _layout: Layout | None = None
    _day: Day | None = None

    def open(self, fields: tuple[ResultField, ...]) -> None:
        self.target.open()
        self._fields = [each for each in text_fields(fields) if not self._says_nothing(each)]
        if not self.presentation.live:
            self._holding = Ends() if self.is_short else InParts()

    def write(self, rows: Rows) -> None:
        for part in self._holding.add(rows):
            self._show(part)

    def commit(self, metadata: Mapping[str, str]) -> None:
        for part in self._holding.rest():
            self._show(part)
        if self._layout is None:
            self._begin([ShownCells([], False) for _ in self._fields])
        if self._layout is not None and self._layout.left_out and not self.presentation.live:
            self.target.write(f"{_left_out(self._layout)}\n".encode())
        self.target.publish()

    def discard(self) -> None:
        self.target.discard()

    def _says_nothing(self, one: ResultField) -> bool:
        return self.presentation.one_size and one.type == ColumnType.TIME and one.name == "window_end"

    def _show(self, rows: Rows) -> None:
        native = [
            column
            for column, one in zip(text_columns(rows, self.offsets), text_fields(rows.fields), strict=True)
            if not self._says_nothing(one)
        ]
        for lo, hi in blocks(len(rows)):
            cells = [
                cells_of(column, lo, hi, one.name in self.presentation.keys)
                for column, one in zip(native, self._fields, strict=True)
            ]
            self._write_rows(self._begin(cells))

    def _begin(self, cells: list[ShownCells]) -> list[list[str]]:
        """The texts as they stand; a heading first, if they are the first or do not fit under the one that there is."""
        day = self._day_of(cells)
        texts = [each.texts for each in cells]
        if day is not None:
            texts = [day.all_within(each) if self._is_time(i) else each for i, each in enumerate(texts)]
        found = [self._need(i, each, cells[i].is_number) for i, each in enumerate(texts)]
        joined = [a.joined(b) for a, b in zip(self._needs, found, strict=True)] if self._needs else found
        layout = self._layout
        if layout is None or joined != self._needs:
            layout = laid_out(self._roomy(joined) if self.presentation.live else joined, self.room)
        self._needs = joined
        if layout != self._layout or day != self._day:
            self._layout, self._day = layout, day
            self._write_heading(layout)
        return texts

    def _roomy(self, needs: list[ColumnNeed]) -> list[ColumnNeed]:
        types = (one.type for one in self._fields)
        return [with_room(need, type_ == ColumnType.DOUBLE) for need, type_ in zip(needs, types, strict=True)]

    def _day_of(self, cells: list[ShownCells]) -> Day | None:
        """What is said above; once times stand whole they do so to the end."""
        if self.presentation.live or (self._layout is not None and self._day is None):
            return None
        times = [each.texts for i, each in enumerate(cells) if self._is_time(i)]
        if self._day is None:
            return shared_day(times)
        return self._day if all(map(self._day.has, set(chain(*times)))) else None

    def _is_time(self, place: int) -> bool:
        return self._fields[place].type == ColumnType.TIME

    def _need(self, place: int, texts: list[str], is_number: bool) -> ColumnNeed:
        one = self._fields[place]
        key = one.name in self.presentation.keys
        style = _STYLES.get(one.type, Style.KEY if key else Style.TEXT)
        if is_number:
            style = Style.NUMBER
        return need_of(printable(one.name), style, texts, key, style != Style.FIXED)

    def _write_heading(self, layout: Layout) -> None:
        lines = [_left_out(layout)] if layout.left_out and self.presentation.live else []
        lines += [str(self._day)] if self._day else []
        names = [column.head(printable(self._fields[column.place].name)) for column in layout.columns]
        line = GAP.join(names).rstrip()
        lines.append(bold(line) if self.bold else line)
        self.target.write("".join(f"{each}\n" for each in lines).encode())

    def _write_rows(self, texts: list[list[str]]) -> None:
        assert self._layout is not None
        fitted = [column.fit(texts[column.place]) for column in self._layout.columns]
        lines = [GAP.join(row).rstrip() for row in zip(*fitted, strict=True)]
        if hidden := self._holding.left_out:
            said = f"{hidden:,} of {counted(len(lines) + hidden, 'row')} are left out"
            lines.insert(SHOWN_ENDS, f"{ELLIPSIS} {said}; -f table | less -S shows all")
        self.target.write("".join(f"{line}\n" for line in lines).encode())


_STYLES = {
    ColumnType.TIME: Style.FIXED,
    ColumnType.LABEL: Style.FIXED,
    ColumnType.HISTOGRAM: Style.LIST,
    ColumnType.TOP: Style.LIST,
}


def _left_out(layout: Layout) -> str:
    names = layout.left_out
    named = ", ".join(names[:MOST_NAMED])
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"{ELLIPSIS} too narrow for {named}{more}; -f vertical shows all columns"
