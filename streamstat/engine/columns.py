"""The columns of one block as expressions and aggregates see them: decoded fields, and values computed from them."""

from copy import copy

import numpy as np

from streamstat import kernels
from streamstat.common.record import record
from streamstat.expressions import Expression, Times
from streamstat.input.events import Events
from streamstat.values.cells import plain_texts
from streamstat.values.columns import I32, I64, U8, U64, ColumnType, Kind, Mask, Texts, Values, part


@record
class ComputedValues:
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


@record
class FieldValues:
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
        self._wrong: dict[str, dict[str, Mask]] = {}
        self._bad: dict[str, Mask] = {}
        self._unread: dict[str, dict[str, Mask]] = {}
        self.wrong_values: dict[tuple[str, str | None], dict[str, Mask]] = {}  # noted, by call and by field
        self.unread_values: dict[str, Mask] = {}  # noted, by the call that made nothing of them
        self._written: Texts | None = None
        # For expressions that ask for them; nobody knows any before the clock has read.
        self.times: Times | None = None

    def for_another(self) -> "Columns":
        """The same block with the same values, and nothing noted of them yet: for a report that notes its own."""
        other = copy(self)
        other._bad, other.wrong_values, other.unread_values = {}, {}, {}
        return other

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
            evaluation = expression.evaluate(fields, self.events.rows, self.times, written=self.written)
            self._wrong[expression.text] = evaluation.bad
            if evaluation.unread:
                self._unread[expression.text] = evaluation.unread
            known = self._evaluated[expression.text] = evaluation.values
        return known

    def argument(self, expression: Expression, lo: int, hi: int) -> "FieldValues | ComputedValues":
        """An argument of an aggregate, rows [lo, hi)."""
        if expression.field is not None:
            return FieldValues(self.events, expression.field, lo, hi)
        return ComputedValues(part(self.evaluate(expression), lo, hi))

    def mark_bad(self, expression: Expression, condition: str | None, lo: int, slots: I32) -> None:
        """Note the rows from `lo` on that have a slot and a value of the wrong type where a number is needed."""
        for name, mask in self.wrong(expression).items():
            here = mask[lo : lo + len(slots)]
            if here.any():
                here = here & (slots >= 0)
                of_call = self.wrong_values.setdefault((expression.text, condition), {})
                for noted in (self._bad, of_call):
                    if name not in noted:
                        noted[name] = np.zeros(self.events.rows, np.bool_)
                    noted[name][lo : lo + len(slots)] |= here

    def wrong(self, expression: Expression) -> dict[str, Mask]:
        """Where a number is needed and a value is of the wrong type: rows of the block, by the field that has it."""
        if expression.field is not None:
            if self.events.highest_kind(expression.field) < Kind.TEXT:
                return {}
            return {expression.field: self.events.kinds(expression.field) >= Kind.TEXT}
        kinds = self.evaluate(expression).kinds
        return {**self._wrong[expression.text], expression.text: kinds >= Kind.TEXT}

    @property
    def has_unread(self) -> bool:
        """Whether a call such as `number(x)` made nothing of a value."""
        return bool(self._unread)

    def mark_unread(self, expression: Expression, rows: Mask) -> None:
        """Note the values of these rows of which a call in the expression made nothing."""
        for name, mask in self.unread(expression).items():
            for noted in (self._bad, self.unread_values):
                noted[name] = noted.get(name, False) | (mask & rows)

    def unread(self, expression: Expression) -> dict[str, Mask]:
        """Where a call in an expression that was evaluated made nothing of a value, by the call."""
        return self._unread.get(expression.text, {})

    @property
    def bad_values(self) -> int:
        """How many (event, field) pairs were noted."""
        return sum(int(np.count_nonzero(bad)) for bad in self._bad.values())

    def written(self) -> Texts:
        """All events as they were written."""
        if self._written is None:
            self._written = self.events.written()
        return self._written

    def count_unread(self, name: str, rows: I64) -> None:
        """Count the values of these rows of which a call made nothing, whoever has evaluated it."""
        self._bad[name] = self._bad.get(name, False) | self._marked(rows)

    def note_unread(self, name: str, rows: I64) -> None:
        """Count them, and have the call be told of."""
        self.count_unread(name, rows)
        self.unread_values[name] = self.unread_values.get(name, False) | self._marked(rows)

    def _marked(self, rows: I64) -> Mask:
        mask = np.zeros(self.events.rows, np.bool_)
        mask[rows] = True
        return mask

    def _field(self, path: str) -> Values:
        if path not in self._values:
            self._values[path] = self.events.values(path)
        return self._values[path]
