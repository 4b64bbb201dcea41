"""Exact sums against fractions."""

import math
import statistics
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools.exact_twins import exact_values, expected_mean, expected_sum, expected_variance, root, rounded
from tools.slot_twins import (
    SLOTS,
    Row,
    Step,
    Stream,
    check_protocol,
    indices,
    kinds_of,
    numbers_of,
    numeric_rows,
    programs,
    run_program,
    shown,
    slots_of,
)

from streamstat.kernels import ExactSums
from streamstat.values.columns import Kind

ALL = indices(range(SLOTS))
ZERO = indices([0])


def doubles(*values: float) -> Stream:
    return [Row(0, Kind.DOUBLE, value) for value in values]


def integers(*values: int) -> Stream:
    return [Row(0, Kind.INTEGER, value) for value in values]


def feed(table: Any, rows: Stream) -> None:
    table.update(slots_of(rows), kinds_of(rows), numbers_of(rows))


def take(table: Any, rows: Stream) -> None:
    table.remove(slots_of(rows), kinds_of(rows), numbers_of(rows))


def filled(*rows: Row, squares: bool = True) -> Any:
    table = ExactSums(squares=squares)
    table.resize(1)
    feed(table, list(rows))
    return table


def check_plain(table: Any, streams: list[Stream]) -> None:
    assert table.counts(ALL).tolist() == [len(exact_values(stream)) for stream in streams]
    assert repr(shown(*table.sums(ALL))) == repr([expected_sum(stream) for stream in streams])
    assert repr(shown(*table.means(ALL))) == repr([expected_mean(stream) for stream in streams])


def check(table: Any, streams: list[Stream]) -> None:
    check_plain(table, streams)
    variances = [expected_variance(stream) for stream in streams]
    assert shown(*table.variances(ALL)) == [v if v is None else rounded(v) for v in variances]
    assert shown(*table.deviations(ALL)) == [v if v is None else root(v) for v in variances]


@given(programs(numeric_rows()))
def test_results_are_the_rounded_fractions_whatever_happens(program: list[Step]) -> None:
    table = ExactSums(squares=True)
    check(table, run_program(table, feed, program))


@given(programs(numeric_rows()))
def test_results_without_squares_are_the_rounded_fractions(program: list[Step]) -> None:
    table = ExactSums(squares=False)
    check_plain(table, run_program(table, feed, program))


@given(
    st.lists(numeric_rows(), max_size=20), st.lists(numeric_rows(), max_size=20), st.randoms(), st.booleans()
)
def test_remove_undoes_update_in_any_order(kept: Stream, gone: Stream, random: Any, squares: bool) -> None:
    table = ExactSums(squares=squares)
    table.resize(SLOTS)
    both = kept + gone
    random.shuffle(both)
    feed(table, both)
    random.shuffle(gone)
    take(table, gone)
    left = [[row for row in kept if row.slot == slot] for slot in range(SLOTS)]
    (check if squares else check_plain)(table, left)


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=50))
def test_agrees_with_the_standard_library(values: list[float]) -> None:
    table = filled(*doubles(*values))
    assert shown(*table.sums(ZERO)) == [math.fsum(values)]
    assert shown(*table.deviations(ZERO)) == [statistics.stdev(values)]
    assert shown(*table.variances(ZERO)) == [statistics.variance(values)]


@given(
    st.lists(numeric_rows(), max_size=12),
    st.integers(0, 2**63 - 1),
    st.one_of(st.just(1_000_000), st.integers(-(2**63), 2**63 - 1)),
)
def test_ratio_is_rounded_once(rows: Stream, divisor: int, scale: int) -> None:
    table = ExactSums(squares=False)
    table.resize(SLOTS)
    feed(table, rows)
    for slot in range(SLOTS):
        total = sum(exact_values([row for row in rows if row.slot == slot]), Fraction(0))
        expected = rounded(total * scale / divisor) if divisor else None
        assert shown(*table.ratios(indices([slot]), np.array([divisor]), scale)) == [expected]


@pytest.mark.parametrize(
    ("expected", "rows"),
    [
        (0, []),
        (1.0, doubles(*[0.1] * 10)),
        (0.0, doubles(1e308, -1e308)),
        (1e-320, doubles(1e308, 1e-320, -1e308)),
        (1.5e308, doubles(1e308, 1e308, -0.5e308)),
        (None, doubles(1.7e308, 1.7e308)),
        (2**63 - 1, integers(2**63 - 1)),
        (2.0**63, integers(2**63 - 1, 1)),
        (-(2**63), integers(-(2**63), 2**63 - 1, 1 - 2**63)),
        (3.0, [*integers(1), *doubles(2.0)]),
        (1, [Row(0, Kind.TRUE), Row(0, Kind.FALSE), Row(0, Kind.NULL), Row(0, Kind.TEXT, None, b"7")]),
        (9007199254740992.0, [*integers(2**53), *doubles(1.0)]),
        (9007199254740996.0, [*integers(2**53 + 2), *doubles(1.0)]),
        (9007199254740994.0, [*integers(2**53), *doubles(1.0, 5e-324)]),
    ],
)
@pytest.mark.parametrize("squares", [False, True])
def test_sum(expected: int | float | None, rows: Stream, squares: bool) -> None:
    table = filled(*rows, squares=squares)
    assert repr(shown(*table.sums(ZERO))) == repr([expected])
    again = filled(squares=squares)
    again.restore(ZERO, *table.snapshot(ZERO))
    assert again.snapshot(ZERO)[1].tobytes() == table.snapshot(ZERO)[1].tobytes()
    assert repr(shown(*again.sums(ZERO))) == repr([expected])


