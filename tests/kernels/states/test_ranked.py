"""The value of the most extreme event against a plain twin, which compares numbers as Python does: exactly."""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools.slot_twins import (
    NASTY_DOUBLES,
    NASTY_INTEGERS,
    SLOTS,
    Row,
    Step,
    Stream,
    bits_of,
    check_protocol,
    indices,
    kinds_of,
    numbers_of,
    programs,
    run_program,
    slots_of,
    strings,
    texts_of,
    times_of,
)

from streamstat.kernels import RankedPicks
from streamstat.values.columns import Kind

ALL = indices(range(SLOTS))
ZERO = indices([0])
Number: TypeAlias = int | float | bool | None
Feed: TypeAlias = Callable[[Any, Stream], None]

# Neighbours that are equal as doubles.
CLOSE = [
    2**53,
    2**53 + 1,
    2.0**53,
    2**63 - 1,
    2.0**63,
    -(2**63),
    -(2.0**63),
    -(2.0**63) - 2048,
    0.5,
    True,
    False,
]
NUMBERS = [*CLOSE, *NASTY_DOUBLES, *NASTY_INTEGERS]


def as_column(numbers: list[Number]) -> tuple[Any, Any]:
    kinds, bits = [], []
    for number in numbers:
        of_bool = Kind.TRUE if number else Kind.FALSE
        kind = Kind.TEXT if number is None else of_bool if isinstance(number, bool) else Kind.INTEGER
        kinds.append(Kind.DOUBLE if isinstance(number, float) else kind)
        bits.append(bits_of(number) if isinstance(number, float) else number if kind == Kind.INTEGER else 0)
    return np.array(kinds, np.uint8), np.array(bits, np.int64)


def fed_with(numbers: dict[int, Number]) -> Feed:
    """What feeds a table; the number that ranks a row is known by its place in the input."""

    def feed(table: Any, rows: Stream) -> None:
        first = rows[0].sequence if rows else 0
        by = as_column([numbers[row.sequence] for row in rows])
        table.update(
            slots_of(rows), kinds_of(rows), numbers_of(rows), *texts_of(rows), *by, times_of(rows), first
        )

    return feed


def valued_rows() -> st.SearchStrategy[Row]:
    return st.builds(
        lambda slot, kind, text, time: Row(slot, kind, len(text), text, time),
        st.integers(-1, SLOTS - 1),
        st.sampled_from(Kind),
        st.sampled_from([b"", b"a", b"long enough not to be kept in place"]),
        st.integers(-2, 2),
    )


@st.composite
def ranked_programs(draw: st.DrawFn) -> tuple[list[Step], dict[int, Number]]:
    """A program whose rows have their place in the input, which no two share, and a number for each."""
    program: list[Step] = []
    numbers: dict[int, Number] = {}
    some = draw(st.lists(st.sampled_from(NUMBERS), min_size=1, max_size=4))  # few, so that ties are common
    for name, argument in draw(programs(valued_rows())):
        if name == "update":
            rows = [
                Row(r.slot, r.kind, r.value, r.text, r.time, len(numbers) + i) for i, r in enumerate(argument)
            ]
            numbers |= {row.sequence: draw(st.sampled_from([*some, None])) for row in rows}
            argument = rows
        program.append((name, argument))
    return program, numbers


@given(ranked_programs(), st.booleans())
def test_ties_go_by_time_then_input_order(
    program: tuple[list[Step], dict[int, Number]], greatest: bool
) -> None:
    steps, numbers = program
    table = RankedPicks(greatest)
    streams = run_program(table, fed_with(numbers), steps)
    expected = []
    for stream in streams:
        ranked = [
            (-number if greatest else number, row.time, row.sequence, row)
            for row in stream
            if row.kind != Kind.NULL and (number := numbers[row.sequence]) is not None
        ]
        row = min(ranked, key=lambda each: each[:3])[3] if ranked else Row(0, Kind.NULL)
        expected.append((row.kind, row.number, row.text))
    kinds, values, offsets, data = table.values(ALL)
    assert list(zip(kinds.tolist(), values.tolist(), strings(offsets, data), strict=True)) == expected


