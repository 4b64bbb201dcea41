"""A pattern as the kernel is given it: steps as numbers, and which step may follow which."""

from itertools import product

from streamstat.common.record import record
from streamstat.patterns import Absent, Pattern

NONE = -1


@record
class Edge:
    """Step `to` may follow step `source`; adjacent: at the very next event. absent: the bit of what must not come
    between, NONE if anything may."""

    source: int
    to: int
    adjacent: bool
    absent: int


@record
class Program:
    """bits: the name of each bit. steps: (bit, least, most or NONE, span or NONE, whether it is in a bracket).

    first, last: whether a match may begin or end with the step.
    """

    bits: tuple[str, ...]
    steps: tuple[tuple[int, int, int, int, bool], ...]
    edges: tuple[Edge, ...]
    first: tuple[bool, ...]
    last: tuple[bool, ...]
    before: int
    behind: int

    def bit(self, name: str) -> int:
        """The number of a name."""
        return self.bits.index(name)


def program_of(pattern: Pattern) -> Program:
    """What a pattern means to the kernel.

    >>> from streamstat.patterns.reading import read_pattern
    >>> program = program_of(read_pattern("a -> b? -> c"))
    >>> [(edge.source, edge.to) for edge in program.edges], program.first
    ([(0, 1), (0, 2), (1, 2)], (True, False, False))
    """
    bits, steps = pattern.names, pattern.steps
    element_of = [i for i, element in enumerate(pattern.elements) for _ in element]

    def bit(absent: Absent | None) -> int:
        return NONE if absent is None else bits.index(absent.name)

    def may_skip(lo: int, hi: int) -> bool:
        return all(step.least == 0 for step in steps[lo:hi])

    edges = []
    for source, to in product(range(len(steps)), repeat=2):
        if source < to and may_skip(source + 1, to):
            one, other = element_of[source], element_of[to]
            absent = bit(pattern.between[one]) if other == one + 1 else NONE
            edges.append(Edge(source, to, one == other, absent))
    shapes = tuple(
        (
            bits.index(step.name),
            step.least,
            NONE if step.most is None else step.most,
            NONE if step.span_us is None else step.span_us,
            step.bracket is not None,
        )
        for step in steps
    )
    first = tuple(may_skip(0, i) for i in range(len(steps)))
    last = tuple(may_skip(i + 1, len(steps)) for i in range(len(steps)))
    return Program(bits, shapes, tuple(edges), first, last, bit(pattern.before), bit(pattern.behind))
