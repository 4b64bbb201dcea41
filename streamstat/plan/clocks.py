"""What a plan says of event time: the texts of its options become a `Clock`, or an error that names the option."""

from streamstat.common.errors import UsageError
from streamstat.common.registry import nearest
from streamstat.common.units import parse_duration, parse_time, shown
from streamstat.common.zones import Zone
from streamstat.event_time.clock import Clock
from streamstat.event_time.fields import HIGHEST, LOWEST, TimeSource
from streamstat.expressions import check_dots, compile_field_or_expression, one_field
from streamstat.expressions.nodes import Type
from streamstat.input.events import TIME_UNITS
from streamstat.kernels import pattern_has_year
from streamstat.plan.calls import split_commas
from streamstat.plan.measures import attempt
from streamstat.plan.plan import Plan

_DEFAULT_AHEAD_US = 3_600_000_000

# Looked for where none is named.
TIME_FIELDS = (
    *(
        "window_start",
        "match_start",
        "occurred_at",
        "timestamp",
        "@timestamp",
        "time",
        "ts",
        "eventTime",
        "@t",
    ),
    *(
        "datetime",
        "time_local",
        "time_iso8601",
        "msec",
        "startTime",
        "_time",
        "ts_ms",
        "__REALTIME_TIMESTAMP",
    ),
)


def clock_of(plan: Plan, zone: Zone, live: bool) -> Clock:
    """The clock of a plan; `zone` is that of times in options, `live` as in `job_of`."""
    _check_together(plan)
    for pattern in plan.time_format:
        _check_pattern(pattern, plan.year)
    ahead = duration_or_infinity("--max-ahead", plan.max_ahead)
    if plan.max_ahead is None and (live or plan.received is not None):
        ahead = _DEFAULT_AHEAD_US
    return Clock(
        time=time_sources(plan) or (TIME_FIELDS[0],),
        sent=optional_field("--sent", plan.sent),
        received=optional_field("--received", plan.received),
        input_zone=attempt("--input-timezone", Zone, plan.input_timezone),
        max_ahead_us=ahead,
        earliest_us=None if plan.earliest is None else moment("--earliest", plan.earliest, zone),
        year=plan.year,
        device=optional_field("--offset-by", plan.offset_by),
    )


def time_sources(plan: Plan) -> tuple[TimeSource, ...]:
    """What --time names: fields, and expressions over them; nothing where a field is to be found."""
    pieces = (piece for text in plan.time for piece in attempt("--time", split_commas, text))
    return tuple(map(_time_source, pieces))


def _time_source(text: str) -> TimeSource:
    expression = compile_field_or_expression(text, "--time")
    if expression.field is not None:
        _check_field("--time", expression.field)
        return expression.field
    if expression.asks_event_time:
        problem = f"{shown(text)} asks for event_time, which --time gives"
        raise UsageError("--time", problem, "for example date + time")
    if not expression.fields:
        literal = text.strip("\"'")
        raise UsageError(
            "--time", f"{shown(text)} is the same for all events", f"for example --time {shown(literal)}"
        )
    if expression.node.type is Type.TRUTH:
        raise UsageError("--time", f"{shown(text)} gives true or false, no time", "for example ts / 1000")
    return expression


def optional_field(place: str, text: str | None) -> str | None:
    """The one field that an option names; UsageError for one that no event can have."""
    if text is None:
        return None
    _check_field(place, path := one_field(text, place))
    return path


def _check_field(place: str, path: str) -> None:
    check_dots(path, place)
    _check_text(place, path, f"for example {place} ts")


def moment(place: str, text: str, zone: Zone) -> int:
    """Microseconds of a time; one that names no zone is of this one."""
    time = attempt(place, lambda each: parse_time(each, zone), text)
    if not LOWEST <= time <= HIGHEST:
        raise UsageError(place, "is outside of years 1 to 9999", "for example 2026-01-01")
    return time


def present(text: str, plan: Plan) -> int:
    """Microseconds of --now."""
    return moment("--now", text, attempt("--timezone", Zone, plan.timezone))


def duration_or_infinity(place: str, text: str | None) -> int | None:
    """Microseconds; None for `inf` and where not given."""
    return None if text in (None, "inf") else attempt(place, parse_duration, str(text))


def _check_text(place: str, text: str, hint: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise UsageError(place, "is not UTF-8", hint) from None


def _check_pattern(pattern: str, year: int | None) -> None:
    _check_text("--time-format", pattern, "for example --time-format '%d.%m.%Y'")
    if not attempt("--time-format", pattern_has_year, pattern) and year is None:
        hint = "for example --year 2026, that of the first event"
        raise UsageError("--time-format", f"times by {pattern!r} have no year", hint)


def _check_together(plan: Plan) -> None:
    if plan.time_unit not in TIME_UNITS:
        raise UsageError("--time-unit", f"{plan.time_unit!r} is no unit", nearest(plan.time_unit, TIME_UNITS))
    if plan.year is not None and not 1 <= plan.year <= 9999:
        raise UsageError("--year", f"{plan.year} is not 1 to 9999", "for example --year 2026")
    if plan.sent is not None and plan.received is None:
        hint = "for example --received received_at"
        raise UsageError("--sent", "corrects a clock only together with --received", hint)
    if plan.offset_by is not None and plan.sent is None:
        hint = "for example --sent sent_at --received received_at"
        raise UsageError("--offset-by", "needs --sent and --received", hint)
