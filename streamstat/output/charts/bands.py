"""Bands: how far several percentiles of one field lie apart, over time."""

from itertools import pairwise

from streamstat.output.charts.charted import Charted
from streamstat.output.charts.panels import Panel, Spec, number_axis, numbers_in, time_axis
from streamstat.output.charts.series import fitted, greatest, points_over_time, time_column

MOST_BANDS = 3  # groups, each of which has a chart of its own


def bands(charted: Charted, field: str) -> list[Panel]:
    """A chart for each of the greatest groups."""
    groups = greatest(charted, MOST_BANDS)
    left = len(set(charted.keys)) - len(groups)
    notes = (f"{left:,} more groups have no chart of {field}",) if left > 0 else ()
    rows = list(points_over_time(charted, [column for _, column in charted.percentiles[field]]))
    panels = [_panel(charted, field, group, rows) for group in groups]
    return [*panels[:-1], *(each.with_notes(notes) for each in panels[-1:])]


def _panel(charted: Charted, field: str, group: str, rows: list[Spec]) -> Panel:
    found, notes = fitted(charted, {group: [row for row in rows if row["g"] == group]})
    points = found[group]
    names = [charted.name(column) for _, column in charted.percentiles[field]]
    place = time_column(charted)
    values = [each for i in range(len(names)) for each in numbers_in(points, f"v{i}")]
    encoding: Spec = {"x": time_axis(charted, place), "y": number_axis(field, values)}
    tooltip = [{"field": "at", "type": "nominal", "title": charted.name(place)}]
    tooltip += [
        {"field": f"v{i}", "type": "quantitative", "title": name}
        for i, name in reversed(list(enumerate(names)))
    ]
    target: Spec = {
        "mark": {"type": "rule", "opacity": 0, "strokeWidth": 8},
        "encoding": {"y": {"field": "v0"}, "y2": {"field": "v"}, "tooltip": tooltip},
    }
    return Panel(field, "bands", points, encoding, _layers(names), (target,), True, notes, group=group)


def _layers(names: list[str]) -> list[Spec]:
    """The area between each two percentiles, and a line for each of them."""
    areas: list[Spec] = [
        {
            "mark": {"type": "area", "opacity": 0.25},
            "encoding": {"y": {"field": f"v{lo}"}, "y2": {"field": f"v{hi}"}, "color": _colour(names, hi)},
        }
        for lo, hi in pairwise(range(len(names)))
    ]
    lines: list[Spec] = [
        {
            "mark": {"type": "line", "strokeWidth": 2},
            "encoding": {"y": {"field": f"v{i}"}, "color": _colour(names, i)},
        }
        for i in range(len(names))
    ]
    return areas + lines


def _colour(names: list[str], i: int) -> Spec:
    legend = {"title": None, "symbolType": "stroke", "symbolStrokeWidth": 3, "symbolOpacity": 1}
    domain = {"domain": names[::-1]}
    return {"datum": names[i], "type": "ordinal", "scale": domain, "legend": legend}
