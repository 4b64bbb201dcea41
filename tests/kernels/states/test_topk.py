"""The most frequent values: counted plainly while exact, a plain Space-Saving beyond, bounds after merges."""

import json
from collections import Counter
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tools.slot_twins import (
    SLOTS,
    Row,
    Step,
    Stream,
    check_protocol,
    indices,
    kinds_of,
    programs,
    run_program,
    slots_of,
    strings,
    texts_of,
)

from streamstat.kernels import TopStates
from streamstat.values.columns import Kind

ALL = indices(range(SLOTS))
ZERO = indices([0])
CAPACITY = 1024  # for k up to 51
NUMBERS = [
    "0",
    "-0",
    "1",
    "1.0",
    "10e-1",
    "-1",
    "-1.5",
    "9007199254740993",
    "9007199254740992.0",
    "1e400",
    "2e400",
    "-1e999",
]
TEXTS = ["", "a", "b", "ab", "ü", "😀", 'quote " and \\', "\n\t\x00\x1f\x7f", "1", "true"]
SPELLINGS = {
    Kind.INTEGER: NUMBERS,
    Kind.DOUBLE: NUMBERS,
    Kind.HUGE: NUMBERS,
    Kind.TEXT: TEXTS,
    Kind.JSON: ["[]", '{"a":1}', "[1, 2]"],
    Kind.TRUE: ["true", ""],
    Kind.FALSE: ["false", ""],
    Kind.NULL: [""],
}


def feed(table: Any, rows: Stream) -> None:
    table.update(slots_of(rows), kinds_of(rows), *texts_of(rows))


def rows_of_any_kind() -> st.SearchStrategy[Row]:
    return st.sampled_from(Kind).flatmap(
        lambda kind: st.builds(
            lambda slot, text: Row(slot, kind, None, text.encode()),
            st.integers(-1, SLOTS - 1),
            st.sampled_from(SPELLINGS[kind]),
        )
    )


def identity(row: Row) -> tuple[str, bytes]:
    if row.kind in (Kind.TRUE, Kind.FALSE):
        return row.kind.name, b""
    return (row.kind.name if row.kind in (Kind.TEXT, Kind.JSON) else "NUMBER"), row.text


def row_order(value: tuple[str, bytes]) -> tuple[int, Decimal, bytes]:
    name, text = value
    rank = ["NUMBER", "TEXT", "FALSE", "TRUE", "JSON"].index(name)
    return rank, Decimal(text.decode()) if name == "NUMBER" else Decimal(0), text


def spelt(value: tuple[str, bytes]) -> str:
    name, text = value
    if name in ("TRUE", "FALSE"):
        return name.lower()
    return json.dumps(text.decode(), ensure_ascii=False) if name == "TEXT" else text.decode()


def listed(counters: dict[tuple[str, bytes], tuple[int, int]], k: int) -> bytes:
    best = sorted(counters, key=lambda value: (-counters[value][0], row_order(value)))[:k]
    return ("[" + ",".join(f"[{spelt(v)},{counters[v][0]},{counters[v][1]}]" for v in best) + "]").encode()


@given(programs(rows_of_any_kind()), st.integers(1, 30))
def test_exact_while_few_are_different(program: list[Step], k: int) -> None:
    table = TopStates(k)
    streams = run_program(table, feed, program)
    counts = [Counter(identity(row) for row in stream if row.kind != Kind.NULL) for stream in streams]
    expected = [listed({value: (n, 0) for value, n in each.items()}, k) for each in counts]
    assert strings(*table.results(ALL)) == expected


def space_saving(values: list[bytes]) -> dict[tuple[str, bytes], tuple[int, int]]:
    counters: dict[bytes, list[int]] = {}  # count, error, when the count last grew
    for clock, value in enumerate(values):
        if value in counters:
            counters[value][0] += 1
            counters[value][2] = clock
        elif len(counters) < CAPACITY:
            counters[value] = [1, 0, clock]
        else:
            least = min(counters, key=lambda each: (counters[each][0], counters[each][2]))
            count = counters.pop(least)[0]
            counters[value] = [count + 1, count, clock]
    return {("TEXT", value): (count, error) for value, (count, error, _) in counters.items()}


def stream_of(seed: int, n: int, skew: float, different: int) -> list[bytes]:
    ranks = np.random.default_rng(seed).zipf(skew, n) % different
    return [b"value-%d" % rank for rank in ranks]


def text_rows(values: list[bytes]) -> Stream:
    return [Row(0, Kind.TEXT, None, value) for value in values]


