"""Aggregates over the rows of a table, counted anew after each transaction: dictionaries and loops."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from .aggregates import Event, order_of, parse_aggregate
from .groups import Groups
from .lines import NULL, Value
from .text import csv_text

NEVER = -(2**63)  # when a row has changed of which nobody knows


@dataclass(frozen=True)
class Kept:
    """A row that is there: its key, what is in it, and when it changed last, in microseconds."""

    key: Value
    fields: Value
    time: int


Cells = Mapping[str, object]


def grouped(rows: Iterable[Kept], by: list[str], calls: Sequence[str]) -> dict[tuple[Value, ...], Cells]:
    """A row for each group, in order."""
    aggregates = [parse_aggregate(call, i) for i, call in enumerate(calls)]
    groups = Groups(by, None)
    members: dict[tuple[Value, ...], list[Event]] = {}
    for place, row in enumerate(sorted(rows, key=lambda row: _place(row.key))):
        key = groups.of(row.fields)
        members.setdefault(key, []).append(Event(row.time, place, row.fields, key))
    out: dict[tuple[Value, ...], Cells] = {}
    for key in sorted(members, key=lambda key: tuple(map(_place, key))):
        cells: dict[str, object] = dict(zip(groups.names, key, strict=True))
        times = [event.time for event in members[key] if event.time != NEVER]
        seconds = Fraction(max(times, default=0) - min(times, default=0), 1_000_000)
        for aggregate in aggregates:
            cells[aggregate.name] = aggregate.value(members[key], seconds)
        out[key] = cells
    return out


def _written(cells: Cells | None) -> str | None:
    """7 and 7.0 are told apart."""
    return None if cells is None else csv_text([cells])


def _place(value: Value) -> tuple[bool, object]:
    return value == NULL, (order_of(value) if value != NULL else ())


def told(before: Mapping[tuple[Value, ...], Cells], after: Mapping[tuple[Value, ...], Cells]) -> list[Cells]:
    """What a transaction takes back of groups, and what it gives."""
    out: list[Cells] = []
    for key in sorted({*before, *after}, key=lambda key: tuple(map(_place, key))):
        old, new = before.get(key), after.get(key)
        if _written(old) == _written(new):
            continue
        for kind, cells in (("retraction", old), ("result", new)):
            if cells is not None:
                out.append({"time": None, "kind": kind, **cells})
    return out
