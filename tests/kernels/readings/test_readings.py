"""What texts say of numbers, durations and sizes, and how numbers are rounded: by hand, and against the plain twins."""

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tools import function_twin
from tools.expression_rows import HUGE, OBJECT, Cell, cells_of, column

from streamstat.kernels import (
    TimeReader,
    read_durations,
    read_numbers,
    read_sizes,
    read_times,
    round_numbers,
)
from streamstat.values.columns import Texts, Values, arrays_of


def numbers(cells: list[Cell]) -> list[Cell]:
    kinds, found, offsets, data = read_numbers(*arrays_of(column(cells)))
    return cells_of(Values(kinds, found, Texts(offsets, data)))


def durations(cells: list[Cell]) -> list[Cell]:
    return cells_of(Values(*read_durations(*arrays_of(column(cells)))))


def sizes(cells: list[Cell]) -> list[Cell]:
    return cells_of(Values(*read_sizes(*arrays_of(column(cells)))))


def rounded(cells: list[Cell], places: int) -> list[Cell]:
    values = column(cells)
    return cells_of(Values(*round_numbers(values.kinds, values.numbers, places)))


def spelled(cells: list[Cell]) -> list[str]:
    return [repr(cell) for cell in cells]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("165.3ms", 0.1653),
        ("1h2m", 3720.0),
        ("PT26.4S", 26.4),
        ("P1W2DT3H4M5.5S", 788645.5),
        ("-PT1M", -60.0),
        ("PT-1M", -60.0),
        ("-PT-1M", 60.0),
        ("PT1,5S", 1.5),
        ("pt1s", 1.0),
        ("0", 0.0),
        ("-0s", 0.0),
        ("+1s", 1.0),
        ("-1m30s", -90.0),
        (".5s", 0.5),
        ("1.s", 1.0),
        ("1 h 30 min", 5400.0),
        (" 3µs\n", 3e-6),
        ("3μs", 3e-6),
        ("7ns", 7e-9),
        ("2 weeks", 1209600.0),
        ("0.1s0.2s", 0.3),
        ("9007199254740993ns", 9007199.254740993),
        ("340000000000s", 3.4e11),
        ("3400000000000s", None),
        ("99999999999999999999s", None),
        ("1e3s", None),
        ("1.2.3s", None),
        ("1", None),
        ("s", None),
        ("", None),
        ("-", None),
        ("--1s", None),
        ("1s-", None),
        ("1s 2", None),
        ("1,5s", None),
        ("P", None),
        ("PT", None),
        ("P1DT", None),
        ("P1", None),
        ("P1S", None),
        ("PT1D", None),
        ("PT1S1M", None),
        ("PT1S1S", None),
        ("P1Y", None),
        ("P1M", None),
        ("PT1S ", 1.0),
        ("PT 1S", None),
        ("1m\0", None),
    ],
)
def test_durations(text: str, seconds: float | None) -> None:
    assert spelled(durations([text])) == spelled([seconds])


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("512", 512),
        ("512B", 512),
        ("1.5KiB", 1536),
        ("1.5 Ki", 1536),
        ("20k", 20_000),
        ("20KB", 20_000),
        ("2M", 2_000_000),
        ("1G", 10**9),
        ("1T", 10**12),
        ("1P", 10**15),
        ("1Pi", 2**50),
        ("0.3Ki", 307.2),
        ("1e3k", 1_000_000),
        ("-1k", -1000),
        ("0", 0),
        ("-0.0k", 0),
        ("8388608Ti", 2.0**63),
        ("-8388608Ti", -(2**63)),
        ("1e300T", None),
        ("1e999999999k", None),
        ("1e-999999999k", 0.0),
        ("10000000000000000000.5k", 1.0000000000000001e22),
        ("1kk", None),
        ("1kB B", None),
        ("1mb", None),
        ("k", None),
        ("1.k", None),
        (".5k", None),
        ("+1k", None),
        ("01k", None),
        ("", None),
    ],
)
def test_sizes(text: str, size: float | None) -> None:
    assert spelled(sizes([text])) == spelled([size])


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        (0.5, 0, 1.0),
        (-0.5, 0, -1.0),
        (-0.4, 0, 0.0),
        (2.675, 2, 2.68),
        (1.005, 2, 1.01),
        (9.995, 2, 10.0),
        (1e22, 2, 1e22),
        (5e-324, 323, 1e-323),
        (5e-324, 324, 5e-324),
        (5e-324, 300, 0.0),
        (1.7e308, -308, 2e308),
        (1.4e308, -308, 1e308),
        (5.0, -1, 10.0),
        (4.9, -1, 0.0),
        (123456789012345680.0, -400, 0.0),
        (15, -1, 20),
        (-15, -1, -20),
        (14, -1, 10),
        (2**63 - 1, -18, 9_000_000_000_000_000_000),
        (2**63 - 1, -19, 1e19),
        (-(2**63), -1, -9_223_372_036_854_775_810.0),
        (2**63 - 1, -20, 0),
        (7, 3, 7),
    ],
)
def test_rounding(value: float, places: int, expected: float) -> None:
    assert spelled(rounded([value], places)) == spelled([None if math.isinf(expected) else expected])


