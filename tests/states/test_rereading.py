"""States read again out of the columns that `--sketches` writes: they say what the formats' own libraries say."""

from typing import Any

import numpy as np
import pytest
from datasketch import HyperLogLogPlusPlus
from hdrh.histogram import HdrHistogram
from hypothesis import example, given
from hypothesis import strategies as st
from tools.filled_hdr import NORMAL, VALUES
from tools.filled_states import every_slot, filled, restored
from tools.laws_sketches import PATIENT, slots
from tools.twins_sketches import Number

from streamstat.sketches import bloom, hll
from streamstat.states import Rereads, sketched
from streamstat.states.sketched import Distinct, Members, Quantiles
from streamstat.states.written import binary, states_in, states_of
from streamstat.values.columns import Kind, Values, concatenate, integers

STATES = [
    *(Distinct(p) for p in (4, 11, 14)),
    *(Members(capacity) for capacity in (1, 100, 10_000)),
    *(Quantiles(1 << bits) for bits in (0, 1, 20, 52)),
]
STREAMS = st.lists(VALUES | NORMAL.filter(lambda value: value < 1e-3), max_size=30)
TINY: list[Number] = [5e-324, -5e-324, 2.0**-20, -(2.0**-21), 2047.9, -2048.9, 1.7e308, -1.7e308, 2**63 - 1]
NULL = states_of([None])


def many(n: int, seed: int = 1) -> list[Number]:
    chosen: list[Number] = np.random.default_rng(seed).integers(0, 2**62, n).tolist()
    return chosen


def columns_of(state: Rereads, streams: list[list[Number]]) -> tuple[Values, ...]:
    table = filled(state, streams)
    return state.write(table, every_slot(table))


def reread(state: Rereads, streams: list[list[Number]]) -> Any:
    return restored(state, state.reread(columns_of(state, streams)))


def merged(table: Any) -> Any:
    """With all other slots absorbed into the first."""
    others = every_slot(table)[1:]
    table.absorb(table, np.zeros_like(others), others)
    return table


def test_every_state_with_columns_can_be_read_again() -> None:
    kinds = [made for made in vars(sketched).values() if getattr(made, "written", ())]
    assert {type(state) for state in STATES} == set(kinds)
    assert all(isinstance(state, Rereads) for state in STATES)


@PATIENT
@given(st.sampled_from(STATES), st.lists(STREAMS, max_size=3))
@example(Quantiles(), [TINY, []])
@example(Quantiles(1), [TINY])
@example(Distinct(4), [many(40), many(1500)])
@example(Members(10), [many(40)])
def test_a_state_read_again_writes_the_same_columns(state: Rereads, streams: list[list[Number]]) -> None:
    columns = columns_of(state, streams)
    table = restored(state, state.reread(columns))
    again = state.write(table, every_slot(table))
    assert list(map(states_in, again)) == list(map(states_in, columns))


@PATIENT
@given(st.sampled_from(STATES), STREAMS, STREAMS)
@example(Quantiles(), TINY, TINY)
@example(Distinct(11), many(900), many(900, seed=2))
def test_merging_states_read_again_gives_the_columns_of_both_streams(
    state: Rereads, left: list[Number], right: list[Number]
) -> None:
    table = merged(reread(state, [left, right]))
    both = columns_of(state, [left + right])
    assert list(map(states_in, state.write(table, slots(0)))) == list(map(states_in, both))


@pytest.mark.parametrize("state", STATES, ids=repr)
def test_null_is_no_values(state: Rereads) -> None:
    columns = columns_of(state, [[1, -2], [3]])
    with_null = tuple(concatenate([column, NULL, column]) for column in columns)
    offsets, data = state.reread(with_null)
    empty = state.create()
    empty.resize(1)
    assert data[offsets[2] : offsets[3]].tobytes() == empty.snapshot(slots(0))[1].tobytes()
    twice = [states_in(column) for column in columns]
    table = restored(state, (offsets, data))
    assert [states_in(column) for column in state.write(table, slots(0, 1, 3, 4))] == [
        each + each for each in twice
    ]


@pytest.mark.parametrize("state", STATES, ids=repr)
def test_no_rows_are_no_states(state: Rereads) -> None:
    offsets, data = state.reread(columns_of(state, []))
    assert (offsets.tolist(), data.tolist()) == ([0], [])


