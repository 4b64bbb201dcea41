"""Rows for tables out of which they can be taken again, the order of keys as texts, and hostile use of both."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools.slot_twins import SLOTS, indices, strings, texts

from streamstat import kernels
from streamstat.values.columns import I64, U8, Kind

SPELT = [
    *((Kind.INTEGER, text) for text in ("0", "-1", "10", "9", "-10", "9223372036854775807", "-0")),
    *((Kind.DOUBLE, text) for text in ("1.5", "1.0", "1e1", "-1.5", "0.1", "1e-300", "12345678901234567890")),
    *((Kind.DOUBLE, text) for text in ("12345678901234567891", "-12345678901234567891")),
    *((Kind.HUGE, text) for text in ("1e400", "-1e400")),
    *((Kind.TEXT, text) for text in ("", "a", "ab", "a\0b", "a\0", "\0", "b", "ü")),
    *((Kind.JSON, text) for text in ("[1]", '{"a":1}', "[]")),
    (Kind.TRUE, "true"),
    (Kind.FALSE, "false"),
    (Kind.NULL, ""),
]


def column(values: list[tuple[Kind, str]]) -> tuple[U8, I64, U8]:
    offsets, data = texts([text.encode() for _, text in values])
    return np.array([kind for kind, _ in values], np.uint8), offsets, data


@given(st.lists(st.sampled_from(SPELT), min_size=1))
def test_key_texts_stand_in_the_order_of_rows(values: list[tuple[Kind, str]]) -> None:
    kinds, offsets, data = column(values)
    made = strings(*kernels.key_texts(kinds, offsets, data))
    ranks = kernels.rank_values(kinds, offsets, data).tolist()
    order = {text: rank for rank, text in enumerate(sorted(set(made)))}
    assert [order[text] for text in made] == ranks


@given(st.lists(st.tuples(st.sampled_from(SPELT), st.sampled_from(SPELT)), min_size=1))
def test_columns_before_count_more(pairs: list[tuple[tuple[Kind, str], tuple[Kind, str]]]) -> None:
    first, second = column([left for left, _ in pairs]), column([right for _, right in pairs])
    made = strings(*kernels.key_texts(*second, *kernels.key_texts(*first)))
    ranks = list(
        zip(kernels.rank_values(*first).tolist(), kernels.rank_values(*second).tolist(), strict=True)
    )
    order = {pair: rank for rank, pair in enumerate(sorted(set(ranks)))}
    told = {text: rank for rank, text in enumerate(sorted(set(made)))}
    assert [told[text] for text in made] == [order[pair] for pair in ranks]


def test_columns_of_other_sizes_are_refused() -> None:
    slots, kinds = indices([0, 1]), np.full(3, 3, np.uint8)
    with pytest.raises(ValueError, match="kinds"):
        kernels.RetractingRows(slots, kinds)
    with pytest.raises(ValueError, match="hashes"):
        kernels.RetractingRows(slots, hashes=np.zeros(1, np.uint64))
    with pytest.raises(ValueError, match="text_offsets"):
        kernels.RetractingRows(slots, text_offsets=np.array([0, 1, 9]), text_data=np.zeros(1, np.uint8))
    with pytest.raises(TypeError):
        kernels.RetractingRows(slots, numbers=np.zeros(2))  # type: ignore[arg-type]


READS = ("sums", "values", "estimates", "lengths", "results", "quantile")
TABLES: dict[str, Callable[[], Any]] = {
    "counts": lambda: kernels.RetractingCounts(),
    "sums": lambda: kernels.RetractingSums(False),
    "extremes": lambda: kernels.RetractingExtremes(True),
    "distinct": lambda: kernels.RetractingDistinct(),
    "spans": lambda: kernels.RetractingSpans(),
    "histograms": lambda: kernels.RetractingHistograms(np.zeros(0)),
    "percentiles": lambda: kernels.RetractingPercentiles(),
    "least": lambda: kernels.RetractingLeast(2),
    "top": lambda: kernels.RetractingTop(2),
    "picks": lambda: kernels.RetractingPicks(True, False),
}


@pytest.mark.parametrize("name", TABLES)
def test_hostile_use_is_refused(name: str) -> None:
    table = TABLES[name]()
    table.resize(SLOTS)
    whole: dict[str, Any] = {
        "kinds": np.full(1, Kind.TEXT, np.uint8),
        "numbers": np.zeros(1, np.int64),
        "hashes": np.zeros(1, np.uint64),
        "text_offsets": np.array([0, 1]),
        "text_data": np.zeros(1, np.uint8),
        "times": np.zeros(1, np.int64),
        "tie_offsets": np.array([0, 0]),
        "tie_data": np.zeros(0, np.uint8),
    }
    far = kernels.RetractingRows(indices([SLOTS]), **whole)
    for call in (table.update, table.retract):
        with pytest.raises(IndexError):
            call(far)
    if name != "counts":
        with pytest.raises(ValueError, match="expected"):
            table.update(kernels.RetractingRows(indices([0])))
    rows = kernels.RetractingRows(indices([0]), **whole)
    table.update(rows)
    gone, zero = np.zeros(1, np.uint8), indices([0])
    for ends in ([2], [0], [-1], [1, 0]):
        walk = table.walk(rows, gone, np.array(ends), indices([0] * len(ends)))
        read = next(
            each
            for each in ("sums", "values", "estimates", "lengths", "results", "quantile")
            if hasattr(walk, each)
        )
        more = (1, 2) if read == "quantile" else ()
        with pytest.raises(ValueError, match="ends"):
            getattr(walk, read)(indices(range(len(ends))), *more)
    with pytest.raises(ValueError, match="steps"):
        getattr(table.walk(rows, gone, np.array([1]), zero), read)(indices([0, 0]), *more)
    with pytest.raises(IndexError):
        getattr(table.walk(rows, gone, np.array([1]), indices([SLOTS])), read)(zero, *more)
