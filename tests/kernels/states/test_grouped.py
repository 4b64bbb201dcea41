"""Counts, extremes, extents and picks against their plain twins."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools.slot_twins import (
    SLOTS,
    Row,
    Step,
    Stream,
    check_protocol,
    extreme,
    indices,
    kinds_of,
    numbers_of,
    numeric_rows,
    programs,
    run_program,
    shown,
    slots_of,
    strings,
    texts_of,
    times_of,
)

from streamstat.kernels import Counts, Extents, Extremes, Picks
from streamstat.values.columns import Kind

ALL = indices(range(SLOTS))
ZERO = indices([0])
DOUBLES = np.full(2, Kind.DOUBLE, np.uint8)


def feed_numbers(table: Any, rows: Stream) -> None:
    table.update(slots_of(rows), kinds_of(rows), numbers_of(rows))


def feed_slots(table: Any, rows: Stream) -> None:
    table.update(slots_of(rows))


def feed_times(table: Any, rows: Stream) -> None:
    table.update(slots_of(rows), times_of(rows))


def feed_picks(table: Any, rows: Stream) -> None:
    first = rows[0].sequence if rows else 0
    table.update(slots_of(rows), kinds_of(rows), numbers_of(rows), *texts_of(rows), times_of(rows), first)


@given(programs(numeric_rows()), st.sampled_from([True, False]))
def test_extremes_are_those_of_the_stream(program: list[Step], minimum: bool) -> None:
    table = Extremes(minimum)
    streams = run_program(table, feed_numbers, program)
    choose = min if minimum else max
    assert repr(shown(*table.values(ALL))) == repr([extreme(stream, choose) for stream in streams])


@pytest.mark.parametrize("minimum", [True, False])
@pytest.mark.parametrize("order", [(0.0, -0.0), (-0.0, 0.0), (-0.0, -0.0)])
def test_zero_has_no_sign(minimum: bool, order: tuple[float, float]) -> None:
    table = Extremes(minimum)
    table.resize(1)
    table.update(indices([0, 0]), DOUBLES, np.array(order).view(np.int64))
    assert repr(shown(*table.values(ZERO))) == repr([0.0])


@given(programs(numeric_rows()))
def test_counts_are_those_of_the_stream(program: list[Step]) -> None:
    table = Counts()
    streams = run_program(table, feed_slots, program)
    assert table.values(ALL).tolist() == [len(stream) for stream in streams]


@given(st.lists(numeric_rows(), max_size=30))
def test_counts_of_some_rows(rows: Stream) -> None:
    table = Counts()
    table.resize(3 * SLOTS)
    slots = slots_of(rows)
    table.update_nonnull(slots, kinds_of(rows))
    chosen = np.array([row.is_number for row in rows], bool)
    table.update_true(np.where(slots < 0, slots, slots + SLOTS).astype(np.int32), chosen)
    removed = slots[::2].copy()
    table.update(slots + np.int32(2 * SLOTS) * (slots >= 0))
    table.remove(removed + np.int32(2 * SLOTS) * (removed >= 0))
    in_slot = [[row for row in rows if row.slot == slot] for slot in range(SLOTS)]
    assert table.values(indices(range(3 * SLOTS))).tolist() == [
        *[sum(row.kind != Kind.NULL for row in each) for each in in_slot],
        *[sum(row.is_number for row in each) for each in in_slot],
        *[len(each) - int(np.sum(removed == slot)) for slot, each in enumerate(in_slot)],
    ]


def test_any_flag_but_zero_counts_and_rows_below_minus_one_are_skipped() -> None:
    table = Counts()
    table.resize(1)
    table.update_true(indices([0, 0, -5]), np.array([2, 0, 1], np.uint8))
    assert table.values(ZERO).tolist() == [1]


@given(programs(numeric_rows()))
def test_extents_are_those_of_the_stream(program: list[Step]) -> None:
    table = Extents()
    streams = run_program(table, feed_times, program)
    lo, hi = table.values(ALL)
    times = [[row.time for row in stream] for stream in streams]
    assert lo.tolist() == [min(each, default=2**63 - 1) for each in times]
    assert hi.tolist() == [max(each, default=-(2**63)) for each in times]


def picked_rows() -> st.SearchStrategy[Row]:
    return st.builds(
        lambda slot, kind, text, time: Row(slot, kind, len(text), text, time),
        st.integers(-1, SLOTS - 1),
        st.sampled_from(Kind),
        st.sampled_from([b"", b"a", "ü".encode(), b"long enough not to be kept in place"]),
        st.integers(-2, 2),
    )


def numbered(program: list[Step]) -> list[Step]:
    """Rows get their place in the input, which no two share."""
    result: list[Step] = []
    sequence = 0
    for name, argument in program:
        if name == "update":
            argument = [
                Row(row.slot, row.kind, row.value, row.text, row.time, sequence + i)
                for i, row in enumerate(argument)
            ]
            sequence += len(argument)
        result.append((name, argument))
    return result


@given(programs(picked_rows()), st.sampled_from([True, False]))
def test_picks_go_by_time_then_input_order(program: list[Step], last: bool) -> None:
    table = Picks(last)
    streams = run_program(table, feed_picks, numbered(program))
    kinds, numbers, offsets, data = table.values(ALL)
    got = list(zip(kinds.tolist(), numbers.tolist(), strings(offsets, data), strict=True))
    expected = []
    for stream in streams:
        present = sorted(
            (row for row in stream if row.kind != Kind.NULL), key=lambda row: (row.time, row.sequence)
        )
        row = present[-1 if last else 0] if present else Row(0, Kind.NULL)
        expected.append((row.kind, row.number, row.text))
    assert got == expected


def picked(table: Any) -> None:
    feed_picks(table, [Row(0, Kind.TEXT, None, b"some text")])


@pytest.mark.parametrize(
    ("make", "filled", "misfits"),
    [
        (Counts, lambda table: table.update(ZERO), []),
        (Extents, lambda table: table.update(ZERO, np.array([7])), []),
        (
            lambda: Extremes(minimum=True),
            lambda table: feed_numbers(table, [Row(0, Kind.INTEGER, 7)]),
            [lambda: Extremes(minimum=False)],
        ),
        (lambda: Picks(last=True), picked, [lambda: Picks(last=False)]),
    ],
)
def test_hostile_use_is_refused(
    make: Callable[[], Any], filled: Callable[[Any], None], misfits: list[Callable[[], Any]]
) -> None:
    check_protocol(make(), make(), filled, [misfit() for misfit in misfits])
    with pytest.raises(IndexError):
        make().values(ZERO)


def test_columns_of_other_lengths_are_refused() -> None:
    one, two = np.zeros(1, np.uint8), np.zeros(2, np.uint8)
    numbers = np.zeros(1, np.int64)
    counts, extents, picks = Counts(), Extents(), Picks(last=True)
    for table in (counts, extents, picks):
        table.resize(1)
    for update in (counts.update_nonnull, counts.update_true):
        with pytest.raises(ValueError, match="expected 1"):
            update(ZERO, two)
    for change in (counts.update, counts.remove):
        with pytest.raises(IndexError):
            change(indices([1]))
    with pytest.raises(ValueError, match="times"):
        extents.update(ZERO, np.zeros(2, np.int64))
    text = np.array([0, 0]), np.zeros(0, np.uint8)
    with pytest.raises(ValueError, match="times"):
        picks.update(ZERO, one, numbers, *text, np.zeros(2, np.int64), 0)
    for offsets in ([0], [0, 1], [-1, 0], [1, 0]):
        with pytest.raises(ValueError, match="text_offsets"):
            picks.update(ZERO, one, numbers, np.array(offsets), text[1], numbers, 0)
    for sequence in (-1, 2**63 - 1):
        with pytest.raises(ValueError, match="first_sequence"):
            picks.update(ZERO, one, numbers, *text, numbers, sequence)