@pytest.mark.parametrize("state", STATES, ids=repr)
def test_a_column_of_numbers_is_refused(state: Rereads) -> None:
    with pytest.raises(ValueError, match="no states: numbers"):
        state.reread(tuple(integers(np.array([1, 2])) for _ in state.written))


@pytest.mark.parametrize("state", STATES, ids=repr)
def test_a_refused_state_has_changed_no_slot(state: Rereads) -> None:
    table = filled(state, [[1, 2], [3]])
    before = [each.tolist() for each in table.snapshot(slots(0, 1))]
    restore = next(
        getattr(table, name)
        for name in ("restore_registers", "restore_filters", "restore_histograms")
        if hasattr(table, name)
    )
    good = [np.array([0, 0, 0]), np.zeros(0, np.uint8)] * len(state.written)
    with pytest.raises(ValueError):
        restore(slots(0, 1), np.array([0, 1, 2]), np.zeros(2, np.uint8), *good[2:])
    with pytest.raises(IndexError):
        restore(slots(0, 2), *good)
    with pytest.raises(ValueError):
        restore(slots(0), *good)
    assert [each.tolist() for each in table.snapshot(slots(0, 1))] == before


# Distinct values, as datasketch counts them.


@pytest.mark.parametrize("n", [1, 500, 1025, 5000, 50_000])
def test_distinct_read_again_counts_by_its_registers(n: int) -> None:
    state = Distinct()
    (column,) = columns_of(state, [many(n)])
    (counted,) = restored(state, state.reread((column,))).estimates(slots(0)).tolist()
    theirs = HyperLogLogPlusPlus.deserialize(states_in(column)[0])
    assert counted == pytest.approx(theirs.count(), rel=0.005)
    if n > 1024:
        assert filled(state, [many(n)]).estimates(slots(0)).tolist() == [counted]


def test_two_rows_of_registers_merge_as_datasketch_merges_them() -> None:
    state = Distinct(12)
    left, right = (states_in(columns_of(state, [part])[0])[0] for part in (many(900), many(9000, seed=2)))
    theirs = HyperLogLogPlusPlus.deserialize(left)
    theirs.merge(HyperLogLogPlusPlus.deserialize(right))
    table = merged(restored(state, state.reread((states_of([left, right]),))))
    assert states_in(state.write(table, slots(0))[0]) == [hll.write(theirs)]


def test_registers_of_another_precision_or_beyond_their_range_are_refused() -> None:
    good = bytes([11]) + bytes(1 << 11)
    for bad, problem in (
        (b"", "no bytes"),
        (bytes([12]) + bytes(1 << 12), "it has p=12"),
        (good[:-1], "2047 registers"),
        (good + b"\0", "2049 registers"),
        (good[:-1] + bytes([55]), "a register beyond its range"),
        (good[:-1] + b"\xff", "a register beyond its range"),
    ):
        with pytest.raises(ValueError, match=f"no HyperLogLog state of p=11: {problem}"):
            Distinct(11).reread((states_of([good, bad]),))
    Distinct(11).reread((states_of([good[:-1] + bytes([54])]),))


# Members, as Parquet's filter has them.


@pytest.mark.parametrize("n", [0, 10, 600, 9000, 30_000])
def test_members_read_again_are_estimated_as_before(n: int) -> None:
    table = reread(Members(), [many(n)])
    again = filled(Members(), [many(n)])
    assert [each.tolist() for each in table.estimates(slots(0))] == [
        each.tolist() for each in again.estimates(slots(0))
    ]


def test_two_filters_merge_as_ours_merge_them() -> None:
    state = Members(1000)
    left, right = (states_in(columns_of(state, [part])[0])[0] for part in (many(30), many(900, seed=2)))
    assert left is not None and right is not None
    table = merged(restored(state, state.reread((states_of([left, right]),))))
    assert states_in(state.write(table, slots(0))[0]) == [bloom.merge(left, right)]


