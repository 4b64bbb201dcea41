"""Some rows of a block, as states and checks see them. What is asked of the whole block is asked once."""

from typing import Any

from streamstat.common.record import record
from streamstat.engine.columns import Columns
from streamstat.expressions import Expression, Moments, Times
from streamstat.states import Argument
from streamstat.values.columns import I32, I64, U8, U64, Mask, Texts, Values, take, take_texts


class WholeBlock:
    """The columns of a block, each made once, however often rows of it are asked for."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self._arguments: dict[str, Argument] = {}
        self._known: dict[tuple[str, str], Any] = {}
        self._values: dict[str, Values] = {}

    def argument(self, expression: Expression, what: str) -> Any:
        """The kinds, numbers, hashes or texts of an argument."""
        key = expression.text, what
        if key not in self._known:
            if expression.text not in self._arguments:
                rows = self.columns.events.rows
                self._arguments[expression.text] = self.columns.argument(expression, 0, rows)
            self._known[key] = getattr(self._arguments[expression.text], what)
        return self._known[key]

    def field(self, path: str) -> Values:
        """The values of a field."""
        if path not in self._values:
            self._values[path] = self.columns.events.values(path)
        return self._values[path]


@record
class Gathered:
    """Rows of a block, in that order."""

    whole: WholeBlock
    rows: I64

    def condition(self, expression: Expression) -> Mask:
        """Where a condition holds that looks at nothing but the event."""
        return self.whole.columns.condition(expression)[self.rows]

    def argument(self, expression: Expression, lo: int, hi: int) -> "GatheredArgument":
        """An argument of an aggregate, of places [lo, hi) among the rows."""
        return GatheredArgument(self.whole, expression, self.rows[lo:hi])

    def mark_bad(self, expression: Expression, condition: str | None, lo: int, slots: I32) -> None:
        """It is noted when an event is there for good."""

    def field(self, path: str) -> Values:
        """The values of a field."""
        return take(self.whole.field(path), self.rows)

    def values(self, expression: Expression) -> Values:
        """The values of an expression that looks at nothing but the event."""
        if expression.field is not None:
            return self.field(expression.field)
        return take(self.whole.columns.evaluate(expression), self.rows)

    def written(self) -> Texts:
        """The events as they were written."""
        return take_texts(self.whole.columns.written(), self.rows)

    @property
    def times(self) -> Times | None:
        """What expressions ask of times."""
        times = self.whole.columns.times
        if times is None:
            return None

        def of_field(path: str) -> Moments:
            found, known = times.of_field(path)
            return found[self.rows], known[self.rows]

        event, known = times.event
        return Times((event[self.rows], known[self.rows]), of_field, times.of_values, times.zone)


@record
class GatheredArgument:
    """An argument of an aggregate, of some rows."""

    whole: WholeBlock
    expression: Expression
    rows: I64

    @property
    def kinds(self) -> U8:
        kinds: U8 = self.whole.argument(self.expression, "kinds")[self.rows]
        return kinds

    @property
    def numbers(self) -> I64:
        numbers: I64 = self.whole.argument(self.expression, "numbers")[self.rows]
        return numbers

    @property
    def hashes(self) -> U64:
        hashes: U64 = self.whole.argument(self.expression, "hashes")[self.rows]
        return hashes

    @property
    def texts(self) -> Texts:
        return take_texts(self.whole.argument(self.expression, "texts"), self.rows)
