"""Sliding windows against twins that begin anew for each row."""

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools.exact_twins import exact_values, expected_mean, expected_sum, expected_variance, root, rounded
from tools.slot_twins import Row, Stream, bits_of, extreme, kinds_of, numbers_of, numeric_rows, shown
from tools.twins_sketches import Number, as_kind, quantile

from streamstat import kernels
from streamstat.kernels import HdrStates
from streamstat.values.columns import I64, U8, U64, Kind

Ranges = list[tuple[int, int]]
Take = list[bool] | None
Case = tuple[Stream, Take, Ranges]
NUMBERS: st.SearchStrategy[Number] = st.one_of(
    st.integers(-50, 5000),
    st.integers(-(2**63), 2**63 - 1),
    st.booleans(),
    st.sampled_from([0.0, -0.0, 0.5, 3.0, -3.0, 2.0**53, -(2.0**60)]),
    st.floats(0.001, 5000),
    st.floats(2.3e-308, 1.7976931348623157e308).map(lambda value: -value),
)
QUANTILES = st.lists(st.fractions(0, 1, max_denominator=1000), max_size=6)


def ranges_of(n: int) -> st.SearchStrategy[Ranges]:
    """Ranges of n events that never go back: some trail, some are empty, some leave events out."""

    def combine(ends: list[tuple[int, int]]) -> Ranges:
        lo, hi = sorted(lo for lo, _ in ends), sorted(hi for _, hi in ends)
        return [(a, max(a, b)) for a, b in zip(lo, hi, strict=True)]

    return st.lists(st.tuples(st.integers(0, n), st.integers(0, n)), max_size=12).map(combine)


def cases(row: st.SearchStrategy[Row]) -> st.SearchStrategy[Case]:
    def around(rows: Stream) -> st.SearchStrategy[Case]:
        n = len(rows)
        flags = st.none() | st.lists(st.booleans(), min_size=n, max_size=n)
        return st.tuples(st.just(rows), flags, ranges_of(n))

    return st.lists(row, max_size=25).flatmap(around)


def numbered(value: Number | None) -> Row:
    kind, _ = as_kind(value)
    return Row(0, Kind(kind), None if isinstance(value, bool) else value)


def marks(flags: Take) -> U8 | None:
    return None if flags is None else np.array(flags, np.uint8)


def ends(ranges: Ranges) -> tuple[I64, I64]:
    return np.array([lo for lo, _ in ranges], np.int64), np.array([hi for _, hi in ranges], np.int64)


def columns(rows: Stream) -> tuple[U8, I64]:
    return kinds_of(rows), numbers_of(rows)


def parts(case: Case) -> list[Stream]:
    """The events of each row, from scratch."""
    rows, take, ranges = case
    return [[rows[i] for i in range(lo, hi) if take is None or take[i]] for lo, hi in ranges]


@given(cases(numeric_rows()))
def test_counts_are_those_of_each_range(case: Case) -> None:
    rows, take, ranges = case
    streams = parts(case)
    assert kernels.slide_counts(None, marks(take), *ends(ranges)).tolist() == [len(each) for each in streams]
    assert kernels.slide_counts(kinds_of(rows), marks(take), *ends(ranges)).tolist() == [
        sum(row.kind != Kind.NULL for row in each) for each in streams
    ]
    flags = np.array([2 * row.is_number for row in rows], np.uint8)
    assert kernels.slide_true(flags, marks(take), *ends(ranges)).tolist() == [
        sum(row.is_number for row in each) for each in streams
    ]


@given(
    cases(numeric_rows()), st.integers(-(2**63), 2**63 - 1) | st.just(1_000_000), st.integers(0, 2**63 - 1)
)
def test_sums_are_the_rounded_fractions_of_each_range(case: Case, scale: int, divisor: int) -> None:
    rows, take, ranges = case
    streams = parts(case)
    arguments = (*columns(rows), marks(take), *ends(ranges))
    assert repr(shown(*kernels.slide_sums(*arguments))) == repr([expected_sum(each) for each in streams])
    assert repr(shown(*kernels.slide_means(*arguments))) == repr([expected_mean(each) for each in streams])
    variances = [expected_variance(each) for each in streams]
    assert shown(*kernels.slide_variances(*arguments)) == [v if v is None else rounded(v) for v in variances]
    assert shown(*kernels.slide_deviations(*arguments)) == [v if v is None else root(v) for v in variances]
    divisors = np.full(len(ranges), divisor)
    divisors[::2] = 0
    expected = [
        None if d == 0 else rounded(sum(exact_values(each), Fraction(0)) * scale / int(d))
        for each, d in zip(streams, divisors, strict=True)
    ]
    assert repr(shown(*kernels.slide_ratios(*arguments, divisors, scale))) == repr(expected)


