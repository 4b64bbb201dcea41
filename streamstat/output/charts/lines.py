"""Lines over time by group."""

from streamstat.output.charts.charted import Charted
from streamstat.output.charts.panels import (
    Panel,
    Spec,
    by_group,
    number_axis,
    numbers_in,
    time_axis,
    tooltip_of,
)
from streamstat.output.charts.series import series_of, time_column

DASHES = (*[[1, 0]] * 5, *[[6, 3]] * 5, [2, 2])  # five colours, the same ones dashed, and the rest


def lines(charted: Charted, column: int) -> Panel:
    """A line for each of the ten greatest groups, and one for the rest."""
    series, name = series_of(charted, column), charted.name(column)
    encoding: Spec = {
        "x": time_axis(charted, time_column(charted)),
        "y": number_axis(name, numbers_in(series.points)),
        **by_group(series.names, "strokeDash", list(DASHES)),
    }
    tooltip = tooltip_of(charted, name, time_column(charted))
    line: Spec = {"mark": {"type": "line", "strokeWidth": 2}}
    dots: Spec = {
        "transform": [{"filter": "datum.dot"}],
        "mark": {"type": "point", "filled": True, "size": 28, "opacity": 1},
    }
    target: Spec = {
        "mark": {"type": "point", "filled": True, "size": 200, "opacity": 0},
        "encoding": {"tooltip": tooltip},
    }
    return Panel(name, "lines", series.points, encoding, (line, dots), (target,), True, series.notes)
