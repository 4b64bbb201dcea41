"""Tables of states out of which rows can be taken again, and what feeds them."""

from typing import Any

from streamstat import kernels
from streamstat.common.record import record
from streamstat.expressions import Expression
from streamstat.states import Argument, Batch
from streamstat.values.columns import I32, I64, U8, U64, Need, Texts, no_texts, take_texts


@record
class TakenArgument:
    """An argument at these rows."""

    argument: Argument
    rows: I64

    @property
    def kinds(self) -> U8:
        return self.argument.kinds[self.rows]

    @property
    def numbers(self) -> I64:
        return self.argument.numbers[self.rows]

    @property
    def hashes(self) -> U64:
        return self.argument.hashes[self.rows]

    @property
    def texts(self) -> Texts:
        return take_texts(self.argument.texts, self.rows)


class CountedRows:
    """How many rows there are."""

    placed = False
    need = Need.NOTHING

    def retracting(self) -> Any:
        return kernels.RetractingCounts()

    def retractable(self, batch: Batch, argument: Argument | None) -> kernels.RetractingRows:
        return kernels.RetractingRows(batch.slots)


class TimedRows:
    """From when to when rows have changed."""

    placed = True
    need = Need.NOTHING

    def retracting(self) -> Any:
        return kernels.RetractingSpans()

    def retractable(self, batch: Batch, argument: Argument | None) -> kernels.RetractingRows:
        return kernels.RetractingRows(batch.slots, times=batch.times)


@record
class StateTable:
    """A table of states, and what feeds it."""

    state: Any  # Retracts, or one of those above
    native: Any
    argument: Expression | None = None
    condition: Expression | None = None
    by: Expression | None = None


@record
class FedTable:
    """What a table is fed with: the rows of moves that it looks at have a slot."""

    table: StateTable
    batch: Batch
    argument: Argument | None

    def rows(self, slots: I32) -> Any:
        """All rows, with other slots."""
        batch = self.batch
        return self.table.state.retractable(
            Batch(slots, batch.times, batch.sequence, batch.by, batch.ties), self.argument
        )

    def rows_at(self, rows: I64) -> Any:
        """These rows, in that order."""
        batch, argument = self.batch, self.argument
        assert batch.ties is not None
        by = None if batch.by is None else TakenArgument(batch.by, rows)
        ties = take_texts(batch.ties, rows) if len(batch.ties.data) else no_texts(len(rows))
        taken = Batch(batch.slots[rows], batch.times[rows], 0, by, ties)
        return self.table.state.retractable(
            taken, None if argument is None else TakenArgument(argument, rows)
        )
