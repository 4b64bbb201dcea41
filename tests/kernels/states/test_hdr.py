"""Percentiles against sorted fractions."""

import math
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tools import laws_sketches as laws
from tools.filled_hdr import VALUES, Rows, fill, holding
from tools.twins_sketches import Number, quantile

from streamstat.kernels import HdrStates
from streamstat.sketches import hdr
from streamstat.values.columns import Kind

QUANTILES = st.fractions(0, 1, max_denominator=1000) | st.sampled_from([Fraction(999, 1000), Fraction(1, 2)])
ROWS = st.lists(st.tuples(st.integers(-1, laws.SLOTS - 1), VALUES), max_size=40)


def printed(values: list[Number], q: Fraction) -> float | None:
    kinds, found = holding(values).quantile(laws.slots(0), q.numerator, q.denominator)
    return None if kinds[0] == Kind.NULL else float(found[0])


@laws.PATIENT
@given(st.lists(VALUES, max_size=40), QUANTILES)
@example([-5.0003], Fraction(1))
@example([2**60 + 2**50 - 1, 2**60], Fraction(1, 2))
@example([-(2**60) - 2**50 + 1, -(2**60)], Fraction(1, 2))
@example([-(2**63), 2**63 - 1], Fraction(0))
@example([2**53 + 1, -(2**53) - 1], Fraction(1))
@example([-0.0, False], Fraction(1))
def test_quantiles_are_those_of_sorted_fractions(values: list[Number], q: Fraction) -> None:
    assert printed(values, q) == quantile(values, q)


@laws.PATIENT
@given(st.lists(VALUES, min_size=1, max_size=40), QUANTILES)
def test_a_quantile_is_at_most_a_thousandth_above_the_true_value(values: list[Number], q: Fraction) -> None:
    true = sorted(Fraction(value) for value in values)[max(1, math.ceil(q * len(values))) - 1]
    found = printed(values, q)
    assert found is not None
    assert float(true) <= found <= float(max(Fraction(value) for value in values))
    assert Fraction(found) - true <= abs(true) * Fraction(1, 1000)


@laws.PATIENT
@given(st.lists(st.integers(-2047, 2047), min_size=1, max_size=60), QUANTILES)
def test_small_integers_are_exact(values: list[Number], q: Fraction) -> None:
    assert printed(values, q) == sorted(values)[max(1, math.ceil(q * len(values))) - 1]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1000.5] * 2 + [2000.0], 1001.0),
        ([1000.5], 1000.5),
        ([3000, 4000], 3001.0),
        ([3000.0, 4000], 3001.0),
        ([3000, 4000.5], 3002.0),
        ([-3001, 5], -3000.0),
        ([-3001.5, 5], -3000.0),
        ([-0.0], 0.0),
        ([True, False, True], 1.0),
        ([5e-324], 5e-324),
        ([-5e-324], -5e-324),
        ([1.7976931348623157e308], 1.7976931348623157e308),
        ([-1.7976931348623157e308], -1.7976931348623157e308),
        ([2**63 - 1], 2.0**63),
        ([-(2**63)], -(2.0**63)),
    ],
)
def test_the_median_is_the_upper_edge_of_its_bucket(values: list[Number], expected: float) -> None:
    found = printed(values, Fraction(1, 2))
    assert found == expected
    assert math.copysign(1, found) == math.copysign(1, expected)


def test_the_rank_is_exact_where_a_double_is_not() -> None:
    states = holding([*range(1, 1001)])
    for numerator, denominator, expected in (
        (999, 1000, 999.0),
        (9990000001, 10**10, 1000.0),
        (29, 100, 290.0),
    ):
        assert states.quantile(laws.slots(0), numerator, denominator)[1].tolist() == [expected]
    most = 2**64 - 1
    assert states.quantile(laws.slots(0), most, most)[1].tolist() == [1000.0]
    assert states.quantile(laws.slots(0), 0, most)[1].tolist() == [1.0]


def test_other_kinds_infinities_and_negative_slots_are_skipped() -> None:
    states = HdrStates()
    states.resize(1)
    kinds = np.array(
        [Kind.NULL, Kind.TEXT, Kind.JSON, Kind.HUGE, 200, *[Kind.DOUBLE] * 3, Kind.INTEGER], np.uint8
    )
    odd = np.array([math.inf, -math.inf, math.nan]).view(np.int64)
    numbers = np.array([1, 2, 3, 4, 5, *odd, 6], np.int64)
    states.update(np.array([0] * 8 + [-1], np.int32), kinds, numbers)
    assert states.quantile(laws.slots(0), 1, 2)[0].tolist() == [Kind.NULL]


@laws.PATIENT
@given(ROWS, st.integers(0, 40), ROWS)
def test_laws_hold(rows: Rows, cut: int, more: Rows) -> None:
    laws.check_absorbing_equals_updating(HdrStates, fill, rows, cut)
    laws.check_absorbing_within_itself(HdrStates, fill, rows)
    laws.check_snapshot_restores(HdrStates, fill, rows, more)
    laws.check_clear_reuses_slots(HdrStates, fill, rows)


