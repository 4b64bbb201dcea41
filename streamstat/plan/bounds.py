"""The times between which events count: those of `--since` and `--until`, a clock word among them resolved once."""

import re
import time

import numpy as np

from streamstat.common.errors import UsageError
from streamstat.common.units import is_civil, parse_duration, parse_time, shown
from streamstat.common.zones import Zone
from streamstat.event_time.fields import HIGHEST, LOWEST
from streamstat.plan.clocks import moment
from streamstat.plan.plan import Plan

CLOCK_WORDS = ("now", "today", "yesterday")
TIME_EXAMPLE = "for example 2026-01-31, yesterday or now-2h"
_DAY_US = 86_400_000_000
_TIME_OF_DAY = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
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


def as_of(plan: Plan, zone: Zone, now_us: int | None) -> int | None:
    """Microseconds of --as-of, which a verb may have for itself."""
    text = getattr(plan.own, "as_of", None)
    return None if text is None else bound("--as-of", text, zone, now_us)


def bound(place: str, text: str, zone: Zone, now_us: int | None = None) -> int:
    """Microseconds of a time, or of a clock word with a duration behind; days of the calendar are the zone's."""
    found = _RELATIVE.fullmatch(text.strip().lower())
    if found is None:
        try:
            parse_time(text, zone)
        except ValueError:
            raise UsageError(place, f"{shown(text)} is no time", _hint_for(text)) from None
        return moment(place, text, zone)
    word, sign, duration = found.groups()
    length_us = 0 if duration is None else _length(place, text, duration)
    days, rest_us = divmod(length_us, _DAY_US) if duration and is_civil(duration) else (0, length_us)
    if sign == "-":
        days, rest_us = -days, -rest_us
    instant = _present(now_us)
    if word == "now":
        instant = _on_another_day(instant, days, zone)
    else:
        day = int(zone.day_numbers(np.array([instant]))[0]) - (word == "yesterday")
        instant = int(zone.midnights(np.array([day + days]))[0])
    instant += rest_us
    if not LOWEST <= instant <= HIGHEST:
        raise UsageError(place, f"{shown(text)} is outside of years 1 to 9999", TIME_EXAMPLE)
    return instant


def _length(place: str, text: str, duration: str) -> int:
    try:
        return parse_duration(duration)
    except (ValueError, OverflowError):
        problem = f"{shown(text)} is no time: {shown(duration)} is not a duration"
        raise UsageError(place, problem, TIME_EXAMPLE) from None


def _hint_for(text: str) -> str:
    """What was meant by a duration, or by a time of day; else what times are."""
    ago, clock = text.strip().lstrip("-"), _TIME_OF_DAY.fullmatch(text.strip())
    if clock is not None:
        return f"did you mean today+{int(clock[1])}h{f'{int(clock[2])}m' if int(clock[2]) else ''}?"
    try:
        parse_duration(ago)
    except (ValueError, OverflowError):
        return TIME_EXAMPLE
    return f"did you mean now-{ago}?"


def _present(now_us: int | None) -> int:
    return int(time.time() * 1e6) if now_us is None else now_us


def _on_another_day(instant: int, days: int, zone: Zone) -> int:
    """The same time by the clock on the wall, so many days later."""
    if not days:
        return instant
    wall = instant + int(zone.offsets(np.array([instant]))[0]) * 1_000_000
    return int(zone.from_local(np.array([wall + days * _DAY_US]))[0])
