"""Names of offsets against zones of Python: a wall-clock time and its abbreviation are the instant they came from."""

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from streamstat.common.zone_names import zone_names
from streamstat.common.zones import Zone
from streamstat.input.events import decode_bytes, decoder_of
from streamstat.input.formats.ndjson import Ndjson
from streamstat.kernels import TimeReader
from streamstat.values.columns import Need

PATTERN = "%Y-%m-%d %H:%M:%S %Z"
ZONES = [
    *("Europe/Berlin", "Europe/London", "Europe/Moscow", "America/New_York", "America/Sao_Paulo"),
    *("Asia/Kolkata", "Australia/Lord_Howe", "UTC"),
]
INSTANTS = st.datetimes(datetime(1905, 1, 1), datetime(2060, 1, 1)).map(
    lambda each: each.replace(microsecond=0)
)


@cache
def reader(zone: str) -> TimeReader:
    return TimeReader(0, [PATTERN], zone_names(Zone(zone)))


def read_back(text: str, zone: str) -> datetime | None:
    events = decode_bytes(decoder_of(Ndjson(), {"t": Need.TIME}, reader(zone)), f'{{"t":"{text}"}}'.encode())
    times, kinds = events.times("t")
    return datetime(1970, 1, 1) + timedelta(microseconds=int(times[0])) if kinds[0] == 1 else None


@pytest.mark.parametrize("zone", ZONES)
@given(INSTANTS)
@example(datetime(2026, 10, 25, 0, 30))
@example(datetime(2026, 10, 25, 1, 30))
@example(datetime(2026, 11, 1, 5, 30))
@example(datetime(2026, 11, 1, 6, 30))
@example(datetime(1970, 1, 1))
def test_a_wall_clock_time_with_its_abbreviation_is_one_instant(zone: str, instant: datetime) -> None:
    local = instant.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    day = timedelta(days=1)
    near = [(instant + step).replace(tzinfo=UTC).astimezone(ZoneInfo(zone)) for step in (-day, day)]
    meanings = {each.utcoffset() for each in (local, *near) if each.tzname() == local.tzname()}
    if len(meanings) == 1:  # an abbreviation that gets another meaning, as MSK did, is ambiguous just then
        assert read_back(local.strftime(PATTERN), zone) == instant


def test_an_abbreviation_of_no_offset_is_unreadable() -> None:
    assert read_back("2026-01-01 00:00:00 EST", "Europe/Berlin") is None
    assert read_back("2026-01-01 00:00:00 cet", "Europe/Berlin") == datetime(2025, 12, 31, 23)


def test_of_an_abbreviation_before_its_time_the_first_meaning_counts() -> None:
    assert dict(zone_names(Zone("Europe/Moscow")))["MSK"][0][1] == 3 * 3600 * 1_000_000
    assert read_back("1850-01-01 03:00:00 MSK", "Europe/Moscow") == datetime(1850, 1, 1)
