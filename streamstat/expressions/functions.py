"""The functions of the language: what each takes, what it becomes, and an example of it for messages.

To add one, write what it does of columns and give it a line in `FUNCTIONS`; the builder needs nothing else.
"""

from collections.abc import Callable
from enum import Enum

from streamstat.common.record import record
from streamstat.common.units import shown
from streamstat.common.zones import Zone
from streamstat.expressions import cutting, patterns, phrases, readings, rounding, texts, times
from streamstat.expressions.logic import Coalesce
from streamstat.expressions.nodes import Calculated, Mapped, Node, Reading, Search, Timed, Type
from streamstat.values.columns import I64, Mask, Values

MOST_PLACES = 400  # as the native rounding has it; no double has so many


class Takes(Enum):
    """What an argument is: values, a column of them, or a setting, written in the expression itself."""

    NUMBER = "numbers"
    TEXT = "texts"
    ANY = "values of any type"
    TIME = "times"
    WORD = "a text in quotes"
    PATTERN = "a pattern in quotes"
    REPLACEMENT = "what stands for a match, in quotes"
    WHOLE = "a whole number"

    @property
    def is_setting(self) -> bool:
        """Whether it is the same for all rows."""
        return self in (Takes.WORD, Takes.PATTERN, Takes.REPLACEMENT, Takes.WHOLE)


@record
class FunctionCall:
    """A call whose arguments have been read: values and settings, each in their order; its text as written."""

    text: str
    values: tuple[Node, ...]
    settings: tuple[int | str, ...]


@record
class Function:
    """A function. `make` raises ValueError, a line without a hint, for settings that cannot be.

    optional: how many of its last arguments may be missing. repeats: whether the last may come again and again.
    """

    example: str
    takes: tuple[Takes, ...]
    make: Callable[[FunctionCall], Node]
    optional: int = 0
    repeats: bool = False

    def argument(self, place: int) -> Takes:
        """What stands at a place, from 0."""
        return self.takes[min(place, len(self.takes) - 1)]

    def fits(self, n: int) -> bool:
        """Whether it takes so many arguments."""
        return n >= len(self.takes) - self.optional and (self.repeats or n <= len(self.takes))


def _mapped(function: Callable[..., Values], gives: Type) -> Callable[[FunctionCall], Node]:
    return lambda call: Mapped(function, call.values[0], call.settings, gives)


def _calculated(function: Callable[..., Values]) -> Callable[[FunctionCall], Node]:
    return lambda call: Calculated(function, call.values[0])


def _search(function: Callable[[Values, str], Mask]) -> Callable[[FunctionCall], Node]:
    return lambda call: Search(function, call.values[0], str(call.settings[0]))


def _words(call: FunctionCall) -> Node:
    return Search(phrases.has_words, call.values[0], _phrase(call))


def _anywhere(call: FunctionCall) -> Node:
    return phrases.Anywhere(_phrase(call))


def _phrase(call: FunctionCall) -> str:
    phrase = str(call.settings[0])
    if not phrases.has_word(phrase):
        raise ValueError(f"{call.text}: {shown(phrase)} has no word, which is letters or digits")
    return phrase


def _reading(function: Callable[[Values], Values]) -> Callable[[FunctionCall], Node]:
    return lambda call: Reading(function, call.values[0], call.text)


def _timed(function: Callable[[I64, Zone], Values], gives: Type) -> Callable[[FunctionCall], Node]:
    return lambda call: Timed(function, call.values[0], gives)


def _rounded(call: FunctionCall) -> Node:
    places = call.settings or (0,)
    if abs(int(places[0])) > MOST_PLACES:
        raise ValueError(f"{call.text}: {places[0]} places are more than any number has")
    return Calculated(rounding.rounded, call.values[0], (int(places[0]),))


