"""All rows as they are, by key."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from streamstat.changes.columns import FoundObjects
from streamstat.common.errors import InputError
from streamstat.common.workers import Workers
from streamstat.engine.sizes import Sizes
from streamstat.engine.views.kept import RowsByKey
from streamstat.engine.views.shown import CHANGED_FIELD, RowsShown, Shown, changed_values
from streamstat.plan.viewing import check_name
from streamstat.values.columns import I32, ResultField, Rows, take

MOST_ROW_NAMES = 4096
MOST_CELLS = 1 << 22  # of rows that are told at once
PARTS_TOGETHER = 2  # parts of rows that are looked up side by side: more would take more memory


def rows_as_they_are(kept: RowsByKey, shown: Shown, sizes: Sizes, workers: Workers) -> Iterator[Rows]:
    """All rows that pass, some at a time; at least one part, which may be empty."""
    shown.begin_anew()
    met = kept.present_names()
    check_row_names(met)
    fields = (*shown.fields(met), CHANGED_FIELD)
    slots = kept.in_order()
    at_once = min(sizes.published_at_once, MOST_CELLS // len(fields))
    parts = [slots[lo : lo + at_once] for lo in range(0, len(slots), at_once)]
    for table, objects in _looked_up(kept, shown, met, parts, workers):
        found = shown.columns(table, met, objects)
        columns = (*table.keys, *found.columns, changed_values(table.times))
        if found.passing is not None:
            passing = np.flatnonzero(found.passing)
            columns = tuple(take(column, passing) for column in columns)
        yield Rows(fields, columns)
    if not len(slots):
        yield no_rows(fields)


def _looked_up(
    kept: RowsByKey, shown: Shown, met: tuple[str, ...], parts: list[I32], workers: Workers
) -> Iterator[tuple[RowsShown, FoundObjects]]:
    def of(part: I32) -> tuple[RowsShown, FoundObjects]:
        table = RowsShown(kept.key_columns(part), kept.rows(part), kept.times(part))
        return table, shown.found(table.texts, met)

    for lo in range(0, len(parts), PARTS_TOGETHER):
        yield from workers.run([partial(of, part) for part in parts[lo : lo + PARTS_TOGETHER]])


def no_rows(fields: tuple[ResultField, ...]) -> Rows:
    """No row of these columns."""
    nothing = changed_values(np.zeros(0, np.int64))
    return Rows(fields, tuple(nothing for _ in fields))


def check_row_names(names: tuple[str, ...]) -> None:
    """UsageError for names of columns that no column can have, InputError for too many of them."""
    for name in names:
        check_name(name)
    if len(names) > MOST_ROW_NAMES:
        problem = f"rows have more than {MOST_ROW_NAMES:,} different columns"
        raise InputError("--select", problem, f"choose some, for example --select {names[0]}={names[0]}")
