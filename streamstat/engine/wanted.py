"""What of each event is wanted later, when it is no longer there."""

from collections.abc import Iterable

import numpy as np

from streamstat.common.record import record
from streamstat.engine.cells import own
from streamstat.engine.columns import Columns
from streamstat.engine.kept import KeptRows
from streamstat.expressions import Expression
from streamstat.input.events import no_events
from streamstat.plan.job import Job
from streamstat.states import Cells
from streamstat.values.columns import I64, Need, Texts, Values

VALUE, ARGUMENT, WRITTEN = "value", "argument", "written"


@record
class Wanted:
    """One thing: `what` it is, and its path or the text of its expression; need: how much of it.

    expression: of an argument.
    """

    what: str
    name: str
    need: Need = Need.NOTHING
    expression: Expression | None = None

    @property
    def label(self) -> str:
        """What it is called among cells."""
        return f"{self.what} {self.name}"

    def cells(self, columns: Columns, rows: I64) -> Cells:
        """Of these rows of a block."""
        if self.what == WRITTEN:
            return {"texts": columns.events.written_of(rows)}
        if self.expression is None:
            values = columns.events.values(self.name)
            cells: Cells = {"kinds": own(values.kinds, rows), "numbers": own(values.numbers, rows)}
            return cells if values.texts is None else {**cells, "texts": own(values.texts, rows)}
        argument = columns.argument(self.expression, 0, columns.events.rows)
        cells = {"kinds": own(argument.kinds, rows)}
        if self.need & Need.NUMBER:
            cells["numbers"] = own(argument.numbers, rows)
        if self.need & Need.HASH:
            cells["hashes"] = own(argument.hashes, rows)
        if self.need & (Need.TEXT | Need.CODE):
            cells["texts"] = own(argument.texts, rows)
        return cells


def values_of(cells: Cells) -> Values:
    """Cells as values of a field."""
    texts: Texts | None = cells.get("texts")
    return Values(cells["kinds"], cells["numbers"], texts)


def each_wanted(wanted: Iterable[Wanted]) -> tuple[Wanted, ...]:
    """Things wanted, each with all that is needed of it."""
    found: dict[str, Wanted] = {}
    for each in wanted:
        before = found.get(each.label)
        need = each.need if before is None else each.need | before.need
        found[each.label] = Wanted(each.what, each.name, need, each.expression)
    return tuple(found.values())


def rows_of_none(job: Job, wanted: Iterable[Wanted]) -> KeptRows:
    """Rows of no event, which show what is kept of events."""
    none, columns = np.empty(0, np.int64), Columns(no_events(job.needs))
    return KeptRows(none, none, {each.label: each.cells(columns, none) for each in wanted})
