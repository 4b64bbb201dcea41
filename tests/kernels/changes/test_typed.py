"""Values as a schema means them: exactly, or as they were."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracle.changes import Number, parsed, spelt
from tools.change_twins import column, listed

from streamstat import kernels

DECIMAL, SCALED, DAYS, MS, US, NS, TIME_MS, TIME_US, TIME_NS = range(9)


def typed(value: Any, meaning: int, scale: int = 0) -> Any:
    text = column([f'{{"a":{spelt(value)},"b":"BBo="}}'])
    (made,) = listed(kernels.objects_typed(*text, np.zeros(1, np.int32), [[('"a"', meaning, scale)]]))
    found = parsed(made)
    assert found["b"] == "BBo="
    return found["a"]


def encoded(number: int) -> str:
    size = (number.bit_length() + 8) // 8
    return base64.b64encode(number.to_bytes(size, "big", signed=True)).decode()


@given(st.integers(-(10**60), 10**60), st.integers(-3, 40))
def test_decimals_are_exact(number: int, scale: int) -> None:
    expected = Number(_plain(number, scale))
    assert typed(encoded(number), DECIMAL, scale) == expected
    scaled = {"scale": Number(str(scale)), "value": encoded(number)}
    assert typed(scaled, SCALED) == expected


def _plain(number: int, scale: int) -> str:
    sign, digits = "-" * (number < 0), str(abs(number))
    if scale <= 0:
        return sign + (digits + "0" * -scale if number else "0")
    digits = digits.rjust(scale + 1, "0")
    return f"{sign}{digits[:-scale]}.{digits[-scale:]}"


@given(st.integers(-62_135_596_800_000, 253_402_300_799_999))
def test_moments_are_those_of_the_calendar(milliseconds: int) -> None:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
    found = typed(Number(str(milliseconds)), MS)
    assert datetime.fromisoformat(found).replace(tzinfo=UTC) == moment
    assert typed(Number(str(milliseconds * 1000)), US) == found
    days = Number(str(milliseconds // 86_400_000))
    assert typed(days, DAYS) == moment.date().isoformat()


@pytest.mark.parametrize(
    ("value", "meaning", "expected"),
    [
        ("2932896", DAYS, "9999-12-31"),
        ("-719162", DAYS, "0001-01-01"),
        ("0", MS, "1970-01-01T00:00:00"),
        ("-1", NS, "1969-12-31T23:59:59.999999999"),
        ("86399999", TIME_MS, "23:59:59.999"),
        ("1500000", TIME_US, "00:00:01.5"),
        ("1", TIME_NS, "00:00:00.000000001"),
    ],
)
def test_times_have_the_digits_that_they_need(value: str, meaning: int, expected: str) -> None:
    assert typed(Number(value), meaning) == expected


EVERYWHERE = tuple(range(9))
NEVER: tuple[Any, ...] = (
    *(None, True, "", "no base64!", "A", "A===", [], {}, Number("1.5"), {"scale": Number("1")}),
    *({"scale": "1", "value": "BBo="}, {"scale": Number("99999"), "value": "BBo="}),
)
WRONG: list[tuple[Any, tuple[int, ...]]] = [
    *((each, EVERYWHERE) for each in NEVER),
    (Number("99999999999999999999"), EVERYWHERE),
    (Number("9223372036854775807"), (DAYS, MS, US, TIME_MS, TIME_US, TIME_NS)),
    (Number("-9223372036854775808"), (DAYS, MS, US, TIME_MS, TIME_US, TIME_NS)),
    *((Number(each), (DAYS,)) for each in ("2932897", "-719163")),
    ("BBo=", (DAYS, MS, US, NS, TIME_MS, TIME_US, TIME_NS, SCALED)),
]


@pytest.mark.parametrize(
    ("value", "meaning"), [(value, meaning) for value, meanings in WRONG for meaning in meanings]
)
def test_what_cannot_be_meant_stays_as_it_is(value: Any, meaning: int) -> None:
    assert typed(value, meaning) == value


def test_columns_that_are_none_are_refused() -> None:
    text = column(["{}"])
    for columns, schema in (([[("a", 0, 0)]], 0), ([[('"a"', 9, 0)]], 0), ([], 0)):
        with pytest.raises(ValueError, match=r"columns|schemas"):
            kernels.objects_typed(*text, np.full(1, schema, np.int32), columns)