@pytest.mark.parametrize("low", CLOSE)
@pytest.mark.parametrize("high", CLOSE)
def test_integers_and_doubles_are_compared_exactly(low: int | float, high: int | float) -> None:
    table = RankedPicks(greatest=True)
    table.resize(1)
    rows = [Row(0, Kind.TEXT, None, b"low", 1, 0), Row(0, Kind.TEXT, None, b"high", 2, 1)]
    fed_with({0: low, 1: high})(table, rows)
    expected = b"high" if high > low else b"low"
    assert strings(*table.values(ZERO)[2:]) == [expected]


def test_equal_states_give_equal_bytes() -> None:
    states = []
    for number in (0, 0.0, -0.0, False):
        table = RankedPicks(greatest=False)
        table.resize(1)
        fed_with({0: number})(table, [Row(0, Kind.TEXT, None, b"a")])
        states.append(table.snapshot(ZERO)[1].tobytes())
    assert len(set(states)) == 1


def test_infinities_and_what_is_no_number_are_left_out() -> None:
    table = RankedPicks(greatest=True)
    table.resize(1)
    kinds = np.array([Kind.DOUBLE, Kind.DOUBLE, Kind.TEXT, Kind.JSON, Kind.HUGE, Kind.NULL], np.uint8)
    numbers = np.array([bits_of(float("inf")), bits_of(float("nan")), 9, 9, 9, 9])
    rows = [Row(0, Kind.TEXT, None, b"x", 0, i) for i in range(6)]
    zeros = np.zeros(6, np.int64)
    table.update(slots_of(rows), kinds_of(rows), zeros, *texts_of(rows), kinds, numbers, zeros, 0)
    assert table.values(ZERO)[0].tolist() == [Kind.NULL]


def test_hostile_use_is_refused() -> None:
    row = Row(0, Kind.TEXT, None, b"some text")
    check_protocol(
        RankedPicks(greatest=True),
        RankedPicks(greatest=True),
        lambda table: fed_with({0: 2.5})(table, [row]),
        [RankedPicks(greatest=False)],
    )
    with pytest.raises(IndexError):
        RankedPicks(greatest=True).values(ZERO)


def test_columns_of_other_lengths_are_refused() -> None:
    table = RankedPicks(greatest=True)
    table.resize(1)
    kind, kinds = np.full(1, Kind.TEXT, np.uint8), np.full(2, Kind.TEXT, np.uint8)
    number, numbers = np.zeros(1, np.int64), np.zeros(2, np.int64)
    text = np.array([0, 0]), np.zeros(0, np.uint8)
    with pytest.raises(ValueError, match="by_kinds"):
        table.update(ZERO, kind, number, *text, kinds, number, number, 0)
    with pytest.raises(ValueError, match="by_numbers"):
        table.update(ZERO, kind, number, *text, kind, numbers, number, 0)
    with pytest.raises(ValueError, match="no kind 9"):
        table.update(ZERO, kind, number, *text, np.full(1, 9, np.uint8), number, number, 0)
    with pytest.raises(ValueError, match="times"):
        table.update(ZERO, kind, number, *text, kind, number, numbers, 0)
    with pytest.raises(ValueError, match="first_sequence"):
        table.update(ZERO, kind, number, *text, kind, number, number, -1)


def test_a_number_in_another_form_than_its_own_is_no_state() -> None:
    table = RankedPicks(greatest=True)
    table.resize(1)
    fed_with({0: 2.5})(table, [Row(0, Kind.TEXT, None, b"a")])
    offsets, data = table.snapshot(ZERO)
    for number in (2.0, -0.0, float("inf"), float("nan")):
        damaged = data.copy()
        damaged[3:11] = np.frombuffer(np.float64(number).tobytes(), np.uint8)
        with pytest.raises(ValueError, match="damaged"):
            table.restore(ZERO, offsets, damaged)