@given(cases(numeric_rows()))
def test_extremes_are_those_of_each_range(case: Case) -> None:
    rows, take, ranges = case
    for minimum, choose in ((True, min), (False, max)):
        found = kernels.slide_extremes(*columns(rows), marks(take), *ends(ranges), minimum)
        assert repr(shown(*found)) == repr([extreme(each, choose) for each in parts(case)])


@given(cases(numeric_rows()))
def test_picks_are_the_ends_of_each_range(case: Case) -> None:
    rows, take, ranges = case
    found = [
        [i for i in range(lo, hi) if rows[i].kind != Kind.NULL and (take is None or take[i])]
        for lo, hi in ranges
    ]
    for last, place in ((False, 0), (True, -1)):
        picked = kernels.slide_picks(kinds_of(rows), marks(take), *ends(ranges), last)
        assert picked.tolist() == [each[place] if each else -1 for each in found]


def hashed(rows: Stream) -> U64:
    """Numbers as hashes, so that all sorts of them come again; among them 0."""
    return np.array([row.number % 7 for row in rows], np.uint64)


@given(cases(numeric_rows()))
def test_distinct_counts_the_different_hashes_of_each_range(case: Case) -> None:
    rows, take, ranges = case
    found = kernels.slide_distinct(hashed(rows), kinds_of(rows), marks(take), *ends(ranges))
    assert found.tolist() == [
        len({row.number % 7 for row in each if row.kind != Kind.NULL}) for each in parts(case)
    ]


def fractions(quantiles: list[Fraction]) -> tuple[U64, U64]:
    return (
        np.array([q.numerator for q in quantiles], np.uint64),
        np.array([q.denominator for q in quantiles], np.uint64),
    )


def doubles_of(kinds: U8, values: Any) -> list[float | None]:
    assert set(kinds.tolist()) <= {Kind.NULL, Kind.DOUBLE}
    return [float(v) if kind else None for kind, v in zip(kinds, values, strict=True)]


@given(cases(st.builds(numbered, st.none() | NUMBERS)), QUANTILES)
def test_quantiles_are_those_of_each_range_sorted(case: Case, quantiles: list[Fraction]) -> None:
    rows, take, ranges = case
    found = kernels.slide_quantiles(*columns(rows), marks(take), *ends(ranges), *fractions(quantiles))
    streams = [[row.counted for row in each if row.is_number] for each in parts(case)]
    assert repr(doubles_of(*found)) == repr([quantile(each, q) for q in quantiles for each in streams])


@given(cases(numeric_rows()), st.fractions(0, 1, max_denominator=2**64 - 1))
def test_quantiles_of_any_numbers_are_those_of_the_table(case: Case, q: Fraction) -> None:
    rows, take, ranges = case
    table = HdrStates()
    table.resize(len(ranges))
    for row, each in enumerate(parts(case)):
        table.update(np.full(len(each), row, np.int32), *columns(each))
    expected = table.quantile(np.arange(len(ranges), dtype=np.int32), q.numerator, q.denominator)
    found = kernels.slide_quantiles(*columns(rows), marks(take), *ends(ranges), *fractions([q]))
    assert repr(doubles_of(*found)) == repr(doubles_of(*expected))


def trailing(n: int, width: int) -> Ranges:
    """Two keys, one behind the other, each with the windows that end at its events."""
    half = n // 2
    return [(max(start, i - width), i + 1) for start in (0, half) for i in range(start, start + half)]


