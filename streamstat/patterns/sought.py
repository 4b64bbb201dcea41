"""What is looked for in a stream: a pattern, and what its steps are."""

from collections.abc import Mapping
from typing import ClassVar

from streamstat.common.record import record
from streamstat.expressions import Expression
from streamstat.expressions.comparing import truths
from streamstat.expressions.nodes import Field, Frame, Literal, Node, Type
from streamstat.expressions.walking import children
from streamstat.patterns import Pattern
from streamstat.patterns.program import Program
from streamstat.values.columns import Kind, Values

PREVIOUS = "prev"  # in a condition: the event of the group just before
TAKEN = ("taken", "")  # among other events' columns: the bit as which each row was taken


@record
class Condition:
    """What an event of a name is. looked_at: the steps whose events it looks at, in the order of the pattern."""

    name: str
    expression: Expression
    looked_at: tuple[str, ...] = ()

    @property
    def looks_before(self) -> bool:
        """Whether it looks at the event of the group just before."""
        return any(of == PREVIOUS for of, _ in self.expression.references)

    @property
    def is_alone(self) -> bool:
        """Whether it can be asked of an event by itself."""
        return not self.expression.references


@record
class Sought:
    """A pattern and the conditions of its names, by bit. within_us: from the first to the last event of a match.

    overlap: events can be in several matches. final: what is not decided at the end of input is told. events: rows have
    the events as they were written.
    """

    pattern: Pattern
    program: Program
    conditions: tuple[Condition, ...]
    within_us: int
    overlap: bool = False
    final: bool = False
    events: bool = False

    shape: ClassVar[str] = "patterns"

    @property
    def one_size(self) -> bool:
        """Matches take as long as they take."""
        return False

    @property
    def looks_before(self) -> bool:
        """Whether a condition looks at the event just before."""
        return any(each.looks_before for each in self.conditions)

    @property
    def needs_all(self) -> bool:
        """Whether events of no step matter, too: as neighbours."""
        return self.pattern.has_brackets or self.looks_before

    @property
    def shapes(self) -> Mapping[str, object]:
        """What the kernel is made from."""
        program = self.program
        bits = {name: 1 << i for i, name in enumerate(program.bits)}
        return {
            "steps": list(program.steps),
            "edges": [(each.source, each.to, each.adjacent, each.absent) for each in program.edges],
            "first": list(program.first),
            "last": list(program.last),
            "before": program.before,
            "behind": program.behind,
            "references": [sum(bits[name] for name in each.looked_at) for each in self.conditions],
            "within": self.within_us,
            "overlap": self.overlap,
            "looks_before": self.looks_before,
        }


@record
class TakenAs:
    """Whether an event was taken as a step. condition: what it must be, of an event of which that is not known yet.

    What a step is stands in its own definition: nobody who walks through a call finds the nodes of it here.
    """

    bit: int
    condition: Condition
    type: Type = Type.TRUTH

    def evaluate(self, frame: Frame) -> Values:
        taken = frame.others.get(TAKEN)
        if taken is not None:
            return truths(taken.numbers == self.bit, taken.kinds == Kind.INTEGER)
        if not self.condition.is_alone:
            return NOBODY_KNOWS.evaluate(frame)
        return truths(self.condition.expression.node.evaluate(frame).kinds == Kind.TRUE)


NOBODY_KNOWS = Literal(False)  # of a condition that looks at other events


def asked_of_taken(condition: Expression) -> tuple[str, ...]:
    """The fields that a condition of a call looks at, of events that were taken: not those that make a step."""
    found: dict[str, None] = {}

    def visit(node: Node) -> None:
        if isinstance(node, Field):
            found[node.path] = None
        for each in children(node):
            visit(each)

    visit(condition.node)
    return tuple(found)
