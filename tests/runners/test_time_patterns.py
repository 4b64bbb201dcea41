"""A pattern that is proposed for a time reads that time, and as its writer meant it."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamstat.event_time.fields import UNREADABLE
from streamstat.event_time.patterns import likely_patterns
from streamstat.input.events import decode_bytes, decoder_of
from streamstat.input.formats.ndjson import Ndjson
from streamstat.kernels import TimeReader
from streamstat.values.columns import Need

SHAPES = {
    "25.06.2026 10:00": "%d.%m.%Y %H:%M",
    "25.06.2026, 10:00:05": "%d.%m.%Y, %H:%M:%S",
    "25.06.26 10:00": "%d.%m.%y %H:%M",
    "6/25/2026 1:00:05 PM": "%m/%d/%Y %I:%M:%S %p",
    "25/06/2026 10:00": "%d/%m/%Y %H:%M",
    "06/05/2026 10:00": "%m/%d/%Y %H:%M",
    "05-06-2026 10:00": "%d-%m-%Y %H:%M",
    "2026.06.25 10:00:00": "%Y.%m.%d %H:%M:%S",
    "2026-06-25_10:00:00": "%Y-%m-%d_%H:%M:%S",
    "2026-06-25 10:00:00:123": "%Y-%m-%d %H:%M:%S:%f",
    "25 Jun 2026 10:00:05,250": "%d %b %Y %H:%M:%S,%f",
    "25-Jun-2026 10:00:05.250": "%d-%b-%Y %H:%M:%S.%f",
    "Jun 25, 2026 10:00:05 AM": "%b %d, %Y %I:%M:%S %p",
    "June 25, 2026": "%b %d, %Y",
    "Thursday, 25 June 2026 10:00": "%a, %d %b %Y %H:%M",
    "Thu Jun 25 10:00:05 2026": "%a %b %d %H:%M:%S %Y",
    "Thu Jun 25 10:00:05 +0200 2026": "%a %b %d %H:%M:%S %z %Y",
    "[25/Jun/2026:10:00:05 +0200]": "[%d/%b/%Y:%H:%M:%S %z]",
    "25.06.2026 10:00 Uhr": "%d.%m.%Y %H:%M Uhr",
    "25.06.2026 %": "%d.%m.%Y %%",
    "20260625 100005": "%Y%m%d %H%M%S",
    "20260625-10:00:05": "%Y%m%d-%H:%M:%S",
    "25.06.2026": "%d.%m.%Y",
    "Thu Jun  5 10:00:05 2026": "%a %b %d %H:%M:%S %Y",
    "Feb 29 10:00:00": "%b %d %H:%M:%S",
    "Mar  1 10:00:00": "%b %d %H:%M:%S",
    "25.06.2026 10:00 UTC": "%d.%m.%Y %H:%M %Z",
}
NO_TIMES = ["", "n/a", "-", "10", "1.2.3.4", "yesterday", "99:99", "1 Uhr 10:00", "x" * 65]


def read(text: str, pattern: str) -> int | None:
    """The microseconds that the decoder reads, None for none."""
    try:
        decoder = decoder_of(Ndjson(), {"t": Need.TIME}, TimeReader(0, [pattern]))
    except ValueError:
        return None
    times, kinds = decode_bytes(decoder, json.dumps({"t": text}).encode()).times("t")
    return int(times[0]) if kinds[0] not in (0, UNREADABLE) else None


def proposed(text: str) -> str | None:
    """The first pattern that reads it."""
    return next((each for each in likely_patterns(text) if read(text, each) is not None), None)


@pytest.mark.parametrize(("text", "pattern"), SHAPES.items())
def test_shape(text: str, pattern: str) -> None:
    assert proposed(text) == pattern


@pytest.mark.parametrize("text", NO_TIMES)
def test_no_pattern_for_what_is_no_time(text: str) -> None:
    assert proposed(text) is None


DATES = [
    "%d.%m.%Y",
    "%Y/%m/%d",
    "%Y_%m_%d",
    "%d %b %Y",
    "%B %d, %Y",
    "%a, %d %b %Y",
    "%d-%b-%y",
    "%Y%m%d",
]
CLOCKS = ["%H:%M", "%H:%M:%S", "%I:%M:%S %p", "%H:%M:%S.%f", "%H:%M:%S,%f"]


@given(
    st.datetimes(datetime(1970, 1, 1), datetime(2037, 12, 31)),
    st.sampled_from(DATES),
    st.sampled_from([" ", "T", ", ", " - "]),
    st.sampled_from(CLOCKS),
    st.sampled_from(["", "Z", " +0000", "+00:00"]),
)
def test_any_time_whose_order_is_clear_is_read_as_it_was_meant(
    time: datetime, date: str, between: str, clock: str, zone: str
) -> None:
    if "%M:%S" not in clock:
        time = time.replace(second=0)
    if "%f" not in clock:
        time = time.replace(microsecond=0)
    text = time.strftime(date + between + clock) + zone
    pattern = proposed(text)
    assert pattern is not None, text
    meant = time.replace(tzinfo=UTC)
    assert read(text, pattern) == round(meant.timestamp() * 1_000_000) or time.day <= 12, (text, pattern)


@given(st.text(max_size=70))
def test_any_text_has_a_bounded_number_of_patterns(text: str) -> None:
    assert len(list(likely_patterns(text))) <= 12
