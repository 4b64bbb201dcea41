"""Group and aggregate columns from their texts: `[NAME=]CALL [if EXPR]`, `FIELD`, `NAME=EXPR`."""

from collections.abc import Callable
from dataclasses import Field, fields
from typing import Any, TypeVar

from streamstat import aggregates
from streamstat.aggregates.quantile import percentile
from streamstat.common.errors import UsageError
from streamstat.common.registry import load, names, nearest
from streamstat.expressions import (
    Expression,
    Scope,
    compile_condition,
    compile_expression,
    compile_field_or_expression,
)
from streamstat.plan.calls import Call, default_name, parse_calls, parse_group
from streamstat.plan.job import Group, Measure

T = TypeVar("T")


def attempt(place: str, read: Callable[[str], T], text: str) -> T:
    """read(text), where a ValueError becomes a UsageError of this place."""
    try:
        return read(text)
    except (ValueError, OverflowError) as error:
        raise UsageError(place, str(error)) from None


def group_of(text: str) -> Group:
    """The group column that `FIELD` or `[NAME=]EXPR` describes; a field keeps its name, however it was written."""
    name, expression = attempt("--by", parse_group, text)
    by = compile_field_or_expression(expression, "--by")
    return Group(name or by.field or default_name(expression) or expression, by)


def measures_of(text: str) -> tuple[Measure, ...]:
    """The aggregate columns that `[NAME=]CALL [if EXPR]` or `F,G(x) [if EXPR]` describes."""
    return tuple(map(measure_of, calls_of(text)))


def measure_of(call: Call, scope: Scope | None = None) -> Measure:
    """The column of a call. scope: what paths are that are no fields as they stand."""
    condition = None if call.condition is None else compile_condition(call.condition, "--agg", scope=scope)
    q = percentile(call.function)
    name = call.function if q is None else "quantile"
    kind = attempt("--agg", lambda word: load(aggregates, word), name)
    call, by = split_ranking(call, kind, scope)
    argument, options = arguments_of(call, kind, {} if q is None else {"q": q}, scope)
    try:
        aggregate = kind(**options)
    except ValueError as error:
        raise UsageError("--agg", f"{call.text}: {error}") from None
    return Measure(call.column, aggregate, argument, condition, state_name(call), call.text, by)


def calls_of(text: str) -> tuple[Call, ...]:
    """Calls of functions that there are; UsageError that says which call is meant, else."""
    try:
        calls = parse_calls(text)
    except ValueError as error:
        from streamstat.plan.meant_calls import refuse_words  # only errors need it

        refuse_words(text)
        raise UsageError("--agg", str(error)) from None
    for call in calls:
        is_known = percentile(call.function) is not None or call.function in names(aggregates)
        if not is_known or call.arguments[:1] == ("*",) or "distinct" in call.text:
            from streamstat.plan.meant_calls import refuse_no_call

            refuse_no_call(call)
    return calls


def state_name(call: Call) -> str:
    """What the state columns of a call are named after: its argument and condition."""
    condition = f" if {call.condition}" if call.condition else ""
    return default_name(call.arguments[0] + condition) if call.arguments else ""


def split_ranking(call: Call, kind: type[Any], scope: Scope | None = None) -> tuple[Call, Expression | None]:
    """A call without the argument that ranks its events, and that argument; None: it has none."""
    name = getattr(kind, "ranking", None)
    if name is None:
        return call, None
    given = [*call.arguments[1:], *(text for option, text in call.options.items() if option == name)]
    if len(given) != 1 or not call.arguments:
        problem = f"{call.text}: {call.function} takes what is wanted and the number that ranks it"
        raise UsageError("--agg", problem, f"for example {call.function}(route, latency_ms)")
    options = {option: text for option, text in call.options.items() if option != name}
    rest = Call(call.text, call.name, call.function, call.arguments[:1], options, call.condition)
    return rest, compile_expression(given[0], "--agg", scope=scope)


def arguments_of(
    call: Call, kind: type[Any], given: dict[str, Any], scope: Scope | None = None
) -> tuple[Expression | None, dict[str, Any]]:
    """The argument of a call and the fields of its aggregate, from positional and keyword arguments."""
    takes = {each.name: each for each in fields(kind)}
    positional = getattr(kind, "positional", ())
    options = dict(given)
    rest = list(call.arguments[1:])
    for name in positional:
        if name in options:
            continue
        if "tuple" in str(takes[name].type):
            options[name] = tuple(setting(call, takes[name], text, float) for text in rest)
            rest = []
        elif rest:
            options[name] = setting(call, takes[name], rest.pop(0), takes[name].type)
    for name, text in call.options.items():
        if name not in takes:
            hint = nearest(name, tuple(takes)) if takes else f"{call.function} takes none"
            raise UsageError("--agg", f"{call.text}: there is no option {name!r}", hint)
        if "tuple" in str(takes[name].type):
            hint = f"for example '{call.function}({_aggregated(call)}, 10, 100)'"
            raise UsageError("--agg", f"{call.text}: {name} come by place, without their name", hint)
        options[name] = setting(call, takes[name], text, takes[name].type)
    argument = None
    if call.arguments and kind.argument != "none":
        argument = compile_expression(call.arguments[0], "--agg", scope=scope)
    elif kind.argument == "required":
        raise UsageError(
            "--agg", f"{call.text}: nothing to aggregate", f"for example {call.function}(latency_ms)"
        )
    if rest:
        fitting = f"{call.function}({', '.join(call.arguments[: -len(rest)])})"
        raise UsageError("--agg", f"{call.text}: too many arguments", f"for example '{fitting}'")
    return argument, options


def setting(call: Call, one: Field[Any], text: str, kind: Any) -> Any:
    """A setting of an aggregate from its text."""
    try:
        return text.strip("\"'") if kind is str else kind(text)
    except ValueError:
        problem = f"{call.text}: {one.name}={text} is no {'number' if kind is float else 'whole number'}"
        example = "10, 100" if kind is float else f"{one.name}={one.default}"
        hint = f"for example '{call.function}({_aggregated(call)}, {example})'"
        raise UsageError("--agg", problem, hint) from None


def _aggregated(call: Call) -> str:
    """The text of the argument, for a hint."""
    return call.arguments[0] if call.arguments else "latency_ms"


def check_states(measures: tuple[Measure, ...]) -> None:
    """Refuse two columns of states that would have one name."""
    seen: dict[str, object] = {each.name: None for each in measures}
    for measure in measures:
        for state in measure.aggregate.states:
            argument = measure.argument.text if measure.argument else None
            condition = measure.condition.text if measure.condition else None
            for name in (each.format(measure.state_name) for each in state.written):
                if seen.setdefault(name, (state, argument, condition)) != (state, argument, condition):
                    hint = "leave one out, or give both the same settings"
                    raise UsageError("--sketches", f"two columns would be named {name!r}", hint)


def check_column_names(
    groups: tuple[Group, ...], measures: tuple[Measure, ...], added: tuple[str, ...]
) -> None:
    """Refuse two columns of one name; `added` are those that come without being asked for."""
    seen = set(added)
    options = [("--by", each.name) for each in groups] + [("--agg", each.name) for each in measures]
    for option, name in options:
        if name in seen:
            example = f"other_{name}=FIELD" if option == "--by" else f"other_{name}=CALL"
            raise UsageError(
                option, f"two columns would be named {name!r}", f"for example {example} names one"
            )
        seen.add(name)
