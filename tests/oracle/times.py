"""Durations, event times as texts or numbers, local midnights; in int microseconds since the epoch, UTC."""

import math
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from .lines import Value
from .spellings import spelled

INFINITY = math.inf
SECOND = 1_000_000
DAY = 86_400 * SECOND
UNITS = {"us": 1, "ms": 1000, "s": SECOND, "m": 60 * SECOND, "h": 3600 * SECOND, "d": DAY, "w": 7 * DAY}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_PART = re.compile(r"([0-9]+(?:\.[0-9]+)?)(us|ms|s|m|h|d|w)")
_NUMBER = re.compile(r"(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?")
_NUMBER_UNITS = {"s": Fraction(SECOND), "ms": Fraction(1000), "us": Fraction(1), "ns": Fraction(1, 1000)}


def micros(moment: datetime) -> int:
    """Microseconds since the epoch, exactly."""
    return (moment - EPOCH) // timedelta(microseconds=1)


FIRST, LAST = micros(datetime(1, 1, 1, tzinfo=UTC)), micros(datetime(9999, 12, 31, tzinfo=UTC)) + DAY - 1


def duration(text: str) -> int | float:
    """Microseconds of `1h30m` or `0.5s`; infinity for `inf`."""
    if text == "inf":
        return INFINITY
    parts = _PART.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise ValueError(f"not a duration: {text!r}")
    total = sum((Fraction(number) * UNITS[unit] for number, unit in parts), Fraction(0))
    return math.floor(total)


def civil_days(text: str) -> tuple[int, bool] | None:
    """(days, whether counted in weeks) of a size written in whole days or weeks, else None."""
    parts = _PART.findall(text)
    if "".join(n + u for n, u in parts) != text or any(u not in "dw" or "." in n for n, u in parts):
        return None
    return sum(int(n) * (7 if u == "w" else 1) for n, u in parts), all(u == "w" for _, u in parts)


def read_time(value: Value | None, unit: str, zone: str, pattern: str | None = None) -> int | None:
    """The time a JSON value tells, None where it is missing or cannot be read."""
    if value is None or value.kind not in ("number", "string"):
        return None
    time: int | None = None
    if value.kind == "string" and pattern is not None:
        time = _by_pattern(value.text, pattern, zone)
    if time is None and _NUMBER.fullmatch(value.text):
        time = number_time(value.text, unit)
    elif time is None:
        time = text_time(value.text, zone)
    return time if time is not None and FIRST <= time <= LAST else None


def number_time(text: str, unit: str) -> int | None:
    """A JSON number as a time, cut towards minus infinity at the microsecond, in exact arithmetic."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    sign, whole, fraction, exponent = match[1], match[2], match[3] or "", match[4] or "0"
    digits = (whole + fraction).lstrip("0")
    if not digits:
        return 0
    size = len(digits) - len(fraction) + int(Decimal(exponent))  # |n| < 10 ** size
    if size > 30:
        return None
    if size < -30:
        return -1 if sign else 0
    n = Fraction(Decimal(text))
    if unit == "auto":
        unit = next((u for u, limit in (("s", 11), ("ms", 14), ("us", 17)) if abs(n) < 10**limit), "ns")
    return math.floor(n * _NUMBER_UNITS[unit])


def text_time(text: str, zone: str) -> int | None:
    """A time of the form `2026-01-01T00:00:00.5+09:00` or of another; a text without zone is local time of `zone`.

    >>> text_time("1970-01-01 00:00:01,5", "UTC")
    1500000
    """
    found = spelled(text)
    if found is None or not found.has_year:
        return None
    if found.offset is None:
        return local_micros(found.wall, zone) + found.rest
    return micros(found.wall.replace(tzinfo=UTC)) - found.offset + found.rest


def _by_pattern(text: str, pattern: str, zone: str) -> int | None:
    try:
        moment = datetime.strptime(text, pattern)
    except ValueError:
        return None
    return micros(moment) if moment.tzinfo is not None else local_micros(moment, zone)


def local_micros(local: datetime, zone: str) -> int:
    """Local time to UTC: of two instants the earlier; a skipped time moves on by what was skipped."""
    offset = local.replace(tzinfo=ZoneInfo(zone)).utcoffset()
    assert offset is not None
    return micros(local.replace(tzinfo=UTC)) - offset // timedelta(microseconds=1)


def midnight(day: date, zone: str) -> int:
    """The instant a civil day starts: its midnight, or the next valid instant where that does not exist."""
    local = datetime(day.year, day.month, day.day)
    earlier, later = (
        micros(local.replace(tzinfo=UTC)) - _shift(local.replace(tzinfo=ZoneInfo(zone), fold=fold))
        for fold in (0, 1)
    )
    if earlier <= later:  # the usual day, or a midnight that comes twice
        return earlier
    lo, hi = later, earlier  # skipped: the clock changes in [later, earlier]
    while hi - lo > 1:
        middle = (lo + hi) // 2
        lo, hi = (lo, middle) if local_date_time(middle, zone) >= local else (middle, hi)
    return hi


def _shift(moment: datetime) -> int:
    offset = moment.utcoffset()
    assert offset is not None
    return offset // timedelta(microseconds=1)


def local_date_time(time: int, zone: str) -> datetime:
    """The wall clock of a zone at an instant."""
    return (EPOCH + timedelta(microseconds=time)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