def test_what_is_no_text_and_no_number_gives_null() -> None:
    cells: list[Cell] = [None, True, False, OBJECT, HUGE, 5, 2.5, "x"]
    assert numbers(cells) == [None, 1, 0, None, None, 5, 2.5, None]
    assert durations(cells) == [None] * 8
    assert sizes(cells) == [None, None, None, None, None, 5, 2.5, None]
    assert rounded(cells, 0) == [None, None, None, None, None, 5, 3.0, None]


digits = st.text("0123456789", max_size=25)
near_numbers = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from(["", "-", "+", " "]),
    digits,
    st.sampled_from(["", ".", "e", "E-"]),
    digits,
    st.sampled_from(["", " ", "\t\n", "x", "k", "Mi"]),
)
units = st.sampled_from("ns us µs μs ms s m h d w min sec hours usec k K Ki M Mi G Gi T Ti P Pi B".split())
parts = st.one_of(
    digits, units, st.sampled_from([".", "-", "+", " ", ",", "PT", "P", "D", "S", "H", "M", "T"])
)
near_amounts = st.lists(parts, max_size=8).map("".join)
texts = st.one_of(near_numbers, near_amounts, st.text(max_size=6), st.floats(allow_nan=False).map(repr))


@settings(max_examples=500, deadline=None)
@given(st.lists(texts, max_size=4))
@example(["-1E-324", "-1e-324Ki", "-1.000000000000000000001e-330", "-1.000000000000000000001e-330k"])
@example(
    ["100000000000100000000001k", "1.00000000000100000000001e3M", "123456789012345678901234567890e-400T"]
)
@example(
    [
        "10000000000000000000ns",
        "99999999999999999999.9ns",
        "340282366920938463463ns",
        "1000000000000000000000ns",
    ]
)
def test_texts_are_read_as_their_twins_read_them(given_texts: list[Cell]) -> None:
    assert spelled(numbers(given_texts)) == spelled([function_twin.number(text) for text in given_texts])
    assert spelled(sizes(given_texts)) == spelled([function_twin.size(text) for text in given_texts])
    found, expected = durations(given_texts), [function_twin.duration(text) for text in given_texts]
    for mine, twins in zip(found, expected, strict=True):
        if mine is None and isinstance(twins, float) and abs(twins) > 1e11:
            continue  # too long to be held
        assert (mine is None) == (twins is None)
        assert mine is None or math.isclose(mine, twins, rel_tol=1e-15, abs_tol=1e-14)  # type: ignore[arg-type]


@settings(max_examples=500, deadline=None)
@given(
    st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**63), 2**63 - 1), st.integers(-25, 25)
)
def test_numbers_are_rounded_as_by_hand(value: float, places: int) -> None:
    assert spelled(rounded([value], places)) == spelled([function_twin.rounded(value, places)])


def test_times_are_read_from_any_values() -> None:
    cells: list[Cell] = ["1970-01-01T00:00:01Z", "1970-01-01 00:00:01", 1, 1.5, "soon", None, True]
    values = column(cells)
    bare = Values(values.kinds, values.numbers, None if values.texts is None else values.texts)
    times, kinds = read_times(TimeReader(), *arrays_of(bare))
    assert kinds.tolist() == [1, 2, 1, 1, 3, 0, 3]
    assert times[:4].tolist() == [1_000_000, 1_000_000, 1_000_000, 1_500_000]


def test_numbers_without_a_spelling_are_times_too() -> None:
    doubles = Values(np.array([4, 3], np.uint8), np.array([np.float64(0.25).view(np.int64), 7]))
    times, kinds = read_times(TimeReader(1), *arrays_of(doubles))
    assert (times.tolist(), kinds.tolist()) == ([250_000, 7_000_000], [1, 1])


def test_arrays_must_fit_each_other() -> None:
    kinds, values, offsets, data = arrays_of(column(["1"]))
    with pytest.raises(ValueError, match="numbers: 0 elements, expected 1"):
        read_numbers(kinds, values[:0], offsets, data)
    with pytest.raises(ValueError, match="text_offsets"):
        read_durations(kinds, values, offsets[:1], data)
    with pytest.raises(ValueError, match="text_offsets"):
        read_sizes(kinds, values, offsets + 5, data)
    with pytest.raises(ValueError, match="kinds"):
        read_numbers(np.array([9], np.uint8), values, offsets, data)
    with pytest.raises(ValueError, match="places"):
        round_numbers(kinds, values, 401)
