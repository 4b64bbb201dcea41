"""What a plan means: texts become parts, or an error that names the option."""

import re

from streamstat import windows
from streamstat.common.errors import UsageError
from streamstat.common.registry import load, nearest
from streamstat.common.units import parse_duration
from streamstat.common.zones import Zone
from streamstat.event_time.clock import FOR_EVER
from streamstat.expressions import compile_condition
from streamstat.input.decoding import Within
from streamstat.input.detection import asked
from streamstat.input.formats import Format, FormatOptions
from streamstat.plan.bounds import bounds
from streamstat.plan.calls import split_commas
from streamstat.plan.clocks import clock_of, duration_or_infinity, moment, optional_field
from streamstat.plan.job import MOST_COLUMNS, OVERFLOW, Group, Job, Measure
from streamstat.plan.measures import attempt, check_column_names, check_states, group_of, measures_of
from streamstat.plan.plan import Plan
from streamstat.plan.shapes import check_shape, shape_of
from streamstat.states import Slides
from streamstat.windows import Placement, Window

LATE = ("drop", "update", "retract")
MOST_GROUPS = 2**63 - 1


def job_of(plan: Plan, *, live: bool = False, now_us: int | None = None) -> Job:
    """What a plan means; UsageError for what cannot be.

    live: events come as they happen, so that a time is no good which is far ahead of the present. now_us: the present,
    if it is not to be asked for.
    """
    _check_together(plan, live or now_us is not None)
    zone = attempt("--timezone", Zone, plan.timezone)
    origin = None if plan.origin is None else moment("--origin", plan.origin, zone)
    groups, measures = _asked_for(plan)
    window = window_of(plan.window, Placement(zone, origin))
    check_shape(plan, window.shape)
    since_us, until_us = bounds(plan, zone, now_us)
    job = Job(
        kept=window,
        clock=clock_of(plan, zone, live),
        groups=groups,
        measures=measures,
        since_us=since_us,
        until_us=until_us,
        unique=_unique(plan),
        unique_for_us=_unique_for(plan),
        where=None if plan.where is None else compile_condition(plan.where, "--where"),
        delay_us=duration_or_infinity("--delay", plan.delay),
        idle_us=None if plan.idle is None else attempt("--idle", parse_duration, plan.idle),
        producer=optional_field("--producer", plan.producer),
        punctuation=optional_field("--punctuation", plan.punctuation),
        late=plan.late,
        lateness_us=_lateness(plan),
        max_groups=plan.max_groups,
        shape=shape_of(plan, groups, measures),
        fill=plan.fill,
        sketches=plan.sketches,
        zone=zone,
        time_unit=plan.time_unit,
        time_formats=tuple(plan.time_format),
        numeric_text=plan.numeric_text,
        live=live,
        within=Within(optional_field("--unwrap", plan.unwrap), optional_field("--each", plan.each)),
    )
    _check_window(plan, window, measures)
    return job


def _asked_for(plan: Plan) -> tuple[tuple[Group, ...], tuple[Measure, ...]]:
    """The groups and the calls of a plan, which can be columns of one table."""
    measures = tuple(each for text in plan.agg for each in measures_of(text))
    groups = tuple(group_of(each) for text in plan.by for each in attempt("--by", split_commas, text))
    check_column_names(groups, measures, _added_names(plan))
    _check_number(plan, len(groups))
    if plan.sketches:
        check_states(measures)
    return groups, measures


def format_of(plan: Plan) -> Format | None:
    """The format that was asked for; None: the one that each input tells."""
    columns = None if plan.columns is None else attempt("--columns", split_commas, plan.columns)
    options = FormatOptions(plan.separator, columns)
    return attempt("--input", lambda text: asked(text, options), plan.input)


def _unique(plan: Plan) -> tuple[str, ...]:
    fields = (piece for text in plan.unique for piece in attempt("--unique", split_commas, text))
    found = (optional_field("--unique", each) for each in fields)
    return tuple(dict.fromkeys(path for path in found if path is not None))


