"""Records that stand in texts of other records: what a reader is given in place of a block."""

from collections.abc import Mapping

from streamstat.changes import ChangeReader
from streamstat.changes.columns import FoundObjects, decoded
from streamstat.expressions import Expression
from streamstat.input.events import Events
from streamstat.kernels import TimeReader
from streamstat.values.columns import Kind, Mask, Need, Texts


class InnerRecords:
    """The records that were found in texts."""

    def __init__(self, events: Events) -> None:
        self.events = events

    def condition(self, expression: Expression) -> Mask:
        """Where a condition holds; times are not known here."""
        columns = {path: self.events.values(path) for path in expression.fields}
        found = expression.evaluate(columns, self.events.rows, written=self.written)
        holds: Mask = found.values.kinds == Kind.TRUE
        return holds

    def written(self) -> Texts:
        """All of them as they were written."""
        return self.events.written()


def records_inside(
    texts: Texts, reader: ChangeReader, deleted: Expression | None, times: TimeReader
) -> FoundObjects:
    """The records in texts, decoded for a reader: what it needs, its times, and what says that a row is gone."""
    needs: dict[str, Need] = dict(reader.needs)
    others: Mapping[str, Need] = {} if deleted is None else deleted.fields
    for path, need in (*others.items(), *((path, Need.TIME) for path in reader.time)):
        needs[path] = needs.get(path, Need.NOTHING) | need
    asks = deleted is not None and deleted.asks_written
    return decoded(texts, needs, times, written=reader.written or asks)
