"""Durations and times as users write them, to int64 microseconds and back; exact, never through a double.

Failures are ValueErrors of one line that end in something that works; who called knows the place to name.
"""

import re
from datetime import date, timedelta

import numpy as np

from streamstat.common.record import record
from streamstat.common.zones import Zone

_SECOND_US = 1_000_000
_DAY_US = 86_400 * _SECOND_US
_MAX_US = 2**63 - 1
_LONGEST_TEXT = 200  # keeps exact arithmetic on hostile texts small

_UNITS_US = {
    "us": 1,
    "ms": 1_000,
    "s": _SECOND_US,
    "m": 60 * _SECOND_US,
    "h": 3_600 * _SECOND_US,
    "d": _DAY_US,
    "w": 7 * _DAY_US,
}
_PIECE = re.compile(r"([0-9]+)(?:\.([0-9]+))?(us|ms|s|m|h|d|w)")
_CIVIL = re.compile(r"(?:[0-9]+[dw])+")
_NUMBER = re.compile(r"(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?")
_TIME = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"(?:[Tt ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]+))?)?)?"
    r"(?:([Zz])|([+-])([0-9]{2})(?::?([0-9]{2}))?)?"
)
_CYCLE_DAYS = 146_097  # 400 years
_EPOCH_DAYS = date(1970, 1, 1).toordinal()


@record
class Size:
    """How long a window is, and whether it is so many civil days rather than so many seconds.

    civil_days: 0 where not written in whole days or weeks only. weeks: written in weeks only.
    """

    microseconds: int
    civil_days: int = 0
    weeks: bool = False


def parse_duration(text: str) -> int:
    """Microseconds of `1h30m`, `0.5s`, `2w`; a lone 0 needs no unit.

    >>> parse_duration("1h30m"), parse_duration("1.5ms")
    (5400000000, 1500)
    """
    if text == "0":
        return 0
    if text.startswith("-"):
        raise ValueError(f"{shown(text)} is negative; for example {shown(text[1:] or '10s')}")
    pieces = list(_PIECE.finditer(text)) if len(text) <= _LONGEST_TEXT else []
    if not pieces or sum(len(piece[0]) for piece in pieces) != len(text):
        calendar = re.fullmatch(r"[0-9.]+ ?(mo|months?|y|years?)", text)
        reason = "has no fixed length" if calendar else "is not a duration"
        raise ValueError(f"{shown(text)} {reason}; for example 10s, 1h30m, 500ms or 30d")
    total = sum(_piece_us(piece, text) for piece in pieces)
    if total > _MAX_US:
        raise ValueError(f"{shown(text)} is too long; the longest is 106751991d")
    return total


