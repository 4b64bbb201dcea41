"""How texts spell times, as regular expressions: the parts of a time, of which the year may be missing."""

import re
from dataclasses import dataclass
from datetime import datetime

SECOND = 1_000_000
MONTHS = [
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
]
_DAYS = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split()
_HOURS_WEST = {"EST": 5, "EDT": 4, "CST": 6, "CDT": 5, "MST": 7, "MDT": 6, "PST": 8, "PDT": 7}

_MONTH = "(?P<month>" + "|".join([*MONTHS, *(name[:3] for name in MONTHS)]) + ")"
_DAY_NAME = "(?:" + "|".join([*_DAYS, *(name[:3] for name in _DAYS)]) + ")"
_CLOCK = r"(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d+))?)?"
_ZONE = r"(?P<zone>z| ?(?:z|utc|gmt)| ?[+-]\d\d(?::?\d\d)?(?: ?(?:z|utc|gmt))?)?"
_SPELLINGS = [
    rf"(?P<year>\d{{4}})(?P<mark>[-/])(?P<month>\d\d)(?P=mark)(?P<day>\d\d)(?:[t ]{_CLOCK}|(?! )){_ZONE}",
    rf"(?P<day>\d\d)/{_MONTH}/(?P<year>\d{{4}}):{_CLOCK}{_ZONE}",
    r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)t(?P<hour>\d\d)(?P<minute>\d\d)"
    rf"(?:(?P<second>\d\d)(?:[.,](?P<fraction>\d+))?)?{_ZONE}",
    rf"(?:{_DAY_NAME}, *)?(?P<day>\d\d?) +{_MONTH} (?P<year>\d{{4}}) +{_CLOCK}"
    rf" *(?:{_ZONE}|(?P<named>ut|[ecmp][sd]t))(?: *\(.*\))?",
    rf"{_MONTH} +(?P<day>\d\d?) {_CLOCK}",
]
_COMPILED = [re.compile(each, re.IGNORECASE | re.ASCII | re.DOTALL) for each in _SPELLINGS]


@dataclass(frozen=True)
class Spelled:
    """Wall-clock time of a text, in the year 2000 if it names none, and microseconds east of UTC, None: no zone."""

    wall: datetime  # to the minute
    rest: int  # microseconds
    offset: int | None
    has_year: bool


def spelled(text: str) -> Spelled | None:
    """What a text spells; None if it is no time.

    >>> spelled("10/Oct/2000:13:55:36 -0700").offset
    -25200000000
    >>> spelled("29/Feb/2001:00:00:00")
    """
    for pattern in _COMPILED:
        if match := pattern.fullmatch(text):
            return _parts(match.groupdict())
    return None


def _parts(found: dict[str, str | None]) -> Spelled | None:
    month = found["month"] or ""
    number = (
        int(month) if month.isdigit() else [name[:3].lower() for name in MONTHS].index(month[:3].lower()) + 1
    )
    day, hour, minute, second = (int(found[name] or 0) for name in ("day", "hour", "minute", "second"))
    year = found.get("year")
    offset = _offset(found.get("zone"), found.get("named"))
    if hour > 23 or minute > 59 or second > 60 or offset == "bad":
        return None
    try:
        wall = datetime(int(year or 2000), number, day, hour, minute)
    except ValueError:
        return None
    rest = second * SECOND + int(((found["fraction"] or "") + "000000")[:6])
    return Spelled(wall, rest, offset if isinstance(offset, int) else None, year is not None)


def _offset(zone: str | None, named: str | None) -> int | str | None:
    if named:
        return -_HOURS_WEST.get(named.upper(), 0) * 3600 * SECOND
    if not zone:
        return None
    text = zone.strip().upper()
    if text[0] not in "+-":
        return 0
    match = re.fullmatch(r"[+-](\d\d):?(\d\d)?( ?[A-Z]+)?", text)
    assert match is not None
    hours, minutes = int(match[1]), int(match[2] or 0)
    if hours > 23 or minutes > 59 or (match[3] and (hours or minutes)):
        return "bad"
    return (-1 if text[0] == "-" else 1) * (hours * 60 + minutes) * 60 * SECOND
