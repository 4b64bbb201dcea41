"""Random sides of joins, what joins them, and how to ask the real thing for it."""

import json
from collections.abc import Sequence

from hypothesis import strategies as st
from oracle.joins import Event, Row, Terms

from streamstat.common.units import format_time
from streamstat.plan.join_options import JoinOptions
from streamstat.plan.plan import Plan

KINDS = ("inner", "left", "right", "outer", "semi", "anti")
SIDES = ("a", "b")
KEYS = ("k", "k", "k", "l", None)
# Of each side the kinds that tell its events that have no partner.
ALONE = (("left", "outer", "anti"), ("right", "outer"))


@st.composite
def terms(draw: st.DrawFn, *, itself: bool = False, as_of: bool | None = None) -> Terms:
    """Terms that are not refused. as_of: whether they are as of; None: a third of them are."""
    if draw(st.integers(0, 2)) == 0 if as_of is None else as_of:
        max_age = draw(st.none() | st.integers(0, 6))
        return Terms(None, draw(st.sampled_from(("inner", "left", "anti"))), None, max_age, itself)
    least, most = sorted((draw(st.integers(-6, 6)), draw(st.integers(-6, 6))))
    kind = draw(st.sampled_from(KINDS))
    picks = (None,) if kind in ("semi", "anti") else (None, "first", "last", "nearest")
    return Terms((least, most), kind, draw(st.sampled_from(picks)), None, itself)


@st.composite
def sides(draw: st.DrawFn, most: int = 10, keys: Sequence[str | None] = KEYS) -> list[Event]:
    """The events of a side in the order of input: ties, disorder, few keys and none, some that delete."""
    found, time = [], draw(st.integers(0, 5))
    for number in range(draw(st.integers(0, most))):
        time += draw(st.sampled_from((0, 0, 1, 1, 2, 3, 7)))
        late = draw(st.sampled_from((0, 0, 0, 1, 4)))
        key = draw(st.sampled_from(keys))
        found.append(Event(number, max(0, time - late), key, draw(st.integers(0, 3)) == 3))
    return found


def line_of(event: Event, side: str = "") -> bytes:
    """An event as a line of input."""
    fields = {"ts": event.time, "n": event.number, "k": event.key, "d": event.deletes, "side": side}
    return json.dumps(fields).encode() + b"\n"


def plan_of(terms: Terms, delay: int | None) -> Plan:
    """The same for the real thing; the number of each event is a column."""
    given: dict[str, object] = {"on": "k", "kind": terms.kind, "pick": terms.pick}
    if terms.within is None:
        given |= {"as_of": True, "deleted": "d"}
        given |= {} if terms.max_age is None else {"max_age": f"{terms.max_age}s"}
    else:
        given["within"] = "..".join(f"{each}s" for each in terms.within)
    if terms.itself:
        given["side"] = [f'{name}=contains(side, "{name}")' for name in SIDES]
    else:
        given["names"] = SIDES
    given["select"] = [f"{name}_n={name}.n" for name in SIDES]
    options = JoinOptions(**given)  # type: ignore[arg-type]
    return Plan(time=("ts",), delay=None if delay is None else f"{delay}s", own=options)


def expected_rows(found: Sequence[Row]) -> list[str]:
    """The rows of the plan above, as CSV."""
    lines = []
    for row in found:
        both = (row.left, row.right)
        key = next(each.key for each in both if each is not None) or ""
        times = ["" if each is None else format_time(each.time * 1_000_000) for each in both]
        numbers = ["" if each is None else str(each.number) for each in both]
        lines.append(",".join([format_time(row.time * 1_000_000), key, *times, *numbers]))
    return lines
