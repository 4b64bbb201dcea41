"""What the user asked for, as texts, and its meaning: `Plan` becomes a `Job`, or an error that names the option."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Self

from streamstat import windows
from streamstat.common.errors import UsageError
from streamstat.common.registry import load, nearest
from streamstat.common.units import parse_duration, parse_time
from streamstat.common.zones import Zone
from streamstat.event_time.clock import FOR_EVER, HIGHEST, LOWEST, Clock
from streamstat.expressions import check_dots, compile_condition
from streamstat.input.formats.ndjson import TIME_UNITS, Projection
from streamstat.plan.calls import split_commas
from streamstat.plan.job import MOST_COLUMNS, OVERFLOW, TIME_FIELDS, Job
from streamstat.plan.measures import attempt, check_names, check_states, group_of, measure_of
from streamstat.plan.toml import checked, read_toml
from streamstat.windows import Placement, Window

LATE = ("drop", "update", "retract")
MOST_GROUPS = 2**63 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The options of `streamstat run` that decide its result, as texts; `None` is "not given".

    >>> Plan(window="hopping:5m/1m", by=["country"], agg=["p99(latency_ms)"]).agg
    ('p99(latency_ms)',)
    """

    window: str = "tumbling:1m"
    by: Sequence[str] = ()
    agg: Sequence[str] = ("count()",)
    where: str | None = None
    time: str | None = None
    sent: str | None = None
    received: str | None = None
    time_unit: str = "auto"
    time_format: str = ""
    input_timezone: str = "UTC"
    timezone: str = "UTC"
    origin: str | None = None
    delay: str | None = None
    producer: str | None = None
    idle: str | None = None
    punctuation: str | None = None
    max_ahead: str | None = None
    late: str = "drop"
    allowed_lateness: str | None = None
    max_groups: int | None = None
    fill: bool = False
    sketches: bool = False

    def __post_init__(self) -> None:
        for name in ("by", "agg"):
            given = getattr(self, name)
            object.__setattr__(self, name, (given,) if isinstance(given, str) else tuple(given))
        if not self.agg:
            object.__setattr__(self, "agg", ("count()",))

    @classmethod
    def from_toml(cls, path: str | Path) -> Self:
        """Read a plan from a TOML file; keys are the long options, with `-` or `_`. ConfigError names what is wrong."""
        options = read_toml(path)
        return cls(**checked(options, {each.name: each.type for each in fields(cls)}, str(path)))

    def job(self, *, live: bool = False) -> Job:
        """What this plan means; UsageError for what cannot be.

        live: events come as they happen, so that a time is no good which is far ahead of the present.
        """
        self._check_together(live)
        zone = attempt("--timezone", Zone, self.timezone)
        origin = None
        if self.origin is not None:
            origin = attempt("--origin", lambda text: parse_time(text, zone), self.origin)
            if not LOWEST <= origin <= HIGHEST:
                raise UsageError("--origin", "is outside of years 1 to 9999", "for example 2026-01-01")
        measures = tuple(measure_of(text) for text in self.agg)
        groups = tuple(group_of(each) for text in self.by for each in attempt("--by", split_commas, text))
        check_names(groups, measures, self._added_names())
        columns = len(groups) + (self.max_groups is not None)
        if columns > MOST_COLUMNS:
            own = "" if self.max_groups is None else ", one of them of --max-groups,"
            problem = f"{columns:,} columns{own} are more than {MOST_COLUMNS:,}"
            raise UsageError("--by", problem, "name fewer fields")
        if self.sketches:
            check_states(measures)
        job = Job(
            window=window_of(self.window, Placement(zone, origin)),
            clock=self._clock(live),
            groups=groups,
            measures=measures,
            where=None if self.where is None else compile_condition(self.where, "--where"),
            delay_us=duration_or_infinity("--delay", self.delay),
            idle_us=None if self.idle is None else attempt("--idle", parse_duration, self.idle),
            producer=self.producer,
            punctuation=self.punctuation,
            late=self.late,
            lateness_us=self._lateness(),
            max_groups=self.max_groups,
            fill=self.fill,
            sketches=self.sketches,
            zone=zone,
            time_unit=self.time_unit,
            time_format=self.time_format,
        )
        self._check_window(job)
        attempt("--time-format", lambda text: Projection({}, time_format=text), self.time_format)
        return job

    def _added_names(self) -> tuple[str, ...]:
        """Columns that options add."""
        revised = ("revision", "kind") if self.late != "drop" else ()
        return revised if self.max_groups is None else (OVERFLOW, *revised)

    def _lateness(self) -> int:
        if self.allowed_lateness is None:
            return 0
        lateness = duration_or_infinity("--allowed-lateness", self.allowed_lateness)
        return FOR_EVER if lateness is None else lateness

    def _clock(self, live: bool) -> Clock:
        ahead = duration_or_infinity("--max-ahead", self.max_ahead)
        if self.max_ahead is None and (live or self.received is not None):
            ahead = 3_600_000_000
        zone = attempt("--input-timezone", Zone, self.input_timezone)
        return Clock(self.time or TIME_FIELDS[0], self.sent, self.received, zone, ahead)

    def _check_together(self, live: bool) -> None:
        for option in ("time", "sent", "received", "producer", "punctuation", "time_format"):
            place, given = "--" + option.replace("_", "-"), getattr(self, option)
            if given is not None and option != "time_format":
                check_dots(given, place)
            if given is not None and not given.isprintable():
                try:
                    given.encode()
                except UnicodeEncodeError:
                    raise UsageError(place, "is not UTF-8", "for example --time ts") from None
        if self.late not in LATE:
            raise UsageError("--late", f"{self.late!r} is no policy", nearest(self.late, LATE))
        if self.time_unit not in TIME_UNITS:
            raise UsageError(
                "--time-unit", f"{self.time_unit!r} is no unit", nearest(self.time_unit, TIME_UNITS)
            )
        if self.sent is not None and self.received is None:
            raise UsageError(
                "--sent",
                "corrects a clock only together with --received",
                "for example --received received_at",
            )
        if self.late != "drop" and self.allowed_lateness is None:
            hint = "for example --allowed-lateness 10m"
            raise UsageError("--late", f"{self.late} needs to know how long a window stays correctable", hint)
        if self.late == "drop" and self.allowed_lateness is not None:
            raise UsageError(
                "--allowed-lateness", "means nothing with --late drop", "for example --late update"
            )
        if self.max_groups is not None and self.max_groups < 1:
            raise UsageError("--max-groups", f"{self.max_groups} is less than 1", "for example 100000")
        if self.max_groups is not None and self.max_groups > MOST_GROUPS:
            raise UsageError("--max-groups", f"is more than {MOST_GROUPS:,}", "leave it out for no limit")
        if self.max_groups is not None and not self.by:
            raise UsageError("--max-groups", "means nothing without --by", "for example --by country")
        if self.max_ahead not in (None, "inf") and self.received is None and not live:
            problem = "needs --received to compare with, or --follow or --state"
            raise UsageError("--max-ahead", problem, "for example --received received_at")

    def _check_window(self, job: Job) -> None:
        if self.fill and job.window.edges is None:
            kind = self.window.partition(":")[0]
            problem = f"{kind} windows begin and end with events, so there are none without"
            raise UsageError("--fill", problem, "use tumbling or hopping")
        if job.window.shape != "trailing":
            return
        for measure in job.measures:
            if not all(state.slides for state in measure.aggregate.states):
                problem = f"{measure.name}: sliding windows take events out again, which this cannot"
                raise UsageError("--agg", problem, "for example hopping:5m/1m")
        if self.sketches:
            problem = "sliding windows keep exact values, not sketches"
            raise UsageError("--sketches", problem, "for example hopping:5m/1m")


def duration_or_infinity(place: str, text: str | None) -> int | None:
    """Microseconds; None for `inf` and where not given."""
    return None if text in (None, "inf") else attempt(place, parse_duration, str(text))


def window_of(text: str, placement: Placement) -> Window:
    """The window that `NAME:SIZE` describes."""
    name, _, size = text.partition(":")
    if re.match(r"[0-9]", name):
        raise UsageError("--window", f"{text!r} has no type", f"for example tumbling:{text}")
    kind = attempt("--window", lambda word: load(windows, word), name)
    if not size and name != "all":
        raise UsageError("--window", f"{text!r} has no size", f"for example {name}:1m")
    window: Window = attempt("--window", lambda rest: kind.parse(rest, placement), size)
    return window
