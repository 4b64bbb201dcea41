"""Patterns in time: which events, one behind the other, are a match. Descriptions without state.

A pattern is a row of steps; events are taken as steps, in their order, and others may stand between them. A bracket
holds steps whose events are neighbours. Knows names of steps and no events: what a step is, and how far apart the
first and the last event may be, is said elsewhere. Begin with `reading`, which makes a `Pattern` of a text; `program`
is what the kernel is given.
"""

from streamstat.common.record import record


@record
class PatternStep:
    """Events of one name: `least` to `most` of them (None: any number), the last at most span_us behind the first.

    place: where it stands in the text, from 0. bracket: the number of the bracket that it is in (None: in none).
    """

    name: str
    least: int
    most: int | None
    span_us: int | None
    place: int
    bracket: int | None = None

    @property
    def is_once(self) -> bool:
        """Whether it takes exactly one event."""
        return self.least == 1 and self.most == 1


@record
class Absent:
    """A name of which no event may come between two elements, before the first or behind the last."""

    name: str
    place: int


@record
class Pattern:
    """A pattern that has been read and checked.

    elements: the steps of each element, one, or those of a bracket. between: what must not come behind an element and
    before the next, one fewer than elements. before: what must not come before the first; behind: after the last.
    """

    text: str
    elements: tuple[tuple[PatternStep, ...], ...]
    between: tuple[Absent | None, ...]
    before: Absent | None
    behind: Absent | None

    @property
    def steps(self) -> tuple[PatternStep, ...]:
        """The steps that take events, in their order."""
        return tuple(step for element in self.elements for step in element)

    @property
    def absent(self) -> tuple[Absent, ...]:
        """What must not come, wherever."""
        return tuple(each for each in (self.before, *self.between, self.behind) if each is not None)

    @property
    def names(self) -> tuple[str, ...]:
        """All names, each once, in the order in which they are first met: those that take events before others."""
        return tuple(dict.fromkeys([*self.taken, *(each.name for each in self.absent)]))

    @property
    def taken(self) -> tuple[str, ...]:
        """The names that take events, each once."""
        return tuple(dict.fromkeys(step.name for step in self.steps))

    @property
    def has_brackets(self) -> bool:
        """Whether any events must be neighbours."""
        return any(step.bracket is not None for step in self.steps)
