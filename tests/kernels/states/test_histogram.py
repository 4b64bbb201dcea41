"""Histograms against counting with fractions."""

import json
import math
from bisect import bisect_right
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
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
    numeric_rows,
    programs,
    run_program,
    slots_of,
    strings,
)

from streamstat.kernels import Histograms
from streamstat.values.columns import Kind

ALL = indices(range(SLOTS))
ZERO = indices([0])


def feed(table: Any, rows: Stream) -> None:
    table.update(slots_of(rows), kinds_of(rows), numbers_of(rows))


def make(*edges: float) -> Any:
    return Histograms(np.array(edges, np.float64))


def listed(values: list[float | int], *edges: float) -> bytes:
    table = make(*edges)
    table.resize(1)
    feed(
        table, [Row(0, Kind.DOUBLE if isinstance(value, float) else Kind.INTEGER, value) for value in values]
    )
    return strings(*table.results(ZERO))[0]


def power_above(value: Fraction) -> Fraction:
    """The least of the bounds 2^k, or -2^k for what is negative, that is above the value."""
    magnitude = abs(value)
    power = Fraction(2) ** (magnitude.numerator.bit_length() - magnitude.denominator.bit_length() - 2)
    if value > 0:
        while power <= value:
            power *= 2
        return power
    while power * 2 < magnitude:
        power *= 2
    return -power


def by_powers(values: list[Fraction]) -> list[list[float | int | None]]:
    bounds = [power_above(value) for value in values if value]
    zeros = len(values) - len(bounds)
    lowest = min([bound for bound in bounds if bound > 0], default=Fraction(1))
    bounds += [min(lowest, Fraction(1))] * zeros
    return [[None if b == 2**1024 else float(b), bounds.count(b)] for b in sorted(set(bounds))]


def by_edges(values: list[Fraction], edges: list[float]) -> list[list[float | int | None]]:
    exact = [Fraction(edge) for edge in edges]
    buckets = [bisect_right(exact, value) for value in values]
    return [[bound, buckets.count(i)] for i, bound in enumerate([*edges, None])]


def numbers(stream: Stream) -> list[Fraction]:
    return [Fraction(row.counted) for row in stream if row.is_number]


@given(programs(numeric_rows()))
def test_powers_of_two(program: list[Step]) -> None:
    table = make()
    streams = run_program(table, feed, program)
    expected = [by_powers(numbers(stream)) for stream in streams]
    assert [json.loads(text) for text in strings(*table.results(ALL))] == expected


@given(
    programs(numeric_rows()),
    st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=8, unique=True),
)
@example([("update", [Row(0, Kind.INTEGER, 2**63 - 1), Row(0, Kind.INTEGER, 2**53 + 1)])], [2.0**53, 2.0**63])
@example(
    [("update", [Row(0, Kind.INTEGER, -(2**63)), Row(0, Kind.DOUBLE, -(2.0**63))])], [-(2.0**64), -(2.0**63)]
)
@example([("update", [Row(0, Kind.INTEGER, 1), Row(0, Kind.DOUBLE, 0.5)])], [0.25, 0.5, 0.75, 1.5])
def test_edges(program: list[Step], edges: list[float]) -> None:
    edges = sorted(edges)
    table = make(*edges)
    streams = run_program(table, feed, program)
    expected = [by_edges(numbers(stream), edges) for stream in streams]
    assert [json.loads(text) for text in strings(*table.results(ALL))] == expected


@pytest.mark.parametrize(
    ("expected", "values"),
    [
        (b"[]", []),
        (b"[[1.0,1]]", [0]),
        (b"[[0.25,3]]", [0, -0.0, 0.2]),
        (b"[[1.0,1],[2.0,1]]", [0, 1]),
        (b"[[-4.0,2],[-2.0,1],[1.0,1],[16.0,2]]", [-8, -5.5, -4, 0, 8, 15.9]),
        (b"[[16.0,1],[9.223372036854776e+18,1]]", [8, 2**63 - 1]),
        (b"[[-4.611686018427388e+18,1]]", [-(2**63)]),
        (b"[[1e-323,1],[null,1]]", [5e-324, 1.7e308]),
        (b"[[0.0,1]]", [-5e-324]),
    ],
)
def test_buckets_as_written(expected: bytes, values: list[float | int]) -> None:
    assert listed(values) == expected


def test_all_buckets_between_edges_are_listed() -> None:
    assert listed([], 10.0, 100.0) == b"[[10.0,0],[100.0,0],[null,0]]"
    assert listed([10, 9.99, 99, 100.0], 10.0, 100.0) == b"[[10.0,1],[100.0,2],[null,1]]"
    assert listed([0.1], -0.5, 0.1, 1e300) == b"[[-0.5,0],[0.1,0],[1e+300,1],[null,0]]"


def test_numbers_that_are_not_finite_are_no_numbers() -> None:
    assert listed([math.inf, math.nan]) == b"[]"


def test_hostile_use_is_refused() -> None:
    for edges in ([], [1.0, 2.0]):
        check_protocol(
            make(*edges), make(*edges), lambda table: feed(table, [Row(0, Kind.INTEGER, 1)]), [make(1.0, 3.0)]
        )
    for edges in (
        [1.0, 1.0],
        [2.0, 1.0],
        [-0.0, 0.0],
        [math.nan],
        [1.0, math.nan],
        [math.inf],
        [-math.inf, 0.0],
    ):
        with pytest.raises(ValueError, match="edges"):
            make(*edges)
    with pytest.raises(TypeError):
        Histograms(np.array([1, 2]))
    table = make()
    table.resize(1)
    rows = [Row(0, Kind.INTEGER, 1)]
    with pytest.raises(ValueError, match="kinds"):
        table.update(ZERO, kinds_of(rows * 2), numbers_of(rows))
    with pytest.raises(ValueError, match="numbers"):
        table.update(ZERO, kinds_of(rows), numbers_of(rows * 2))
    with pytest.raises(IndexError):
        table.update(indices([1]), kinds_of(rows), numbers_of(rows))
    with pytest.raises(IndexError):
        table.results(indices([1]))
