"""Rows -> the bytes of a page or a picture, whether they come from a run or from a saved report."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from streamstat.common.errors import UsageError
from streamstat.common.record import record
from streamstat.common.terminal import printable
from streamstat.output.charts.charted import Charted, ReportClocks
from streamstat.output.charts.choosing import panels
from streamstat.output.charts.first_rows import FirstRows
from streamstat.output.charts.rendering import png_of, svg_of
from streamstat.output.page.page import page_of


@record
class Drawing:
    """What is drawn. format: html, svg or png. chart: the kind of charts; None: it is chosen by the columns."""

    format: str
    chart: str | None = None


def drawn(
    path: Path,
    drawing: Drawing,
    kept: FirstRows,
    zone: ReportClocks,
    metadata: Mapping[str, str],
    groups: Sequence[str] | None = None,
) -> bytes:
    """The report that is to have this name; UsageError where there is nothing to draw.

    groups: the columns that tell groups apart; None: it is worked out. metadata: what the run tells of itself.
    """
    charted = Charted(kept, groups, zone, json.loads(metadata.get("streamstat.options", "{}")))
    found, notes = panels(charted, drawing.chart)
    notes = (*charted.notes, *notes)
    if drawing.format == "html":
        return page_of(charted, found, notes, metadata)
    if not found and charted.total:
        problem = "has nothing to draw: a chart takes a time or a group, and numbers"
        raise UsageError(printable(path), problem, "for example -o report.html, which has a table")
    return svg_of(found, notes) if drawing.format == "svg" else png_of(found, notes)
