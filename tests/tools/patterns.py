"""Random patterns and streams for them, and how to run the real thing over both."""

import json
from collections.abc import Sequence

from hypothesis import strategies as st
from oracle.pattern_texts import conditions_of, text_of
from oracle.patterns import Element, Event, Match, Pattern, Step

from streamstat.common.units import format_time
from streamstat.plan.match_options import MatchOptions
from streamstat.plan.plan import Plan

LETTERS = "abc"
ABSENT = "xy"


@st.composite
def steps(draw: st.DrawFn, name: str, *, inside: bool) -> Step:
    """A step, repeated or not."""
    least, most = draw(
        st.sampled_from([(1, 1)] * 4 + [(2, 2), (1, None), (2, None), (0, 1), (0, None), (1, 2), (2, 3)])
    )
    repeated = (least, most) != (1, 1)
    span = draw(st.none() | st.integers(0, 6)) if repeated else None
    return Step(name, least, most, span)


@st.composite
def patterns(draw: st.DrawFn) -> Pattern:
    """A pattern that is not refused."""
    elements: list[Element] = []
    count = draw(st.integers(1, 3))
    for _ in range(count):
        bracket = draw(st.integers(0, 4)) == 0
        names = [draw(st.sampled_from(LETTERS)) for _ in range(draw(st.integers(1, 2 if bracket else 1)))]
        inner = tuple(draw(steps(name, inside=bracket)) for name in names)
        absent = draw(st.sampled_from((None, None, None, None, *ABSENT, *ABSENT, "b")))
        elements.append(Element(inner, bracket, absent))
    before = draw(st.sampled_from((None, None, None, *ABSENT)))
    if all(step.least == 0 for element in elements for step in element.steps):
        elements[0] = Element((Step(elements[0].steps[0].name), *elements[0].steps[1:]), elements[0].bracket)
    elements = [_sound(elements, i) for i in range(len(elements))]
    if all(step.least == 0 for step in elements[0].steps):
        before = None
    pattern = Pattern(
        tuple(elements), before, draw(st.integers(0, 12)), draw(st.booleans()), draw(st.booleans())
    )
    return _compared(draw, pattern)


@st.composite
def long_patterns(draw: st.DrawFn) -> Pattern:
    """Patterns of which a step takes more events than fit among a few numbers."""
    least = draw(st.integers(8, 12))
    most = draw(st.sampled_from((least, None, least + 1)))
    first = Step("a", least, most, draw(st.none() | st.integers(0, 20)))
    bracket = draw(st.booleans())
    inner = (first, Step("b")) if bracket and draw(st.booleans()) else (first,)
    elements = [Element(inner, bracket, draw(st.sampled_from((None, "x"))))]
    if draw(st.booleans()):
        elements.append(Element((Step("c"),)))
    if draw(st.booleans()):
        elements.insert(0, Element((Step("c"),), False, draw(st.sampled_from((None, "x")))))
    return Pattern(tuple(elements), None, draw(st.integers(12, 40)), draw(st.booleans()))


@st.composite
def long_streams(draw: st.DrawFn) -> list[Event]:
    """Events of one group, most of them alike."""
    letters = st.sampled_from(("a", "a", "a", "a", "a", "ab", "b", "c", "ac", "x"))
    found, time = [], 0
    for number in range(draw(st.integers(8, 15))):
        time += draw(st.sampled_from((0, 1, 1, 2)))
        found.append(Event(number, time, "g", draw(letters), None))
    return found


def _sound(elements: list[Element], i: int) -> Element:
    """Nothing may be absent beside what may take nothing."""
    element = elements[i]
    beside = elements[i : i + 2]
    may_be_empty = any(all(step.least == 0 for step in each.steps) for each in beside)
    return Element(element.steps, element.bracket, None) if may_be_empty else element


def _compared(draw: st.DrawFn, pattern: Pattern) -> Pattern:
    """Some names look at the event before, or at a step before them that is taken once."""
    compared: dict[str, tuple[str, str]] = {}
    order = [step.name for step in pattern.steps]
    absent = [each.absent for each in pattern.elements]
    for name in dict.fromkeys([*order, *filter(None, (pattern.before, *absent))]):
        if draw(st.integers(0, 3)):
            continue
        candidates = ["prev"] if name not in (None,) else []
        for i, step in enumerate(pattern.steps):
            once = (step.least, step.most) == (1, 1) and order.count(step.name) == 1
            once = once and step.name not in absent
            if once and step.name != name and _stands_before(pattern, i, name):
                candidates.append(step.name)
        compared[name] = (draw(st.sampled_from(("==", "!=", ">"))), draw(st.sampled_from(candidates)))
    return Pattern(pattern.elements, pattern.before, pattern.within, pattern.overlap, pattern.final, compared)


def _stands_before(pattern: Pattern, step: int, name: str) -> bool:
    if name == pattern.before:
        return False
    places: list[int] = []
    number = 0
    for element in pattern.elements:
        places += [number + i for i, each in enumerate(element.steps) if each.name == name]
        number += len(element.steps)
        if element.absent == name:
            places.append(number)
    return all(step < place for place in places)


@st.composite
def streams(draw: st.DrawFn, most: int = 12) -> list[Event]:
    """Events in the order of input: ties, disorder, two groups and none, values and none."""
    found, time = [], 0
    for number in range(draw(st.integers(0, most))):
        time += draw(st.sampled_from((0, 0, 1, 1, 2, 3, 7)))
        late = draw(st.sampled_from((0, 0, 0, 0, 1, 4)))
        letters = "".join(sorted(set(draw(st.text(LETTERS + ABSENT, max_size=3)))))
        group = draw(st.sampled_from(("g", "g", "g", "h", None)))
        value = draw(st.none() | st.integers(0, 2))
        found.append(Event(number, max(0, time - late), group, letters, value))
    return found


def line_of(event: Event) -> bytes:
    """An event as a line of input."""
    fields = {"ts": event.time, "id": event.id, "g": event.group, "k": event.letters, "v": event.value}
    return json.dumps(fields).encode() + b"\n"


def in_time(events: Sequence[Event], delay: int | None) -> tuple[list[Event], int]:
    """The events that are not late, and how many are."""
    newest, kept = -(1 << 60), []
    for event in events:
        if delay is None or event.time >= newest - delay:
            kept.append(event)
        newest = max(newest, event.time)
    return kept, len(events) - len(kept)


def plan_of(pattern: Pattern, delay: int | None) -> Plan:
    """The same for the real thing; a column for the ids of each name."""
    options = MatchOptions(
        pattern=text_of(pattern),
        define=[f"{name}={condition}" for name, condition in conditions_of(pattern).items()],
        within=f"{pattern.within}s",
        overlap=pattern.overlap,
        final=pattern.final,
    )
    calls = [f"values({name}.id, 2000)" for name in pattern.taken]
    return Plan(time=("ts",), by=["g"], agg=calls, delay=None if delay is None else f"{delay}s", own=options)


def expected_rows(pattern: Pattern, matches: Sequence[Match]) -> list[str]:
    """Matches as lines of CSV."""
    lines = []
    for match in matches:
        cells = [format_time(match.start * 1_000_000), format_time(match.end * 1_000_000), match.group or ""]
        for name in pattern.taken:
            ids = ",".join(map(str, sorted(match.ids[name])))
            cells.append(f'"[{ids}]"' if "," in ids else f"[{ids}]")
        lines.append(",".join(cells))
    return lines
