"""Rows as CSV (RFC 4180, lines ended by a newline), into a file or onto stdout."""

from collections.abc import Mapping
from dataclasses import dataclass

from streamstat.common.workers import ALONE, Workers
from streamstat.kernels import render_csv
from streamstat.output.sinks.files import Target
from streamstat.values.cells import Offsets, name_columns, rendered, text_columns
from streamstat.values.columns import ResultField, Rows


@dataclass(slots=True)
class CsvSink:
    """A header line, then a line a row.

    header: whether there is one.
    formula_guard: a quote before text (and names) that a spreadsheet would run; for files, never on stdout.
    terminal: control characters spelt out, for a stream that somebody watches.
    workers: threads that render.
    """

    target: Target
    offsets: Offsets | None = None
    header: bool = True
    formula_guard: bool = False
    terminal: bool = False
    workers: Workers = ALONE

    def open(self, fields: tuple[ResultField, ...]) -> None:
        self.target.open()
        if self.header:
            names = name_columns(fields)
            self.target.write(render_csv(names, 0, 1, self.formula_guard, self.terminal))

    def write(self, rows: Rows) -> None:
        columns = text_columns(rows, self.offsets)
        for text in rendered(
            len(rows),
            self.workers,
            lambda lo, hi: render_csv(columns, lo, hi, self.formula_guard, self.terminal),
        ):
            self.target.write(text)

    def commit(self, metadata: Mapping[str, str]) -> None:
        self.target.publish()

    def discard(self) -> None:
        self.target.discard()
