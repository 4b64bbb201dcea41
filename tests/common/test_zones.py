"""Zones against `datetime` and `zoneinfo`, one time at a time."""

import zoneinfo
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streamstat.common.units import format_time, parse_time
from streamstat.common.zones import Zone

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY = 86_400_000_000
NAMES = [
    "Europe/Berlin",
    "America/New_York",
    "America/Santiago",
    "America/St_Johns",
    "America/Havana",
    "America/Sao_Paulo",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Africa/Freetown",
    "America/Toronto",
    "Asia/Kolkata",
    "Asia/Gaza",
    "Asia/Manila",
    "Asia/Seoul",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Kwajalein",
    "America/Juneau",
    "Europe/Dublin",
    "Etc/GMT+12",
]


def array(*values: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(values, np.int64)


def day_of(text: str) -> int:
    return parse_time(text) // DAY


def midnight(zone: str, day: str) -> str:
    return format_time(int(Zone(zone).midnights(array(day_of(day)))[0]))


def hours(zone: str, day: str) -> float:
    start, end = Zone(zone).midnights(array(day_of(day), day_of(day) + 1)).tolist()
    return float(end - start) / 3_600_000_000


@pytest.mark.parametrize(
    ("zone", "day", "start", "length"),
    [
        ("Europe/Berlin", "2025-03-30", "2025-03-29T23:00:00Z", 23),
        ("Europe/Berlin", "2025-10-26", "2025-10-25T22:00:00Z", 25),
        ("America/New_York", "2026-03-08", "2026-03-08T05:00:00Z", 23),
        ("America/New_York", "2026-11-01", "2026-11-01T04:00:00Z", 25),
        ("Australia/Lord_Howe", "2025-10-05", "2025-10-04T13:30:00Z", 23.5),
        ("America/Santiago", "2025-09-07", "2025-09-07T04:00:00Z", 23),
        ("Africa/Cairo", "2025-04-25", "2025-04-24T22:00:00Z", 23),
        ("America/Havana", "2025-11-02", "2025-11-02T04:00:00Z", 25),
        ("America/Sao_Paulo", "2018-02-17", "2018-02-17T02:00:00Z", 25),
        ("America/St_Johns", "2006-10-28", "2006-10-28T02:30:00Z", 24),
        ("America/St_Johns", "2006-10-29", "2006-10-29T02:30:00Z", 25),
        ("Pacific/Apia", "2011-12-29", "2011-12-29T10:00:00Z", 24),
        ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z", 0),
        ("Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z", 24),
        ("America/Toronto", "1919-03-31", "1919-03-31T04:30:00Z", 23.5),
        ("Asia/Kolkata", "2026-01-01", "2025-12-31T18:30:00Z", 24),
        ("UTC", "2026-01-01", "2026-01-01T00:00:00Z", 24),
        ("Europe/Berlin", "2600-07-01", "2600-06-30T22:00:00Z", 24),
    ],
)
def test_civil_days_run_from_midnight_to_midnight(zone: str, day: str, start: str, length: float) -> None:
    assert (midnight(zone, day), hours(zone, day)) == (start, length)


def test_a_day_of_25_hours_has_nine_thousand_events_at_a_tenth_a_second() -> None:
    assert 9000 / (hours("Europe/Berlin", "2025-10-26") * 3600) == 0.1


def test_the_epoch_is_a_thursday_and_weeks_counted_from_monday_are_iso_weeks() -> None:
    day, monday = day_of("2025-01-01"), day_of("1970-01-05")
    assert format_time((day - day % 7) * DAY)[:10] == "2024-12-26"
    assert format_time((day - (day - monday) % 7) * DAY)[:10] == "2024-12-30"


def test_local_hours_of_a_half_hour_zone_start_at_half_past() -> None:
    local_hour = array(parse_time("2026-01-01T10:00"))
    assert format_time(int(Zone("Asia/Kolkata").from_local(local_hour)[0])) == "2026-01-01T04:30:00Z"


def test_skipped_wall_times_count_on_and_doubled_ones_are_the_earlier() -> None:
    berlin = Zone("Europe/Berlin")
    skipped, doubled = parse_time("2025-03-30T02:30"), parse_time("2025-10-26T02:30")
    found = [format_time(time) for time in berlin.from_local(array(skipped, doubled)).tolist()]
    assert found == ["2025-03-30T01:30:00Z", "2025-10-26T00:30:00Z"]


def test_instants_after_clocks_went_back_over_midnight_stay_in_the_day_begun() -> None:
    zone = Zone("America/St_Johns")  # on 2006-10-29 at 00:01 the clocks went back to 23:01
    before, after = parse_time("2006-10-29T02:30:59Z"), parse_time("2006-10-29T02:31:00Z")
    day = day_of("2006-10-29")
    assert zone.day_numbers(array(before - 60_000_000, before, after, after + 3_600_000_000)).tolist() == [
        day - 1,
        day,
        day,
        day,
    ]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Europe/Berlim", "did you mean Europe/Berlin?"),
        ("europe/berlin", "did you mean Europe/Berlin?"),
        ("Seoul", "did you mean Asia/Seoul?"),
        ("", "for example Europe/Berlin"),
        ("../../etc/passwd", "for example"),
        ("/etc/passwd", "for example"),
        ("Europe", "did you mean"),
        ("a\nb\0c", "for example"),
        ("x" * 10_000, "for example"),
    ],
)
def test_an_unknown_zone_is_refused_in_one_line(name: str, hint: str) -> None:
    with pytest.raises(ValueError) as refusal:
        Zone(name)
    message = str(refusal.value)
    assert message.startswith("unknown time zone") and "\n" not in message and len(message) < 250
    assert hint in message or "did you mean" in message