def parse_size(text: str) -> Size:
    """A window size: a duration above zero that knows whether it was written in whole days or weeks.

    >>> parse_size("2w")
    Size(microseconds=1209600000000, civil_days=14, weeks=True)
    >>> parse_size("24h")
    Size(microseconds=86400000000, civil_days=0, weeks=False)
    """
    length_us = parse_duration(text)
    if length_us == 0:
        raise ValueError(f"{shown(text)} is no length; for example 1m")
    if not is_civil(text):
        return Size(length_us)
    return Size(length_us, length_us // _DAY_US, "d" not in text)


def is_civil(text: str) -> bool:
    """Whether a duration is written in whole `d` or `w` only: `1d`, `2w`, not `24h` or `1.5d`."""
    return _CIVIL.fullmatch(text) is not None


def parse_time(text: str, zone: Zone | None = None) -> int:
    """Microseconds since the epoch of an ISO time, or of a number whose size tells its unit.

    A time that names no zone is of `zone`, else UTC. Digits beyond the microsecond are cut downwards.

    >>> parse_time("2026-01-01 09:00+09:00") == parse_time("2026-01-01") == parse_time("1767225600")
    True
    """
    if len(text) <= _LONGEST_TEXT:
        if found := _NUMBER.fullmatch(text):
            return _number_us(found, text)
        if (found := _TIME.fullmatch(text)) and (time := _time_us(found, zone)) is not None:
            return time
    raise ValueError(f"{shown(text)} is not a time; for example 2026-01-31T09:30:00Z or 1767225600")


def format_time(time_us: int, offset_seconds: int = 0) -> str:
    """ISO 8601 text of an instant, shown at an offset east of UTC; the fraction only where not zero.

    >>> format_time(1_767_225_600_000_000), format_time(1_767_225_600_500_000, 9 * 3600)
    ('2026-01-01T00:00:00Z', '2026-01-01T09:00:00.5+09:00')
    """
    days, in_day = divmod(time_us + offset_seconds * _SECOND_US, _DAY_US)
    cycles, day = divmod(days + _EPOCH_DAYS - 1, _CYCLE_DAYS)
    shown = date.fromordinal(day + 1)
    year = shown.year + 400 * cycles
    sign = "-" if year < 0 else "+" if year > 9999 else ""
    seconds, fraction = divmod(in_day, _SECOND_US)
    clock = f"{_clock(seconds)}:{seconds % 60:02}" + (f".{fraction:06}".rstrip("0") if fraction else "")
    return f"{sign}{abs(year):04}-{shown:%m-%d}T{clock}{_offset_text(offset_seconds)}"


def counted(n: int, noun: str) -> str:
    """A number of things.

    >>> counted(1, "row"), counted(1200, "row")
    ('1 row', '1,200 rows')
    """
    return f"{n:,} {noun}" + ("s" if n != 1 else "")


def shown(text: str) -> str:
    """A user's text as a message shows it: cut to 60 characters, always one line, never invisible.

    >>> shown("a\\nb"), shown("")
    ("'a\\\\nb'", "''")
    """
    text = text if len(text) <= 60 else text[:57] + "..."
    return text if text.isprintable() and text else ascii(text)


def _piece_us(piece: re.Match[str], text: str) -> int:
    fraction = piece[2] or ""
    scaled = int(piece[1] + fraction) * _UNITS_US[piece[3]]
    whole, rest = divmod(scaled, 10 ** len(fraction))
    if rest:
        raise ValueError(f"{shown(text)} is not a whole number of microseconds; for example 1us")
    return int(whole)


def _number_us(found: re.Match[str], text: str) -> int:
    sign, whole, fraction, exponent = found.groups(default="")
    digits = int(whole + fraction)
    if not digits:
        return 0
    scale = min(max(int(exponent or 0), -10_000), 10_000) - len(fraction)
    # |n| < 10^p, from the digits alone, so that 1e999999 is never multiplied out
    size = len(str(digits)) + scale
    unit = 6 if size <= 11 else 3 if size <= 14 else 0 if size <= 17 else -3
    power = scale + unit
    if size > 22:
        raise ValueError(f"{shown(text)} is beyond any time; for example 1767225600")
    digits = -digits if sign else digits
    time: int = digits * 10**power if power >= 0 else digits // 10**-power
    if abs(time) > _MAX_US:
        raise ValueError(f"{shown(text)} is beyond any time; for example 1767225600")
    return time


def _time_us(found: re.Match[str], zone: Zone | None) -> int | None:
    """None where a field is out of its range; a second of 60 is the next minute's first."""
    year, month, day, hour, minute, second = (int(group or 0) for group in found.groups()[:6])
    offset_hours, offset_minutes = int(found[10] or 0), int(found[11] or 0)
    if hour > 23 or minute > 59 or second > 60 or offset_hours > 23 or offset_minutes > 59:
        return None
    try:  # 400 years up and down again, for the year 0000
        days = date(year % 400 + 400, month, day).toordinal() + (year // 400 - 1) * _CYCLE_DAYS
    except ValueError:
        return None
    seconds = (days - _EPOCH_DAYS) * 86_400 + hour * 3_600 + minute * 60 + second
    time = seconds * _SECOND_US + int((found[7] or "0")[:6].ljust(6, "0"))
    if found[8] or found[9]:
        offset = timedelta(hours=offset_hours, minutes=offset_minutes) // timedelta(microseconds=1)
        return time + offset if found[9] == "-" else time - offset
    return int((zone or Zone()).from_local(np.array([time]))[0])


def _offset_text(offset_seconds: int) -> str:
    if not offset_seconds:
        return "Z"
    size = abs(offset_seconds)
    seconds = f":{size % 60:02}" if size % 60 else ""
    return ("-" if offset_seconds < 0 else "+") + _clock(size) + seconds


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}"
