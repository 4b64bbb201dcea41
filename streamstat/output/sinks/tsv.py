"""Rows as TSV, as the input format of that name reads it: into a file or onto stdout."""

from collections.abc import Mapping
from dataclasses import dataclass

from streamstat.common.workers import ALONE, Workers
from streamstat.kernels import render_tsv
from streamstat.output.sinks.files import Target
from streamstat.values.cells import Offsets, name_columns, rendered, text_columns
from streamstat.values.columns import ResultField, Rows


@dataclass(slots=True)
class TsvSink:
    """A line of names, then a line a row. Null and an empty text are nothing: TSV has no second word for it.

    header: whether there is a line of names. terminal: control characters spelt out, for a stream that somebody
    watches. workers: threads that render.
    """

    target: Target
    offsets: Offsets | None = None
    header: bool = True
    terminal: bool = False
    workers: Workers = ALONE

    def open(self, fields: tuple[ResultField, ...]) -> None:
        self.target.open()
        if self.header:
            self.target.write(render_tsv(name_columns(fields), 0, 1, self.terminal))

    def write(self, rows: Rows) -> None:
        columns = text_columns(rows, self.offsets)
        for text in rendered(
            len(rows), self.workers, lambda lo, hi: render_tsv(columns, lo, hi, self.terminal)
        ):
            self.target.write(text)

    def commit(self, metadata: Mapping[str, str]) -> None:
        self.target.publish()

    def discard(self) -> None:
        self.target.discard()
