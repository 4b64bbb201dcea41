"""The smallest different values: all of a stream in the order of rows, the first n of them."""

import json
from decimal import Decimal
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
    indices,
    kinds_of,
    numbers_of,
    programs,
    run_program,
    slots_of,
    strings,
    texts_of,
)

from streamstat.kernels import LeastStates
from streamstat.values.columns import Kind

ALL = indices(range(SLOTS))
ZERO = indices([0])
INTEGERS = ["0", "-0", "1", "-1", "-7", "12", "9007199254740993", "9007199254740992", "9223372036854775807"]
DOUBLES = ["1.0", "10e-1", "0.0", "1e-400", "-1e-400", "9007199254740992.0", "-1.5", "18446744073709551616"]
DOUBLES += ["18446744073709551617", "0.1", "0.10", "0.1000000000000000055511151231257827"]
SPELLINGS = {
    Kind.INTEGER: INTEGERS,
    Kind.DOUBLE: DOUBLES,
    Kind.HUGE: ["1e400", "2e400", "-1e999", "-2e999"],
    Kind.TEXT: ["", "a", "b", "ab", "ü", "😀", 'quote " and \\', "\n\x00", "1", "true"],
    Kind.JSON: ["[]", '{"a":1}', "[1, 2]"],
    Kind.TRUE: ["true", ""],
    Kind.FALSE: ["false", ""],
    Kind.NULL: [""],
}


def feed(table: Any, rows: Stream) -> None:
    table.update(slots_of(rows), kinds_of(rows), numbers_of(rows), *texts_of(rows))


def row_of(slot: int, kind: Kind, text: str) -> Row:
    number = int(text) if kind == Kind.INTEGER else float(text) if kind == Kind.DOUBLE else None
    return Row(slot, kind, number, text.encode())


def rows_of_any_kind() -> st.SearchStrategy[Row]:
    return st.sampled_from(Kind).flatmap(
        lambda kind: st.builds(
            lambda slot, text: row_of(slot, kind, text),
            st.integers(-1, SLOTS - 1),
            st.sampled_from(SPELLINGS[kind]),
        )
    )


def written(row: Row) -> str:
    if row.kind in (Kind.TRUE, Kind.FALSE):
        return row.kind.name.lower()
    text = row.text.decode()
    return json.dumps(text, ensure_ascii=False) if row.kind == Kind.TEXT else text


def row_order(row: Row) -> tuple[int, Decimal, bytes]:
    rank = {Kind.TEXT: 1, Kind.FALSE: 2, Kind.TRUE: 3, Kind.JSON: 4}.get(row.kind, 0)
    return rank, Decimal(row.text.decode()) if rank == 0 else Decimal(0), row.text


def smallest(stream: Stream, n: int) -> bytes:
    ordered = sorted((row for row in stream if row.kind != Kind.NULL), key=row_order)
    return f"[{','.join(list(dict.fromkeys(map(written, ordered)))[:n])}]".encode()


@given(programs(rows_of_any_kind()), st.integers(1, 9))
def test_the_smallest_are_kept_in_the_order_of_rows(program: list[Step], n: int) -> None:
    table = LeastStates(n)
    streams = run_program(table, feed, program)
    assert strings(*table.results(ALL)) == [smallest(stream, n) for stream in streams]


@pytest.mark.parametrize("n", [1, 5, 100])
@given(st.permutations([(kind, text) for kind in SPELLINGS for text in SPELLINGS[kind]]))
def test_numbers_that_are_one_double_are_told_apart(n: int, spellings: list[tuple[Kind, str]]) -> None:
    rows = [row_of(0, kind, text) for kind, text in spellings]
    table = LeastStates(n)
    table.resize(1)
    feed(table, rows)
    assert strings(*table.results(ZERO)) == [smallest(rows, n)]


@given(st.lists(st.integers(-30, 30) | st.floats(-3, 3), max_size=200), st.integers(1, 50))
def test_of_many_values_so_many_are_left(numbers: list[int | float], n: int) -> None:
    rows = [row_of(0, Kind.DOUBLE if isinstance(x, float) else Kind.INTEGER, repr(x)) for x in numbers]
    table = LeastStates(n)
    table.resize(1)
    feed(table, rows)
    assert strings(*table.results(ZERO)) == [smallest(rows, n)]


@given(st.permutations(range(12)), st.integers(1, 12))
def test_order_does_not_show_in_the_bytes(order: list[int], n: int) -> None:
    states = []
    for numbers in (range(12), order):
        table = LeastStates(n)
        table.resize(1)
        feed(table, [row_of(0, Kind.INTEGER, str(number)) for number in numbers])
        states.append(table.snapshot(ZERO)[1].tobytes())
    assert states[0] == states[1]


def test_hostile_use_is_refused() -> None:
    rows = [row_of(0, Kind.TEXT, "a"), row_of(0, Kind.DOUBLE, "0.5"), row_of(0, Kind.TRUE, "true")]
    check_protocol(LeastStates(3), LeastStates(3), lambda table: feed(table, rows), [LeastStates(4)])
    for n in (0, -1, 2**40):
        with pytest.raises(ValueError, match="n: "):
            LeastStates(n)
    table = LeastStates(1)
    table.resize(1)
    with pytest.raises(ValueError, match="without its spelling"):
        feed(table, [row_of(0, Kind.TEXT, "a"), Row(0, Kind.INTEGER, 1)])
    assert strings(*table.results(ZERO)) == [b"[]"]
    row = rows[:1]
    with pytest.raises(ValueError, match="kinds"):
        table.update(ZERO, kinds_of(row * 2), numbers_of(row), *texts_of(row))
    with pytest.raises(ValueError, match="numbers"):
        table.update(ZERO, kinds_of(row), numbers_of(row * 2), *texts_of(row))
    with pytest.raises(ValueError, match="no kind 9"):
        table.update(ZERO, np.array([9], np.uint8), numbers_of(row), *texts_of(row))
    with pytest.raises(ValueError, match="text_offsets"):
        table.update(ZERO, kinds_of(row), numbers_of(row), *texts_of(row * 2))
    with pytest.raises(IndexError):
        table.update(indices([1]), kinds_of(row), numbers_of(row), *texts_of(row))
    with pytest.raises(IndexError):
        table.results(indices([1]))


def test_values_out_of_order_are_no_state() -> None:
    table = LeastStates(3)
    table.resize(2)
    feed(table, [row_of(0, Kind.DOUBLE, "0.5"), row_of(0, Kind.DOUBLE, "1.5")])
    offsets, data = table.snapshot(ZERO)
    place = data.tobytes().index(np.float64(1.5).tobytes())
    for nearest in (0.25, float("nan")):
        damaged = data.copy()
        damaged[place : place + 8] = np.frombuffer(np.float64(nearest).tobytes(), np.uint8)
        with pytest.raises(ValueError, match="damaged"):
            table.restore(ZERO, offsets, damaged)
