"""Plain twins of what puts clocks right: years for times without one, the offsets of devices."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HOUR = 3_600_000_000
DAY = 24 * HOUR
MISSING, INSTANT, LOCAL, UNREADABLE, YEARLESS = range(5)
FIRST, LAST = -62_135_596_800_000_000, 253_402_300_799_999_999
_LEAP = datetime(2000, 1, 1, tzinfo=UTC)


def us(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


def packed(moment: datetime, offset_minutes: int | None) -> int:
    """A moment of the year 2000 as the decoder tells a time without a year."""
    since = (moment - _LEAP) // timedelta(microseconds=1)
    return since * 4096 + (0 if offset_minutes is None else 2048 + offset_minutes)


def in_year(moment: datetime, offset_minutes: int | None, year: int) -> int | None:
    """Microseconds of this month, day and time of a year; None if it has no such day, or outside of the calendar."""
    try:
        time = us(moment.replace(year=year)) - (offset_minutes or 0) * 60_000_000
    except ValueError:
        return None
    return time if FIRST <= time <= LAST else None


def with_years(
    rows: Sequence[tuple[int, int] | tuple[datetime, int | None]], year: int, last: int | None
) -> tuple[list[tuple[int, int]], int | None]:
    """(time, kind) of each row, and the last time; a row is that already, or a moment and its zone."""
    given: list[tuple[int, int]] = []
    for first, second in rows:
        time, kind = (first, second) if isinstance(first, int) else (None, UNREADABLE)
        if isinstance(first, datetime):
            around = (
                [year] if last is None else range(max(1, _year(last) - 9), min(9999, _year(last) + 9) + 1)
            )
            times = [found for each in around if (found := in_year(first, second, each)) is not None]
            time = min(times, key=lambda each: abs(each - (last or 0)), default=None)
            kind = UNREADABLE if time is None else LOCAL if second is None else INSTANT
        assert kind is not None
        given.append((time or 0, kind))
        if kind in (INSTANT, LOCAL):
            last = time
    return given, last


def _year(time: int) -> int:
    return (EPOCH + timedelta(microseconds=time)).year


def least_offsets(rows: Sequence[tuple[int | None, int, int, bool, bool]]) -> list[int]:
    """Of each row (device, received, offset, whether both are known, whether the clock was set) its offset."""
    samples: dict[int, list[tuple[int, int]]] = {}
    found = []
    for device, received, offset, known, anew in rows:
        if device is None or not known:
            found.append(offset)
            continue
        if anew:
            samples[device] = []
        samples.setdefault(device, []).append((received, offset))
        found.append(min(o for r, o in samples[device] if received - HOUR <= r <= received))
    return found