@pytest.mark.parametrize("spread", [0.01, 1.0, 40.0])
@pytest.mark.parametrize("width", [3, 200, 2000])
def test_long_streams_agree_with_numpy_and_the_table(spread: float, width: int) -> None:
    """Long enough for rings and tables to grow and shrink, and for buckets to lie far apart."""
    n, ranges = 4000, trailing(4000, width)
    random = np.random.default_rng(width)
    values = random.lognormal(3, spread, n) * random.choice([-1, 1], n)
    kinds, hashes = np.full(n, Kind.DOUBLE, np.uint8), random.integers(0, width, n).astype(np.uint64)
    hashes[: n // 4] = np.arange(n // 4)
    arguments = (kinds, values.view(np.int64), None, *ends(ranges))
    chosen = slice(0, n, 97)
    few = ranges[chosen]
    windows = [values[lo:hi] for lo, hi in few]
    assert shown(*kernels.slide_sums(*arguments))[chosen] == [math.fsum(each) for each in windows]
    assert shown(*kernels.slide_extremes(*arguments, False))[chosen] == [
        float(each.max()) for each in windows
    ]
    exact = [sum(map(Fraction, each.tolist()), Fraction(0)) for each in windows[::5]]
    lengths = [len(each) for each in windows[::5]]
    means = [rounded(total / length) for total, length in zip(exact, lengths, strict=True)]
    assert shown(*kernels.slide_means(*arguments))[chosen][::5] == means
    found_rates = shown(*kernels.slide_ratios(*arguments, np.full(n, 300_000_000), 1_000_000))
    assert found_rates[chosen][::5] == [rounded(total / 300) for total in exact]
    distinct = kernels.slide_distinct(hashes, kinds, None, *ends(ranges))
    assert distinct[chosen].tolist() == [len(set(hashes[lo:hi].tolist())) for lo, hi in few]
    counts = kernels.slide_counts(kinds, None, *ends(ranges))
    assert counts.tolist() == [hi - lo for lo, hi in ranges]
    qs = [Fraction(1, 2), Fraction(9, 10), Fraction(99, 100), Fraction(999, 1000), Fraction(0), Fraction(1)]
    found = kernels.slide_quantiles(*arguments, *fractions(qs))[1].reshape(len(qs), n)
    table = HdrStates()
    table.resize(len(few))
    for row, each in enumerate(windows):
        table.update(np.full(len(each), row, np.int32), np.full(len(each), 4, np.uint8), each.view(np.int64))
    slots = np.arange(len(few), dtype=np.int32)
    for column, q in zip(found, qs, strict=True):
        assert column[chosen].tolist() == table.quantile(slots, q.numerator, q.denominator)[1].tolist()


def test_a_double_that_left_leaves_integers_behind() -> None:
    rows = [Row(0, Kind.DOUBLE, 1e300), Row(0, Kind.INTEGER, 5), Row(0, Kind.INTEGER, 7)]
    arguments = (*columns(rows), None, *ends([(0, 2), (1, 3)]))
    assert repr(shown(*kernels.slide_sums(*arguments))) == "[1e+300, 12]"
    assert repr(shown(*kernels.slide_extremes(*arguments, True))) == "[5.0, 5]"


def test_a_fraction_that_left_leaves_whole_quantiles_behind() -> None:
    kinds = np.full(3, Kind.DOUBLE, np.uint8)
    numbers = np.array([0.5, 3000.0, 4000.0]).view(np.int64)
    found = kernels.slide_quantiles(
        kinds, numbers, None, *ends([(0, 3), (1, 3)]), *fractions([Fraction(1, 2)])
    )
    assert found[1].tolist() == [3002.0, 3001.0]


def test_the_rank_of_a_quantile_is_exact_where_a_double_is_not() -> None:
    kinds, numbers = np.full(1000, Kind.INTEGER, np.uint8), np.arange(1, 1001)
    most = 2**64 - 1
    quantiles = (
        np.array([999, 9990000001, 29, most, 0], np.uint64),
        np.array([1000, 10**10, 100, most, most], np.uint64),
    )
    found = kernels.slide_quantiles(kinds, numbers, None, *ends([(0, 1000)]), *quantiles)
    assert found[1].tolist() == [999.0, 1000.0, 290.0, 1000.0, 1.0]


ONE = np.array([Kind.INTEGER] * 2, np.uint8), np.array([1, 2])
HALF = fractions([Fraction(1, 2)])
CALLS: dict[str, Callable[..., Any]] = {
    "counts": lambda take, lo, hi: kernels.slide_counts(ONE[0], take, lo, hi),
    "true": lambda take, lo, hi: kernels.slide_true(ONE[0], take, lo, hi),
    "sums": lambda take, lo, hi: kernels.slide_sums(*ONE, take, lo, hi),
    "means": lambda take, lo, hi: kernels.slide_means(*ONE, take, lo, hi),
    "ratios": lambda take, lo, hi: kernels.slide_ratios(*ONE, take, lo, hi, np.ones(len(lo), np.int64), 1),
    "variances": lambda take, lo, hi: kernels.slide_variances(*ONE, take, lo, hi),
    "deviations": lambda take, lo, hi: kernels.slide_deviations(*ONE, take, lo, hi),
    "extremes": lambda take, lo, hi: kernels.slide_extremes(*ONE, take, lo, hi, True),
    "picks": lambda take, lo, hi: kernels.slide_picks(ONE[0], take, lo, hi, True),
    "distinct": lambda take, lo, hi: kernels.slide_distinct(ONE[1].view(np.uint64), ONE[0], take, lo, hi),
    "quantiles": lambda take, lo, hi: kernels.slide_quantiles(*ONE, take, lo, hi, *HALF),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_other_ranges_than_those_that_never_go_back_are_refused(call: Callable[..., Any]) -> None:
    call(None, *ends([(0, 1), (0, 2), (2, 2)]))
    call(None, *ends([]))
    for ranges in ([(-1, 1)], [(1, 0)], [(0, 3)], [(3, 3)], [(1, 1), (0, 1)], [(0, 2), (0, 1)], [(0, 2**62)]):
        with pytest.raises(ValueError):
            call(None, *ends(ranges))
    with pytest.raises(ValueError, match="hi: 2 elements, expected 1"):
        call(None, np.zeros(1, np.int64), np.zeros(2, np.int64))
    with pytest.raises(ValueError, match="take: 3 elements, expected 2"):
        call(np.ones(3, np.uint8), *ends([(0, 1)]))
    with pytest.raises(TypeError):
        call(np.ones(2, np.int64), *ends([(0, 1)]))
    with pytest.raises(TypeError):
        call(None, np.zeros(1, np.int32), np.zeros(1, np.int32))


def test_columns_of_other_lengths_and_kinds_are_refused() -> None:
    lo, hi = ends([(0, 1)])
    short, odd = np.zeros(1, np.int64), np.array([3, 8], np.uint8)
    for call in (kernels.slide_sums, kernels.slide_means, kernels.slide_variances, kernels.slide_deviations):
        with pytest.raises(ValueError, match="numbers"):
            call(ONE[0], short, None, lo, hi)
        with pytest.raises(ValueError, match="no kind 8"):
            call(odd, ONE[1], None, lo, hi)
    with pytest.raises(ValueError, match="numbers"):
        kernels.slide_extremes(ONE[0], short, None, lo, hi, True)
    with pytest.raises(ValueError, match="kinds"):
        kernels.slide_distinct(short.view(np.uint64), ONE[0], None, lo, hi)
    for divisors in ([-1], [1, 1]):
        with pytest.raises(ValueError, match="divisors"):
            kernels.slide_ratios(*ONE, None, lo, hi, np.array(divisors), 1)
    zero, one = (np.array([i], np.uint64) for i in (0, 1))
    for quantiles in ((zero, zero), (one, zero), (one + one, one)):
        with pytest.raises(ValueError, match="quantile"):
            kernels.slide_quantiles(*ONE, None, lo, hi, *quantiles)
    with pytest.raises(ValueError, match="denominators"):
        kernels.slide_quantiles(*ONE, None, lo, hi, one, np.ones(2, np.uint64))


def test_numbers_that_are_not_finite_are_no_numbers() -> None:
    kinds, odd = np.full(4, Kind.DOUBLE, np.uint8), [math.inf, math.nan, -math.inf, 2.0]
    arguments = (kinds, np.array([bits_of(value) for value in odd]), None, *ends([(0, 3), (0, 4)]))
    assert shown(*kernels.slide_sums(*arguments)) == [0, 2.0]
    assert shown(*kernels.slide_extremes(*arguments, False)) == [None, 2.0]
    assert doubles_of(*kernels.slide_quantiles(*arguments, *HALF)) == [None, 2.0]
