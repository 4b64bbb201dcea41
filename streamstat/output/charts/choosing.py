"""Which charts the rows of a report are drawn as: by their columns, or as somebody says."""

from collections.abc import Callable

import numpy as np

from streamstat.common.errors import UsageError
from streamstat.output.charts.bands import bands
from streamstat.output.charts.bars import bars, counted_rows
from streamstat.output.charts.charted import Charted
from streamstat.output.charts.heatmap import by_colour, histograms
from streamstat.output.charts.lines import lines
from streamstat.output.charts.panels import Panel
from streamstat.output.charts.ranked import ranked, top_values
from streamstat.values.columns import ColumnType

FEW_WINDOWS = 12  # are bars
MOST_PANELS = 8


def panels(charted: Charted, kind: str | None = None) -> tuple[list[Panel], tuple[str, ...]]:
    """The charts, and what to say of columns that have none; UsageError where no column fits the kind asked for."""
    found = _chosen(charted) if kind is None else _DRAWN_AS[kind](charted)
    if kind is not None and not found and len(charted.rows):
        raise UsageError("--chart", f"no column can be drawn as {kind}", _FITTING[kind])
    left = len(found) - MOST_PANELS
    return found[:MOST_PANELS], (f"{left} more charts are not drawn",) if left > 0 else ()


def _chosen(charted: Charted) -> list[Panel]:
    """A chart for each column, those of one field together."""
    if charted.are_events:
        return [counted_rows(charted)] if len(charted.rows) else []
    if not charted.times:
        return _ranked(charted) if charted.groups or charted.text_columns else []
    windows = len(np.unique(charted.moments(0)))
    if windows == 1:
        return _ranked(charted)
    banded = {column for each in charted.percentiles.values() for _, column in each}
    drawn = bars if windows <= FEW_WINDOWS else lines
    found = [drawn(charted, column) for column in charted.measures if column not in banded]
    return [*found, *_bands(charted), *_histograms(charted), *_tops(charted)]


def _lines(charted: Charted) -> list[Panel]:
    return [lines(charted, column) for column in charted.measures] if charted.times else []


def _bars(charted: Charted) -> list[Panel]:
    if charted.are_events:
        return [counted_rows(charted)] if len(charted.rows) else []
    return [bars(charted, column) for column in charted.measures] if charted.times else []


def _heatmaps(charted: Charted) -> list[Panel]:
    if not charted.times:
        return []
    return _histograms(charted) or [by_colour(charted, column) for column in charted.measures]


def _histograms(charted: Charted) -> list[Panel]:
    return [histograms(charted, column) for column in charted.of_type(ColumnType.HISTOGRAM)]


def _bands(charted: Charted) -> list[Panel]:
    return [each for field in charted.percentiles for each in bands(charted, field)] if charted.times else []


def _ranked(charted: Charted) -> list[Panel]:
    return [*(ranked(charted, column) for column in charted.measures), *_tops(charted)]


def _tops(charted: Charted) -> list[Panel]:
    return [top_values(charted, column) for column in charted.of_type(ColumnType.TOP)]


_DRAWN_AS: dict[str, Callable[[Charted], list[Panel]]] = {
    "lines": _lines,
    "bars": _bars,
    "heatmap": _heatmaps,
    "bands": _bands,
    "ranked": _ranked,
}
_FITTING = {
    "lines": "it takes a time and numbers; for example -w tumbling:1h -a 'count()'",
    "bars": "it takes a time and numbers; for example -w tumbling:1h -a 'count()'",
    "heatmap": "it takes a time and numbers; for example -a 'histogram(latency_ms)'",
    "bands": "it takes percentiles of one field; for example -a 'p50,p90,p99(latency_ms)'",
    "ranked": "it takes numbers, or the column of a `top`; for example -a 'top(path, 10)'",
}
