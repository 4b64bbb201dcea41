"""Rows as a page of HTML, an SVG or a PNG, which is made when all of them have come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from streamstat.common.zones import Zone
from streamstat.output.charts.first_rows import FirstRows
from streamstat.output.drawing import Drawing, drawn
from streamstat.output.sinks.files import Target
from streamstat.values.columns import ResultField, Rows


@dataclass(slots=True)
class DrawnSink:
    """groups: the columns that tell groups apart."""

    target: Target
    path: Path
    drawing: Drawing
    zone: Zone
    groups: Sequence[str]
    _kept: FirstRows | None = None

    def open(self, fields: tuple[ResultField, ...]) -> None:
        self._kept = FirstRows(fields)
        self.target.open()

    def write(self, rows: Rows) -> None:
        assert self._kept is not None
        self._kept.add(rows)

    def commit(self, metadata: Mapping[str, str]) -> None:
        assert self._kept is not None
        self.target.write(drawn(self.path, self.drawing, self._kept, self.zone, metadata, self.groups))
        self.target.publish()

    def discard(self) -> None:
        self.target.discard()