def test_filters_of_another_size_or_header_are_refused() -> None:
    (good,) = states_in(columns_of(Members(24), [[1, 2]])[0])
    (larger,) = states_in(columns_of(Members(25), [[1, 2]])[0])
    assert good is not None
    for bad in (b"", good[:-1], good + b"\0", larger):
        with pytest.raises(ValueError, match=r"of capacity=24: \d+ bytes, expected 47"):
            Members(24).reread((states_of([good, bad]),))
    for i in range(len(good) - 32):
        turned = good[:i] + bytes([good[i] ^ 1]) + good[i + 1 :]
        with pytest.raises(ValueError, match="not the header"):
            Members(24).reread((states_of([turned]),))


# Percentiles, as hdrh reads them; `test_other_histograms` has those of other programs.


def read_by_hdrh(state: bytes, rank: int) -> float:
    histogram = HdrHistogram.decode(state)
    percentile = 100 * rank / histogram.get_total_count()
    found: float = (
        histogram.get_value_at_percentile(percentile) * histogram.get_int_to_double_conversion_ratio()
    )
    return found


@pytest.mark.parametrize("scale", [1, 1 << 10, 1 << 20, 1 << 40])
@pytest.mark.parametrize("spread", [0.1, 2.0, 6.0])
def test_percentiles_are_those_that_hdrh_reads(scale: int, spread: float) -> None:
    values = np.random.default_rng(4).lognormal(0, spread, 500).tolist()
    table = reread(Quantiles(scale), [values, [*range(0, 4000, 100)]])
    for slot, stream in enumerate([values, [*range(0, 4000, 100)]]):
        column, _ = columns_of(Quantiles(scale), [stream])
        (state,) = states_in(column)
        assert state is not None
        n = len(stream)
        for rank in {1, 2, n // 2, n * 9 // 10, n - 1, n}:
            found = table.quantile(slots(slot), rank, n)[1].tolist()
            assert found == [read_by_hdrh(state, rank)]


@pytest.mark.parametrize("scale", [1, 1 << 20])
def test_two_rows_of_histograms_read_as_hdrh_reads_their_sum(scale: int) -> None:
    state = Quantiles(scale)
    left, right = many(70), [value % 5000 for value in many(50, seed=2)]
    column, negative = columns_of(state, [left, right])
    first, second = states_in(column)
    both = HdrHistogram.decode(first)
    both.add(HdrHistogram.decode(second))
    table = merged(restored(state, state.reread((column, negative))))
    for rank in (1, 30, 60, 119, 120):
        percentile = 100 * rank / 120
        expected = both.get_value_at_percentile(percentile) / scale
        assert table.quantile(slots(0), rank, 120)[1].tolist() == [expected]


def test_whole_numbers_at_scale_1_are_read_as_they_are_printed() -> None:
    values: list[Number] = [3000, 4001, 37, -3001, -5]
    table, before = reread(Quantiles(1), [values]), filled(Quantiles(1), [values])
    for rank in range(1, 6):
        assert table.quantile(slots(0), rank, 5)[1].tolist() == before.quantile(slots(0), rank, 5)[1].tolist()


def test_a_state_read_again_counts_on() -> None:
    table = reread(Quantiles(), [[12.5]])
    table.update(slots(0, 0), np.full(2, Kind.INTEGER, np.uint8), np.array([7, 900]))
    assert [table.quantile(slots(0), rank, 3)[1].tolist() for rank in (1, 2, 3)] == [
        [7.00390625 - 2**-20],
        [12.5078125 - 2**-20],
        [900.0],
    ]


def test_a_fine_step_changes_nothing_in_large_numbers() -> None:
    table = reread(Quantiles(1 << 52), [[0.25]])
    large = np.array([5e307, 1e308])
    table.update(slots(0, 0), np.full(2, Kind.DOUBLE, np.uint8), large.view(np.int64))
    second = table.quantile(slots(0), 2, 3)[1].tolist()[0]
    assert 5e307 < second < 5.005e307


def test_a_snapshot_with_a_step_that_no_scale_has_is_refused() -> None:
    offsets, data = Quantiles(1 << 52).reread(columns_of(Quantiles(1 << 52), [[0.5]]))
    assert data[9] == 53  # behind a version and a number of buckets
    data[9] += 1
    with pytest.raises(ValueError, match="snapshot: damaged"):
        restored(Quantiles(), (offsets, data))


def test_bytes_are_a_column_whatever_they_hold() -> None:
    column = binary(np.array([0, 0, 3]), np.frombuffer(b"abc", np.uint8))
    assert states_in(column) == [b"", b"abc"]
