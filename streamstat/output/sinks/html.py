"""Rows as one page of HTML that needs nothing else, made when all rows have come."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from streamstat.common.zones import Zone
from streamstat.output.charts.charted import Charted
from streamstat.output.charts.choosing import panels
from streamstat.output.charts.first_rows import FirstRows
from streamstat.output.page.page import page_of
from streamstat.output.sinks.files import Target
from streamstat.values.columns import ResultField, Rows


@dataclass(slots=True)
class HtmlSink:
    """groups: the columns that tell groups apart; None: it is worked out. chart: the kind; None: it is chosen."""

    target: Target
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
        self.target.write(page_of(charted, found, (*charted.notes, *notes), metadata))
        self.target.publish()

    def discard(self) -> None:
        self.target.discard()
