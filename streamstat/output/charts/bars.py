"""Bars over time: of few windows, or how many rows there are of what comes one by one."""

from collections import Counter, defaultdict

import numpy as np

from streamstat.output.charts.charted import Charted
from streamstat.output.charts.panels import (
    Panel,
    Spec,
    as_number,
    by_group,
    number_axis,
    numbers_in,
    time_axis,
    tooltip_of,
)
from streamstat.output.charts.series import MOST_LINES, series_of, step_ms, time_column

MOST_BARS = 60
_SECOND, _MINUTE, _HOUR = 1000, 60_000, 3_600_000
# Milliseconds that a bar may stand for. Beyond the last one it is so many times that.
SPANS = (
    *(1, 10, 100, _SECOND, 2 * _SECOND, 5 * _SECOND, 10 * _SECOND, 15 * _SECOND, 30 * _SECOND),
    *(_MINUTE, 2 * _MINUTE, 5 * _MINUTE, 10 * _MINUTE, 15 * _MINUTE, 30 * _MINUTE),
    *(_HOUR, 2 * _HOUR, 3 * _HOUR, 6 * _HOUR, 12 * _HOUR, 24 * _HOUR),
)


def bars(charted: Charted, column: int) -> Panel:
    """A bar for each window: groups on top of each other where they add up, else side by side."""
    series, name, place = series_of(charted, column), charted.name(column), time_column(charted)
    step = step_ms(charted)
    points = [{**point, "e": point["t"] + step} for point in series.points if point["v"] is not None]
    is_sum = charted.adds_up(column) and all(point["v"] >= 0 for point in points)
    points = _stacked(points) if is_sum else _side_by_side(points, series.names, step)
    return _panel(charted, name, points, series.names, place, series.notes)


def _panel(
    charted: Charted, name: str, points: list[Spec], names: list[str], place: int, notes: tuple[str, ...] = ()
) -> Panel:
    ends = [0, *numbers_in(points, "lo"), *numbers_in(points, "hi")]
    encoding: Spec = {
        "x": time_axis(charted, place),
        "x2": {"field": "e"},
        "y": {**number_axis(name, ends), "field": "hi"},
        "y2": {"field": "lo"},
        "tooltip": tooltip_of(charted, name, place, has_groups=len(names) > 1),
        **by_group(names),
    }
    bar: Spec = {"mark": {"type": "rect", "x2Offset": -1}}
    return Panel(name, "bars", points, encoding, (bar,), has_time=True, notes=notes)


def _stacked(points: list[Spec]) -> list[Spec]:
    """Each on top of those of its window that come before it."""
    tops: defaultdict[float, float] = defaultdict(float)
    stacked = []
    for point in points:
        lo = tops[point["t"]]
        tops[point["t"]] = lo + point["v"]
        stacked.append({**point, "lo": lo, "hi": lo + point["v"]})
    return stacked


def _side_by_side(points: list[Spec], names: list[str], step: float) -> list[Spec]:
    """Each in its share of the window."""
    width = 0.9 * step / len(names)
    starts = {name: 0.05 * step + i * width for i, name in enumerate(names)}
    shares = []
    for point in points:
        lo = point["t"] + starts[point["g"]]
        shares.append({**point, "t": lo, "e": lo + width, "lo": 0, "hi": point["v"]})
    return shares


def counted_rows(charted: Charted) -> Panel:
    """How many rows there are in each stretch of time, by the first column of texts that has few."""
    moments = charted.moments(0)
    there = ~np.isnan(moments)
    times = moments[there]
    span = _span(float(times.max() - times.min())) if len(times) else _SECOND
    kinds = _kinds(charted)
    ranked = [name for name, _ in Counter(kinds).most_common()]
    named = (
        ranked if len(ranked) <= MOST_LINES else [*ranked[:MOST_LINES], f"{len(ranked) - MOST_LINES} more"]
    )
    counts: Counter[tuple[float, str]] = Counter()
    for time, kind, known in zip(moments.tolist(), kinds, there.tolist(), strict=True):
        if known:
            counts[time // span * span, kind if kind in named else named[-1]] += 1
    points = [
        {"t": as_number(t), "e": as_number(t + span), "v": n, "g": kind, "at": _clock(t)}
        for (t, kind), n in sorted(counts.items(), key=lambda each: (each[0][0], named.index(each[0][1])))
    ]
    return _panel(charted, f"rows in {_span_text(span)}", _stacked(points), named, 0)


def _span(length: float) -> float:
    """The shortest stretch of which no more than `MOST_BARS` cover a length of time.

    >>> _span(3_600_000), _span(0)
    (60000, 1)
    """
    fitting = (span for span in SPANS if length / span < MOST_BARS + 1)
    return next(fitting, SPANS[-1] * np.ceil(length / SPANS[-1] / MOST_BARS))


def _span_text(span: float) -> str:
    """A stretch in the largest unit that it is a multiple of.

    >>> _span_text(900_000), _span_text(10)
    ('15 min', '10 ms')
    """
    units = ((24 * _HOUR, "d"), (_HOUR, "h"), (_MINUTE, "min"), (_SECOND, "s"), (1, "ms"))
    size, unit = next((size, unit) for size, unit in units if span % size == 0)
    return f"{span / size:g} {unit}"


def _kinds(charted: Charted) -> list[str]:
    """What rows are tooltip_of apart by: the first column of texts that are often alike; nothing if there is none."""
    for column in charted.text_columns:
        texts = charted.texts(column)
        if 1 < len(set(texts)) <= len(texts) / 2:
            return texts
    return [""] * len(charted.rows)


def _clock(moment: float) -> str:
    return str(np.datetime64(int(moment), "ms")).replace("T", " ").removesuffix(".000")
