"""Rows as CSV (RFC 4180, lines ended by a newline), into a file or onto stdout."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from streamstat.common.workers import ALONE, Workers
from streamstat.kernels import render_csv
from streamstat.output.sinks.files import Target
from streamstat.values.cells import (
    NativeColumn,
    Offsets,
    name_bytes,
    native_column,
    rendered,
    text_columns,
    text_fields,
)
from streamstat.values.columns import ColumnType, Kind, ResultField, Rows, Texts, Values


@dataclass(slots=True)
class CsvSink:
    """A header line, then a line a row.

    formula_guard: a quote before text (and names) that a spreadsheet would run; for files, never on stdout.
    terminal: control characters spelt out, for a stream that somebody watches.
    workers: threads that render.
    """

    target: Target
    offsets: Offsets | None = None
    formula_guard: bool = False
    terminal: bool = False
    workers: Workers = ALONE

    def open(self, fields: tuple[ResultField, ...]) -> None:
        self.target.open()
        header = [_name_column(field.name) for field in text_fields(fields)]
        self.target.write(render_csv(header, 0, 1, self.formula_guard, self.terminal))

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


def _name_column(name: str) -> NativeColumn:
    text = name_bytes(name)
    texts = Texts(np.array([0, len(text)], np.int64), np.frombuffer(text, np.uint8))
    kinds, numbers = np.array([Kind.TEXT], np.uint8), np.zeros(1, np.int64)
    return native_column(ColumnType.LABEL, Values(kinds, numbers, texts))
