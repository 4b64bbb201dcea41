"""From the text of a pattern to a `Pattern`: `a{3,} in 1m -> !x -> [b c+]`."""

import re
from itertools import pairwise

from streamstat.common.record import record
from streamstat.common.units import parse_duration, shown
from streamstat.patterns import Absent, Pattern, PatternStep

MOST_STEPS = 60  # as the native program has it: a bit for each name
MOST_TAKEN = 100_000  # as the least or the most of one step
_TOKEN = re.compile(
    r"\s*(?:(?P<arrow>->)|(?P<name>[^\W\d]\w*)|(?P<count>\{[^{}]*\}|[+*?])|(?P<mark>[\[\]!])|(?P<other>\S))"
)
_SPAN = re.compile(r"\s*([^\s\]]*)")
_COUNT = re.compile(r"\{\s*(\d+)\s*(,?)\s*(\d+)?\s*\}")
_SIGNS = {"+": (1, None), "*": (0, None), "?": (0, 1)}


class PatternError(Exception):
    """What is wrong with a pattern, where it shows (from 0), and something that works instead."""

    def __init__(self, place: int, problem: str, hint: str) -> None:
        super().__init__(problem)
        self.place, self.problem, self.hint = place, problem, hint


@record
class Token:
    """A word or sign of a pattern. kind: arrow, name, count, mark, other, or end."""

    kind: str
    text: str
    place: int


Element = tuple[PatternStep, ...] | Absent


def read_pattern(text: str) -> Pattern:
    """The pattern that a text spells; PatternError for one that cannot be.

    >>> [step.name for step in read_pattern("fail{5,} in 1m -> !reset -> ok").steps]
    ['fail', 'ok']
    """
    return _checked(text, _Reader(text).elements())


class _Reader:
    """Reads a text from left to right."""

    def __init__(self, text: str) -> None:
        self._text, self._place, self._brackets = text, 0, 0

    def elements(self) -> list[Element]:
        """What stands between arrows."""
        found = [self._element()]
        while (token := self._next()).kind != "end":
            if token.kind != "arrow":
                raise PatternError(
                    token.place, _misplaced(token), "steps are joined by ->, for example a -> b"
                )
            found.append(self._element())
        return found

    def _next(self) -> Token:
        found = _TOKEN.match(self._text, self._place)
        if found is None:
            return Token("end", "", len(self._text.rstrip()))
        kind = str(found.lastgroup)
        self._place = found.end()
        return Token(kind, found[kind], found.start(kind))

    def _peek(self) -> Token:
        place = self._place
        token = self._next()
        self._place = place
        return token

    def _element(self) -> Element:
        token = self._next()
        if token.text == "!":
            name = self._next()
            if name.text == "[":
                raise PatternError(name.place, "! stands before one step", "for example a -> !x -> b")
            if name.kind != "name":
                raise PatternError(
                    name.place, f"! needs a step behind it, not {_shown(name)}", "for example a -> !x"
                )
            if (count := self._peek()).kind == "count":
                problem = f"{count.text} says how often, and !{name.text} never comes"
                raise PatternError(count.place, problem, f"for example a -> !{name.text}")
            return Absent(name.text, name.place)
        if token.text == "[":
            return self._bracket(token)
        if token.kind != "name":
            hint = "a pattern is, for example, fail{5,} -> ok"
            raise PatternError(token.place, f"a step is missing before {_shown(token)}", hint)
        return (self._step(token, None),)

    def _bracket(self, opening: Token) -> tuple[PatternStep, ...]:
        steps: list[PatternStep] = []
        number, self._brackets = self._brackets, self._brackets + 1
        while (token := self._next()).text != "]":
            if token.kind == "end":
                raise PatternError(
                    opening.place, "[ is not closed", "neighbours are, for example, [a b{2,} c]"
                )
            if token.kind != "name":
                problem = f"{_shown(token)} cannot stand in a bracket"
                raise PatternError(token.place, problem, "neighbours are, for example, [a b{2,} c]")
            steps.append(self._step(token, number))
        if not steps:
            raise PatternError(
                opening.place, "a bracket without a step", "neighbours are, for example, [a b{2,} c]"
            )
        if (count := self._peek()).kind == "count":
            problem = f"a bracket cannot be repeated, as {_shown(count)} would"
            raise PatternError(count.place, problem, "repeat the steps in it, for example [a{2} b{2}]")
        return tuple(steps)

    def _step(self, name: Token, bracket: int | None) -> PatternStep:
        least: int = 1
        most: int | None = 1
        is_repeated = self._peek().kind == "count"
        if is_repeated:
            least, most = _counts(self._next(), name.text)
        span = self._span(name, is_repeated)
        return PatternStep(name.text, least, most, span, name.place, bracket)

    def _span(self, name: Token, is_repeated: bool) -> int | None:
        word = self._peek()
        if word.kind != "name" or word.text != "in":
            return None
        self._next()
        found = _SPAN.match(self._text, self._place)
        assert found is not None
        example = f"for example {name.text}{{3,}} in 1m"
        if not is_repeated:
            raise PatternError(
                word.place, "in says how long a repetition takes, and this is one event", example
            )
        try:
            span = parse_duration(found[1])
        except ValueError:
            problem = f"in needs a duration behind it, not {shown(found[1]) if found[1] else 'the end'}"
            raise PatternError(found.start(1), problem, example) from None
        self._place = found.end()
        return span


