"""What the user asked for, as texts, and its meaning: `Plan` becomes a `Job`, or an error that names the option."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Self, TypeVar

from streamstat import aggregates, windows
from streamstat.aggregates.quantile import percentile
from streamstat.calls import Call, default_name, parse_call, parse_group, split_commas
from streamstat.clock import Clock
from streamstat.decode import TIME_UNITS, Projection
from streamstat.errors import ConfigError, UsageError
from streamstat.expressions import (
    Expression,
    compile_condition,
    compile_expression,
    compile_field_or_expression,
)
from streamstat.job import Group, Job, Measure
from streamstat.registry import load, names, nearest
from streamstat.units import parse_duration, parse_time
from streamstat.windows import Placement, Window
from streamstat.zones import Zone

TIME_FIELDS = ("occurred_at", "timestamp", "@timestamp", "time", "ts")
LATE = ("drop", "update", "retract")
FOR_EVER = 2**62  # microseconds; longer than any two event times are apart
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The options of `streamstat run` that decide its result, as texts; `None` is "not given".

    >>> Plan(window="hopping:5m/1m", by=["country"], agg=["p99(latency_ms)"]).agg
    ('p99(latency_ms)',)
    """

    window: str = "tumbling:1m"
    by: tuple[str, ...] = ()
    agg: tuple[str, ...] = ("count()",)
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

    def job(self) -> Job:
        """What this plan means; UsageError for what cannot be."""
        self._check_together()
        zone = attempt("--timezone", Zone, self.timezone)
        origin = None
        if self.origin is not None:
            origin = attempt("--origin", lambda text: parse_time(text, zone), self.origin)
        measures = tuple(measure_of(text) for text in self.agg)
        groups = tuple(group_of(each) for text in self.by for each in attempt("--by", split_commas, text))
        check_names([*(each.name for each in groups), *(each.name for each in measures)])
        job = Job(
            window=window_of(self.window, Placement(zone, origin)),
            clock=self._clock(),
            groups=groups,
            measures=measures,
            where=None if self.where is None else compile_condition(self.where, "--where"),
            delay_us=duration_or_infinity("--delay", self.delay),
            idle_us=None if self.idle is None else attempt("--idle", parse_duration, self.idle),
            producer=self.producer,
            punctuation=self.punctuation,
            late=self.late,
            lateness_us=self._lateness(),
            fill=self.fill,
            sketches=self.sketches,
            zone=zone,
            time_unit=self.time_unit,
            time_format=self.time_format,
        )
        self._check_window(job)
        attempt("--time-format", lambda text: Projection({}, time_format=text), self.time_format)
        return job

    def _lateness(self) -> int:
        if self.allowed_lateness is None:
            return 0
        lateness = duration_or_infinity("--allowed-lateness", self.allowed_lateness)
        return FOR_EVER if lateness is None else lateness

    def _clock(self) -> Clock:
        ahead = duration_or_infinity("--max-ahead", self.max_ahead)
        if self.max_ahead is None and self.received is not None:
            ahead = 3_600_000_000
        zone = attempt("--input-timezone", Zone, self.input_timezone)
        return Clock(self.time or TIME_FIELDS[0], self.sent, self.received, zone, ahead)

    def _check_together(self) -> None:
        if self.late not in LATE:
            raise UsageError("--late", f"{self.late!r} is no policy", nearest(self.late, LATE))
        if self.time_unit not in TIME_UNITS:
            raise UsageError("--time-unit", f"{self.time_unit!r} is no unit", nearest(self.time_unit, TIME_UNITS))
        if self.sent is not None and self.received is None:
            raise UsageError("--sent", "corrects a clock only together with --received", "for example --received received_at")
        if self.late != "drop" and self.allowed_lateness is None:
            hint = "for example --allowed-lateness 10m"
            raise UsageError("--late", f"{self.late} needs to know how long a window stays correctable", hint)
        if self.late == "drop" and self.allowed_lateness is not None:
            raise UsageError("--allowed-lateness", "means nothing with --late drop", "for example --late update")
        if self.max_ahead not in (None, "inf") and self.received is None:
            raise UsageError("--max-ahead", "needs --received to compare with", "for example --received received_at")

    def _check_window(self, job: Job) -> None:
        if self.fill and job.window.edges is None:
            kind = self.window.partition(":")[0]
            raise UsageError("--fill", f"{kind} has no windows without events to write", "use tumbling or hopping")


def attempt(place: str, read: Callable[[str], T], text: str) -> T:
    """read(text), where a ValueError becomes a UsageError of this place."""
    try:
        return read(text)
    except (ValueError, OverflowError) as error:
        raise UsageError(place, str(error)) from None


def duration_or_infinity(place: str, text: str | None) -> int | None:
    """Microseconds; None for `inf` and where not given."""
    return None if text in (None, "inf") else attempt(place, parse_duration, str(text))


