"""Heat maps: how the numbers of a field spread, over time; or a column of numbers by group."""

import json
from collections import Counter, defaultdict

import numpy as np

from streamstat.output.charts.charted import Charted
from streamstat.output.charts.panels import Panel, Spec, as_number, time_axis, tooltip_of
from streamstat.output.charts.series import greatest, points_over_time, step_ms, time_column

MOST_HEAT_ROWS = 30  # groups
MOST_HEAT_COLUMNS = 300  # windows; more are joined


def histograms(charted: Charted, column: int) -> Panel:
    """How many numbers lie in each bucket of a `histogram` column, in each window; groups together."""
    place, name = time_column(charted), charted.name(column)
    moments, ends, texts = _stretches(charted, place)
    counts: defaultdict[tuple[float, float], Counter[float]] = defaultdict(Counter)
    at: dict[float, str] = {}
    for text, moment, end, told_time in zip(charted.texts(column), moments, ends, texts, strict=True):
        if text and moment == moment:
            at.setdefault(moment, told_time)
            for upper, count in json.loads(text):
                counts[moment, end][float("inf") if upper is None else upper] += count
    uppers = _grid({upper for each in counts.values() for upper in each})
    labels = {upper: _label(uppers, i) for i, upper in enumerate(uppers)}
    points = [
        {"t": as_number(t), "e": as_number(e), "g": labels[upper], "v": n, "at": at[t]}
        for (t, e), each in sorted(counts.items())
        for upper, n in sorted(each.items())
    ]
    encoding = _encoding(charted, place, [labels[upper] for upper in reversed(uppers)], "count")
    encoding["tooltip"] = [
        {"field": "at", "type": "nominal", "title": charted.name(place)},
        {"field": "g", "type": "nominal", "title": name},
        {"field": "v", "type": "quantitative", "title": "count"},
    ]
    return Panel(
        name, "heatmap", points, encoding, ({"mark": "rect"},), has_time=True, notes=_joined(charted, place)
    )


def by_colour(charted: Charted, column: int) -> Panel:
    """A column of numbers, a line of fields for each of the greatest groups."""
    place, name, step = time_column(charted), charted.name(column), step_ms(charted)
    names = greatest(charted, MOST_HEAT_ROWS)
    points = [
        {**point, "e": point["t"] + step}
        for point in points_over_time(charted, [column])
        if point["g"] in names and point["v"] is not None
    ]
    encoding = _encoding(charted, place, names, name) | {"tooltip": tooltip_of(charted, name, place)}
    left = len(set(charted.keys)) - len(names)
    notes = (f"{left:,} more groups are not drawn",) if left > 0 else ()
    height = max(60, 22 * len(names))
    return Panel(
        name, "heatmap", points, encoding, ({"mark": "rect"},), has_time=True, notes=notes, height=height
    )


def _encoding(charted: Charted, place: int, names: list[str], counted: str) -> Spec:
    legend = {"title": counted, "gradientLength": 140}
    return {
        "x": time_axis(charted, place),
        "x2": {"field": "e"},
        "y": {
            "field": "g",
            "type": "ordinal",
            "scale": {"domain": names, "padding": 0},
            "axis": {"title": None},
        },
        "color": {"field": "v", "type": "quantitative", "scale": {"type": "sqrt"}, "legend": legend},
    }


def _stretches(charted: Charted, place: int) -> tuple[list[float], list[float], list[str]]:
    """Of each row the stretch of time that it is drawn over, and its time as a text; many windows share one."""
    moments, step = charted.moments(place), step_ms(charted)
    texts = charted.texts(place)
    if not _is_long(charted, place):
        return moments.tolist(), (moments + step).tolist(), texts
    lo = float(np.nanmin(moments))
    step = (float(np.nanmax(moments)) - lo) / MOST_HEAT_COLUMNS
    moments = lo + np.floor((moments - lo) / step) * step
    return moments.tolist(), (moments + step).tolist(), texts


def _is_long(charted: Charted, place: int) -> bool:
    return len(np.unique(charted.moments(place))) > MOST_HEAT_COLUMNS


def _joined(charted: Charted, place: int) -> tuple[str, ...]:
    if not _is_long(charted, place):
        return ()
    n = len(np.unique(charted.moments(place)))
    return (f"{n:,} windows are joined to {MOST_HEAT_COLUMNS} stretches",)


def _grid(uppers: set[float]) -> list[float]:
    """All bounds; of powers of two also those between them, so that each row is as high as the others.

    >>> _grid({4.0, 32.0}), _grid({10.0, float("inf")})
    ([4.0, 8.0, 16.0, 32.0], [10.0, inf])
    """
    if not uppers or not all(upper > 0 and np.frexp(upper)[0] == 0.5 for upper in uppers):
        return sorted(uppers)
    lo, hi = (int(np.frexp(edge)[1]) - 1 for edge in (min(uppers), max(uppers)))
    return [2.0**power for power in range(lo, hi + 1)]


def _label(uppers: list[float], i: int) -> str:
    """A bucket by its bounds.

    >>> _label([10.0, float("inf")], 0), _label([10.0, float("inf")], 1)
    ('< 10', '≥ 10')
    """
    if uppers[i] == float("inf"):
        return f"≥ {uppers[i - 1]:g}" if i else "all"
    return f"< {uppers[i]:g}"
