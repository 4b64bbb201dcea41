"""The words of `--since` and `--until`, worked out by hand; clocks change in Berlin at 2026-03-29 and 2026-10-25."""

import pytest
from oracle import Options, run
from oracle.bounds import moment, parse_bounds
from oracle.times import text_time

NIGHT = (
    "2026-03-29T22:30:00Z"  # in Berlin half past midnight of the 30th, in New York early evening of the 29th
)
BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"


@pytest.mark.parametrize(
    ("text", "zone", "now", "expected"),
    [
        ("2026-03-30", "UTC", None, "2026-03-30T00:00:00Z"),
        ("2026-03-30", BERLIN, None, "2026-03-29T22:00:00Z"),
        ("2026-03-30T12:00", NEW_YORK, None, "2026-03-30T16:00:00Z"),
        ("2026-03-30T12:00+09:00", NEW_YORK, None, "2026-03-30T03:00:00Z"),
        ("1774821600", BERLIN, None, "2026-03-29T22:00:00Z"),
        ("now", BERLIN, NIGHT, NIGHT),
        ("now-2h", BERLIN, NIGHT, "2026-03-29T20:30:00Z"),
        ("now+1h30m", BERLIN, NIGHT, "2026-03-30T00:00:00Z"),
        ("today", "UTC", NIGHT, "2026-03-29T00:00:00Z"),
        ("today", BERLIN, NIGHT, "2026-03-29T22:00:00Z"),
        ("today", NEW_YORK, NIGHT, "2026-03-29T04:00:00Z"),
        ("yesterday", BERLIN, NIGHT, "2026-03-28T23:00:00Z"),
        ("today-1d", BERLIN, NIGHT, "2026-03-28T23:00:00Z"),
        ("today-24h", BERLIN, NIGHT, "2026-03-28T22:00:00Z"),
        ("today+1d", BERLIN, NIGHT, "2026-03-30T22:00:00Z"),
        ("today-1w", BERLIN, NIGHT, "2026-03-22T23:00:00Z"),
        ("yesterday-1w1d", BERLIN, NIGHT, "2026-03-20T23:00:00Z"),
        ("yesterday+12h", BERLIN, NIGHT, "2026-03-29T11:00:00Z"),
        ("now-1d", BERLIN, "2026-03-29T10:00:00Z", "2026-03-28T11:00:00Z"),
        ("now-24h", BERLIN, "2026-03-29T10:00:00Z", "2026-03-28T10:00:00Z"),
        ("now-1d", BERLIN, "2026-10-25T11:00:00Z", "2026-10-24T10:00:00Z"),
        ("now", BERLIN, "2026-03-29T22:30:00", "2026-03-29T20:30:00Z"),
        ("today", "America/Santiago", "2026-09-06T12:00:00Z", "2026-09-06T04:00:00Z"),  # there is no midnight
        ("today-1d", "America/Santiago", "2026-09-06T12:00:00Z", "2026-09-05T04:00:00Z"),
    ],
)
def test_moment(text: str, zone: str, now: str | None, expected: str) -> None:
    assert text_time(expected, "UTC") == moment(text, zone, now)


@pytest.mark.parametrize("text", ["now", "tomorrow", "now-", "now 2h", "today*2", "x"])
def test_moment_that_nobody_can_tell(text: str) -> None:
    with pytest.raises(ValueError):
        moment(text, "UTC", None)


def test_bounds_that_are_not_given_hold_all_times() -> None:
    bounds = parse_bounds(None, None, "UTC", None)
    assert bounds.hold(-(2**62)) and bounds.hold(2**62)


def test_since_counts_from_the_clock_of_the_run() -> None:
    lines = [f'{{"ts":"2026-03-29T{hour:02}:00:00Z"}}'.encode() for hour in range(24)]
    options = Options(time="ts", window="all", since="now-2h", until="now", now="2026-03-29T12:00:00Z")
    result = run(lines, options)
    assert [row["count"] for row in result.report] == [2]
    assert result.ledger["filtered"] == 22
