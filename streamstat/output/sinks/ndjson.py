"""Rows as newline-delimited JSON, one object a row, into a file or onto stdout."""

from collections.abc import Mapping
from dataclasses import dataclass

from streamstat.common.workers import ALONE, Workers
from streamstat.kernels import render_ndjson
from streamstat.output.sinks.files import Target
from streamstat.values.cells import Offsets, name_bytes, rendered, text_columns, text_fields
from streamstat.values.columns import ResultField, Rows


@dataclass(slots=True)
class NdjsonSink:
    """Control characters are escaped always, so that the output is safe to look at wherever it goes."""

    target: Target
    offsets: Offsets | None = None
    workers: Workers = ALONE

    def open(self, fields: tuple[ResultField, ...]) -> None:
        self.target.open()

    def write(self, rows: Rows) -> None:
        names = [name_bytes(field.name) for field in text_fields(rows.fields)]
        columns = text_columns(rows, self.offsets)
        for text in rendered(len(rows), self.workers, lambda lo, hi: render_ndjson(names, columns, lo, hi)):
            self.target.write(text)

    def commit(self, metadata: Mapping[str, str]) -> None:
        self.target.publish()

    def discard(self) -> None:
        self.target.discard()
