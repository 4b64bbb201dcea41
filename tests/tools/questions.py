"""Options that choose events and rows, for property tests: which events count once, and what is asked of rows."""

import re
from collections.abc import Sequence
from typing import TypedDict

from hypothesis import strategies as st
from oracle.aggregates import calls_of, parse_aggregate
from oracle.groups import Groups
from oracle.options import Options
from oracle.text import iso

LISTS = ("top", "histogram", "values")
COLUMNS = [
    *("{0} + {1}", "{0} - {1}", "{0} * 2", "{0} / {1}", "{0} // 3", "{0} % 2", "{0} > {1}", "{0} is None"),
    *(
        "coalesce({0}, {1}, 7)",
        "{0} if {1} > 1 else null",
        "window_end - window_start",
        "{0}",
        "window_start",
    ),
]
CONDITIONS = [
    *(
        "{0} > 1",
        "{0} >= {1}",
        "not {0} > 2",
        "{0} is not None",
        "{0} % 2 == 1",
        "{0} % 2 == 1",
        "{0} % 3 == 1 or {1} == 2",
    ),
    *("{0} != 2 and {1} is not None", "window_start >= 20", 'k == "a"'),
]


class ChosenEvents(TypedDict):
    since: str | None
    until: str | None
    unique: list[str]
    unique_for: str | None


class AskedOfRows(TypedDict):
    share: list[str]
    column: list[str]
    having: str | None
    order: list[str]
    limit: str | None


def once_in(n: int, values: st.SearchStrategy[str]) -> st.SearchStrategy[str | None]:
    """One of these, one time in n."""
    return st.sampled_from(range(n)).flatmap(lambda chance: values if chance == n - 1 else st.none())


@st.composite
def moments(draw: st.DrawFn, lo: int, hi: int, zone: str) -> str:
    """A time in seconds about the epoch, with its zone or without the one that the run has anyway."""
    text = iso(draw(st.integers(lo * 2, hi * 2)) * 500_000, zone)
    return text if draw(st.booleans()) else re.sub(r"(Z|[+-]\d\d:\d\d)$", "", text)


@st.composite
def chosen_events(draw: st.DrawFn, zone: str) -> ChosenEvents:
    """Bounds of event times and the fields by which events are told apart."""
    unique = draw(
        st.sampled_from(
            [[], [], [], [], ["id"], ["id"], ["id"], ["id"], ["u"], ["id,k"], ["v", "id"], ["id.x", "id"]]
        )
    )
    kept = st.sampled_from([None, None, None, "0s", "3s", "10s", "1m", "1d"])
    return ChosenEvents(
        since=draw(once_in(6, moments(-20, 20, zone))),
        until=draw(once_in(6, moments(21, 90, zone))),
        unique=unique,
        unique_for=draw(kept) if unique else None,
    )


@st.composite
def asked_of_rows(draw: st.DrawFn, plain: Options, kind: str) -> AskedOfRows:
    """Shares, columns, a condition, an order and a limit that go with the columns of these options."""
    names = [*Groups(plain.by, int(plain.max_groups) if plain.max_groups else None).names]
    calls = [parse_aggregate(call, 0) for text in plain.agg for call in calls_of(text)]
    numbers = [call.name for call in calls if call.function not in LISTS]
    names += [call.name for call in calls]
    if plain.completeness:
        names += ["final"] + ["producers", "silent"] * (plain.producer is not None)
        numbers += ["producers"] * (plain.producer is not None)
    together = plain.late == "drop" and kind not in ("session", "sliding")
    share = draw(shares(numbers)) if together and numbers else []
    names += [text.partition("=")[0] for text in share]
    column = [
        f"c{i}={draw(filled(COLUMNS, [*names, *(f'c{j}' for j in range(i))]))}" for i in range(draw(few()))
    ]
    names += [f"c{i}" for i in range(len(column))]
    conditions = [each for each in CONDITIONS if "k" in names or "k ==" not in each]
    having = draw(once_in(3 if plain.late == "drop" else 2, filled(conditions, names)))
    return AskedOfRows(
        share=share,
        column=column,
        having=having,
        order=draw(orders(names)) if together else [],
        limit=draw(st.sampled_from([None, None, "1", "2", "3"])) if together else None,
    )


def few() -> st.SearchStrategy[int]:
    return st.sampled_from([0, 0, 0, 1, 2])


def shares(numbers: Sequence[str]) -> st.SearchStrategy[list[str]]:
    """Up to two columns of parts."""
    chosen = st.lists(st.sampled_from(list(numbers)), max_size=2)
    return chosen.map(lambda columns: [f"part{i}={column}" for i, column in enumerate(columns)])


@st.composite
def filled(draw: st.DrawFn, patterns: Sequence[str], names: Sequence[str]) -> str:
    """An expression over some of these columns."""
    some = st.sampled_from([*names, "window_end"])
    return draw(st.sampled_from(list(patterns))).format(draw(some), draw(some))


@st.composite
def orders(draw: st.DrawFn, names: Sequence[str]) -> list[str]:
    """Up to three columns, some downwards, in one text or in several."""
    chosen = draw(st.lists(st.sampled_from([*names, "window_start"]), max_size=3, unique=True))
    keys = [draw(st.sampled_from(["", "-"])) + name for name in chosen]
    is_one_text = draw(st.booleans())
    return [",".join(keys)] if keys and is_one_text else keys
