"""Time zones over whole arrays of times: offsets, wall-clock times, civil days; knows no other part.

Rules come from `zoneinfo`, one instant at a time; here they become a sorted table of offset changes for
`searchsorted`. All times are int64 microseconds since the epoch, and far ones saturate instead of failing.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from streamstat.common.record import record

if TYPE_CHECKING:
    import zoneinfo

_I64 = npt.NDArray[np.int64]

_SECOND_US = 1_000_000
_DAY_US = 86_400 * _SECOND_US
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# No zone changes before 1844; the last change that follows no yearly rule is in 2087. So the table is
# constant before 1800, and from 2100 on it repeats with the Gregorian calendar, every 400 years.
_FIRST_US = -62_091 * _DAY_US  # 1800-01-01
_LAST_US = 193_579 * _DAY_US  # 2500-01-01
_CYCLE_US = 146_097 * _DAY_US  # 400 years

_STEP_S = 86_400  # the closest two changes of any zone are four days apart
_MARGIN_US = 400 * _DAY_US  # extend the table by a year at a time
_FARTHEST_US = 2**63 - 1 - 3 * _DAY_US


@dataclass(frozen=True, slots=True)
class Zone:
    """A time zone by its IANA name; an unknown name raises ValueError with the nearest one.

    >>> Zone("Europe/Berlin").offsets(np.array([0, 1_751_328_000_000_000])).tolist()
    [3600, 7200]
    """

    name: str = "UTC"

    def __post_init__(self) -> None:
        if self.name != "UTC":
            _load(self.name)

    def offsets(self, times: _I64) -> _I64:
        """Seconds east of UTC at each instant, int64[n]; old local mean times have odd seconds."""
        if self.name == "UTC" or not len(times):
            return np.zeros(len(times), np.int64)
        folded, _ = _fold(times)
        table = _covering(self.name, folded)
        return table.offsets[_segments(table.instants, folded)]

    def from_local(self, local: _I64) -> _I64:
        """The instant of each wall-clock time, int64[n], as Python's fold=0 has it.

        The earlier of two; a time skipped by the clocks counts on with the offset before the change.
        """
        if self.name == "UTC" or not len(local):
            return np.array(local, np.int64)
        folded, shift = _fold(local)
        table = _covering(self.name, folded)
        return folded - table.offsets[_segments(table.walls, folded)] * _SECOND_US + shift

    def midnights(self, days: _I64) -> _I64:
        """The instant at which each civil day (days since 1970-01-01) begins, int64[n].

        A midnight that does not exist is the next valid instant, of two the earlier. A day a zone skipped
        (Samoa, 2011-12-30) begins where the next one does.

        >>> Zone("Europe/Berlin").midnights(np.array([20_387])).tolist()  # 2025-10-26, a day of 25 hours
        [1761429600000000]
        """
        farthest = _FARTHEST_US // _DAY_US
        local: _I64 = np.clip(days, -farthest, farthest) * _DAY_US
        if self.name == "UTC" or not len(days):
            return local
        folded, shift = _fold(local)
        table = _covering(self.name, folded)
        segments = _segments(table.walls, folded)
        instants = folded - table.offsets[segments] * _SECOND_US
        following = np.append(table.instants, _FARTHEST_US)[segments]
        return np.asarray(np.minimum(instants, following) + shift)

    def day_numbers(self, times: _I64) -> _I64:
        """The civil day of each instant, int64[n]: the d with midnights(d) <= t < midnights(d + 1)."""
        if self.name == "UTC" or not len(times):
            return np.floor_divide(times, np.int64(_DAY_US))
        folded, shift = _fold(times)
        table = _covering(self.name, folded)
        local = folded + table.offsets[_segments(table.instants, folded)] * _SECOND_US
        days: _I64 = np.floor_divide(local, _DAY_US)
        for lo, hi, day in table.repeats:
            days[(folded >= lo) & (folded < hi)] = day
        return days + shift // _DAY_US


@record
class _Table:
    """Offset changes in [lo, hi): offsets[i] holds from instants[i - 1] to instants[i].

    walls: the wall-clock time from which offsets[i + 1] holds for the earlier of two readings.
    repeats: (lo, hi, day) where clocks went back over a midnight that had already begun the day.
    """

    lo: int
    hi: int
    instants: _I64
    offsets: _I64
    walls: _I64
    repeats: tuple[tuple[int, int, int], ...]


_tables: dict[str, _Table] = {}


def _load(name: str) -> "zoneinfo.ZoneInfo":
    import difflib
    import zoneinfo

    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        pass
    known = {zone.lower(): zone for zone in zoneinfo.available_timezones()}
    close = difflib.get_close_matches(name.lower()[:100], known, 1)
    hint = f"did you mean {known[close[0]]}?" if close else "for example Europe/Berlin or UTC"
    raise ValueError(f"unknown time zone {name[:100]!r}; {hint}")


def _fold(times: _I64) -> tuple[_I64, _I64 | int]:
    """Times moved below the year 2500 by whole cycles of the calendar, and what to add to move them back."""
    if times.max() < _LAST_US and times.min() > -_FARTHEST_US:
        return times, 0
    times = np.clip(times, -_FARTHEST_US, _FARTHEST_US)
    repeating_us = _LAST_US - _CYCLE_US
    shift = (np.maximum(times, repeating_us) - repeating_us) // _CYCLE_US * _CYCLE_US
    return times - shift, shift


def _segments(edges: _I64, points: _I64) -> npt.NDArray[np.intp]:
    lo, hi = np.searchsorted(edges, [points.min(), points.max()], side="right")
    if lo == hi:  # most blocks meet no change at all
        return np.full(len(points), lo)
    return np.searchsorted(edges, points, side="right")


def _covering(name: str, times: _I64) -> _Table:
    """The zone's table, extended first where the times leave it; a new table each time, for other threads."""
    lo = max(int(times.min()) - 3 * _DAY_US, _FIRST_US)
    hi = min(int(times.max()) + 3 * _DAY_US, _LAST_US)
    table = _tables.get(name)
    if table is not None and table.lo <= lo and hi <= table.hi:
        return table
    lo, hi = max(min(lo, hi) - _MARGIN_US, _FIRST_US), min(max(lo, hi) + _MARGIN_US, _LAST_US)
    zone = _load(name)
    if table is None:
        table = _tabulate(lo, hi, *_changes(zone, lo, hi))
    else:
        lo, hi = min(lo, table.lo), max(hi, table.hi)
        before, between = _changes(zone, lo, table.lo), _changes(zone, table.hi, hi)
        instants = np.concatenate([before[0], table.instants, between[0]])
        offsets = np.concatenate([before[1], table.offsets[1:], between[1][1:]])
        table = _tabulate(lo, hi, instants, offsets)
    _tables[name] = table
    return table


