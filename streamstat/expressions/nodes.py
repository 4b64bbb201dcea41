"""The parts of an expression that has been read: what each one makes of the columns of a block.

Every node gives `Values` of the block's length, or of one row where it holds for all; what its values can
be is known beforehand only as far as `Type` says. `logic` has the parts that decide and compare.
"""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Protocol

import numpy as np

from streamstat.common.record import record
from streamstat.common.zones import Zone
from streamstat.expressions import arithmetic, comparing, cutting, texts
from streamstat.expressions.times import Times
from streamstat.values.columns import I64, Kind, Mask, Texts, Values, integers


class Type(Enum):
    """What a node gives, apart from null."""

    NUMBER = "a number"
    TEXT = "a text"
    TRUTH = "true or false"
    NULL = "null"
    ANY = "any value"


NO_OTHERS: Mapping[tuple[str, str], Values] = {}


@record
class Frame:
    """A block to evaluate over, and what is told of it. times: None where nobody knows any.

    wrong: by field, rows of a wrong type under arithmetic. unread: by call, rows with a value that it could not read.
    written: gives the events as they were written; None where rows are no events.
    """

    columns: Mapping[str, Values]
    n: int
    times: Times | None
    wrong: dict[str, Mask]
    unread: dict[str, Mask]
    others: Mapping[tuple[str, str], Values] = NO_OTHERS  # by event and path
    written: Callable[[], Texts] | None = None


class Node(Protocol):
    """A part of an expression."""

    @property
    def type(self) -> Type: ...

    def evaluate(self, frame: Frame) -> Values:
        """Its value in each row; rows of a type it has no meaning for give null."""
        ...


def evaluate_where(node: Node, frame: Frame, asked: Callable[[], Mask]) -> Values:
    """The value of a node that only some rows ask for: nothing is told of the others."""
    inner = Frame(frame.columns, frame.n, frame.times, {}, {}, frame.others, frame.written)
    values = node.evaluate(inner)
    if inner.wrong or inner.unread:
        rows = asked()
        for told, found in ((frame.wrong, inner.wrong), (frame.unread, inner.unread)):
            for name, mask in found.items():
                _tell(told, name, mask & rows)
    return values


@record
class Field:
    """A field of the event, by path."""

    path: str
    type: Type = Type.ANY

    def evaluate(self, frame: Frame) -> Values:
        return frame.columns[self.path]


@record
class Reference:
    """A field of another event than the one that is asked: that which was taken as a step, or the one before."""

    of: str
    path: str
    type: Type = Type.ANY

    def evaluate(self, frame: Frame) -> Values:
        return frame.others[self.of, self.path]


@record
class Literal:
    """A value written in the expression; integers beyond int64 are doubles with a spelling, as in the input."""

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

    @property
    def is_beyond_int64(self) -> bool:
        """Whether a number is so large that the input may have integers of that size only as doubles."""
        return isinstance(self.value, int | float) and abs(self.value) >= 2**63

    def evaluate(self, frame: Frame) -> Values:
        value, spelling = self.value, None
        if isinstance(value, str):
            return texts.text_of(value)
        if value is None or isinstance(value, bool):
            kind, number = (Kind.NULL, Kind.FALSE, Kind.TRUE)[0 if value is None else 1 + value], 0
        elif isinstance(value, int) and self.fits_int64:
            kind, number = Kind.INTEGER, value
        else:
            kind, number = Kind.DOUBLE, int(np.float64(value).view(np.int64))
            spelling = texts.text_of(str(value)).texts if isinstance(value, int) else None
        return Values(np.full(1, kind, np.uint8), np.full(1, number, np.int64), spelling)


@record
class Arithmetic:
    """`left op right`, op one of `+ - * / // %`; `+` of two texts is one behind the other."""

    op: str
    left: Node
    right: Node

    @property
    def type(self) -> Type:
        if self.op != "+" or Type.NUMBER in (self.left.type, self.right.type):
            return Type.NUMBER
        return Type.TEXT if Type.TEXT in (self.left.type, self.right.type) else Type.ANY

    def evaluate(self, frame: Frame) -> Values:
        left, right = self.left.evaluate(frame), self.right.evaluate(frame)
        result = arithmetic.calculate(self.op, left, right)
        both = (left.kinds == Kind.TEXT) & (right.kinds == Kind.TEXT)
        for node, values in ((self.left, left), (self.right, right)):
            wrong = values.kinds >= Kind.TEXT
            _tell_wrong(node, wrong & ~both if self.op == "+" else wrong, frame)
        if self.op != "+" or not both.any():
            return result
        kinds = np.where(both, np.uint8(Kind.TEXT), result.kinds)
        return Values(kinds, result.numbers, cutting.concatenated(left, right, both))


@record
class Calculated:
    """A function of one number, such as `abs` or `round`."""

    function: Callable[..., Values]
    value: Node
    settings: tuple[int, ...] = ()
    type: Type = Type.NUMBER

    def evaluate(self, frame: Frame) -> Values:
        values = self.value.evaluate(frame)
        _tell_wrong(self.value, values.kinds >= Kind.TEXT, frame)
        return self.function(values, *self.settings)


@record
class Mapped:
    """A function of the values of one node, and of settings that are the same for all rows."""

    function: Callable[..., Values]
    value: Node
    settings: tuple[int | str, ...]
    type: Type

    def evaluate(self, frame: Frame) -> Values:
        return self.function(self.value.evaluate(frame), *self.settings)


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


@record
class Reading:
    """`number(x)`, `duration(x)`, `size(x)`; text: the call as written. A value that gives null is told."""

    function: Callable[[Values], Values]
    value: Node
    text: str
    type: Type = Type.NUMBER

    def evaluate(self, frame: Frame) -> Values:
        value = self.value.evaluate(frame)
        result = self.function(value)
        unread = (result.kinds == Kind.NULL) & (value.kinds != Kind.NULL)
        if unread.any():
            _tell(frame.unread, self.text, unread)
        return result


@record
class EventTime:
    """`event_time`: seconds since the epoch, after the correction of clocks."""

    type: Type = Type.NUMBER

    def evaluate(self, frame: Frame) -> Values:
        if frame.times is None:
            return _NULL
        return seconds_of(*frame.times.event)


@record
class Timed:
    """A function of times: those of a field, event times, or times that values spell."""

    function: Callable[[I64, Zone], Values]
    value: Node
    type: Type

    def evaluate(self, frame: Frame) -> Values:
        if frame.times is None:
            return _NULL
        match self.value:
            case Field(path=path):
                times, known = frame.times.of_field(path)
            case EventTime():
                times, known = frame.times.event
            case node:
                times, known = frame.times.of_values(node.evaluate(frame))
        return _nulled(self.function(np.where(known, times, 0), frame.times.zone), known)


_NULL = Values(np.zeros(1, np.uint8), np.zeros(1, np.int64))


def seconds_of(times: I64, known: Mask) -> Values:
    """Times in microseconds as expressions have them, null where none is known."""
    seconds = arithmetic.calculate("/", integers(times), integers(np.full(1, 1_000_000, np.int64)))
    return _nulled(seconds, known)


def _nulled(values: Values, known: Mask) -> Values:
    return values if known.all() else Values(values.kinds * known, values.numbers, values.texts)


def _tell_wrong(node: Node, wrong: Mask, frame: Frame) -> None:
    if isinstance(node, Field):  # null is no value rather than a wrong one
        _tell(frame.wrong, node.path, wrong)


def _tell(told: dict[str, Mask], name: str, rows: Mask) -> None:
    told[name] = told[name] | rows if name in told else rows
