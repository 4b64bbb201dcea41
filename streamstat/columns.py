"""The columns of one block as expressions and aggregates see them: decoded fields, and values computed from them."""

from dataclasses import dataclass

import numpy as np

from streamstat import kernels
from streamstat.batch import I64, U8, U64, ColumnType, Kind, Mask, Texts, Values, part
from streamstat.cells import plain_texts
from streamstat.decode import Events
from streamstat.expressions import Expression


@dataclass(frozen=True, slots=True)
class Computed:
    """The values of an expression, with the hash and spelling that a field would have."""

    values: Values

    @property
    def kinds(self) -> U8:
        return self.values.kinds

    @property
    def numbers(self) -> I64:
        return self.values.numbers

    @property
    def texts(self) -> Texts:
        return plain_texts(ColumnType.ANY, self.values)

    @property
    def hashes(self) -> U64:
        texts = self.texts
        return kernels.hash_values(self.kinds, texts.offsets, texts.data)


@dataclass(frozen=True, slots=True)
class Field:
    """A decoded field, rows [lo, hi) of its block."""

    events: Events
    path: str
    lo: int
    hi: int

    @property
    def kinds(self) -> U8:
        return self.events.kinds(self.path)[self.lo : self.hi]

    @property
    def numbers(self) -> I64:
        return self.events.numbers(self.path)[self.lo : self.hi]

    @property
    def hashes(self) -> U64:
        return self.events.hashes(self.path)[self.lo : self.hi]

    @property
    def texts(self) -> Texts:
        texts = self.events.texts(self.path)
        return Texts(texts.offsets[self.lo : self.hi + 1], texts.data)


class Columns:
    """One block; expressions are evaluated once, whichever parts of the block are asked for."""

    def __init__(self, events: Events) -> None:
        self.events = events
        self._values: dict[str, Values] = {}
        self._evaluated: dict[str, Values] = {}
        self._conditions: dict[str, Mask] = {}
        self._wrong: dict[str, Mask] = {}
        self._bad: dict[str, Mask] = {}

    def condition(self, expression: Expression) -> Mask:
        """Where a condition holds."""
        known = self._conditions.get(expression.text)
        if known is None:
            values = self.evaluate(expression)
            known = self._conditions[expression.text] = values.kinds == Kind.TRUE
        return known

    def evaluate(self, expression: Expression) -> Values:
        """The values of an expression over the whole block."""
        known = self._evaluated.get(expression.text)
        if known is None:
            fields = {path: self._field(path) for path in expression.fields}
            evaluation = expression.evaluate(fields, self.events.rows)
            for path, wrong in evaluation.bad.items():
                self._wrong[path] = self._wrong[path] | wrong if path in self._wrong else wrong
            known = self._evaluated[expression.text] = evaluation.values
        return known

    def argument(self, expression: Expression, lo: int, hi: int) -> "Field | Computed":
        """An argument of an aggregate, rows [lo, hi)."""
        if expression.field is not None:
            return Field(self.events, expression.field, lo, hi)
        return Computed(part(self.evaluate(expression), lo, hi))

    def mark_bad(self, name: str, rows: I64) -> None:
        """Rows in which the value of `name` is of the wrong type for what it is used for."""
        if name not in self._bad:
            self._bad[name] = np.zeros(self.events.rows, np.bool_)
        self._bad[name][rows] = True

    def bad_values(self, counted: Mask) -> int:
        """How many (event, field) pairs of counted events were of a wrong type."""
        for path, wrong in self._wrong.items():
            rows = np.flatnonzero(wrong)
            if len(rows):
                self.mark_bad(path, rows)
        return sum(int(np.count_nonzero(bad & counted)) for bad in self._bad.values())

    def _field(self, path: str) -> Values:
        if path not in self._values:
            self._values[path] = self.events.values(path)
        return self._values[path]
