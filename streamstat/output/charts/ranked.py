"""Ranked bars: the values of a `top` column, or groups by a column of numbers."""

import json
from collections import Counter
from collections.abc import Mapping

import numpy as np

from streamstat.output.charts.charted import Charted
from streamstat.output.charts.panels import Panel, Spec, as_number

MOST_RANKS = 20
BAR_HEIGHT = 20
_LONG_FROM = 10_000  # from where on nothing right of the point is shown
LONGEST_LABEL = 220  # pixels


def top_values(charted: Charted, column: int) -> Panel:
    """The values of a `top` column, with what they were counted in all rows."""
    counts: Counter[str] = Counter()
    texts = [text for text in charted.texts(column) if text]
    for text in texts:
        for entry in json.loads(text):
            counts[entry[0] if isinstance(entry[0], str) else json.dumps(entry[0])] += entry[1]
    notes = (f"sum of {len(texts):,} rows",) if len(texts) > 1 else ()
    return _panel(charted.name(column), dict(counts), notes)


def ranked(charted: Charted, column: int) -> Panel:
    """Groups by a column: its sum over all windows where it adds up, else its highest number."""
    found: dict[str, float] = {}
    adds_up, numbers = charted.adds_up(column), charted.numbers(column).tolist()
    for key, value in zip(charted.labels, numbers, strict=True):
        if value == value:
            before = found.get(key)
            found[key] = value if before is None else before + value if adds_up else max(before, value)
    windows = len(np.unique(charted.rows.columns[0].numbers)) if charted.times else 1
    notes = (f"{'sum' if adds_up else 'highest'} of {windows:,} windows",) if windows > 1 else ()
    return _panel(charted.name(column), found, notes)


def _panel(name: str, values: Mapping[str, float], notes: tuple[str, ...]) -> Panel:
    order = sorted(values, key=lambda key: (-values[key], key))
    points = [
        {"g": key or name, "v": as_number(float(values[key])), "text": _shown(values[key])}
        for key in order[:MOST_RANKS]
    ]
    if len(order) > MOST_RANKS:
        notes = (*notes, f"{MOST_RANKS} of {len(order):,}")
    axis: Spec = {"title": None, "labelLimit": LONGEST_LABEL, "ticks": False, "domain": False}
    encoding: Spec = {
        "y": {"field": "g", "type": "nominal", "sort": None, "axis": axis},
        "x": {"field": "v", "type": "quantitative", "axis": {"title": None, "tickCount": 5}},
        "tooltip": [
            {"field": "g", "type": "nominal", "title": "value"},
            {"field": "v", "type": "quantitative", "title": name},
        ],
    }
    bar: Spec = {"mark": {"type": "bar", "cornerRadiusEnd": 2}}
    label: Spec = {
        "mark": {"type": "text", "align": "left", "dx": 4},
        "encoding": {"text": {"field": "text", "type": "nominal"}},
    }
    height = BAR_HEIGHT * max(1, len(points)) + 4
    return Panel(name, "ranked", points, encoding, (bar, label), notes=notes, height=height)


def _shown(value: float) -> str:
    """A number in few characters.

    >>> _shown(13439972), _shown(87231.5), _shown(0.30769)
    ('13,439,972', '87,232', '0.3077')
    """
    return f"{value:,.0f}" if float(value).is_integer() or abs(value) >= _LONG_FROM else f"{value:.4g}"
