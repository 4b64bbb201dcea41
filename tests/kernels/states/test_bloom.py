"""Membership and first sights against loops, and how often they are wrong."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools import laws_sketches as laws
from tools.filled_bloom import Rows, fill, holding, kinds, many, state_of
from tools.twins_sketches import filter_bits, first_seen_share

from streamstat.kernels import BloomStates, FirstSeen
from streamstat.sketches import bloom, hash_of
from streamstat.values.columns import I32, U64, Kind

HASHES = st.integers(0, 2**64 - 1) | st.integers(0, 20) | st.integers(0, 63).map(lambda bit: 1 << bit)
ROWS = st.lists(st.tuples(st.integers(-1, laws.SLOTS - 1), HASHES), max_size=60)
BLOCKS_OF_60 = 4  # 60 values at 10.5 bits are 2.5 blocks


def make() -> BloomStates:
    return BloomStates(60)


@laws.PATIENT
@given(ROWS)
def test_bits_are_those_of_a_loop(rows: Rows) -> None:
    states = laws.made(make, fill, rows)
    for slot in range(laws.SLOTS):
        expected = filter_bits({value for place, value in rows if place == slot}, BLOCKS_OF_60)
        assert bloom.read(state_of(states, slot)).bits == expected


@laws.PATIENT
@given(ROWS, st.integers(0, 60), ROWS)
def test_laws_hold(rows: Rows, cut: int, more: Rows) -> None:
    laws.check_absorbing_equals_updating(make, fill, rows, cut)
    laws.check_absorbing_within_itself(make, fill, rows)
    laws.check_snapshot_restores(make, fill, rows, more)
    laws.check_clear_reuses_slots(make, fill, rows)


@pytest.mark.parametrize("cut", [0, 3, 767, 768, 769, 1000, 1999])
def test_laws_hold_across_the_change_to_a_filter(cut: int) -> None:
    def make_large() -> BloomStates:
        return BloomStates(10_000)

    rows = [(i % 2, int(value)) for i, value in enumerate(many(2000))]
    laws.check_absorbing_equals_updating(make_large, fill, rows, cut)
    laws.check_absorbing_within_itself(make_large, fill, rows)
    laws.check_snapshot_restores(make_large, fill, rows, rows[:10])
    laws.check_clear_reuses_slots(make_large, fill, rows)


@pytest.mark.parametrize(
    ("n", "capacity"), [(0, 100), (1, 100), (10, 10_000), (700, 10_000), (5000, 10_000), (40_000, 10_000)]
)
def test_estimate_is_within_two_percent(n: int, capacity: int) -> None:
    found, numbers = holding(many(n), capacity).estimates(laws.slots(0))
    assert found.tolist() == [Kind.INTEGER]
    assert numbers[0] == pytest.approx(n, rel=0.02)


def test_estimates_have_no_bias() -> None:
    states = BloomStates(1000)
    states.resize(200)
    everything: I32 = np.arange(200, dtype=np.int32)
    states.update(np.repeat(everything, 900), many(200 * 900), kinds(200 * 900))
    assert abs(states.estimates(everything)[1].mean() / 900 - 1) < 0.002


def test_a_filter_without_a_zero_bit_tells_nothing() -> None:
    states = holding(many(5000), 24)
    found, numbers = states.estimates(laws.slots(0))
    assert (found.tolist(), numbers.tolist()) == ([Kind.NULL], [0])
    assert states.over_full(laws.slots(0)).tolist() == [True]


def test_over_full_is_told_beyond_capacity_only() -> None:
    states = BloomStates(1000)
    states.resize(3)
    for slot, n in enumerate((0, 900, 1100)):
        states.update(np.full(n, slot, np.int32), many(n), kinds(n))
    full = states.over_full(laws.slots(0, 1, 2))
    assert full.dtype == np.bool_
    assert full.tolist() == [False, False, True]


def test_null_and_negative_slots_are_skipped() -> None:
    states = BloomStates(100)
    states.resize(1)
    states.update(laws.slots(0, -1, 0), many(3), np.array([Kind.NULL, Kind.TEXT, Kind.TEXT], np.uint8))
    assert states.estimates(laws.slots(0))[1].tolist() == [1]


def test_hostile_arguments_are_refused() -> None:
    laws.check_resize_never_shrinks(BloomStates(5))
    laws.check_refuses_slots_out_of_range(BloomStates(5))
    for capacity in (0, -1, 102_261_127, 2**63 - 1):
        with pytest.raises(ValueError):
            BloomStates(capacity)
    states = make()
    states.resize(1)
    with pytest.raises(IndexError):
        fill(states, [(1, 5)])
    with pytest.raises(ValueError):
        states.update(laws.slots(0), many(2), kinds(1))
    with pytest.raises(ValueError):
        states.absorb(BloomStates(61), laws.slots(), laws.slots())


@pytest.mark.parametrize("n", [5, 1000])
def test_states_cut_elsewhere_are_refused(n: int) -> None:
    laws.check_refuses_cut_states(make, fill, [(0, int(value)) for value in many(n)])


@pytest.mark.parametrize("n", [5, 1000])
def test_forged_states_do_no_harm(n: int) -> None:
    rows = [(0, int(value)) for value in many(n)]
    laws.check_survives_forged_states(
        make, fill, rows, lambda states: (states.estimates(laws.ALL), states.filters(laws.ALL))
    )


def zeros(n: int) -> I32:
    return np.zeros(n, np.int32)


def mark(seen: FirstSeen, hashes: U64) -> list[int]:
    marks: list[int] = seen.mark(zeros(len(hashes)), hashes, kinds(len(hashes))).tolist()
    return marks


@laws.PATIENT
@given(st.lists(HASHES, max_size=200), st.integers(0, 200))
def test_the_first_of_equal_values_is_new_however_the_stream_is_cut(values: list[int], cut: int) -> None:
    hashes = np.array([hash_of(b"%d" % value) for value in values], np.uint64)
    expected = [int(value not in values[:i]) for i, value in enumerate(values)]
    whole, parts = FirstSeen(), FirstSeen()
    found = mark(whole, hashes)
    assert found == mark(parts, hashes[:cut]) + mark(parts, hashes[cut:])
    # A false positive can hide a new value; nothing can make an old one new.
    assert all(told <= truth for told, truth in zip(found, expected, strict=True))
    assert sum(expected) - sum(found) <= 1
    assert whole.snapshot() == parts.snapshot()


@pytest.mark.parametrize("n", [1000, 20_000, 400_000])
def test_at_most_one_new_value_in_a_hundred_is_missed(n: int) -> None:
    seen = FirstSeen()
    hashes = many(n, seed=n)
    found = mark(seen, hashes)
    assert n * 0.99 <= sum(found) <= n
    assert sum(mark(seen, hashes)) == 0


def test_filled_up_filters_together_miss_less_than_one_in_a_hundred() -> None:
    seen = FirstSeen()
    mark(seen, many(250_000))
    fresh = many(100_000, seed=2)
    full = seen.snapshot()
    missed = 0
    for part in np.split(fresh, 1000):
        probe = FirstSeen()
        probe.restore(full)
        missed += len(part) - sum(mark(probe, part))
        if missed > 1000:
            break
    assert missed <= 1000


def test_values_per_generation_keep_the_misses_to_their_share() -> None:
    table = [1342, 1073, 935, 847, 783, 734, 694, 662, 634, 610, 589, 571, 554, 539, 526, 513]
    for i, values in enumerate(table):
        share = 0.01 / ((i + 1) * (i + 2))
        assert first_seen_share(values / 64) <= share < first_seen_share((values + 1) / 64)


def test_marks_grow_the_filter_by_the_table() -> None:
    seen = FirstSeen()
    sizes = []
    for part in np.split(many(8000), 8000):
        mark(seen, part)
        sizes.append(len(seen.snapshot()))
    first, second, third = (13 + 1 + 8 + 32 * blocks for blocks in (64, 64 + 256, 64 + 256 + 1024))
    assert sorted(set(sizes)) == [first, second, third]
    assert 1342 <= sizes.count(first) < 1360
    assert 4292 <= sizes.count(second) < 4350


def test_first_seen_skips_null_and_negative_slots() -> None:
    seen = FirstSeen()
    hashes = np.array([1, 1, 1, 1], np.uint64)
    found = seen.mark(
        laws.slots(-1, 0, 3, 0), hashes, np.array([Kind.TEXT, Kind.NULL, Kind.TEXT, Kind.TEXT], np.uint8)
    )
    assert found.tolist() == [0, 0, 1, 0]


@pytest.mark.parametrize("n", [0, 10, 30_000])
def test_first_seen_goes_on_from_a_snapshot(n: int) -> None:
    seen, other = FirstSeen(), FirstSeen()
    mark(seen, many(n))
    mark(other, many(77, seed=9))
    other.restore(seen.snapshot())
    assert other.snapshot() == seen.snapshot()
    assert mark(other, many(40_000)) == mark(seen, many(40_000))


def test_first_seen_refuses_sizes_that_do_not_agree() -> None:
    with pytest.raises(ValueError):
        FirstSeen().mark(zeros(2), many(1), kinds(2))