def table_of(k: int, values: list[bytes]) -> Any:
    table = TopStates(k)
    table.resize(1)
    feed(table, text_rows(values))
    return table


@settings(max_examples=8, deadline=None)
@given(
    st.integers(0, 2**32),
    st.sampled_from([1.01, 1.1, 1.5]),
    st.sampled_from([1100, 5000]),
    st.integers(0, 4000),
)
def test_space_saving_beyond_with_a_snapshot_at_any_point(
    seed: int, skew: float, different: int, cut: int
) -> None:
    values = stream_of(seed, 4000, skew, different)
    first = table_of(50, values[:cut])
    table = table_of(50, [])
    table.restore(ZERO, *first.snapshot(ZERO))
    feed(table, text_rows(values[cut:]))
    assert strings(*table.results(ZERO)) == [listed(space_saving(values), 50)]


def test_of_equally_rare_values_the_one_that_grew_the_longest_ago_is_replaced() -> None:
    full = [b"%04d" % i for i in range(CAPACITY)]
    grown = [*full, *full[2:], b"0000", b"0001"]  # all are 2, 0002 grew first
    table = table_of(51, [*grown, b"new"] + [b"new"] * 5)
    shown = json.loads(strings(*table.results(ZERO))[0])
    assert shown[:4] == [["new", 8, 2], ["0000", 2, 0], ["0001", 2, 0], ["0003", 2, 0]]


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from([1.05, 1.3]), st.integers(2, 4))
def test_merged_counts_bound_the_true_ones(seed: int, skew: float, parts: int) -> None:
    values = stream_of(seed, 9000, skew, 4000)
    table = table_of(51, [])
    for part in range(parts):
        table.absorb(table_of(51, values[part::parts]), ZERO, ZERO)
    feed(table, text_rows(values[:500]))
    truth = Counter(values + values[:500])
    shown = json.loads(strings(*table.results(ZERO))[0])
    for value, count, error in shown:
        assert count - error <= truth[value.encode()] <= count
        assert error <= parts * (9500 // CAPACITY + 1)
    names = {value for value, _, _ in shown}
    certain = [value for value, n in truth.items() if n > shown[-1][1]]
    assert {value.decode() for value in certain} <= names


def test_merging_beyond_the_capacity_remembers_what_was_dropped() -> None:
    many = [b"%04d" % i for i in range(CAPACITY)] * 3
    table = table_of(1, many)
    table.absorb(table_of(1, [b"x"] * 2), ZERO, ZERO)
    feed(table, text_rows([b"x"] * 9))
    assert strings(*table.results(ZERO)) == [b'[["x",12,3]]']


def test_a_slot_is_exact_until_it_has_lost_a_value() -> None:
    full = [b"%04d" % i for i in range(CAPACITY)]
    assert [table_of(1, values).exact(ZERO)[0] for values in ([], full, [*full, b"one more"])] == [1, 1, 0]
    table = table_of(1, full)
    table.absorb(table_of(1, [b"one more"]), ZERO, ZERO)
    assert table.exact(ZERO)[0] == 0


def test_a_slot_absorbs_itself() -> None:
    table = table_of(2, [b"a", b"a", b"b"])
    table.absorb(table, ZERO, ZERO)
    assert strings(*table.results(ZERO)) == [b'[["a",4,0],["b",2,0]]']


def test_hostile_use_is_refused() -> None:
    check_protocol(
        TopStates(3), TopStates(3), lambda table: feed(table, text_rows([b"a", b"bc"])), [TopStates(4)]
    )
    for k in (0, -1, 2**40):
        with pytest.raises(ValueError, match="k: "):
            TopStates(k)
    table = table_of(1, [])
    with pytest.raises(ValueError, match="without its spelling"):
        feed(table, [Row(0, Kind.TEXT, None, b"a"), Row(0, Kind.INTEGER, 1)])
    assert strings(*table.results(ZERO)) == [b"[]"]
    rows = text_rows([b"a"])
    with pytest.raises(ValueError, match="kinds"):
        table.update(ZERO, kinds_of(rows * 2), *texts_of(rows))
    with pytest.raises(ValueError, match="no kind 9"):
        table.update(ZERO, np.array([9], np.uint8), *texts_of(rows))
    with pytest.raises(ValueError, match="text_offsets"):
        table.update(ZERO, kinds_of(rows), *texts_of(rows * 2))
    with pytest.raises(IndexError):
        table.update(indices([1]), kinds_of(rows), *texts_of(rows))
    with pytest.raises(IndexError):
        table.results(indices([-1]))
