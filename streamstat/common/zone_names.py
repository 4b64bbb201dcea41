"""What the offsets of a time zone are called, such as CET and CEST."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from streamstat.common.zones import Zone

if TYPE_CHECKING:
    import zoneinfo

_FIRST_DAY, _LAST_DAY = -25_567, 24_837  # 1900 to 2038: no later rule brings a new name
_STEP_DAYS = 3  # the closest two changes of any zone are four days apart
_DAY_S = 86_400
_SECOND_US = 1_000_000


def zone_names(zone: Zone) -> list[tuple[str, list[tuple[int, int]]]]:
    """Each abbreviation, with the instants since which it stood for an offset, and that one, in microseconds.

    >>> [offset // 3_600_000_000 for _, offset in dict(zone_names(Zone("Europe/Moscow")))["MSK"]]
    [3, 4, 3]
    """
    if zone.name == "UTC":
        return []
    import zoneinfo

    rules = zoneinfo.ZoneInfo(zone.name)
    found: dict[str, list[tuple[int, int]]] = {}
    for day in range(_FIRST_DAY, _LAST_DAY, _STEP_DAYS):
        second = day * _DAY_S
        name, offset = _named(rules, second)
        offsets = found.setdefault(name, [])
        if not offsets or offsets[-1][1] != offset:
            lo = second - _STEP_DAYS * _DAY_S
            offsets.append((_first_with(rules, lo, second, (name, offset)) * _SECOND_US, offset))
    return list(found.items())


def _named(rules: "zoneinfo.ZoneInfo", second: int) -> tuple[str, int]:
    moment = datetime.fromtimestamp(second, rules)
    return moment.tzname() or "", (moment.utcoffset() or timedelta()) // timedelta(microseconds=1)


def _first_with(rules: "zoneinfo.ZoneInfo", lo: int, hi: int, named: tuple[str, int]) -> int:
    """The first second of (lo, hi] at which this holds; it holds at hi."""
    while hi - lo > 1:
        middle = (lo + hi) // 2
        lo, hi = (lo, middle) if _named(rules, middle) == named else (middle, hi)
    return hi