def window_of(text: str, placement: Placement) -> Window:
    """The window that `NAME:SIZE` describes."""
    name, _, size = text.partition(":")
    kind = attempt("--window", lambda word: load(windows, word), name)
    if not size and name != "all":
        raise UsageError("--window", f"{text!r} has no size", f"for example {name}:1m")
    window: Window = attempt("--window", lambda rest: kind.parse(rest, placement), size)
    return window


def group_of(text: str) -> Group:
    """The group column that `FIELD` or `NAME=EXPR` describes."""
    name, expression = attempt("--by", parse_group, text)
    return Group(name, compile_field_or_expression(expression, "--by"))


def measure_of(text: str) -> Measure:
    """The aggregate column that `[NAME=]CALL [if EXPR]` describes."""
    call = attempt("--agg", parse_call, text)
    condition = None if call.condition is None else compile_condition(call.condition, "--agg")
    q = percentile(call.function)
    name = call.function if q is None else "quantile"
    kind = attempt("--agg", lambda word: load(aggregates, word), name)
    argument, options = settings(call, kind, {} if q is None else {"q": q})
    try:
        aggregate = kind(**options)
    except ValueError as error:
        raise UsageError("--agg", f"{call.text}: {error}") from None
    return Measure(call.column, aggregate, argument, condition, state_name(call))


def state_name(call: Call) -> str:
    """What the state columns of a call are named after: its argument and condition."""
    condition = f" if {call.condition}" if call.condition else ""
    return default_name(call.arguments[0] + condition) if call.arguments else ""


def settings(call: Call, kind: type[Any], given: dict[str, Any]) -> tuple[Expression | None, dict[str, Any]]:
    """The argument of a call and the fields of its aggregate, from positional and keyword arguments."""
    takes = {each.name: each.type for each in fields(kind)}
    positional = getattr(kind, "positional", ())
    options = dict(given)
    rest = list(call.arguments[1:])
    for name in positional:
        if name in options:
            continue
        if takes[name] is tuple or "tuple" in str(takes[name]):
            options[name] = tuple(setting(call, name, text, float) for text in rest)
            rest = []
        elif rest:
            options[name] = setting(call, name, rest.pop(0), takes[name])
    for name, text in call.options.items():
        if name not in takes:
            hint = nearest(name, tuple(takes)) if takes else f"{call.function} takes none"
            raise UsageError("--agg", f"{call.text}: there is no option {name!r}", hint)
        options[name] = setting(call, name, text, takes[name])
    argument = None
    if call.arguments and kind.argument != "none":
        argument = compile_expression(call.arguments[0], "--agg")
    elif kind.argument == "required":
        raise UsageError("--agg", f"{call.text}: nothing to aggregate", f"for example {call.function}(latency_ms)")
    if rest:
        raise UsageError("--agg", f"{call.text}: too many arguments", f"for example {call.function}(latency_ms)")
    return argument, options


def setting(call: Call, name: str, text: str, kind: Any) -> Any:
    """A setting of an aggregate from its text."""
    try:
        return text.strip("\"'") if kind is str else kind(text)
    except ValueError:
        raise UsageError("--agg", f"{call.text}: {name}={text} is no {'number' if kind is float else 'whole number'}") from None


def check_names(given: list[str]) -> None:
    """Refuse two columns of one name."""
    seen = {"window_start", "window_end", "revision", "kind"}
    for name in given:
        if name in seen:
            raise UsageError("--agg", f"two columns would be named {name!r}", f"for example other_{name}=CALL names one")
        seen.add(name)


def read_toml(path: str | Path) -> dict[str, Any]:
    """The options of a configuration file, keys with `_`."""
    try:
        options = tomllib.loads(Path(path).read_text("utf-8"))
    except OSError as error:
        raise ConfigError(str(path), error.strerror or "cannot be read") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(str(path), str(error)) from None
    return {key.replace("-", "_"): value for key, value in options.items()}


def checked(options: Mapping[str, Any], known: Mapping[str, Any], place: str) -> dict[str, Any]:
    """Options whose names and types fit; ConfigError for the first that does not."""
    for key, value in options.items():
        if key not in known:
            shown = tuple(name.replace("_", "-") for name in known)
            raise ConfigError(place, f"there is no option {key!r}", nearest(key.replace("_", "-"), shown))
        wanted = str(known[key])
        if "bool" in wanted:
            fits = isinstance(value, bool)
        elif "tuple" in wanted:
            fits = isinstance(value, str) or (isinstance(value, list) and all(isinstance(v, str) for v in value))
        elif "int" in wanted and "str" not in wanted:
            fits = isinstance(value, int) and not isinstance(value, bool)
        else:
            fits = isinstance(value, str)
        if not fits:
            example = "true" if "bool" in wanted else '["a", "b"]' if "tuple" in wanted else "2" if "int" in wanted else '"1m"'
            raise ConfigError(place, f"{key} = {value!r} has the wrong type", f"for example {key} = {example}")
    return dict(options)


def with_time(job: Job, path: str) -> Job:
    """The same job, reading event time from this field."""
    return replace(job, clock=replace(job.clock, time=path))


__all__ = ["TIME_FIELDS", "Plan", "names", "with_time"]