def _extracted(call: FunctionCall) -> Node:
    pattern = str(call.settings[0])
    around = patterns.around_match(pattern)
    if problem := patterns.replacement_problem(around, r"\1"):
        raise ValueError(f"{shown(pattern)} cannot be looked for: {shown(problem)}")
    return Mapped(cutting.extracted, call.values[0], (pattern, around), Type.TEXT)


def _replaced(call: FunctionCall) -> Node:
    pattern, by = map(str, call.settings)
    if problem := patterns.replacement_problem(pattern, by):
        raise ValueError(f"{shown(by)} cannot replace {shown(pattern)}: {shown(problem)}")
    return Mapped(cutting.replaced, call.values[0], (pattern, by), Type.TEXT)


def _piece(call: FunctionCall) -> Node:
    if not call.settings[0]:
        raise ValueError(f"{call.text}: an empty text separates nothing")
    return Mapped(cutting.pieces, call.values[0], call.settings, Type.TEXT)


FUNCTIONS: dict[str, Function] = {
    "len": Function("len(path)", (Takes.TEXT,), _mapped(texts.lengths, Type.NUMBER)),
    "lower": Function("lower(path)", (Takes.TEXT,), _mapped(texts.lower, Type.TEXT)),
    "upper": Function("upper(path)", (Takes.TEXT,), _mapped(texts.upper, Type.TEXT)),
    "contains": Function('contains(path, "/api")', (Takes.TEXT, Takes.WORD), _search(texts.contains)),
    "startswith": Function('startswith(path, "/api")', (Takes.TEXT, Takes.WORD), _search(texts.starts_with)),
    "endswith": Function('endswith(path, ".js")', (Takes.TEXT, Takes.WORD), _search(texts.ends_with)),
    "matches": Function('matches(path, "v[0-9]+")', (Takes.TEXT, Takes.PATTERN), _search(texts.matches)),
    "words": Function('words(message, "disk full")', (Takes.TEXT, Takes.WORD), _words),
    "anywhere": Function('anywhere("disk full")', (Takes.WORD,), _anywhere),
    "substring": Function(
        "substring(path, 0, 4)",
        (Takes.TEXT, Takes.WHOLE, Takes.WHOLE),
        _mapped(cutting.substrings, Type.TEXT),
        optional=1,
    ),
    "extract": Function('extract(path, "^/([a-z]+)")', (Takes.TEXT, Takes.PATTERN), _extracted),
    "replace": Function(
        'replace(path, "[0-9]+", "N")', (Takes.TEXT, Takes.PATTERN, Takes.REPLACEMENT), _replaced
    ),
    "split": Function('split(path, "/", 1)', (Takes.TEXT, Takes.WORD, Takes.WHOLE), _piece),
    "text": Function("text(status)", (Takes.ANY,), _mapped(cutting.spelt, Type.TEXT)),
    "number": Function("number(status)", (Takes.ANY,), _reading(readings.numbers)),
    "duration": Function("duration(took)", (Takes.ANY,), _reading(readings.durations)),
    "size": Function("size(body)", (Takes.ANY,), _reading(readings.sizes)),
    "round": Function("round(x, 2)", (Takes.NUMBER, Takes.WHOLE), _rounded, optional=1),
    "abs": Function("abs(x)", (Takes.NUMBER,), _calculated(rounding.absolutes)),
    "floor": Function("floor(x)", (Takes.NUMBER,), _calculated(rounding.floors)),
    "ceil": Function("ceil(x)", (Takes.NUMBER,), _calculated(rounding.ceilings)),
    "coalesce": Function(
        "coalesce(a, 0)", (Takes.ANY, Takes.ANY), lambda call: Coalesce(call.values), repeats=True
    ),
    "hour": Function("hour(event_time)", (Takes.TIME,), _timed(times.hours, Type.NUMBER)),
    "weekday": Function("weekday(event_time)", (Takes.TIME,), _timed(times.weekdays, Type.NUMBER)),
    "date": Function("date(event_time)", (Takes.TIME,), _timed(times.dates, Type.TEXT)),
}
