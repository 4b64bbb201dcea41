"""What of each event is wanted later: for conditions that look at other events, and for rows."""

from collections.abc import Iterator

from streamstat.common.record import record
from streamstat.engine.columns import Columns
from streamstat.expressions import Expression
from streamstat.patterns.sought import Sought, asked_of_taken
from streamstat.plan.job import Job
from streamstat.states import Cells
from streamstat.values.columns import I64, Need, Texts, Values, take_texts

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
            texts = None if values.texts is None else take_texts(values.texts, rows)
            cells: Cells = {"kinds": values.kinds[rows], "numbers": values.numbers[rows]}
            return cells if texts is None else {**cells, "texts": texts}
        argument = columns.argument(self.expression, 0, columns.events.rows)
        cells = {"kinds": argument.kinds[rows]}
        if self.need & Need.NUMBER:
            cells["numbers"] = argument.numbers[rows]
        if self.need & Need.HASH:
            cells["hashes"] = argument.hashes[rows]
        if self.need & (Need.TEXT | Need.CODE):
            cells["texts"] = take_texts(argument.texts, rows)
        return cells


def values_of(cells: Cells) -> Values:
    """Cells as values of a field."""
    texts: Texts | None = cells.get("texts")
    return Values(cells["kinds"], cells["numbers"], texts)


def wanted_of(job: Job, sought: Sought) -> tuple[Wanted, ...]:
    """All that a job wants, each once."""
    found: dict[str, Wanted] = {}
    for each in _all_wanted(job, sought):
        before = found.get(each.label)
        need = each.need if before is None else each.need | before.need
        found[each.label] = Wanted(each.what, each.name, need, each.expression)
    return tuple(found.values())


def _all_wanted(job: Job, sought: Sought) -> Iterator[Wanted]:
    for condition in sought.conditions:
        if not condition.is_alone:
            paths = [*condition.expression.fields, *(path for _, path in condition.expression.references)]
            yield from (Wanted(VALUE, path) for path in paths)
    for measure in job.measures:
        if measure.argument is not None:
            for state in measure.aggregate.states:
                yield Wanted(ARGUMENT, measure.argument.text, state.need, measure.argument)
        if measure.by is not None:
            yield Wanted(ARGUMENT, measure.by.text, Need.NUMBER, measure.by)
        if measure.condition is not None:
            yield from (Wanted(VALUE, path) for path in asked_of_taken(measure.condition))
    if sought.events:
        yield Wanted(WRITTEN, "")