def _unique_for(plan: Plan) -> int | None:
    if plan.unique_for is None:
        return None
    forgotten = duration_or_infinity("--unique-for", plan.unique_for)
    return FOR_EVER if forgotten is None else forgotten


def _check_number(plan: Plan, groups: int) -> None:
    columns = groups + (plan.max_groups is not None)
    if columns > MOST_COLUMNS:
        own = "" if plan.max_groups is None else ", one of them of --max-groups,"
        problem = f"{columns:,} columns{own} are more than {MOST_COLUMNS:,}"
        raise UsageError("--by", problem, "name fewer fields")


def _added_names(plan: Plan) -> tuple[str, ...]:
    """Columns that options add."""
    revised = ("revision", "kind") if plan.late != "drop" else ()
    return revised if plan.max_groups is None else (OVERFLOW, *revised)


def _lateness(plan: Plan) -> int:
    if plan.allowed_lateness is None:
        return 0
    lateness = duration_or_infinity("--allowed-lateness", plan.allowed_lateness)
    return FOR_EVER if lateness is None else lateness


def _check_together(plan: Plan, has_now: bool) -> None:
    if plan.late not in LATE:
        raise UsageError("--late", f"{plan.late!r} is no policy", nearest(plan.late, LATE))
    if plan.late != "drop" and plan.allowed_lateness is None:
        hint = "for example --allowed-lateness 10m"
        raise UsageError("--late", f"{plan.late} needs to know how long a window stays correctable", hint)
    if plan.late == "drop" and plan.allowed_lateness is not None:
        raise UsageError("--allowed-lateness", "means nothing with --late drop", "for example --late update")
    if plan.unique_for is not None and not plan.unique:
        raise UsageError("--unique-for", "means nothing without --unique", "for example --unique event_id")
    if plan.max_groups is not None and plan.max_groups < 1:
        raise UsageError("--max-groups", f"{plan.max_groups} is less than 1", "for example 100000")
    if plan.max_groups is not None and plan.max_groups > MOST_GROUPS:
        raise UsageError("--max-groups", f"is more than {MOST_GROUPS:,}", "leave it out for no limit")
    if plan.max_groups is not None and not plan.by:
        raise UsageError("--max-groups", "means nothing without --by", "for example --by country")
    if plan.max_ahead not in (None, "inf") and plan.received is None and not has_now:
        problem = "needs --received, --follow, --state or --now"
        raise UsageError("--max-ahead", problem, "for example --received received_at")


def _check_window(plan: Plan, window: Window, measures: tuple[Measure, ...]) -> None:
    if plan.fill and window.edges is None:
        kind = plan.window.partition(":")[0]
        problem = f"{kind} windows begin and end with events, so there are none without"
        raise UsageError("--fill", problem, "use tumbling or hopping")
    if window.shape != "trailing":
        return
    for measure in measures:
        if not all(isinstance(state, Slides) for state in measure.aggregate.states):
            problem = f"{measure.name} cannot take events out again, as sliding windows do"
            raise UsageError("--agg", problem, "use hopping:5m/1m")
    if plan.sketches:
        problem = "sliding windows keep exact values, not sketches"
        raise UsageError("--sketches", problem, "for example hopping:5m/1m")


def _of_size(size: str, placement: Placement) -> str:
    """A window that works, for the size of one."""
    meant = f"{'hopping' if '/' in size else 'tumbling'}:{size}"
    try:
        window_of(meant, placement)
    except UsageError:
        return "tumbling:1m"
    return meant


def window_of(text: str, placement: Placement) -> Window:
    """The window that `NAME:SIZE` describes."""
    name, _, size = text.partition(":")
    if re.match(r"[0-9]", name):
        raise UsageError("--window", f"{text!r} has no type", f"for example {_of_size(text, placement)}")
    kind = attempt("--window", lambda word: load(windows, word), name)
    if not size and name != "all":
        raise UsageError("--window", f"{text!r} has no size", f"for example {name}:1m")
    window: Window = attempt("--window", lambda rest: kind.parse(rest, placement), size)
    return window
