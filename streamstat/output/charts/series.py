"""Numbers over time by group: the ten greatest groups and the rest, in so many points as a chart has room for.

A point has its time `t` and the end `e` of its stretch in milliseconds, its number `v`, its group `g`, the text `at` of
its time, and `dot` if it is to be seen alone. Where it has several numbers, they are `v0`, `v1` and so on, and `v` is
the last one.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

import numpy as np

from streamstat.common.record import record
from streamstat.output.charts.charted import Charted
from streamstat.output.charts.panels import Spec, as_number

MOST_LINES = 10
MOST_STRETCHES = 300  # of time, in each of which a group has at most two points
FEW_POINTS = 40  # of a group, so that each can be seen
NEAR = 1.5  # windows; where the next one is farther away, a line ends


@record
class Series:
    """names: the groups, the greatest first, then the rest. points: of each group in the order of time."""

    names: list[str]
    points: list[Spec]
    notes: tuple[str, ...]


def greatest(charted: Charted, most: int = MOST_LINES) -> list[str]:
    """The groups with the greatest totals of the first column that adds up, else of the first one; in their order."""
    ranking = [i for i in charted.measures if charted.adds_up(i)] or charted.measures
    totals: defaultdict[str, float] = defaultdict(float)
    weights = np.nan_to_num(charted.numbers(ranking[0])) if ranking else np.ones(len(charted.rows))
    for key, weight in zip(charted.keys, weights.tolist(), strict=True):
        totals[key] += weight
    return sorted(totals, key=lambda key: (-totals[key], key))[:most]


def series_of(charted: Charted, column: int) -> Series:
    """A column of numbers by group."""
    names = greatest(charted)
    of_group: dict[str, list[Spec]] = {name: [] for name in names}
    others: defaultdict[float, list[Spec]] = defaultdict(list)
    for point in points_over_time(charted, [column]):
        if point["g"] in of_group:
            of_group[point["g"]].append(point)
        else:
            others[point["t"]].append(point)
    if others:
        name, points = _rest(charted, column, others, len(set(charted.keys)) - len(names))
        of_group[name] = points
    of_group, notes = fitted(charted, of_group)
    return Series(list(of_group), [point for each in of_group.values() for point in each], notes)


def points_over_time(charted: Charted, columns: Sequence[int]) -> Iterator[Spec]:
    """The rows in the order of time, those without one apart, with the numbers of some columns."""
    place = time_column(charted)
    times, texts, keys = charted.moments(place), charted.texts(place), charted.keys
    numbers = [charted.numbers(column).tolist() for column in columns]
    ends = (charted.moments(1) if charted.has_windows and place == 0 else times).tolist()
    for i in np.argsort(times, kind="stable").tolist():
        if times[i] == times[i]:
            point = {"t": as_number(float(times[i])), "e": as_number(ends[i]), "g": keys[i], "at": texts[i]}
            if len(columns) > 1:
                point |= {f"v{n}": as_number(each[i]) for n, each in enumerate(numbers)}
            yield {**point, "v": as_number(numbers[-1][i])}


def fitted(
    charted: Charted, of_group: dict[str, list[Spec]]
) -> tuple[dict[str, list[Spec]], tuple[str, ...]]:
    """No more points of each group than a chart has room for, with gaps where it has no rows; and what to say of it."""
    if max(map(len, of_group.values()), default=0) > 2 * MOST_STRETCHES:
        return _thinned(of_group)
    if charted.has_windows and not _overlap(charted):
        return {name: list(_broken(points)) for name, points in of_group.items()}, ()
    return {
        name: list(map(_dotted, points) if _are_few(points) else points) for name, points in of_group.items()
    }, ()


def time_column(charted: Charted) -> int:
    """The column that is the time of a row: the end of its window where windows overlap."""
    return 1 if charted.has_windows and _overlap(charted) else 0


def step_ms(charted: Charted) -> float:
    """The shortest way from the time of a window to that of the next; of one window, its length."""
    times = np.unique(charted.moments(time_column(charted)))
    times = times[~np.isnan(times)]
    if len(times) > 1:
        return float(np.diff(times).min())
    lengths = charted.moments(1) - charted.moments(0) if charted.has_windows else np.ones(1)
    return float(lengths[0]) if len(lengths) and lengths[0] > 0 else 1.0


def _overlap(charted: Charted) -> bool:
    starts, ends = charted.moments(0), charted.moments(1)
    distinct = np.unique(starts)
    return len(distinct) > 1 and bool(np.diff(distinct).min() < (ends - starts).max())


def _rest(charted: Charted, column: int, others: dict[float, list[Spec]], n: int) -> tuple[str, list[Spec]]:
    """What the other groups are together: their sum where that means something, else the middle one of them."""
    adds_up = charted.adds_up(column)
    name = f"{'sum' if adds_up else 'median'} of {n:,} more"
    points = []
    for each in others.values():
        numbers = [point["v"] for point in each if point["v"] is not None]
        together = float(sum(numbers) if adds_up else median(numbers)) if numbers else float("nan")
        points.append({**each[0], "v": as_number(together), "g": name})
    return name, points


def _thinned(of_group: dict[str, list[Spec]]) -> tuple[dict[str, list[Spec]], tuple[str, ...]]:
    """Of each stretch of time the lowest and the highest point of a group."""
    times = [point["t"] for points in of_group.values() for point in points]
    lo, length = min(times), (max(times) - min(times)) / MOST_STRETCHES or 1
    thin = {}
    for name, points in of_group.items():
        stretches: defaultdict[int, list[Spec]] = defaultdict(list)
        for point in points:
            stretches[min(int((point["t"] - lo) / length), MOST_STRETCHES - 1)].append(point)
        thin[name] = [point for each in stretches.values() for point in _extremes(each)]
    left = sum(map(len, thin.values()))
    return thin, (
        f"drawn are {left:,} of {len(times):,} points: the lowest and highest of each stretch of time",
    )


def _extremes(points: Sequence[Spec]) -> list[Spec]:
    """The lowest and the highest point, in the order of time."""
    known = [i for i, point in enumerate(points) if point["v"] is not None]
    if not known:
        return [points[0]]
    ends = {min(known, key=lambda i: points[i]["v"]), max(known, key=lambda i: points[i]["v"])}
    return [points[i] for i in sorted(ends)]


def _broken(points: list[Spec]) -> Iterator[Spec]:
    """The points of a group, and between them one without a number where windows without a row lie."""
    gaps = [later["t"] - one["t"] > NEAR * (one["e"] - one["t"]) for one, later in pairwise(points)]
    for i, point in enumerate(points):
        before, behind = i == 0 or gaps[i - 1], i == len(points) - 1 or gaps[i]
        yield _dotted(point) if (before and behind) or _are_few(points) else point
        if behind and i < len(points) - 1:
            yield {**{name: None for name in point if name.startswith("v")}, "t": point["e"], "g": point["g"]}


def _dotted(point: Spec) -> Spec:
    return {**point, "dot": True}


def _are_few(points: Sequence[Spec]) -> bool:
    return len(points) <= FEW_POINTS
