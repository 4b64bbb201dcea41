"""What `run` asks for: windows, the groups and aggregates that their rows have, and what is done with the rows."""

import re

from streamstat import windows
from streamstat.common.errors import UsageError
from streamstat.common.registry import load, nearest
from streamstat.common.zones import Zone
from streamstat.event_time.clock import FOR_EVER
from streamstat.plan.calls import split_commas
from streamstat.plan.clocks import duration_or_infinity, moment
from streamstat.plan.exactness import ROW_STATES, check_exact
from streamstat.plan.job import MOST_COLUMNS, OVERFLOW, Group, Measure
from streamstat.plan.meant import Meant
from streamstat.plan.measures import attempt, check_column_names, check_states, group_of, measures_of
from streamstat.plan.plan import Plan
from streamstat.plan.shapes import EDGES, check_shape, completeness_of, shape_of
from streamstat.states import Slides
from streamstat.windows import Placement, Window

LATE = ("drop", "update", "retract")
MOST_GROUPS = 2**63 - 1


def windowed(plan: Plan, zone: Zone) -> Meant:
    """The part of a job that is of windows."""
    _check_together(plan)
    origin = None if plan.origin is None else moment("--origin", plan.origin, zone)
    groups, measures = _asked_for(plan)
    window = window_of(plan.window, Placement(zone, origin))
    check_shape(plan, window.shape)
    check_exact(plan, window, (*groups, *measures))
    found = Meant(
        kept=window,
        groups=groups,
        measures=measures,
        late=plan.late,
        lateness_us=_lateness(plan),
        max_groups=plan.max_groups,
        shape=shape_of(plan, groups, measures),
        fill=plan.fill,
        sketches=plan.sketches,
        states=plan.states,
        row_states=ROW_STATES if plan.states else (),
    )
    _check_window(plan, window, measures)
    return found


def _asked_for(plan: Plan) -> tuple[tuple[Group, ...], tuple[Measure, ...]]:
    """The groups and the calls of a plan, which can be columns of one table."""
    measures = tuple(each for text in plan.agg for each in measures_of(text))
    groups = tuple(group_of(each) for text in plan.by for each in attempt("--by", split_commas, text))
    check_column_names(groups, measures, (*EDGES, *_added_names(plan)))
    _check_number(plan, len(groups))
    if plan.sketches:
        check_states(measures)
    return groups, measures


def _check_number(plan: Plan, groups: int) -> None:
    columns = groups + (plan.max_groups is not None)
    if columns > MOST_COLUMNS:
        own = "" if plan.max_groups is None else ", one of them of --max-groups,"
        problem = f"{columns:,} columns{own} are more than {MOST_COLUMNS:,}"
        raise UsageError("--by", problem, "name fewer fields")


def _added_names(plan: Plan) -> tuple[str, ...]:
    """Columns that options add."""
    revised = ("revision", "kind") if plan.late != "drop" else ()
    complete = tuple(field.name for field in completeness_of(plan))
    return (*complete, *revised) if plan.max_groups is None else (OVERFLOW, *complete, *revised)


def _lateness(plan: Plan) -> int:
    if plan.allowed_lateness is None:
        return 0
    lateness = duration_or_infinity("--allowed-lateness", plan.allowed_lateness)
    return FOR_EVER if lateness is None else lateness


def _check_together(plan: Plan) -> None:
    if plan.late not in LATE:
        raise UsageError("--late", f"{plan.late!r} is no policy", nearest(plan.late, LATE))
    if plan.late != "drop" and plan.allowed_lateness is None:
        hint = "for example --allowed-lateness 10m"
        raise UsageError("--late", f"{plan.late} needs to know how long a window stays correctable", hint)
    if plan.late == "drop" and plan.allowed_lateness is not None:
        raise UsageError("--allowed-lateness", "means nothing with --late drop", "for example --late update")
    if plan.max_groups is not None and plan.max_groups < 1:
        raise UsageError("--max-groups", f"{plan.max_groups} is less than 1", "for example 100000")
    if plan.max_groups is not None and plan.max_groups > MOST_GROUPS:
        raise UsageError("--max-groups", f"is more than {MOST_GROUPS:,}", "leave it out for no limit")
    if plan.max_groups is not None and not plan.by:
        raise UsageError("--max-groups", "means nothing without --by", "for example --by country")


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
