"""Expressions in Python's spelling over columns of JSON values, with SQL's three-valued logic.

`ast` reads them and a list of allowed parts builds them; nothing is evaluated as code. Types are per value:
what a row gives depends on that row alone, never on its block. A comparison of two types, of objects or of
numbers beyond double is null, and so is arithmetic on anything but numbers, true (1) and false (0); `+` joins texts.
Knows columns, no events. Begin with `building`; `functions` has the table of functions.
"""

from ast import expr, get_source_segment
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from streamstat.common.errors import UsageError
from streamstat.common.record import record
from streamstat.common.units import shown
from streamstat.expressions import nodes
from streamstat.expressions.building import Builder, Scope, check_dots
from streamstat.expressions.fields import is_field, one_field
from streamstat.expressions.mistakes import field_hint, is_heading
from streamstat.expressions.phrases import Anywhere
from streamstat.expressions.quotients import unspaced_quotients
from streamstat.expressions.reading import parse
from streamstat.expressions.times import Moments, Times
from streamstat.values.columns import Kind, Mask, Need, Texts, Values

__all__ = [
    "Evaluation",
    "Expression",
    "Moments",
    "Scope",
    "Times",
    "check_dots",
    "compile_condition",
    "compile_expression",
    "compile_field_or_expression",
    "is_field",
    "one_field",
    "unspaced_quotients",
]


@record
class Evaluation:
    """What an expression gives over a block.

    values: n rows. bad: by field path, bool[n] of the rows in which that field was an operand of arithmetic
    and no number, true, false or null; numeric text and numbers beyond double are such. unread: by call, such
    as `number(status)`, the rows with a value of which it made nothing; no call without such a row.
    """

    values: Values
    bad: dict[str, Mask]
    unread: dict[str, Mask]


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression that has been read and checked.

    fields: each field path it reads, with what the decoder must keep of it. Where the whole expression is
    one plain field, that is nothing: who uses the value knows.
    """

    text: str
    fields: Mapping[str, Need] = field(compare=False)
    node: nodes.Node
    trees: Sequence[tuple[nodes.Node, expr]] = field(
        default=(), compare=False, repr=False
    )  # where nodes are from
    references: Mapping[tuple[str, str], Need] = field(
        default_factory=dict, compare=False
    )  # by event and path

    @property
    def field(self) -> str | None:
        """The path, if the whole expression is a plain field."""
        return self.node.path if isinstance(self.node, nodes.Field) else None

    @property
    def asks_written(self) -> bool:
        """Whether any part of it looks at the whole event, as it was written."""
        return any(isinstance(node, Anywhere) for node, _ in self.trees)

    @property
    def asks_event_time(self) -> bool:
        """Whether any part of it is `event_time`."""
        return any(isinstance(node, nodes.EventTime) for node, _ in self.trees)

    def evaluate(
        self,
        columns: Mapping[str, Values],
        n: int,
        times: Times | None = None,
        others: Mapping[tuple[str, str], Values] = nodes.NO_OTHERS,
        written: Callable[[], Texts] | None = None,
    ) -> Evaluation:
        """Its value in each of the block's n rows; columns holds at least `fields`, n rows each.

        times: what `event_time`, `hour` and such look at; without it they give null. others: at least `references`.
        written: the events as they were written, n of them; needed where `asks_written`.

        >>> three = Values(np.full(1, Kind.INTEGER, np.uint8), np.array([3]))
        >>> compile_expression("x * 2", "--agg").evaluate({"x": three}, 1).values.numbers.tolist()
        [6]
        """
        frame = nodes.Frame(columns, n, times, {}, {}, others, written)
        values = _stretched(self.node.evaluate(frame), n)
        bad, unread = (
            {name: np.broadcast_to(rows, n) for name, rows in told.items()}
            for told in (frame.wrong, frame.unread)
        )
        return Evaluation(values, bad, unread)

    def written(self, node: nodes.Node) -> str | None:
        """A part of it as it was written; None for one that has no words of its own.

        >>> expression = compile_expression("a  >  1 and b", "--where")
        >>> expression.written(expression.node.parts[0])
        'a  >  1'
        """
        tree = next((tree for each, tree in self.trees if each is node), None)
        if tree is None:
            return self.text if node is self.node else None
        return get_source_segment(self.text, tree)

    def condition(self, columns: Mapping[str, Values], n: int) -> Mask:
        """In which of the block's n rows it is true, bool[n]; null and what is no truth are not."""
        true: Mask = self.evaluate(columns, n).values.kinds == Kind.TRUE
        return true


def compile_expression(
    text: str, place: str, known: Sequence[str] | None = None, scope: Scope | None = None
) -> Expression:
    """Read an expression; place names the option for UsageError, which is all that can be raised.

    known: all names that there are, of the columns of rows; of events nobody knows them. scope: which paths are fields
    of other events.

    >>> sorted(compile_expression('status >= 500 and user.name is None', "--where").fields)
    ['status', 'user.name']
    """
    builder = Builder(text, place, known, scope)
    node = builder.build(parse(text, place))
    if not isinstance(node, nodes.Field):
        # Of fields whose values are given on, what whoever gets them may want.
        builder.need(Need.NUMBER | Need.TEXT, node)
    return Expression(builder.text, builder.needs, node, builder.trees, builder.references)


def compile_condition(
    text: str, place: str, known: Sequence[str] | None = None, scope: Scope | None = None
) -> Expression:
    """Read an expression that must be true or false; UsageError where it is known never to be."""
    expression = compile_expression(text, place, known, scope)
    kind = expression.node.type
    if kind in (nodes.Type.NUMBER, nodes.Type.TEXT):
        problem = f"{shown(expression.text)} gives {kind.value}, not true or false"
        raise UsageError(place, problem, "compare it, for example status >= 500")
    return expression


def compile_field_or_expression(text: str, place: str) -> Expression:
    """Read a group, or whatever else may be a field as it stands: `is_field` says which texts are.

    >>> [compile_field_or_expression(text, "--by").field for text in ("response-time", "a/b", "tags[0]", "a / b")]
    ['response-time', 'a/b', 'tags[0]', None]
    """
    path = text.strip()
    if not is_field(path):
        try:
            return compile_expression(text, place)
        except UsageError as error:
            hint = field_hint(path) if is_heading(path) else error.hint
            raise UsageError(error.place, error.problem, hint) from None
    check_dots(path, place)
    return Expression(path, {path: Need.NOTHING}, nodes.Field(path))


def _stretched(values: Values, n: int) -> Values:
    """n contiguous rows, where an expression without fields gives one."""
    if len(values) == n and values.numbers.strides == (8,):
        return values
    kinds = np.ascontiguousarray(np.broadcast_to(values.kinds, n))
    numbers = np.ascontiguousarray(np.broadcast_to(values.numbers, n))
    texts = values.texts
    if texts is not None and len(texts) != n:
        size = len(texts.data)
        texts = Texts(np.arange(n + 1, dtype=np.int64) * size, np.tile(texts.data, n))
    return Values(kinds, numbers, texts)
