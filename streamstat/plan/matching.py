"""What `match` asks for: a pattern, what its steps are, and the rows that tell its matches."""

import keyword
import re

from streamstat.common.errors import UsageError
from streamstat.common.registry import nearest
from streamstat.common.units import parse_duration, shown
from streamstat.common.zones import Zone
from streamstat.patterns import Pattern
from streamstat.patterns.program import program_of
from streamstat.patterns.reading import PatternError, read_pattern
from streamstat.patterns.sought import PREVIOUS, Condition, Sought
from streamstat.plan.asked import Asked
from streamstat.plan.calls import split_commas
from streamstat.plan.conditions import condition_of, in_order
from streamstat.plan.job import Group, Meant, Measure
from streamstat.plan.match_options import MatchOptions
from streamstat.plan.measures import attempt, check_column_names, group_of
from streamstat.plan.plan import Plan
from streamstat.plan.step_measures import step_measures
from streamstat.values.columns import ColumnType, Need, ResultField

MATCH_EDGES = ("match_start", "match_end")
EVENTS = "events"
_DEFINITION = re.compile(r"\s*([^\s=]+)\s*=(?!=)\s*(.+)", re.DOTALL)
_STEP_NAME = re.compile(r"[^\W\d]\w*")
_TAKEN = (PREVIOUS, "in", "field", *keyword.kwlist, "true", "false", "null")


def matched(plan: Plan, zone: Zone) -> Meant:
    """The part of a job that is of a pattern."""
    options = plan.own
    assert isinstance(options, MatchOptions)
    definitions = _definitions(options)
    try:
        pattern = read_pattern(options.pattern)
        _check_names(pattern, definitions)
        conditions = tuple(condition_of(name, definitions[name], pattern) for name in pattern.names)
    except PatternError as error:
        raise UsageError("PATTERN", error.problem, error.hint).pointing(
            options.pattern, error.place
        ) from None
    sought = Sought(
        pattern=pattern,
        program=program_of(pattern),
        conditions=conditions,
        within_us=_within(options),
        overlap=options.overlap,
        final=options.final,
        events=options.events,
    )
    groups = tuple(group_of(each) for text in plan.by for each in attempt("--by", split_commas, text))
    measures = step_measures(plan.agg, sought)
    added = (*MATCH_EDGES, EVENTS) if options.events else MATCH_EDGES
    check_column_names(groups, measures, added)
    return Meant(
        kept=sought,
        groups=groups,
        measures=measures,
        columns=_columns(groups, measures, options.events),
        asked=tuple(Asked("--define", each.expression, True, each.is_alone) for each in conditions),
        wanted=_wanted(conditions),
        written=options.events,
    )


def _columns(
    groups: tuple[Group, ...], measures: tuple[Measure, ...], events: bool
) -> tuple[ResultField, ...]:
    fields = [ResultField(name, ColumnType.TIME) for name in MATCH_EDGES]
    fields += [ResultField(group.name, ColumnType.ANY) for group in groups]
    fields += [ResultField(each.name, each.aggregate.type) for each in measures]
    return (*fields, *([ResultField(EVENTS, ColumnType.ANY)] if events else []))


def _wanted(conditions: tuple[Condition, ...]) -> dict[str, Need]:
    """What is looked at only when events are worked on; a time that is read then is read from its value."""
    wanted: dict[str, Need] = {}
    for condition in conditions:
        if not condition.is_alone:
            asked = [*condition.expression.fields.items()]
            asked += [(path, need) for (_, path), need in condition.expression.references.items()]
            for path, need in asked:
                read = Need.NUMBER | Need.TEXT if need & Need.TIME else need
                wanted[path] = wanted.get(path, Need.NOTHING) | read
    return wanted


def _within(options: MatchOptions) -> int:
    example = "for example --within 5m"
    if options.within is None:
        raise UsageError("--within", "is missing: how far apart the first and the last event may be", example)
    if options.within.strip() == "inf":
        raise UsageError("--within", "must have an end, as events are kept for so long", example)
    return attempt("--within", parse_duration, options.within)


def _definitions(options: MatchOptions) -> dict[str, str]:
    """The conditions by their names, as they were written."""
    found: dict[str, str] = {}
    for text in options.define:
        definition = _DEFINITION.fullmatch(text)
        if definition is None:
            problem = f"{shown(text)} is no step with its condition"
            raise UsageError("--define", problem, "for example --define 'fail=status >= 500'")
        name, condition = definition[1], definition[2].strip()
        if _STEP_NAME.fullmatch(name) is None or name in _TAKEN:
            problem = f"{shown(name)} cannot be the name of a step"
            raise UsageError("--define", problem, f"for example --define 'step_1={condition}'")
        if name in found:
            raise UsageError("--define", f"{name} is defined twice", "join both with and, or with or")
        found[name] = condition
    return found


def _check_names(pattern: Pattern, definitions: dict[str, str]) -> None:
    """PatternError for a name that is not defined; UsageError for one that is not used."""
    places: dict[str, int] = {}
    for each in in_order(pattern):
        places.setdefault(each.name, each.place)
    for name in sorted(places, key=lambda each: places[each]):
        if name not in definitions:
            hint = (
                nearest(name, tuple(definitions))
                if definitions
                else f"for example --define '{name}=status >= 500'"
            )
            raise PatternError(places[name], f"no step is called {shown(name)}", hint)
    for name in definitions:
        if name not in places:
            problem = f"{name} is defined, and does not stand in the pattern"
            raise UsageError("--define", problem, f"leave it out, or add it: '{pattern.text} -> {name}'")
