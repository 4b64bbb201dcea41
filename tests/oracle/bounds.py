"""`--since` and `--until`: which event times are looked at."""

import re
from dataclasses import dataclass
from datetime import timedelta

from .lines import Value
from .times import INFINITY, civil_days, duration, local_date_time, local_micros, midnight, read_time

_WORDS = re.compile(r"(now|today|yesterday)(?:([+-])(.+))?")


@dataclass(frozen=True)
class Bounds:
    """Event times in [lo, hi)."""

    lo: int | float
    hi: int | float

    def hold(self, time: int) -> bool:
        return self.lo <= time < self.hi


def parse_bounds(since: str | None, until: str | None, zone: str, now: str | None) -> Bounds:
    """The bounds as they are at the start of a run whose clock stands at `now`."""
    lo = -INFINITY if since is None else moment(since, zone, now)
    return Bounds(lo, INFINITY if until is None else moment(until, zone, now))


def moment(text: str, zone: str, now: str | None) -> int:
    """A time, or one of the words with a duration behind it.

    >>> moment("yesterday+12h", "Asia/Seoul", "1970-01-03T20:00:00Z") / 3_600_000_000
    51.0
    """
    match = _WORDS.fullmatch(text)
    time = read_time(Value("string", text), "auto", zone) if match is None else None
    if match is None and time is not None:
        return time
    clock = None if now is None else read_time(Value("string", now), "auto", zone)
    if match is None or clock is None:
        raise ValueError(f"not a time: {text!r}")
    word, sign, distance = match.groups()
    days, rest = _distance(distance or "0us", -1 if sign == "-" else 1)
    local = local_date_time(clock, zone)
    if word != "now":
        return midnight(local.date() + timedelta(days=days - (word == "yesterday")), zone) + rest
    return (local_micros(local + timedelta(days=days), zone) if days else clock) + rest


def _distance(text: str, sign: int) -> tuple[int, int]:
    """(civil days, microseconds): one of them is 0."""
    civil = civil_days(text)
    return (sign * civil[0], 0) if civil is not None else (0, sign * int(duration(text)))
