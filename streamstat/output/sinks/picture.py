"""Rows as charts in one picture, an SVG or a PNG, which are drawn when all rows have come."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from streamstat.common.errors import UsageError
from streamstat.common.terminal import printable
from streamstat.common.zones import Zone
from streamstat.output.charts.charted import Charted
from streamstat.output.charts.choosing import panels
from streamstat.output.charts.drawing import png_of, svg_of
from streamstat.output.charts.first_rows import FirstRows
from streamstat.output.charts.panels import Panel
from streamstat.output.sinks.files import Target
from streamstat.values.columns import ResultField, Rows

FORMS: dict[str, Callable[[Sequence[Panel], Sequence[str]], bytes]] = {"svg": svg_of, "png": png_of}


@dataclass(slots=True)
class PictureSink:
    """form: svg or png. groups: the columns that tell groups apart. chart: the kind; None: it is chosen."""

    target: Target
    path: Path
    form: str
    zone: Zone
    groups: Sequence[str] | None
    chart: str | None
    _kept: FirstRows | None = None

    def open(self, fields: tuple[ResultField, ...]) -> None:
        self._kept = FirstRows(fields)
        self.target.open()

    def write(self, rows: Rows) -> None:
        assert self._kept is not None
        self._kept.add(rows)

    def commit(self, metadata: Mapping[str, str]) -> None:
        assert self._kept is not None
        options = json.loads(metadata.get("streamstat.options", "{}"))
        charted = Charted(self._kept, self.groups, self.zone, options)
        found, notes = panels(charted, self.chart)
        if not found and charted.total:
            problem = "has nothing to draw: a chart takes a time or a group, and numbers"
            raise UsageError(printable(self.path), problem, "for example -o report.html, a table")
        self.target.write(FORMS[self.form](found, (*charted.notes, *notes)))
        self.target.publish()

    def discard(self) -> None:
        self.target.discard()
