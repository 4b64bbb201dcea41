"""A chart of one column, as parts of a specification of Vega-Lite, and what charts have in common."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil, floor, log10
from typing import Any, TypeAlias

from streamstat.output.charts.charted import Charted

Spec: TypeAlias = dict[str, Any]

# Of axes: by the unit that tells a tick from the one before. The usual ones have hours from 1 to 12.
TICKS = {
    "year": "%Y",
    "quarter": "%b %Y",
    "month": "%b %Y",
    "week": "%-d %b",
    "day": "%-d %b",
    "date": "%-d %b",
    "hours": "%H:%M",
    "minutes": "%H:%M",
    "seconds": "%H:%M:%S",
    "milliseconds": "%S.%L",
}


@dataclass(frozen=True, slots=True)
class Panel:
    """One chart. layers are drawn; targets lie over them, unseen, and tell of what somebody points at.

    has_time: x is the time, along which one may move. notes: what of the rows it does not show, or shows otherwise.
    """

    title: str
    kind: str
    points: Sequence[Spec]
    encoding: Spec
    layers: Sequence[Spec]
    targets: Sequence[Spec] = ()
    has_time: bool = False
    notes: tuple[str, ...] = ()
    height: int = 220
    group: str = ""  # the one that it is of

    @property
    def spec(self) -> Spec:
        """For a picture: data, encoding and layers. The size and the look are added by who draws it."""
        return {
            "title": {"text": self.heading, "subtitle": "; ".join(self.notes)},
            "data": {"values": list(self.points)},
            "encoding": self.encoding,
            "layer": list(self.layers),
            "height": self.height,
        }

    def with_notes(self, notes: tuple[str, ...]) -> "Panel":
        """The same, with more to say of it."""
        return replace(self, notes=(*self.notes, *notes))

    @property
    def heading(self) -> str:
        """What the chart shows."""
        return f"{self.title}, {self.group}" if self.group else self.title


def time_axis(charted: Charted, column: int) -> Spec:
    """x: the times of a column, as clocks of the report's zone show them."""
    title = f"{charted.name(column)} ({charted.zone})"
    axis = {
        "title": title,
        "format": TICKS,
        "labelOverlap": True,
        "labelFlush": False,
        "grid": False,
        "tickCount": 9,
    }
    return {"field": "t", "type": "temporal", "scale": {"type": "utc"}, "axis": axis}


def number_axis(name: str, numbers: Sequence[float]) -> Spec:
    """y: from zero on, unless fractions are so near to each other that they would look alike; by their size where they
    are so far apart that the small ones could not be seen."""
    axis: Spec = {"title": None, "tickCount": 5}
    encoding: Spec = {"field": "v", "type": "quantitative", "axis": axis}
    if not numbers:
        return encoding
    lo, hi = min(numbers), max(numbers)
    are_whole = all(isinstance(each, int) for each in numbers)
    if are_whole:
        axis["tickMinStep"] = 1
    if lo > 0 and hi > FAR_APART * lo:
        axis |= {"title": f"{name} (logarithmic)", "values": _powers(lo, hi)}
        return {**encoding, "scale": {"type": "log"}}
    return {**encoding, "scale": {"zero": are_whole or lo <= NEAR_BY * hi}}


NEAR_BY = 0.6  # of the highest number
FAR_APART = 300  # times


def _powers(lo: float, hi: float) -> list[float]:
    """Those of ten around two numbers.

    >>> _powers(20, 30_000)
    [10.0, 100.0, 1000.0, 10000.0, 100000.0]
    """
    return [10.0**power for power in range(floor(log10(lo)), ceil(log10(hi)) + 1)]


def numbers_in(points: Sequence[Spec], field: str = "v") -> list[float]:
    """Those that points have."""
    return [point[field] for point in points if point[field] is not None]


def by_group(names: Sequence[str], more: str = "", range_: Sequence[Any] = ()) -> Spec:
    """Colours of groups in the order of their rank, and what else tells them apart; nothing where there are none."""
    if list(names) == [""]:
        return {}
    legend = {"title": None}
    colour: Spec = {"field": "g", "type": "nominal", "scale": {"domain": list(names)}, "legend": legend}
    if not more:
        return {"color": colour}
    other = {**colour, "scale": {"domain": list(names), "range": list(range_[: len(names)])}}
    return {"color": colour, more: other}


def tooltip_of(charted: Charted, name: str, place: int, *, has_groups: bool = True) -> list[Spec]:
    """What is tooltip_of of a mark: its time, its group and its as_number."""
    of_group = " · ".join(map(charted.name, charted.groups)) or "group"
    fields = [("at", "nominal", charted.name(place)), ("g", "nominal", of_group), ("v", "quantitative", name)]
    return [
        {"field": field, "type": kind, "title": title}
        for field, kind, title in fields
        if field != "g" or has_groups
    ]


def as_number(value: float) -> float | int | None:
    """A as_number as JSON has it; None for NaN.

    >>> as_number(2.0), as_number(0.5), as_number(float("nan"))
    (2, 0.5, None)
    """
    if value != value:
        return None
    return int(value) if float(value).is_integer() and abs(value) < 2**53 else value
