"""Times as texts: the native reader against regular expressions, on texts that are nearly times."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from oracle.spellings import MONTHS, spelled
from oracle.times import FIRST, LAST, micros
from tools.clock_twins import INSTANT, LOCAL, UNREADABLE, YEARLESS, packed
from tools.decoders import json_decoder

from streamstat.input.events import decode_bytes
from streamstat.values.columns import Need


def native(*texts: str, time_format: str = "") -> list[tuple[int, int]]:
    """Time and kind of each text."""
    lines = "".join(json.dumps({"t": text}) + "\n" for text in texts)
    events = decode_bytes(json_decoder({"t": Need.TIME}, time_format=time_format), lines.encode())
    times, kinds = events.times("t")
    return list(zip(times.tolist(), kinds.tolist(), strict=True))


def expected(text: str) -> tuple[int, int]:
    found = spelled(text)
    if found is None:
        return 0, UNREADABLE
    wall = found.wall.replace(tzinfo=UTC)
    if not found.has_year:
        return packed(wall, None) + found.rest * 4096, YEARLESS
    time = micros(wall) + found.rest - (found.offset or 0)
    if not FIRST <= time <= LAST:
        return 0, UNREADABLE
    return time, LOCAL if found.offset is None else INSTANT


CLOCKS = st.sampled_from(
    ["08:00", "08:00:01", "08:00:01.5", "23:59:60", "24:00:00", "1:00:00", "08:00:01,1234567"]
)
ZONES = st.sampled_from(
    ",,Z, Z, UTC,gmt, +0000,+00:00Z,-00:00, -0730,+02, +24:00,+00:00 UTC,+01:00Z, EST, PDT, UT, (x),"
    " +0200 (CEST), GMT(), CET,  +0000, ".split(",")
)
YEARS = st.sampled_from(["2026", "2000", "0001", "0000", "9999", "26"])
DAYS = st.sampled_from(["01", "1", " 1", "28", "29", "30", "31", "32", "00"])
NAMES = st.sampled_from([*MONTHS, *(name[:3] for name in MONTHS), "jun", "SEP", "Sept", "Ju"])
NUMBERS = st.sampled_from(["01", "02", "12", "13", "00", "6"])
WEEKDAYS = st.sampled_from(["", "", "Mon, ", "Monday, ", "mon,", "Mon,  ", "Mon ", "Mo, "])


def joined(*parts: st.SearchStrategy[str] | str) -> st.SearchStrategy[str]:
    return st.tuples(*(st.just(each) if isinstance(each, str) else each for each in parts)).map("".join)


MARKS = st.sampled_from(["-", "/"])
TEXTS = (
    joined(
        YEARS,
        MARKS,
        NUMBERS,
        MARKS,
        DAYS,
        st.sampled_from(["T", " ", "t", "", "  "]),
        CLOCKS | st.just(""),
        ZONES,
    )
    | joined(DAYS, "/", NAMES, "/", YEARS, st.sampled_from([":", " "]), CLOCKS, ZONES)
    | joined(YEARS, NUMBERS, DAYS, "T", CLOCKS.map(lambda text: text.replace(":", "")), ZONES)
    | joined(WEEKDAYS, DAYS, st.sampled_from([" ", "  "]), NAMES, " ", YEARS, " ", CLOCKS, ZONES)
    | joined(NAMES, " ", DAYS, " ", CLOCKS, ZONES)
)


@st.composite
def nearly_times(draw: st.DrawFn) -> str:
    """A spelling, or one in which a character is gone, another, or twice."""
    text = draw(TEXTS)
    if text and draw(st.integers(0, 2)) == 2:
        at = draw(st.integers(0, len(text) - 1))
        text = text[:at] + draw(st.sampled_from(["", "0", "x", " ", ":", text[at] * 2])) + text[at + 1 :]
    return text


@given(nearly_times())
@example("10 August 2026 08:00")
@example("Oct  9 22:14:15")
@example("")
def test_texts_are_read_as_they_are_spelt(text: str) -> None:
    if not text.isdigit():  # a number, which is another thing
        ((time, kind),) = native(text)
        assert (0 if kind == UNREADABLE else time, kind) == expected(text)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("10/Oct/2000:13:55:36 -0700", datetime(2000, 10, 10, 20, 55, 36)),
        ("Tue, 10 Oct 2000 13:55:36 -0700", datetime(2000, 10, 10, 20, 55, 36)),
        ("10 Oct 2000 13:55:36 PDT", datetime(2000, 10, 10, 20, 55, 36)),
        ("2000-10-10 13:55:36 UTC", datetime(2000, 10, 10, 13, 55, 36)),
        ("2000-10-10T13:55:36 GMT", datetime(2000, 10, 10, 13, 55, 36)),
        ("2000-10-10 13:55:36 +0000", datetime(2000, 10, 10, 13, 55, 36)),
        ("2000-10-10T13:55:36.25+00:00Z", datetime(2000, 10, 10, 13, 55, 36, 250_000)),
        ("20001010T135536Z", datetime(2000, 10, 10, 13, 55, 36)),
        ("20001010T135536,25+0200", datetime(2000, 10, 10, 11, 55, 36, 250_000)),
    ],
)
def test_spellings_of_instants(text: str, time: datetime) -> None:
    assert native(text) == [(micros(time.replace(tzinfo=UTC)), INSTANT)]


def test_spellings_without_a_zone() -> None:
    time = micros(datetime(2000, 10, 10, 13, 55, 36, tzinfo=UTC))
    texts = "2000/10/10 13:55:36", "10/Oct/2000:13:55:36", "20001010T135536", "10 Oct 2000 13:55:36"
    assert native(*texts) == [(time, LOCAL)] * 4


@pytest.mark.parametrize(
    ("pattern", "text", "time"),
    [
        ("%b %d %H:%M", "Oct  9 22:14", datetime(2000, 10, 9, 22, 14)),
        ("%d %b %H:%M", " 9 Oct 22:14", datetime(2000, 10, 9, 22, 14)),
        ("%b %d %H:%M", "Feb 29 22:14", datetime(2000, 2, 29, 22, 14)),
        ("%H:%M", "22:14", datetime(2000, 1, 1, 22, 14)),
    ],
)
def test_patterns_without_a_year(pattern: str, text: str, time: datetime) -> None:
    moment = time.replace(tzinfo=UTC)
    assert native(text, time_format=pattern) == [(packed(moment, None), YEARLESS)]
    with_zone = native(f"{text} -0130", time_format=f"{pattern} %z")
    assert with_zone == [(packed(moment, -90), YEARLESS)]


def test_more_seconds_than_the_calendar_has_are_no_seconds() -> None:
    """By `%s` it would be far beyond year 9999; as a number its size says that it counts milliseconds."""
    assert native("9324501103000", time_format="%s") == [(9_324_501_103_000_000, INSTANT)]