def _tabulate(lo: int, hi: int, instants: _I64, offsets: _I64) -> _Table:
    before, after = offsets[:-1] * _SECOND_US, offsets[1:] * _SECOND_US
    walls = instants + np.maximum(before, after)
    begun = (instants + before - 1) // _DAY_US
    again = begun > (instants + after) // _DAY_US
    columns = (part[again].tolist() for part in (instants, begun * _DAY_US - after, begun))
    return _Table(lo, hi, instants, offsets, walls, tuple(zip(*columns, strict=True)))


def _changes(zone: "zoneinfo.ZoneInfo", lo: int, hi: int) -> tuple[_I64, _I64]:
    """Changes in (lo, hi], given as microseconds of whole seconds: their instants, the offsets between."""
    instants: list[int] = []
    second, last = lo // _SECOND_US, hi // _SECOND_US
    offsets = [_offset(zone, second)]
    while second < last:
        following = min(second + _STEP_S, last)
        if (offset := _offset(zone, following)) != offsets[-1]:
            instants.append(_first_with(zone, second, following, offset) * _SECOND_US)
            offsets.append(offset)
        second = following
    return np.array(instants, np.int64), np.array(offsets, np.int64)


def _first_with(zone: "zoneinfo.ZoneInfo", lo: int, hi: int, offset: int) -> int:
    """The first second of (lo, hi] at which the offset holds; it holds at hi and not at lo."""
    while hi - lo > 1:
        middle = (lo + hi) // 2
        lo, hi = (lo, middle) if _offset(zone, middle) == offset else (middle, hi)
    return hi


def _offset(zone: "zoneinfo.ZoneInfo", second: int) -> int:
    offset = (_EPOCH + timedelta(seconds=second)).astimezone(zone).utcoffset()
    assert offset is not None
    return offset.days * 86_400 + offset.seconds
