"""Rows as one JSON array, an object a line, into a file or onto stdout."""

from collections.abc import Mapping
from dataclasses import dataclass

from streamstat.common.workers import ALONE, Workers
from streamstat.kernels import render_ndjson
from streamstat.output.sinks.files import Target
from streamstat.values.cells import Offsets, name_bytes, rendered, text_columns, text_fields
from streamstat.values.columns import ResultField, Rows


@dataclass(slots=True)
class JsonSink:
    """Objects as in NDJSON. What is behind one is written with the next, as only then it is known to be a comma."""

    target: Target
    offsets: Offsets | None = None
    workers: Workers = ALONE
    is_empty: bool = True

    def open(self, fields: tuple[ResultField, ...]) -> None:
        self.target.open()
        self.target.write(b"[")

    def write(self, rows: Rows) -> None:
        names = [name_bytes(field.name) for field in text_fields(rows.fields)]
        columns = text_columns(rows, self.offsets)
        for text in rendered(len(rows), self.workers, lambda lo, hi: render_ndjson(names, columns, lo, hi)):
            if text:
                objects = text[:-1].replace(b"\n", b",\n")  # in an object newlines are escaped
                self.target.write((b"\n" if self.is_empty else b",\n") + objects)
                self.is_empty = False

    def commit(self, metadata: Mapping[str, str]) -> None:
        self.target.write(b"]\n" if self.is_empty else b"\n]\n")
        self.target.publish()

    def discard(self) -> None:
        self.target.discard()
