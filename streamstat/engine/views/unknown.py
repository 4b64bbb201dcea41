"""Values that rows have and that nobody has seen: updates left them out before the row had come."""

from collections.abc import Iterable

import numpy as np

from streamstat.changes.columns import decoded
from streamstat.common.record import record
from streamstat.common.terminal import printable
from streamstat.common.units import counted
from streamstat.engine.views.kept import RowsByKey
from streamstat.plan.job import Job
from streamstat.plan.viewing import View
from streamstat.values.cells import plain_texts
from streamstat.values.columns import ColumnType, Need

MOST_SAID = 60


@record
class Unknown:
    """How many there are, and the first of them: its column and its key."""

    number: int = 0
    column: str = ""
    key: str = ""

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is said of them."""
        if not self.number:
            return ()
        are, them = ("is", "it") if self.number == 1 else ("are", "them")
        unknown = f"{counted(self.number, 'value')} {are} null, as nobody knows {them}"
        place = f"{printable(self.column, MOST_SAID)} of {printable(self.key, MOST_SAID)}"
        return (f"{unknown}: updates left {them} out before a row had come, for example {place}",)


def unknown_values(kept: RowsByKey, view: View, job: Job) -> Unknown:
    """Those of the rows as they are."""
    slots = kept.table.partial()
    if not len(slots):
        return Unknown()
    slots = slots[kept.keys.row_order(slots, np.zeros(len(slots), np.int64))]
    names = _asked(view) or (name for name in kept.present_names() if name not in kept.key_names)
    paths = list(dict.fromkeys(names))
    found = decoded(kept.rows(slots), dict.fromkeys(paths, Need.PRESENT), job.times)
    number, first = 0, None
    for path in paths:
        lacking = np.flatnonzero(~found.events.present(path))
        number += len(lacking)
        if len(lacking) and (first is None or lacking[0] < first[0]):
            first = int(lacking[0]), path
    if first is None:
        return Unknown()
    keys = kept.key_columns(slots[first[0] : first[0] + 1])
    shown = (plain_texts(ColumnType.ANY, column)[0].decode("utf-8", "replace") for column in keys)
    return Unknown(number, first[1], ", ".join(shown))


def _asked(view: View) -> Iterable[str]:
    shown = (expression for _, expression in view.columns)
    groups = (group.by for group in view.groups)
    measured = (each for measure in view.measures for each in measure.arguments)
    conditions = (measure.condition for measure in view.measures if measure.condition is not None)
    return tuple(path for each in (*shown, *groups, *measured, *conditions) for path in each.fields)
