"""The parts of an expression that has been read: what each one makes of the columns of a block.

Every node gives `Values` of the block's length, or of one row where it holds for all; what its values can
be is known beforehand only as far as `Type` says.
"""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Protocol

import numpy as np

from streamstat.common.record import record
from streamstat.expressions import arithmetic, comparing, texts
from streamstat.values.columns import Kind, Mask, Values


class Type(Enum):
    """What a node gives, apart from null."""

    NUMBER = "a number"
    TEXT = "a text"
    TRUTH = "true or false"
    NULL = "null"
    ANY = "any value"


@record
class Frame:
    """A block to evaluate over; `bad` collects, by field, rows of a wrong type under arithmetic."""

    columns: Mapping[str, Values]
    n: int
    bad: dict[str, Mask]


class Node(Protocol):
    """A part of an expression."""

    @property
    def type(self) -> Type: ...

    def evaluate(self, frame: Frame) -> Values:
        """Its value in each row; rows of a type it has no meaning for give null."""
        ...


@record
class Field:
    """A field of the event, by path."""

    path: str
    type: Type = Type.ANY

    def evaluate(self, frame: Frame) -> Values:
        return frame.columns[self.path]


@record
class Literal:
    """A value written in the expression; integers beyond int64 are doubles, as in the input."""

    value: bool | int | float | str | None

    @property
    def type(self) -> Type:
        if self.value is None:
            return Type.NULL
        if isinstance(self.value, bool):
            return Type.TRUTH
        return Type.TEXT if isinstance(self.value, str) else Type.NUMBER

    @property
    def fits_int64(self) -> bool:
        """Whether it is an integer in arithmetic."""
        return type(self.value) is int and -(2**63) <= self.value < 2**63

    def evaluate(self, frame: Frame) -> Values:
        value = self.value
        if isinstance(value, str):
            return texts.text_of(value)
        if value is None or isinstance(value, bool):
            kind, number = (Kind.NULL, Kind.FALSE, Kind.TRUE)[0 if value is None else 1 + value], 0
        elif isinstance(value, int) and self.fits_int64:
            kind, number = Kind.INTEGER, value
        else:
            kind, number = Kind.DOUBLE, int(np.float64(value).view(np.int64))
        return Values(np.full(1, kind, np.uint8), np.full(1, number, np.int64))


@record
class Arithmetic:
    """`left op right`, op one of `+ - * /`."""

    op: str
    left: Node
    right: Node
    type: Type = Type.NUMBER

    def evaluate(self, frame: Frame) -> Values:
        return arithmetic.calculate(self.op, _operand(self.left, frame), _operand(self.right, frame))


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
    """`value in (elements)`; literals stand apart, so that a list of thousands is one look-up a row."""

    value: Node
    integers: tuple[int, ...]
    words: tuple[str, ...]
    others: tuple[Node, ...]
    type: Type = Type.TRUTH

    def evaluate(self, frame: Frame) -> Values:
        value = self.value.evaluate(frame)
        found = comparing.is_integer_of(value, self.integers) | texts.is_any(value, self.words)
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
    """`a and b and c`."""

    parts: tuple[Node, ...]
    type: Type = Type.TRUTH

    def evaluate(self, frame: Frame) -> Values:
        return comparing.all_of([part.evaluate(frame) for part in self.parts])


@record
class Some:
    """`a or b or c`."""

    parts: tuple[Node, ...]
    type: Type = Type.TRUTH

    def evaluate(self, frame: Frame) -> Values:
        return comparing.any_of([part.evaluate(frame) for part in self.parts])


@record
class Mapped:
    """A text function of one argument: `len`, `lower`, `upper`."""

    function: Callable[[Values], Values]
    value: Node
    type: Type

    def evaluate(self, frame: Frame) -> Values:
        return self.function(self.value.evaluate(frame))


@record
class Search:
    """A question whether a text has a literal in it: `contains`, `startswith`, `endswith`, `matches`."""

    function: Callable[[Values, str], Mask]
    value: Node
    sought: str
    type: Type = Type.TRUTH

    def evaluate(self, frame: Frame) -> Values:
        value = self.value.evaluate(frame)
        return comparing.truths(self.function(value, self.sought), value.kinds == Kind.TEXT)


def _operand(node: Node, frame: Frame) -> Values:
    values = node.evaluate(frame)
    if isinstance(node, Field):  # null is no value rather than a wrong one
        frame.bad[node.path] = values.kinds >= Kind.TEXT
    return values
