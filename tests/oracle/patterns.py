"""Patterns, the plain way: every fit of every group's events is tried, and the best of those that end first is told."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations


@dataclass(frozen=True)
class Event:
    """An event: its place in the input, time in seconds, group, letters, and a value that may be missing."""

    id: int
    time: int
    group: str | None
    letters: str
    value: int | None


@dataclass(frozen=True)
class Step:
    """A step of a pattern; most None: any number."""

    name: str
    least: int = 1
    most: int | None = 1
    span: int | None = None


@dataclass(frozen=True)
class Element:
    """A step, or a bracket; absent: what must not come between it and the next, or behind the last."""

    steps: tuple[Step, ...]
    bracket: bool = False
    absent: str | None = None


@dataclass(frozen=True)
class Pattern:
    """A pattern, what its names mean, and how it is told. compared: by name, how its value stands to another event's:
    (operator, name of a step or `prev`)."""

    elements: tuple[Element, ...]
    before: str | None
    within: int
    overlap: bool = False
    final: bool = False
    compared: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def behind(self) -> str | None:
        """What must not come after a match."""
        return self.elements[-1].absent

    @property
    def steps(self) -> list[Step]:
        """All that take events."""
        return [step for element in self.elements for step in element.steps]

    @property
    def taken(self) -> list[str]:
        """Their names, each once."""
        return list(dict.fromkeys(step.name for step in self.steps))


Taken = tuple[int, int]  # place among the group's events, number of the step


@dataclass
class Clock:
    """An absence that is not decided."""

    deadline: int
    taken: dict[str, list[Event]]
    last: Event
    first: Event


@dataclass(frozen=True)
class Match:
    """A row: first and end, the group, and the ids of the events of each name."""

    start: int
    end: int
    group: str | None
    ids: dict[str, list[int]]
    last: tuple[int, int]


def holds(
    pattern: Pattern, name: str, event: Event, previous: Event | None, taken: dict[str, list[Event]]
) -> bool:
    """Whether an event is what a name means."""
    if name not in event.letters:
        return False
    if name not in pattern.compared:
        return True
    op, of = pattern.compared[name]
    other = previous if of == "prev" else taken[of][0]
    if event.value is None or other is None or other.value is None:
        return False
    return {
        "==": event.value == other.value,
        "!=": event.value != other.value,
        ">": event.value > other.value,
    }[op]


class Group:
    """The events of one group, in the order in which they are worked on."""

    def __init__(self, pattern: Pattern) -> None:
        self.pattern = pattern
        self.events: list[Event] = []  # all there have been
        self.spent = 0  # how many of them
        self.clocks: list[Clock] = []
        self.matches: list[Match] = []

    def previous(self, place: int) -> Event | None:
        if place == 0 or self.events[place - 1].time < self.events[place].time - self.pattern.within:
            return None
        return self.events[place - 1]

    def add(self, event: Event) -> None:
        self.run_out(event.time)
        self.events.append(event)
        place = len(self.events) - 1
        behind = self.pattern.behind
        if behind is not None:
            self.clocks = [
                clock
                for clock in self.clocks
                if not (
                    event.time <= clock.deadline
                    and holds(self.pattern, behind, event, self.previous(place), clock.taken)
                )
            ]
        fits = list(self.fits(place))
        if not fits:
            return
        best = min(
            fits, key=lambda fit: (fit[0][0], -len(fit), [at for at, _ in fit], [step for _, step in fit])
        )
        taken = self.by_name(best)
        first = self.events[best[0][0]]
        if behind is None:
            self.tell(first, event.time, taken, event)
        else:
            self.clocks.append(Clock(first.time + self.pattern.within, taken, event, first))
        if not self.pattern.overlap:
            self.spent = len(self.events)

    def by_name(self, fit: list[Taken]) -> dict[str, list[Event]]:
        taken: dict[str, list[Event]] = {name: [] for name in self.pattern.taken}
        for place, step in fit:
            taken[self.pattern.steps[step].name].append(self.events[place])
        return taken

    def tell(self, first: Event, end: int, taken: dict[str, list[Event]], last: Event) -> None:
        ids = {name: [each.id for each in events] for name, events in taken.items()}
        self.matches.append(Match(first.time, end, first.group, ids, (last.time, last.id)))

    def run_out(self, until: int) -> None:
        """Tell the clocks that run out before a time."""
        for clock in self.clocks:
            if clock.deadline < until:
                self.tell(clock.first, clock.deadline, clock.taken, clock.last)
        self.clocks = [clock for clock in self.clocks if clock.deadline >= until]

    def fits(self, last: int) -> Iterator[list[Taken]]:
        """All ways to take events so that the last one is this."""
        oldest = self.events[last].time - self.pattern.within
        places = [place for place in range(self.spent, last + 1) if self.events[place].time >= oldest]
        for fit in self.from_element(0, [], {}, places, None):
            if fit and fit[-1][0] == last and self.may_begin(fit[0][0]):
                yield fit

    def may_begin(self, place: int) -> bool:
        name, first = self.pattern.before, self.events[place]
        return name is None or not any(
            each.time >= first.time - self.pattern.within
            and holds(self.pattern, name, each, self.previous(i), {})
            for i, each in enumerate(self.events[:place])
        )

    def from_element(
        self,
        number: int,
        fit: list[Taken],
        taken: dict[str, list[Event]],
        places: list[int],
        absent: str | None,
    ) -> Iterator[list[Taken]]:
        if number == len(self.pattern.elements):
            yield fit
            return
        element = self.pattern.elements[number]
        first_step = sum(len(each.steps) for each in self.pattern.elements[:number])
        for more in self.of_element(element, first_step, fit, taken, places):
            if more and absent is not None and self.comes_between(absent, fit[-1][0], more[0][0], taken):
                continue
            known = {**taken}
            for place, step in more:
                name = self.pattern.steps[step].name
                known[name] = [*known.get(name, []), self.events[place]]
            yield from self.from_element(number + 1, fit + more, known, places, element.absent)

    def comes_between(self, name: str, lo: int, hi: int, taken: dict[str, list[Event]]) -> bool:
        return any(
            holds(self.pattern, name, self.events[i], self.previous(i), taken) for i in range(lo + 1, hi)
        )

    def took(self, places: tuple[int, ...]) -> int:
        return self.events[places[-1]].time - self.events[places[0]].time

    def of_element(
        self,
        element: Element,
        number: int,
        fit: list[Taken],
        taken: dict[str, list[Event]],
        places: list[int],
    ) -> Iterator[list[Taken]]:
        begin = fit[-1][0] + 1 if fit else 0
        yield from self.of_steps(
            element, element.steps, number, [], taken, [each for each in places if each >= begin]
        )

    def of_steps(
        self,
        element: Element,
        steps: tuple[Step, ...],
        number: int,
        fit: list[Taken],
        taken: dict[str, list[Event]],
        places: list[int],
    ) -> Iterator[list[Taken]]:
        if not steps:
            yield fit
            return
        step = steps[0]
        usable = [
            place
            for place in places
            if (not fit or place > fit[-1][0])
            and holds(self.pattern, step.name, self.events[place], self.previous(place), taken)
        ]
        most = len(usable) if step.most is None else min(step.most, len(usable))
        for count in range(step.least, most + 1):
            for chosen in combinations(usable, count):
                if step.span is not None and chosen and self.took(chosen) > step.span:
                    continue
                more = fit + [(place, number) for place in chosen]
                if element.bracket and more and more[-1][0] - more[0][0] != len(more) - 1:
                    continue
                known = {**taken, step.name: [*taken.get(step.name, []), *(self.events[i] for i in chosen)]}
                yield from self.of_steps(element, steps[1:], number + 1, more, known, places)


def matches(pattern: Pattern, events: list[Event], newest: int | None) -> tuple[list[Match], int]:
    """The rows over events that are not late, and how many absences the end of input leaves undecided."""
    groups: dict[str | None, Group] = {}
    for event in sorted(events, key=lambda each: (each.time, each.id)):
        groups.setdefault(event.group, Group(pattern)).add(event)
    undecided = 0
    for group in groups.values():
        if newest is not None:
            group.run_out(newest)
        undecided += 0 if pattern.final else len(group.clocks)
        if pattern.final:
            group.run_out(1 << 60)
    found = [match for group in groups.values() for match in group.matches]

    def order(match: Match) -> tuple[object, ...]:
        return match.end, match.group is None, match.group or "", match.start, match.last

    return sorted(found, key=order), undecided
