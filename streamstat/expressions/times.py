"""When: the event time of each row, and hour, weekday and date of times in the zone of the report.

Times are int64 microseconds since the epoch; who evaluates an expression brings them, see `Times`.
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from streamstat.common.record import record
from streamstat.common.units import format_time
from streamstat.common.zones import Zone
from streamstat.values.columns import I64, Kind, Mask, Texts, Values, integers, take_texts

Moments: TypeAlias = tuple[I64, Mask]  # times, and where there is one

_SECOND_US = 1_000_000
_HOUR_US = 3600 * _SECOND_US
_DAY_US = 24 * _HOUR_US


@record
class Times:
    """The times of a block, for expressions that ask for them.

    event: event times after correction. of_field: the times in a field, read as the run reads times; of_values: those
    of any values. zone: where hours and dates are.
    """

    event: Moments
    of_field: Callable[[str], Moments]
    of_values: Callable[[Values], Moments]
    zone: Zone


def hours(times: I64, zone: Zone) -> Values:
    """The hour of the wall clock, 0 to 23.

    >>> hours(np.array([90 * 60 * 1_000_000]), Zone("Asia/Tokyo")).numbers.tolist()
    [10]
    """
    return integers(_local(times, zone) // _HOUR_US % 24)


def weekdays(times: I64, zone: Zone) -> Values:
    """The day of the week, Monday 1 to Sunday 7.

    >>> weekdays(np.array([0, 3 * 86_400_000_000]), Zone()).numbers.tolist()  # 1970-01-01 was a Thursday
    [4, 7]
    """
    return integers((_local(times, zone) // _DAY_US + 3) % 7 + 1)


def dates(times: I64, zone: Zone) -> Values:
    """The date of the wall clock as text, `2026-06-01`."""
    days, rows = np.unique(_local(times, zone) // _DAY_US, return_inverse=True)
    names = [format_time(day * _DAY_US).partition("T")[0].encode() for day in days.tolist()]
    offsets = np.cumsum([0, *map(len, names)], dtype=np.int64)
    texts = take_texts(Texts(offsets, np.frombuffer(b"".join(names), np.uint8)), rows)
    return Values(np.full(len(times), Kind.TEXT, np.uint8), np.zeros(len(times), np.int64), texts)


def _local(times: I64, zone: Zone) -> I64:
    return times + zone.offsets(times) * _SECOND_US
