"""States out of which rows can be taken again tell what new ones tell that were given the rows that are left.

Every aggregate that there is takes part; whatever its states are, they retract or are named here.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tools.decoders import json_decoder

from streamstat import aggregates
from streamstat.aggregates import Place
from streamstat.common.registry import load, names
from streamstat.engine.columns import Columns
from streamstat.input.events import decode_bytes
from streamstat.plan.job import Measure
from streamstat.plan.measures import measures_of
from streamstat.states import Argument, Batch, Retracts
from streamstat.values.columns import MINUS_INFINITY, Kind, Need, Texts, Values, arrays_of

SLOTS = 3
ALL = np.arange(SLOTS, dtype=np.int32)
NEVER = {"members", "new"}
MORE = {
    "histogram": ["histogram(x)", "histogram(x, 0, 2.5)"],
    "quantile": ["p50(x)", "quantile(x, 0.99)", "p0(x)", "p100(x)"],
    "top": ["top(x, 2)", "top(x, 100)"],
    "values": ["values(x, 2)", "values(x)"],
    "count": ["count()", "count(x)"],
    "rate": ["rate()", "rate(x)"],
}
WRITTEN = [
    *("0", "-0", "1", "1.0", "-3", "2.5", "0.1", "1e-320", "1e308", "-1e308", "9223372036854775807"),
    *("9007199254740993", "9007199254740992", "-9007199254740993.0", "1e400", "2048", "2049.5", "null"),
    *("true", "false", '"a"', '"b"', '"1"', '""', "[1]", '{"k":2}'),
]


@dataclass(frozen=True)
class Row:
    """One row; `tie` is its own."""

    slot: int
    x: str
    by: str
    time: int
    tie: int


@dataclass(frozen=True)
class Fed:
    """Rows as states take them."""

    batch: Batch
    argument: Argument | None


def calls() -> Iterator[str]:
    for name in names(aggregates):
        kind = load(aggregates, name)
        inside = "x, by" if hasattr(kind, "ranking") else "" if kind.argument == "none" else "x"
        yield from MORE.get(name, [f"{name}({inside})"])


def measure_of(call: str) -> Measure:
    return measures_of(call)[0]


def retracts(measure: Measure) -> bool:
    return all(isinstance(state, Retracts) for state in measure.aggregate.states)


RETRACTING = [call for call in calls() if retracts(measure_of(call))]


def fed(measure: Measure, rows: list[Row], sequence: int = 0) -> Fed:
    needs = Need.NOTHING
    for state in measure.aggregate.states:
        needs |= state.need
    lines = "".join(f'{{"x":{row.x},"by":{row.by}}}\n' for row in rows)
    columns = Columns(decode_bytes(json_decoder({"x": needs, "by": Need.NUMBER}), lines.encode()))
    assert columns.events.rows == len(rows)
    by = None if measure.by is None else columns.argument(measure.by, 0, len(rows))
    argument = None if measure.argument is None else columns.argument(measure.argument, 0, len(rows))
    ties = [f"{row.tie:09}".encode() for row in rows]
    offsets = np.cumsum([0, *map(len, ties)]).astype(np.int64)
    slots = np.array([row.slot for row in rows], np.int32)
    times = np.array([row.time for row in rows], np.int64)
    batch = Batch(slots, times, sequence, by, Texts(offsets, np.frombuffer(b"".join(ties), np.uint8)))
    return Fed(batch, argument)


def place(n: int) -> Place:
    return Place(np.arange(n, dtype=np.int32), np.arange(n, dtype=np.int64) * 1_500_000)


def told(measure: Measure, states: tuple[Any, ...], n: int = SLOTS) -> list[tuple[int, int, bytes]]:
    values: Values = measure.aggregate.result(states, place(n))
    kinds, numbers, offsets, data = arrays_of(values)
    texts = Texts(offsets, data)
    return [(int(kinds[i]), int(numbers[i]), texts[i]) for i in range(n)]


def fresh(measure: Measure, rows: list[Row]) -> list[tuple[int, int, bytes]]:
    """What new states tell of rows in the order of their ties, as a run has them."""
    given = fed(measure, sorted(rows, key=lambda row: row.tie))
    states = []
    for state in measure.aggregate.states:
        made = state.create()
        made.resize(SLOTS)
        state.update(made, replace_ties(given.batch), given.argument)
        states.append(made)
    return told(measure, tuple(states))


def replace_ties(batch: Batch) -> Batch:
    return Batch(batch.slots, batch.times, batch.sequence, batch.by)


class Kept:
    """The retracting states of a measure, and the rows that are in them."""

    def __init__(self, measure: Measure) -> None:
        self.measure, self.rows = measure, list[Row]()
        self.states = [state for state in measure.aggregate.states if isinstance(state, Retracts)]
        self.made = [state.retracting() for state in self.states]
        for made in self.made:
            made.resize(SLOTS)

    def apply(self, rows: list[Row], *, gone: bool) -> None:
        given = fed(self.measure, rows)
        for state, made in zip(self.states, self.made, strict=True):
            taken = state.retractable(given.batch, given.argument)
            (made.retract if gone else made.update)(taken)
        for row in rows:
            if gone:
                self.rows.remove(row)
            else:
                self.rows.append(row)

    def again(self) -> None:
        """Go on from a snapshot."""
        for place, made in enumerate(self.made):
            other = self.states[place].retracting()
            other.resize(SLOTS)
            other.restore(ALL, *made.snapshot(ALL))
            assert [bytes(each) for each in other.snapshot(ALL)] == [
                bytes(each) for each in made.snapshot(ALL)
            ]
            self.made[place] = other

    def told(self) -> list[tuple[int, int, bytes]]:
        return told(self.measure, tuple(self.made))


def a_row() -> st.SearchStrategy[Row]:
    return st.builds(
        Row,
        st.integers(0, SLOTS - 1),
        st.sampled_from(WRITTEN),
        st.sampled_from(WRITTEN),
        st.integers(0, 3) | st.just(MINUS_INFINITY),
        st.integers(0, 10**8),
    )


def many_rows(most: int = 12) -> st.SearchStrategy[list[Row]]:
    return st.lists(a_row(), max_size=most, unique_by=lambda row: row.tie)


def numbered(rows: list[Row], first: int) -> list[Row]:
    """The same with ties that nobody else has, in an order that is not that in which they come."""
    return [replace(row, tie=row.tie % 1000 * 1_000_000 + first + i) for i, row in enumerate(rows)]


def test_all_but_those_named_retract() -> None:
    assert {name for name in names(aggregates) if not any(call.startswith(name) for call in RETRACTING)} - {
        "quantile"
    } == NEVER


@pytest.mark.parametrize("call", RETRACTING)
@settings(max_examples=40)
@given(st.data())
def test_what_is_left_is_all_that_is_told(call: str, data: st.DataObject) -> None:
    kept, first = Kept(measure_of(call)), 0
    for _ in range(data.draw(st.integers(1, 5))):
        added = numbered(data.draw(many_rows()), first)
        first += len(added)
        kept.apply(added, gone=False)
        if kept.rows:
            kept.apply(data.draw(st.lists(st.sampled_from(kept.rows), unique=True)), gone=True)
        if data.draw(st.booleans()):
            kept.again()
        assert kept.told() == fresh(kept.measure, kept.rows)


@pytest.mark.parametrize("call", RETRACTING)
@settings(max_examples=20)
@given(many_rows(30))
def test_emptied_and_cleared_states_are_new_ones(call: str, rows: list[Row]) -> None:
    kept = Kept(measure_of(call))
    rows = numbered(rows, 0)
    kept.apply(rows, gone=False)
    kept.apply(rows, gone=True)
    assert kept.told() == fresh(kept.measure, [])
    kept.apply(rows, gone=False)
    for made in kept.made:
        made.clear(ALL)
    empty = Kept(kept.measure)
    for made, new in zip(kept.made, empty.made, strict=True):
        assert [bytes(each) for each in made.snapshot(ALL)] == [bytes(each) for each in new.snapshot(ALL)]


@pytest.mark.parametrize("call", RETRACTING)
@settings(max_examples=30)
@given(st.data())
def test_steps_tell_what_states_tell_one_after_the_other(call: str, data: st.DataObject) -> None:
    kept = Kept(measure_of(call))
    kept.apply(numbered(data.draw(many_rows()), 0), gone=False)
    steps: list[list[tuple[Row, bool]]] = []
    slots: list[int] = []
    live, first = list(kept.rows), 100
    for _ in range(data.draw(st.integers(1, 5))):
        step = [
            (row, True)
            for row in data.draw(st.lists(st.sampled_from(live), unique=True) if live else st.just([]))
        ]
        added = numbered(data.draw(many_rows(4)), first)
        first += len(added)
        step += [(row, False) for row in added]
        live = [row for row in live if (row, True) not in step] + added
        steps.append(step)
        slots.append(data.draw(st.integers(0, SLOTS - 1)))
    flat = [each for step in steps for each in step]
    gone = np.array([is_gone for _, is_gone in flat], np.uint8)
    ends = np.cumsum([len(step) for step in steps]).astype(np.int64)
    given_rows = fed(kept.measure, [row for row, _ in flat])
    walks = tuple(
        made.walk(
            state.retractable(given_rows.batch, given_rows.argument), gone, ends, np.array(slots, np.int32)
        )
        for state, made in zip(kept.states, kept.made, strict=True)
    )
    lengths = place(SLOTS).lengths_us[slots]
    n = len(slots)
    values = kept.measure.aggregate.result(walks, Place(np.arange(n, dtype=np.int32), lengths))
    kinds, numbers, offsets, texts_data = arrays_of(values)
    texts = Texts(offsets, texts_data)
    found = [(int(kinds[i]), int(numbers[i]), texts[i]) for i in range(n)]
    expected = []
    after = Kept(kept.measure)
    after.apply(kept.rows, gone=False)
    for step, slot in zip(steps, slots, strict=True):
        for row, is_gone in step:
            after.apply([row], gone=is_gone)
        expected.append(after.told()[slot])
    assert found == expected
    assert kept.told() == fresh(kept.measure, kept.rows)  # as if nothing had been


SEEN = [
    "min(x)",
    "distinct(x)",
    "median(x)",
    "histogram(x)",
    "top(x)",
    "values(x)",
    "last(x)",
    "arg_min(x, by)",
]


@pytest.mark.parametrize("call", SEEN)
def test_a_row_that_is_not_there_cannot_be_taken_out(call: str) -> None:
    kept = Kept(measure_of(call))
    kept.apply([Row(0, "1", "1", 0, 0)], gone=False)
    given_rows = fed(kept.measure, [Row(0, "7", "1", 0, 0)])
    with pytest.raises(ValueError, match="not there"):  # some tables tell it when they are asked
        kept.made[0].retract(kept.states[0].retractable(given_rows.batch, given_rows.argument))
        kept.told()


def test_many_different_numbers_come_and_go() -> None:
    measure = measure_of("p50(x)")
    kept = Kept(measure)
    rows = [Row(0, json.dumps(i * 7919 % 4001), "0", 0, i) for i in range(4001)]
    kept.apply(rows, gone=False)
    assert kept.told() == fresh(measure, kept.rows)
    kept.apply(rows[::2] + rows[1:3900:2], gone=True)
    assert kept.told() == fresh(measure, kept.rows)
    kept.again()
    kept.apply(rows[:50:2], gone=False)
    assert kept.told() == fresh(measure, kept.rows)


def test_kinds_are_told_of_what_is_left_alone() -> None:
    kept = Kept(measure_of("sum(x)"))
    kept.apply([Row(0, "1", "0", 0, 0), Row(0, "0.5", "0", 0, 1)], gone=False)
    assert kept.told()[0][0] == Kind.DOUBLE
    kept.apply([Row(0, "0.5", "0", 0, 1)], gone=True)
    assert kept.told()[0] == (Kind.INTEGER, 1, b"")
