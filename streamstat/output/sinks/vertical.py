"""Rows as lines of `name  value`, a blank line between rows: for results too wide for a table; values are whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from streamstat.common.terminal import printable
from streamstat.output.screen.cells import exact_texts
from streamstat.output.screen.layout import GAP
from streamstat.output.screen.widths import width_of
from streamstat.output.sinks.files import Target
from streamstat.values.cells import Offsets, blocks, text_columns, text_fields
from streamstat.values.columns import ResultField, Rows


@dataclass(slots=True)
class VerticalSink:
    """Control characters are spelt out, as this is for eyes wherever it goes."""

    target: Target
    offsets: Offsets | None = None
    _names: list[str] = field(default_factory=list)
    _begun: bool = False

    def open(self, fields: tuple[ResultField, ...]) -> None:
        self.target.open()
        names = [printable(each.name) for each in text_fields(fields)]
        width = max(map(width_of, names), default=0)
        self._names = [name + " " * (width - width_of(name)) + GAP for name in names]

    def write(self, rows: Rows) -> None:
        native = text_columns(rows, self.offsets)
        for lo, hi in blocks(len(rows)):
            cells = [exact_texts(column, lo, hi) for column in native]
            shown = "\n".join(map(self._row, zip(*cells, strict=True)))
            self.target.write(("\n" * self._begun + shown).encode())
            self._begun = True

    def commit(self, metadata: Mapping[str, str]) -> None:
        self.target.publish()

    def discard(self) -> None:
        self.target.discard()

    def _row(self, cells: tuple[str, ...]) -> str:
        lines = (f"{name}{cell}".rstrip() for name, cell in zip(self._names, cells, strict=True))
        return "".join(f"{line}\n" for line in lines)
