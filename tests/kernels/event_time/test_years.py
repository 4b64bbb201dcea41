"""Years for times that have none, against a plain twin."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools.clock_twins import DAY, INSTANT, LOCAL, MISSING, UNREADABLE, packed, us, with_years

from streamstat.kernels import give_years

MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2000, 12, 31, 23, 59, 59, 999_999)).map(
    lambda moment: moment.replace(tzinfo=UTC)
)
EDGES = st.sampled_from(
    [
        datetime(2000, 1, 1, tzinfo=UTC),
        datetime(2000, 2, 28, 23, 59, 59, tzinfo=UTC),
        datetime(2000, 2, 29, tzinfo=UTC),
        datetime(2000, 3, 1, tzinfo=UTC),
        datetime(2000, 7, 1, 12, tzinfo=UTC),
        datetime(2000, 7, 2, tzinfo=UTC),
        datetime(2000, 12, 31, 23, 59, 59, tzinfo=UTC),
    ]
)
ZONES = st.none() | st.integers(-1439, 1439)
KNOWN = st.datetimes(datetime(1900, 1, 1), datetime(2150, 1, 1)).map(
    lambda moment: us(moment.replace(tzinfo=UTC))
)
OTHERS = st.tuples(KNOWN, st.sampled_from([INSTANT, LOCAL])) | st.sampled_from(
    [(0, MISSING), (0, UNREADABLE)]
)
ROWS = st.lists(st.tuples(MOMENTS | EDGES, ZONES) | OTHERS, max_size=12)


def columns(rows: list[tuple[int, int] | tuple[datetime, int | None]]) -> tuple[list[int], list[int]]:
    times = [packed(a, b) if isinstance(a, datetime) else a for a, b in rows]
    kinds = [4 if isinstance(a, datetime) else b for a, b in rows]
    return times, [kind for kind in kinds if kind is not None]


def resolved(
    times: list[int], kinds: list[int], year: int, last: int | None
) -> tuple[list[tuple[int, int]], int | None]:
    found, of_kinds, last = give_years(np.array(times, np.int64), np.array(kinds, np.uint8), year, last)
    rows = zip(found.tolist(), of_kinds.tolist(), strict=True)
    return [(0 if kind in (MISSING, UNREADABLE) else time, kind) for time, kind in rows], last


@given(ROWS, st.integers(1, 9999) | st.sampled_from([1899, 1900, 2000, 2023, 2024]), st.integers(0, 12))
def test_the_nearest_year_wherever_blocks_are_cut(
    rows: list[tuple[int, int] | tuple[datetime, int | None]], year: int, cut: int
) -> None:
    expected, expected_last = with_years(rows, year, None)
    times, kinds = columns(rows)
    assert resolved(times, kinds, year, None) == (expected, expected_last)
    first, last = resolved(times[:cut], kinds[:cut], year, None)
    second, last = resolved(times[cut:], kinds[cut:], year, last)
    assert (first + second, last) == (expected, expected_last)


@pytest.mark.parametrize(
    ("month", "day", "last", "expected"),
    [
        (1, 1, datetime(2025, 12, 31), datetime(2026, 1, 1)),
        (12, 31, datetime(2026, 1, 1), datetime(2025, 12, 31)),
        (2, 29, datetime(2023, 2, 28), datetime(2024, 2, 29)),
        (2, 29, datetime(2098, 2, 28), datetime(2096, 2, 29)),
        (7, 1, datetime(2026, 7, 1), datetime(2026, 7, 1)),
        (12, 31, datetime(9999, 12, 30), datetime(9999, 12, 31)),
        (1, 1, datetime(9999, 12, 30), datetime(9999, 1, 1)),  # there is no year 10000
    ],
)
def test_years_a_person_would_give(month: int, day: int, last: datetime, expected: datetime) -> None:
    time = packed(datetime(2000, month, day, tzinfo=UTC), None)
    found, _ = resolved([time], [4], 1, us(last.replace(tzinfo=UTC)))
    assert found == [(us(expected.replace(tzinfo=UTC)), LOCAL)]


def test_of_two_years_as_near_the_earlier() -> None:
    noon = datetime(
        2000, 7, 2, 12, tzinfo=UTC
    )  # the middle of 2025, as far from the ends of a year of 365 days
    last = us(datetime(2026, 1, 1, tzinfo=UTC))
    assert us(datetime(2026, 7, 2, 12, tzinfo=UTC)) - last == last - us(datetime(2025, 7, 2, 12, tzinfo=UTC))
    found, _ = resolved([packed(noon, None)], [4], 1, last)
    assert found == [(last - 365 * DAY // 2, LOCAL)]


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="kinds: 1 elements, expected 2"):
        give_years(np.zeros(2, np.int64), np.zeros(1, np.uint8), 2026, None)
