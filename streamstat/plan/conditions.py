"""The condition of a step, in which other events can be named: `prev.price`, `order.id`."""

from streamstat.expressions import compile_condition
from streamstat.expressions.nodes import Field, Reference
from streamstat.patterns import Absent, Pattern, PatternStep
from streamstat.patterns.reading import PatternError
from streamstat.patterns.sought import PREVIOUS, Condition


def condition_of(name: str, text: str, pattern: Pattern) -> Condition:
    """What an event of a name is; PatternError for a step that it cannot look at."""

    def scope(path: str) -> Field | Reference | None:
        of, dot, field = path.partition(".")
        if not dot:
            return None
        if of == PREVIOUS:
            return Reference(of, field)
        if of not in pattern.names:
            return None
        _check_reference(name, of, field, pattern)
        return Reference(of, field)

    expression = compile_condition(text, "--define", scope=scope)
    if expression.references and expression.asks_written:
        place = next(each.place for each in in_order(pattern) if each.name == name)
        problem = f"anywhere() cannot stand in {name}, which looks at other events"
        raise PatternError(place, problem, "name the field, for example words(message, ...)")
    looked_at = {of for of, _ in expression.references} - {PREVIOUS}
    return Condition(name, expression, tuple(each for each in pattern.taken if each in looked_at))


def _check_reference(name: str, of: str, field: str, pattern: Pattern) -> None:
    """A step can look at those that stand before it everywhere, and take exactly one event."""
    elements = in_order(pattern)
    places = [i for i, element in enumerate(elements) if element.name == of]
    own = [i for i, element in enumerate(elements) if element.name == name]
    words, once = f"{name} looks at {of}.{field}", "name a step that takes one event"
    if of == name:
        problem = f"{words}, which is its own event"
        raise PatternError(elements[own[0]].place, problem, f"the event's own field is {field}")
    if len(places) > 1:
        hint = f"define the other one by another name: --define '{of}_2=...'"
        raise PatternError(elements[places[1]].place, f"{words}, and {of} stands here more than once", hint)
    step = elements[places[0]]
    if isinstance(step, Absent):
        raise PatternError(step.place, f"{words}, and !{of} has no event", once)
    if not step.is_once:
        raise PatternError(step.place, f"{words}, and {of} may take other than one event", once)
    if places[0] > own[0]:
        hint = f"let {of} look at {name}.{field} instead"
        raise PatternError(step.place, f"{words}, and {of} comes later", hint)


def in_order(pattern: Pattern) -> list[PatternStep | Absent]:
    """All that stands in a pattern, from left to right."""
    return sorted((*pattern.steps, *pattern.absent), key=lambda each: each.place)
