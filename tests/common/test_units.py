"""Durations and times as users write them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamstat.common.units import Size, format_time, is_civil, parse_duration, parse_size, parse_time, shown
from streamstat.common.zones import Zone

DAY = 86_400_000_000
LATEST = 2**63 - 1


@pytest.mark.parametrize(
    ("text", "microseconds"),
    [
        ("1us", 1),
        ("1ms", 1_000),
        ("10s", 10_000_000),
        ("1m", 60_000_000),
        ("1h30m", 5_400_000_000),
        ("1d", DAY),
        ("2w", 14 * DAY),
        ("1w2d3h4m5s6ms7us", 9 * DAY + 11_045_006_007),
        ("0.5s", 500_000),
        ("1.5ms", 1_500),
        ("0.000001s", 1),
        ("0.1h", 360_000_000),
        ("0.10000000000000000000000s", 100_000),
        ("1.5d", 129_600_000_000),
        ("0s", 0),
        ("0", 0),
        ("9223372036854775807us", LATEST),
    ],
)
def test_durations_are_exact(text: str, microseconds: int) -> None:
    assert parse_duration(text) == microseconds


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "is not a duration"),
        ("10", "is not a duration"),
        ("10x", "is not a duration"),
        ("s", "is not a duration"),
        ("1 h", "is not a duration"),
        ("1h ", "is not a duration"),
        ("1H", "is not a duration"),
        ("1.s", "is not a duration"),
        (".5s", "is not a duration"),
        ("1h30", "is not a duration"),
        ("1e3s", "is not a duration"),
        ("\u0661s", "is not a duration"),
        ("inf", "is not a duration"),
        ("1mo", "has no fixed length"),
        ("1y", "has no fixed length"),
        ("-5s", "is negative; for example 5s"),
        ("0.5us", "not a whole number of microseconds"),
        ("0.0000001s", "not a whole number of microseconds"),
        ("9223372036854775808us", "too long"),
        ("1000000000d", "too long"),
        ("9" * 100_000 + "s", "is not a duration"),
        ("1s\n", "is not a duration"),
    ],
)
def test_what_is_no_duration_is_refused_in_one_line(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem) as refusal:
        parse_duration(text)
    assert "\n" not in str(refusal.value) and len(str(refusal.value)) < 200


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("1d", Size(DAY, 1)),
        ("7d", Size(7 * DAY, 7)),
        ("1w", Size(7 * DAY, 7, weeks=True)),
        ("2w", Size(14 * DAY, 14, weeks=True)),
        ("1w3d", Size(10 * DAY, 10)),
        ("24h", Size(DAY)),
        ("1d12h", Size(DAY + DAY // 2)),
        ("1.5d", Size(DAY + DAY // 2)),
        ("1.0d", Size(DAY)),
        ("5m", Size(300_000_000)),
    ],
)
def test_sizes_know_whether_they_are_civil(text: str, size: Size) -> None:
    assert parse_size(text) == size
    assert is_civil(text) == (size.civil_days > 0)


@pytest.mark.parametrize("text", ["0s", "0", "0d", "0w", "1x"])
def test_a_size_is_above_zero(text: str) -> None:
    with pytest.raises(ValueError, match="for example"):
        parse_size(text)


NEW_YEAR = 1_767_225_600_000_000


@pytest.mark.parametrize(
    ("text", "microseconds"),
    [
        ("2026-01-01", NEW_YEAR),
        ("2026-01-01T00:00", NEW_YEAR),
        ("2026-01-01 00:00:00", NEW_YEAR),
        ("2026-01-01T00:00:00Z", NEW_YEAR),
        ("2026-01-01t00:00:00z", NEW_YEAR),
        ("2026-01-01T00:00:00.5Z", NEW_YEAR + 500_000),
        ("2026-01-01T00:00:00,000001Z", NEW_YEAR + 1),
        ("2026-01-01T00:00:00.0000019Z", NEW_YEAR + 1),
        ("1969-12-31T23:59:59.9999999Z", -1),
        ("2026-01-01T09:00:00+09:00", NEW_YEAR),
        ("2026-01-01T09:00:00+0900", NEW_YEAR),
        ("2026-01-01T09:00+09", NEW_YEAR),
        ("2025-12-31T18:30:00-05:30", NEW_YEAR),
        ("2026-01-01+00:00", NEW_YEAR),
        ("2025-12-31T23:59:60Z", NEW_YEAR),
        ("2025-12-31T23:59:60.5Z", NEW_YEAR + 500_000),
        ("2024-02-29", 1_709_164_800_000_000),
        ("0001-01-01", -62_135_596_800_000_000),
        ("0000-03-01", -62_162_035_200_000_000),
        ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999),
        ("1767225600", NEW_YEAR),
        ("1767225600.5", NEW_YEAR + 500_000),
        ("1767225600000", NEW_YEAR),
        ("1767225600000.0019", NEW_YEAR + 1),
        ("1767225600000000", NEW_YEAR),
        ("1767225600000000999", NEW_YEAR),
        ("1.7672256e9", NEW_YEAR),
        ("17672256E+2", NEW_YEAR),
        ("99999999999", 99_999_999_999_000_000),
        ("99999999999.9999999", 99_999_999_999_999_999),
        ("100000000000", 100_000_000_000_000),
        ("99999999999999", 99_999_999_999_999_000),
        ("100000000000000", 100_000_000_000_000),
        ("99999999999999999", 99_999_999_999_999_999),
        ("100000000000000000", 100_000_000_000_000),
        ("2026", 2_026_000_000),
        ("17672256" + "0" * 20 + "e-18", NEW_YEAR),
        ("-1.5", -1_500_000),
        ("-0.0000001", -1),
        ("0.0000001", 0),
        ("-1e-999999", -1),
        ("1e-999999", 0),
        ("-0", 0),
        ("0e999999", 0),
    ],
)
def test_times_are_read_exactly(text: str, microseconds: int) -> None:
    assert parse_time(text) == microseconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "2026-1-1",
        "2026-02-30",
        "2026-13-01",
        "2026-00-01",
        "2026-01-01T",
        "2026-01-01T24:00",
        "2026-01-01T00:60",
        "2026-01-01T00:00:61",
        "2026-01-01T00:00:00.",
        "2026-01-01T00:00.5",
        "2026-01-01T00:00:00 Z",
        "2026-01-01T00:00:00+9",
        "2026-01-01T00:00:00+24:00",
        "2026-01-01T00:00:00+09:60",
        " 2026-01-01",
        "2026-01-01\n",
        "007",
        "+5",
        "1e22",
        "1e999999",
        "-1" + "0" * 300,
        "1e" + "9" * 10_000,
        "\u0662\u0660\u0662\u0666-01-01",
        "NaN",
    ],
)
def test_what_is_no_time_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(ValueError, match="for example") as refusal:
        parse_time(text)
    assert "\n" not in str(refusal.value) and len(str(refusal.value)) < 200


def test_a_time_without_zone_is_of_the_zone_given() -> None:
    seoul = Zone("Asia/Seoul")
    assert parse_time("2026-01-01T09:00", seoul) == NEW_YEAR
    assert parse_time("2026-01-01T00:00Z", seoul) == NEW_YEAR
    assert parse_time("1767225600", seoul) == NEW_YEAR


@pytest.mark.parametrize(
    ("microseconds", "offset", "text"),
    [
        (NEW_YEAR, 0, "2026-01-01T00:00:00Z"),
        (NEW_YEAR + 500_000, 0, "2026-01-01T00:00:00.5Z"),
        (NEW_YEAR + 1, 0, "2026-01-01T00:00:00.000001Z"),
        (NEW_YEAR, 9 * 3600, "2026-01-01T09:00:00+09:00"),
        (NEW_YEAR, -(3 * 3600 + 1800), "2025-12-31T20:30:00-03:30"),
        (NEW_YEAR, 3208, "2026-01-01T00:53:28+00:53:28"),
        (-1, 0, "1969-12-31T23:59:59.999999Z"),
        (-62_135_596_800_000_001, 0, "0000-12-31T23:59:59.999999Z"),
        (-62_167_219_200_000_001, 0, "-0001-12-31T23:59:59.999999Z"),
        (253_402_300_800_000_000, 0, "+10000-01-01T00:00:00Z"),
        (LATEST, 0, "+294247-01-10T04:00:54.775807Z"),
        (-LATEST - 1, 0, "-290308-12-21T19:59:05.224192Z"),
    ],
)
def test_times_are_written_shortest(microseconds: int, offset: int, text: str) -> None:
    assert format_time(microseconds, offset) == text


@given(st.datetimes(), st.integers(-1439, 1439))
def test_times_read_and_write_as_python_does(naive: datetime, minutes: int) -> None:
    time = (naive - datetime(1970, 1, 1)) // timedelta(microseconds=1)
    assert parse_time(naive.isoformat()) == time
    assert parse_time(format_time(time)) == time
    assert format_time(time) == naive.isoformat().rstrip("0" if naive.microsecond else "") + "Z"
    near_the_edge = naive.year in (1, 9999)
    if not near_the_edge:
        assert parse_time(format_time(time, minutes * 60)) == time
        shifted = naive.replace(tzinfo=UTC) + timedelta(minutes=minutes)
        assert format_time(time, minutes * 60)[:19] == shifted.isoformat()[:19]


@given(st.integers(-(2**63), LATEST), st.integers(-86_399, 86_399))
def test_any_time_can_be_written(time: int, offset: int) -> None:
    assert "T" in format_time(time, offset)


@given(st.text(max_size=40) | st.text("0123456789.-+:TZeE ,usmhdw", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    for parse in (parse_duration, parse_size, parse_time):
        try:
            parse(text)
        except ValueError as refusal:
            assert "\n" not in str(refusal)


def test_shown_texts_are_short_and_visible() -> None:
    assert shown("10x") == "10x"
    assert shown("a\nb") == r"'a\nb'"
    assert shown("") == "''"
    assert len(shown("x" * 1000)) == 60
