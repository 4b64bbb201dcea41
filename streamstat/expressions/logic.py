"""The parts of an expression that compare and decide, with SQL's three-valued logic."""

from typing import TypeAlias

import numpy as np

from streamstat.common.record import record
from streamstat.expressions import comparing, exact, texts
from streamstat.expressions.nodes import Frame, Node, Type, evaluate_where
from streamstat.values.columns import I64, Kind, Mask, Texts, Values, concatenate_texts, no_texts, take_texts


@record
class Comparison:
    """`a < b <= c`: true where each neighbouring pair compares true; every operand evaluated once."""

    ops: tuple[str, ...]
    operands: tuple[Node, ...]
    type: Type = Type.TRUTH

    def evaluate(self, frame: Frame) -> Values:
        values = [operand.evaluate(frame) for operand in self.operands]
        pairs = zip(self.ops, values[:-1], values[1:], strict=True)
        return comparing.all_of([comparing.compare(op, left, right) for op, left, right in pairs])


@record
class Among:
    """`value in (elements)`; literals stand apart, so that a list of thousands is one look-up a row.

    integers: those in int64. large: those beyond.
    """

    value: Node
    integers: tuple[int, ...]
    large: tuple[int, ...]
    words: tuple[str, ...]
    others: tuple[Node, ...]
    type: Type = Type.TRUTH

    def evaluate(self, frame: Frame) -> Values:
        value = self.value.evaluate(frame)
        found = comparing.is_integer_of(value, self.integers) | texts.is_any(value, self.words)
        found |= exact.is_large_of(value, self.large)
        return comparing.is_among(value, found, [other.evaluate(frame) for other in self.others])


@record
class IsNull:
    """`value is None`; a field that is missing is null."""

    value: Node
    type: Type = Type.TRUTH

    def evaluate(self, frame: Frame) -> Values:
        return comparing.truths(self.value.evaluate(frame).kinds == Kind.NULL)


@record
class Not:
    """`not value`."""

    value: Node
    type: Type = Type.TRUTH

    def evaluate(self, frame: Frame) -> Values:
        return comparing.negate(self.value.evaluate(frame))


@record
class Every:
    """`a and b and c`; what `a` decides is not asked of `b`."""

    parts: tuple[Node, ...]
    type: Type = Type.TRUTH

    def evaluate(self, frame: Frame) -> Values:
        return comparing.all_of(_undecided_parts(self.parts, Kind.FALSE, frame))


@record
class Some:
    """`a or b or c`; what `a` decides is not asked of `b`."""

    parts: tuple[Node, ...]
    type: Type = Type.TRUTH

    def evaluate(self, frame: Frame) -> Values:
        return comparing.any_of(_undecided_parts(self.parts, Kind.TRUE, frame))


@record
class Conditional:
    """`then if condition else otherwise`: `otherwise` wherever the condition is not true."""

    condition: Node
    then: Node
    otherwise: Node

    @property
    def passes(self) -> tuple[Node, ...]:
        """The nodes whose values it gives on."""
        return self.then, self.otherwise

    @property
    def type(self) -> Type:
        return common_type(self.passes)

    def evaluate(self, frame: Frame) -> Values:
        true = self.condition.evaluate(frame).kinds == Kind.TRUE
        then = evaluate_where(self.then, frame, lambda: true)
        otherwise = evaluate_where(self.otherwise, frame, lambda: ~true)
        return chosen([then, otherwise], np.where(true, 0, 1))


@record
class Coalesce:
    """`coalesce(a, b)`: the first that is not null."""

    passes: tuple[Node, ...]

    @property
    def type(self) -> Type:
        return common_type(self.passes)

    def evaluate(self, frame: Frame) -> Values:
        parts = [self.passes[0].evaluate(frame)]
        places = np.zeros(1, np.int64)
        missing = parts[0].kinds == Kind.NULL
        for place, node in enumerate(self.passes[1:], 1):
            still = missing
            parts.append(evaluate_where(node, frame, lambda still=still: still))  # type: ignore[misc]
            places = np.where(missing, place, places)
            missing = missing & (parts[-1].kinds == Kind.NULL)
        return chosen(parts, places)


Passing: TypeAlias = Conditional | Coalesce  # nodes that give on values as they are


def common_type(parts: tuple[Node, ...]) -> Type:
    """What one of the nodes gives; null says nothing of it."""
    types = {part.type for part in parts} - {Type.NULL}
    return types.pop() if len(types) == 1 else Type.ANY if types else Type.NULL


def chosen(parts: list[Values], places: I64) -> Values:
    """In row i the value of parts[places[i]]; a part of one row has that value in all.

    >>> one, two = (Values(np.full(1, Kind.INTEGER, np.uint8), np.array([n])) for n in (1, 2))
    >>> chosen([one, two], np.array([1, 0, 1])).numbers.tolist()
    [2, 1, 2]
    """
    n = next((n for n in (len(places), *map(len, parts)) if n != 1), 1)
    places = np.broadcast_to(places, n)
    kinds, numbers = np.zeros(n, np.uint8), np.zeros(n, np.int64)
    for place, part in enumerate(parts):
        kinds = np.where(places == place, part.kinds, kinds)
        numbers = np.where(places == place, part.numbers, numbers)
    return Values(kinds, numbers, _chosen_texts(parts, places))


def _chosen_texts(parts: list[Values], places: I64) -> Texts | None:
    if all(part.texts is None for part in parts):
        return None
    columns = [part.texts or no_texts(len(part)) for part in parts]
    begins = np.cumsum([0, *map(len, columns)])[:-1]
    moves = np.array([0 if len(column) == 1 else 1 for column in columns])
    return take_texts(concatenate_texts(columns), begins[places] + moves[places] * np.arange(len(places)))


def _undecided_parts(parts: tuple[Node, ...], deciding: Kind, frame: Frame) -> list[Values]:
    values: list[Values] = []

    def undecided() -> Mask:
        rows: Mask = np.ones(1, np.bool_)
        for each in values:
            rows = rows & (each.kinds != deciding)
        return rows

    for part in parts:
        values.append(evaluate_where(part, frame, undecided))
    return values