def test_deviation_is_known_where_the_variance_is_beyond_double() -> None:
    table = filled(*doubles(1e200, -1e200))
    assert shown(*table.variances(ZERO)) == [None]
    assert shown(*table.deviations(ZERO)) == [math.sqrt(2) * 1e200]


LARGEST = float(np.finfo(np.float64).max)


@pytest.mark.parametrize(
    "value", [math.nextafter(2.0**64, 0), -(2.0**63), 2.0**64, 2.0**80, 2.0**-45, LARGEST, 5e-324, 2.0**-76]
)
def test_2_to_the_62_of_the_largest_values_leave_the_sums_exact(value: float) -> None:
    table, opposite = filled(*doubles(value, value / 2)), filled(*doubles(-value, -value / 2))
    for _ in range(61):
        table.absorb(table, ZERO, ZERO)
        opposite.absorb(opposite, ZERO, ZERO)
    n, values = 2**62, [Fraction(value), Fraction(value / 2)]
    total = 2**61 * sum(values, Fraction())
    squares = 2**61 * sum((value * value for value in values), Fraction())
    variance = (squares - total * total / n) / (n - 1)
    assert shown(*table.sums(ZERO)) == [rounded(total)]
    assert shown(*table.means(ZERO)) == [rounded(total / n)]
    assert shown(*table.variances(ZERO)) == [rounded(variance)]
    assert shown(*table.deviations(ZERO)) == [root(variance)]
    table.absorb(opposite, ZERO, ZERO)
    assert shown(*table.sums(ZERO)) == [0.0]


def test_all_integers_again_once_the_last_double_is_removed() -> None:
    table = filled(*integers(5), *doubles(0.5, 1e-300))
    take(table, doubles(1e-300, 0.5))
    assert repr(shown(*table.sums(ZERO))) == "[5]"


def test_numbers_that_are_not_finite_are_no_numbers() -> None:
    table = filled(*doubles(math.inf, math.nan, -math.inf, 2.0))
    assert table.counts(ZERO).tolist() == [1]
    assert shown(*table.sums(ZERO)) == [2.0]


def test_more_removed_than_added_has_no_mean_or_variance() -> None:
    table = filled()
    take(table, integers(3, 4))
    assert shown(*table.means(ZERO)) == shown(*table.variances(ZERO)) == [None]
    feed(table, integers(3, 4))
    assert shown(*table.sums(ZERO)) == [0]


@pytest.mark.parametrize("squares", [False, True])
@pytest.mark.parametrize("rows", [doubles(0.1, 1e300), doubles(0.1), integers(1, 2)])
def test_protocol_is_kept(rows: Stream, squares: bool) -> None:
    check_protocol(
        ExactSums(squares=squares),
        ExactSums(squares=squares),
        lambda table: feed(table, rows),
        [ExactSums(squares=not squares)],
    )


def test_slot_of_few_whole_numbers_is_told_in_few_bytes() -> None:
    few, many = (filled(*rows, squares=False) for rows in (integers(1, 2), doubles(0.5, 0.25)))
    assert (len(few.snapshot(ZERO)[1]), len(many.snapshot(ZERO)[1])) == (14, 51)
    take(many, doubles(0.5, 0.25))
    assert len(many.snapshot(ZERO)[1]) == 14


def test_hostile_use_is_refused() -> None:
    table = filled()
    rows = doubles(1.0)
    for call in (table.update, table.remove):
        with pytest.raises(ValueError, match="kinds"):
            call(ZERO, kinds_of(rows * 2), numbers_of(rows))
        with pytest.raises(ValueError, match="numbers"):
            call(ZERO, kinds_of(rows), numbers_of(rows * 2))
        with pytest.raises(IndexError):
            call(indices([1]), kinds_of(rows), numbers_of(rows))
        with pytest.raises(ValueError, match="no kind 8"):
            call(ZERO, np.array([8], np.uint8), numbers_of(rows))
        with pytest.raises(TypeError):
            call(ZERO, kinds_of(rows), np.array([1.0]))
    with pytest.raises(ValueError, match="divisors"):
        table.ratios(ZERO, np.array([-1]), 1)
    with pytest.raises(ValueError, match="divisors"):
        table.ratios(ZERO, np.array([1, 2]), 1)
    plain = ExactSums(squares=False)
    for call in (plain.variances, plain.deviations):
        with pytest.raises(ValueError, match="without squares"):
            call(indices([]))
    for call in (table.sums, table.means, table.variances, table.deviations, table.counts):
        with pytest.raises(IndexError):
            call(indices([1]))
