"""Conditions and comparisons that had no answer for any event they were asked for, and what they were asked of.

Once one has had an answer it is not looked at again, so that a run without mistakes pays for its first block alone.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from streamstat.common.record import record
from streamstat.common.units import counted
from streamstat.engine.strategy import Examined
from streamstat.expressions import Expression
from streamstat.expressions.logic import Among, Comparison, Conditional, Every, IsNull, Not, Some
from streamstat.expressions.nodes import Field, Frame, Literal, Node, Search, Type
from streamstat.expressions.walking import children, nodes_in
from streamstat.plan.job import Job
from streamstat.runners.notes import Note, Sight
from streamstat.runners.notes.causes import Operand, cause, fix
from streamstat.runners.notes.showing import field_in, value_of
from streamstat.runners.notes.spellings import in_expression
from streamstat.values.columns import I64, U8, Kind, Mask, Values

Guard = tuple[Node, Kind, bool]  # asked only where that node is of this kind, or is not


class Question:
    """A node that must be true or false, and of how many events that was asked.

    behind: only of those that `--where` has let through. guards: what decides whether it is asked of one of these.
    inner: the questions inside of it.
    """

    def __init__(self, source: "AskedExpression", node: Node, words: str, guards: tuple[Guard, ...]) -> None:
        self.option, self.expression, self.behind = source.option, source.expression, source.behind
        self.node, self.words, self.guards, self.asked = node, words, guards, 0
        self.inner: list[Question] = []
        self.operands = _operands(source.expression, node, words)

    @property
    def tallied(self) -> list[Operand]:
        """Its operands and what these are computed from."""
        return [*self.operands, *(each for one in self.operands for each in one.inner)]

    @property
    def fields(self) -> set[str]:
        """The fields that it reads."""
        return {each.path for each in nodes_in(self.node) if isinstance(each, Field)}


class Unanswered:
    """The questions of a job that have had no answer so far."""

    def __init__(self, job: Job) -> None:
        self._all = tuple(_questions(job))
        self.open = list(self._all)

    def look(self, sight: Sight, examined: Examined) -> None:
        """Ask those that are open of a block."""
        self.open = [question for question in self.open if not self._answered(question, sight, examined)]

    def _answered(self, question: Question, sight: Sight, examined: Examined) -> bool:
        events, columns = sight.events, examined.columns
        values = {path: events.values(path) for path in question.expression.fields}
        frame = Frame(values, events.rows, columns.times, {}, {}, written=columns.written)
        rows = _asked(question, frame, examined)
        if not len(rows):
            return False
        kinds = _of_rows(question.node.evaluate(frame), rows)
        if ((kinds == Kind.FALSE) | (kinds == Kind.TRUE)).any():
            return True
        question.asked += len(rows)
        for operand in question.tallied:
            self._tally(operand, operand.node.evaluate(frame), sight, rows)
        return False

    def _tally(self, operand: Operand, values: Values, sight: Sight, rows: I64) -> None:
        kinds = _of_rows(values, rows)
        counts = np.bincount(kinds, minlength=len(operand.counts))
        for kind in np.flatnonzero(counts).tolist():
            if not operand.counts[kind]:
                first = int(rows[np.argmax(kinds == kind)])
                operand.examples[kind] = self._example(operand, values, sight, first)
            operand.counts[kind] += int(counts[kind])

    def _example(self, operand: Operand, values: Values, sight: Sight, row: int) -> tuple[Kind, str]:
        if isinstance(operand.node, Field):
            return field_in(sight.record(row), operand.node.path)
        return value_of(values, 0 if len(values) == 1 else row)

    def told(self) -> list[Any]:
        """Of each question what is known by now, as JSON can hold it; None if it had an answer."""
        return [
            [each.asked, [operand.told() for operand in each.tallied]] if each in self.open else None
            for each in self._all
        ]

    def absorb(self, told: Sequence[Any]) -> None:
        """The events behind those that were looked at, as somebody else has told of them."""
        for question, known in zip(self._all, told, strict=True):
            if question in self.open and known is None:
                self.open.remove(question)
            elif question in self.open:
                question.asked += known[0]
                for operand, one in zip(question.tallied, known[1], strict=True):
                    operand.absorb(one)

    @property
    def found(self) -> list[Question]:
        """Those that were asked, and never answered."""
        return [each for each in self.open if each.asked]

    def notes(self, absent: frozenset[str]) -> Iterator[Note]:
        """One for each that was asked and never answered, but for what is told of a part of it or a field of it."""
        told = self.found
        for question in told:
            inside = any(each in told for each in question.inner)
            if not inside and not question.fields & absent:
                yield _note(question)


def _note(question: Question) -> Note:
    why = "; ".join(filter(None, (cause(operand, question.asked) for operand in question.operands)))
    problem = f"{question.words}: {why or 'null in all ' + counted(question.asked, 'event')}"
    return Note(question.option, problem, fix(question.node, question.operands), True)


def _asked(question: Question, frame: Frame, examined: Examined) -> I64:
    """The rows that a question is asked of."""
    asked = (
        examined.kept
        if question.behind
        else examined.asked
        if question.option == "--where"
        else examined.dated
    )
    rows: Mask = np.ones(frame.n, np.bool_) if asked is None else asked
    for node, kind, wanted in question.guards:
        rows = rows & ((node.evaluate(frame).kinds == kind) == wanted)
    return np.flatnonzero(rows)


def _of_rows(values: Values, rows: I64) -> U8:
    return np.broadcast_to(values.kinds, len(rows)) if len(values) == 1 else values.kinds[rows]


@record
class AskedExpression:
    """An expression of an option. whole: all of it must be true or false, too."""

    option: str
    expression: Expression
    behind: bool
    whole: bool


def _questions(job: Job) -> Iterator[Question]:
    """Those of all expressions, each once; of each the parts before the whole."""
    times = (each for each in job.clock.time if isinstance(each, Expression))
    sources = [AskedExpression("--time", each, False, False) for each in times]
    sources += [] if job.where is None else [AskedExpression("--where", job.where, False, True)]
    sources += [AskedExpression("--by", group.by, True, False) for group in job.groups]
    for measure in job.measures:
        sources += [AskedExpression("--agg", each, True, False) for each in measure.arguments]
        if measure.condition is not None:
            sources.append(AskedExpression("--agg", measure.condition, True, True))
    asked = (each for each in job.asked if each.alone)
    sources += [AskedExpression(each.option, each.expression, True, each.is_condition) for each in asked]
    known: set[tuple[str, bool]] = set()
    for source in sources:
        key = source.expression.text, source.whole
        if key not in known:
            known.add(key)
            yield from _inside(source)


def _inside(source: AskedExpression) -> list[Question]:
    found: list[Question] = []

    def visit(node: Node, words: str, guards: tuple[Guard, ...], asks: bool) -> list[Question]:
        words = source.expression.written(node) or words
        inner: list[Question] = []
        for child, own, is_condition in _parts(node):
            inner += visit(child, words, (*guards, *own), is_condition)
        if isinstance(node, IsNull | Literal) or not (asks or node.type == Type.TRUTH):
            return inner
        question = Question(source, node, words, guards)
        question.inner = inner
        found.append(question)
        return [*inner, question]

    visit(source.expression.node, source.expression.text, (), source.whole)
    return found


def _parts(node: Node) -> Iterator[tuple[Node, tuple[Guard, ...], bool]]:
    """The nodes right under a node, what decides whether each is asked for, and whether it must be true or false."""
    match node:
        case Every(parts=parts) | Some(parts=parts):
            deciding = Kind.FALSE if isinstance(node, Every) else Kind.TRUE
            for i, part in enumerate(parts):
                yield part, tuple((before, deciding, False) for before in parts[:i]), True
        case Conditional(condition=condition, then=then, otherwise=otherwise):
            yield condition, (), True
            yield then, ((condition, Kind.TRUE, True),), False
            yield otherwise, ((condition, Kind.TRUE, False),), False
        case _:
            yield from ((child, (), isinstance(node, Not)) for child in children(node))


def _operands(expression: Expression, node: Node, words: str) -> list[Operand]:
    """What a question is asked of: values that are not written in it."""
    match node:
        case Comparison(operands=parts):
            asked = list(parts)
        case Among(value=value) | Search(value=value):
            asked = [value]
        case Every() | Some() | Not():
            asked = []
        case _:
            asked = [node]
    compared = isinstance(node, Comparison | Among | Search)
    return [
        Operand(each, expression.written(each) or words, compared, _fields_in(each))
        for each in asked
        if not isinstance(each, Literal)
    ]


def _fields_in(node: Node) -> list[Operand]:
    """The fields that a node is computed from; none for one that is a field."""
    if isinstance(node, Field):
        return []
    paths = dict.fromkeys(each.path for each in nodes_in(node) if isinstance(each, Field))
    return [Operand(Field(path), in_expression(path), True) for path in paths]
