"""The aggregates of a match: the calls of `run`, over all events that were taken, or over those of one step."""

from collections.abc import Sequence

from streamstat.common.errors import UsageError
from streamstat.common.units import shown
from streamstat.expressions import Expression
from streamstat.expressions.logic import Every
from streamstat.expressions.nodes import Field, Node
from streamstat.patterns import Pattern
from streamstat.patterns.sought import Sought, TakenAs
from streamstat.plan.calls import Call
from streamstat.plan.job import Measure
from streamstat.plan.measures import calls_of, measure_of


def step_measures(texts: Sequence[str], sought: Sought) -> tuple[Measure, ...]:
    """The columns that calls describe; without any how many events each step took."""
    texts = texts or [f"count({name})" for name in sought.pattern.taken]
    return tuple(_step_measure(call, sought) for text in texts for call in calls_of(text))


class _Scope:
    """What `STEP.FIELD` means in a call: a field of the events of that step."""

    def __init__(self, call: Call, pattern: Pattern) -> None:
        self._call, self._pattern = call, pattern
        self.steps: dict[str, None] = {}

    def __call__(self, path: str) -> Field | None:
        step, dot, field = path.partition(".")
        if step not in self._pattern.names:
            return None
        _check_taken(self._call, step, self._pattern)
        if not dot:
            problem = f"{self._call.text}: {step} is a step, and of its events a field is needed"
            raise UsageError("--agg", problem, f"for example {self._call.function}({step}.ip)")
        self.steps[step] = None
        return Field(field)


def _step_measure(call: Call, sought: Sought) -> Measure:
    pattern, scope = sought.pattern, _Scope(call, sought.pattern)
    named = call.arguments[0] if call.function == "count" and len(call.arguments) == 1 else ""
    if named in pattern.names:
        _check_taken(call, named, pattern)
        scope.steps[named] = None
        measure = measure_of(Call(call.text, call.name, "count", (), call.options, call.condition), scope)
    else:
        measure = measure_of(call, scope)
    if len(scope.steps) > 1:
        steps = [name for name in pattern.taken if name in scope.steps]
        problem = f"{call.text}: is of the events of two steps, {steps[0]} and {steps[1]}"
        raise UsageError("--agg", problem, f"a call is of one step, for example sum({steps[0]}.bytes)")
    if measure.condition is not None and measure.condition.asks_written:
        problem = f"{call.text}: of events that were taken only fields are known"
        raise UsageError("--agg", problem, "name the field, for example words(message, ...)")
    if not scope.steps:
        return measure
    step = next(iter(scope.steps))
    return measure.only_if(_taken_as(step, measure.condition, sought))


def _check_taken(call: Call, step: str, pattern: Pattern) -> None:
    if step not in pattern.taken:
        problem = f"{call.text}: {shown(step)} takes no events, as it must not come"
        raise UsageError("--agg", problem, f"for example count({pattern.taken[0]})")


def _taken_as(step: str, condition: Expression | None, sought: Sought) -> Expression:
    """That an event was taken as a step, and what else a call asks of it."""
    bit = sought.program.bit(step)
    own = sought.conditions[bit]
    node: Node = TakenAs(bit, own)
    fields = dict(own.expression.fields) if own.is_alone else {}
    text = step
    if condition is not None:
        node = Every((node, condition.node))
        text = f"{step} if {condition.text}"
        for path, need in condition.fields.items():
            fields[path] = fields.get(path, need) | need
    return Expression(text, fields, node)