def _counts(token: Token, name: str) -> tuple[int, int | None]:
    """How many events `{2,5}` means, at least and at most."""
    if token.text in _SIGNS:
        return _SIGNS[token.text]
    found = _COUNT.fullmatch(token.text)
    if found is None:
        hint = f"for example {name}{{3}}, {name}{{3,}} or {name}{{2,5}}"
        raise PatternError(token.place, f"{shown(token.text)} is no number of events", hint)
    least = _number(found[1])
    most = _number(found[3]) if found[3] else None if found[2] else least
    if most == 0:
        raise PatternError(
            token.place, f"{token.text} takes nothing", f"none of them is, for example, a -> !{name} -> b"
        )
    if max(least, most or 0) > MOST_TAKEN:
        raise PatternError(
            token.place, f"more than {MOST_TAKEN:,} events", f"for example {name}{{{MOST_TAKEN},}}"
        )
    if most is not None and most < least:
        raise PatternError(token.place, f"{least} to {most} events", f"for example {name}{{{most},{least}}}")
    return least, most


def _number(digits: str) -> int:
    """A number, or one above the highest: Python reads no text of thousands of digits."""
    return int(digits) if len(digits) < 10 else MOST_TAKEN + 1


def _checked(text: str, elements: list[Element]) -> Pattern:
    for one, other in pairwise(elements):
        if isinstance(one, Absent) and isinstance(other, Absent):
            problem = f"!{one.name} beside !{other.name}"
            raise PatternError(other.place, problem, "define a step that is either of them")
        if isinstance(one, Absent) != isinstance(other, Absent):
            absent, steps = (one, other) if isinstance(one, Absent) else (other, one)
            assert isinstance(absent, Absent) and isinstance(steps, tuple)
            if all(step.least == 0 for step in steps):
                problem = f"!{absent.name} beside {steps[0].name}, which may take nothing"
                raise PatternError(absent.place, problem, f"for example {steps[0].name}+")
    taking = [each for each in elements if isinstance(each, tuple)]
    if all(step.least == 0 for steps in taking for step in steps):
        name = next((step.name for steps in taking for step in steps), None)
        hint = f"for example {name}+" if name else "for example a -> !x"
        raise PatternError(0, "a match of this could be without events", hint)
    pattern = Pattern(text, tuple(taking), _between(elements), _absent(elements[0]), _absent(elements[-1]))
    if len(pattern.steps) + len(pattern.absent) > MOST_STEPS:
        raise PatternError(0, f"more than {MOST_STEPS} steps", "two patterns are two runs")
    return pattern


def _absent(element: Element) -> Absent | None:
    return element if isinstance(element, Absent) else None


def _between(elements: list[Element]) -> tuple[Absent | None, ...]:
    """What must not come between those that take events."""
    found: list[Absent | None] = []
    absent: Absent | None = None
    for element in elements:
        if isinstance(element, Absent):
            absent = element
            continue
        found.append(absent)
        absent = None
    return tuple(found[1:])


def _misplaced(token: Token) -> str:
    return f"{_shown(token)} cannot stand here"


def _shown(token: Token) -> str:
    return "the end" if token.kind == "end" else shown(token.text)
