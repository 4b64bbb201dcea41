"""The times between which events count: those of `--since` and `--until`, a clock word among them resolved once."""

import re
import time

import numpy as np

from streamstat.common.errors import UsageError
from streamstat.common.units import is_civil, parse_duration, parse_time, shown
from streamstat.common.zones import Zone
from streamstat.event_time.fields import HIGHEST, LOWEST
from streamstat.plan.clocks import moment
from streamstat.plan.measures import attempt
from streamstat.plan.plan import Plan

CLOCK_WORDS = ("now", "today", "yesterday")
TIME_EXAMPLE = "for example 2026-01-31, yesterday or now-2h"
_DAY_US = 86_400_000_000
_RELATIVE = re.compile(r"(now|today|yesterday)\s*(?:([+-])\s*(.+))?")


def bounds(plan: Plan, zone: Zone, now_us: int | None) -> tuple[int | None, int | None]:
    """Microseconds of --since and --until; `now_us` is the present, if the system is not to be asked for it.

    >>> bounds(Plan(since="now-2h"), Zone(), 7_200_000_000)
    (0, None)
    """
    since, until = (
        None if text is None else bound(f"--{name}", text, zone, now_us)
        for name, text in (("since", plan.since), ("until", plan.until))
    )
    if since is not None and until is not None and since >= until:
        problem = f"{shown(str(plan.until))} is not after --since {shown(str(plan.since))}"
        raise UsageError("--until", problem, "for example --since yesterday --until today")
    return since, until


def bound(place: str, text: str, zone: Zone, now_us: int | None = None) -> int:
    """Microseconds of a time, or of a clock word with a duration behind; days of the calendar are the zone's."""
    found = _RELATIVE.fullmatch(text.strip().lower())
    if found is None:
        try:
            parse_time(text, zone)
        except ValueError:
            raise UsageError(place, f"{shown(text)} is no time", TIME_EXAMPLE) from None
        return moment(place, text, zone)
    word, sign, duration = found.groups()
    instant = int(time.time() * 1e6) if now_us is None else now_us
    if word != "now":
        day = int(zone.day_numbers(np.array([instant]))[0]) - (word == "yesterday")
        instant = int(zone.midnights(np.array([day]))[0])
    if duration is not None:
        instant = _moved(instant, attempt(place, parse_duration, duration), sign, is_civil(duration), zone)
    if not LOWEST <= instant <= HIGHEST:
        raise UsageError(place, f"{shown(text)} is outside of years 1 to 9999", TIME_EXAMPLE)
    return instant


def _moved(instant: int, length_us: int, sign: str, is_in_days: bool, zone: Zone) -> int:
    """So much later or earlier; by days of the calendar to the same time of the day."""
    length_us = -length_us if sign == "-" else length_us
    if not is_in_days:
        return instant + length_us
    wall = instant + int(zone.offsets(np.array([instant]))[0]) * 1_000_000
    if wall % _DAY_US == 0:  # a midnight that does not exist is the next valid instant
        return int(zone.midnights(np.array([(wall + length_us) // _DAY_US]))[0])
    return int(zone.from_local(np.array([wall + length_us]))[0])