def test_nothing_in_gives_nothing_out() -> None:
    for zone in (Zone(), Zone("Asia/Seoul")):
        for function in (zone.offsets, zone.from_local, zone.midnights, zone.day_numbers):
            found = function(array())
            assert found.dtype == np.int64 and found.tolist() == []


def test_the_farthest_times_saturate() -> None:
    extremes = array(-(2**63), -(2**63) + 1, 0, 2**63 - 2, 2**63 - 1)
    for name in ("UTC", "Europe/Berlin", "America/New_York"):
        zone = Zone(name)
        assert zone.offsets(extremes)[2] == zone.offsets(array(0))[0]
        for function in (zone.from_local, zone.midnights, zone.day_numbers):
            found = function(extremes)
            assert (np.diff(found) >= 0).all(), (name, function)


def offset_twin(zone: zoneinfo.ZoneInfo, time: int) -> int:
    offset = (EPOCH + timedelta(microseconds=time)).astimezone(zone).utcoffset()
    assert offset is not None
    return round(offset.total_seconds())


def local_twin(zone: zoneinfo.ZoneInfo, local: int) -> int:
    wall = (EPOCH + timedelta(microseconds=local)).replace(tzinfo=zone)
    return (wall.astimezone(UTC) - EPOCH) // timedelta(microseconds=1)


lowest, highest = parse_time("0002-01-01"), parse_time("9998-12-31")
lately_lowest, lately_highest = parse_time("1840-01-01"), parse_time("2100-01-01")
instants = st.integers(lowest, highest) | st.integers(lately_lowest, lately_highest)


@settings(deadline=None)
@given(st.sampled_from(NAMES), st.lists(instants, min_size=1, max_size=20))
def test_offsets_and_wall_times_are_those_of_zoneinfo(name: str, times: list[int]) -> None:
    zone, twin = Zone(name), zoneinfo.ZoneInfo(name)
    assert zone.offsets(array(*times)).tolist() == [offset_twin(twin, time) for time in times]
    assert zone.from_local(array(*times)).tolist() == [local_twin(twin, time) for time in times]


@pytest.mark.parametrize("name", NAMES)
def test_around_every_change_zones_agree_with_zoneinfo(name: str) -> None:
    zone, twin = Zone(name), zoneinfo.ZoneInfo(name)
    days = np.arange(lately_lowest, lately_highest, DAY)
    offsets = zone.offsets(days)
    (changed,) = np.nonzero(np.diff(offsets))
    steps = array(*range(-2 * DAY, 3 * DAY, 3_600_000_000 // 2))
    near = np.unique((days[changed][-60:, None] + steps).ravel())
    if len(near):
        assert zone.offsets(near).tolist() == [offset_twin(twin, time) for time in near.tolist()]
        assert zone.from_local(near).tolist() == [local_twin(twin, time) for time in near.tolist()]


@pytest.mark.parametrize("name", ["UTC", *NAMES])
def test_every_instant_is_in_the_day_its_number_says(name: str) -> None:
    zone = Zone(name)
    random = np.random.default_rng(7)
    times = np.sort(random.integers(lately_lowest, lately_highest, 200_000))
    changes = np.nonzero(np.diff(zone.offsets(times)))[0]
    near = (times[changes, None] + random.integers(-3 * DAY, 3 * DAY, (len(changes), 200))).ravel()
    times = np.concatenate([times, near])
    days = zone.day_numbers(times)
    assert (zone.midnights(days) <= times).all()
    assert (times < zone.midnights(days + 1)).all()
    assert (zone.day_numbers(zone.midnights(days)) == days).all()
    assert (np.abs(days - (times + zone.offsets(times) * 1_000_000) // DAY) <= 1).all()


def test_tables_grown_in_steps_equal_one_made_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    times = [parse_time(f"{year}-07-01") for year in (2026, 1990, 2040, 1890, 2300, 2025, 9000)]
    monkeypatch.setattr("streamstat.common.zones._tables", {})
    stepwise = [int(Zone("Europe/Berlin").offsets(array(time))[0]) for time in times]
    monkeypatch.setattr("streamstat.common.zones._tables", {})
    assert stepwise == Zone("Europe/Berlin").offsets(array(*times)).tolist()
    assert stepwise == [7200, 7200, 7200, 3208, 7200, 7200, 7200]