@pytest.mark.parametrize("spread", [0.01, 0.5, 3.0])
@pytest.mark.parametrize("cut", [0, 10, 1990])
def test_laws_hold_whether_counters_lie_close_or_apart(spread: float, cut: int) -> None:
    values = np.random.default_rng(4).lognormal(3, spread, 2000)
    values[::500] *= -1e200
    rows: Rows = [(0, float(value)) for value in values]
    laws.check_absorbing_equals_updating(HdrStates, fill, rows, cut)
    laws.check_snapshot_restores(HdrStates, fill, rows[cut:], rows[:cut])
    found = [printed([value for _, value in rows], Fraction(k, 4)) for k in range(5)]
    assert found == [quantile([value for _, value in rows], Fraction(k, 4)) for k in range(5)]


@pytest.mark.parametrize("spread", [0.001, 0.1, 1.0, 5.0])
@pytest.mark.parametrize("seed", range(4))
def test_parts_of_any_size_merge_in_any_order_and_are_read_in_between(spread: float, seed: int) -> None:
    random = np.random.default_rng(seed)
    values = random.lognormal(3, spread, 20_000)
    values[random.random(len(values)) < random.choice([0, 0.01, 0.6])] = 0
    values[:: random.integers(2, 5000)] *= -1
    sizes = random.geometric(1 / np.array([3, 20, 400, 6000]), (20, 4)).ravel()
    bounds = [0, *np.minimum(np.cumsum(random.permutation(sizes)), len(values)).tolist(), len(values)]
    parts = HdrStates()
    parts.resize(len(bounds))
    for slot, (lo, hi) in enumerate(pairwise(bounds), 1):
        fill(parts, [(slot, float(value)) for value in values[lo:hi]])
    whole = np.sort(values).tolist()
    for slot in (random.permutation(len(bounds) - 1) + 1).tolist():
        parts.quantile(laws.slots(0, slot), 1, 2)
        parts.absorb(parts, laws.slots(0), laws.slots(slot))
    assert laws.snapshots(parts)[0] == laws.snapshots(holding(whole))[0]
    for k in range(9):
        ranked = whole[max(1, math.ceil(k * len(whole) / 8)) - 1]
        expected = quantile([ranked, whole[-1]], Fraction(0))
        assert parts.quantile(laws.slots(0), k, 8)[1].tolist() == [expected]


def test_many_slots_take_the_same_values_as_few() -> None:
    random = np.random.default_rng(5)
    places = random.integers(-1, 2000, 30_000).astype(np.int32)
    values = random.lognormal(3, 1, 30_000)
    states = HdrStates()
    states.resize(2000)
    states.update(places, np.full(30_000, Kind.DOUBLE, np.uint8), values.view(np.int64))
    _, medians = states.quantile(np.arange(2000, dtype=np.int32), 1, 2)
    for slot in range(0, 2000, 100):
        assert medians[slot] == quantile(values[places == slot].tolist(), Fraction(1, 2))


def test_counts_beyond_32_bits_are_kept() -> None:
    states = holding([7, 1000])
    for _ in range(40):
        states.absorb(states, laws.slots(0), laws.slots(0))
    fill(states, [(0, 7), (0, 1e300), (0, 1e-300)])
    assert states.quantile(laws.slots(0), 1, 2)[1].tolist() == pytest.approx([7], rel=1e-3)
    snapshot = states.snapshot(laws.slots(0))
    restored = HdrStates()
    restored.resize(1)
    restored.restore(laws.slots(0), *snapshot)
    assert laws.snapshots(restored) == laws.snapshots(states)
    state = hdr.encode(states, laws.slots(0))[0]
    assert state is not None
    assert hdr.read(state).get_total_count() == 2**41 + 3


def test_more_values_than_64_bits_count_are_refused() -> None:
    states = holding([7])
    with pytest.raises(ValueError, match=r"2\^64"):
        for _ in range(70):
            states.absorb(states, laws.slots(0), laws.slots(0))
    assert states.quantile(laws.slots(0), 1, 1)[1].tolist() == [7.0]


def test_hostile_arguments_are_refused() -> None:
    laws.check_resize_never_shrinks(HdrStates())
    laws.check_refuses_slots_out_of_range(HdrStates())
    states = holding([1])
    for numerator, denominator in ((0, 0), (2, 1), (1, 0)):
        with pytest.raises(ValueError):
            states.quantile(laws.slots(0), numerator, denominator)
    with pytest.raises(IndexError):
        states.quantile(laws.slots(1), 1, 2)
    with pytest.raises(IndexError):
        fill(states, [(1, 5)])
    for fraction_bits in (-1, 53):
        with pytest.raises(ValueError):
            states.payloads(laws.slots(0), fraction_bits)
    one = np.zeros(1, np.int64)
    with pytest.raises(ValueError):
        states.update(laws.slots(0), np.zeros(2, np.uint8), one)
    with pytest.raises(ValueError):
        states.update(laws.slots(0, 0), np.zeros(2, np.uint8), one)


@pytest.mark.parametrize("values", [[1, 2.5, -3], [*range(4000)]])
def test_states_cut_elsewhere_are_refused(values: list[Number]) -> None:
    laws.check_refuses_cut_states(HdrStates, fill, [(0, value) for value in values])


@pytest.mark.parametrize("values", [[1, 2.5, -3], [*range(1000, 1400)]])
def test_forged_states_do_no_harm(values: list[Number]) -> None:
    def use(states: HdrStates) -> None:
        states.quantile(laws.ALL, 9, 10)
        hdr.encode(states, laws.ALL)
        hdr.encode_negative(states, laws.ALL, 1)

    laws.check_survives_forged_states(HdrStates, fill, [(0, value) for value in values], use)
