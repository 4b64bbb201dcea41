"""Saved reports of the same columns, of which the first rows are kept: as columns of values, as a run has them."""

import json
from collections.abc import Mapping, Sequence

import numpy as np

from streamstat.common.errors import InputError
from streamstat.common.record import record
from streamstat.common.terminal import printable
from streamstat.output.charts.first_rows import KEPT_BYTES, KEPT_ROWS, FirstRows
from streamstat.output.saved.cells import Cell, SavedColumn, column_of
from streamstat.output.saved.files import files_of, metadata_of, records_of
from streamstat.values.columns import I64, ResultField, Rows

_MINUTES_AN_HOUR = 60


@record
class SavedClocks:
    """The clocks by which times were written: of times, in their order, the seconds east of UTC."""

    name: str
    times: I64
    seconds: I64

    def offsets(self, times: I64, /) -> I64:
        """Seconds east of UTC at times of the report."""
        places = np.searchsorted(self.times, times)
        return self.seconds[np.minimum(places, len(self.times) - 1)]


@record
class SavedRows:
    """The first rows of reports, how their clocks go, and what the run tells of itself, if it is one run."""

    rows: FirstRows
    clocks: SavedClocks
    metadata: Mapping[str, str]


def read_reports(names: Sequence[str]) -> SavedRows:
    """Reports, one behind the other. MissingInputError, or InputError for what is no report or has other columns."""
    kept = _Kept()
    first: tuple[str, dict[str, None]] | None = None
    for path in (path for name in names for path in files_of(name)):
        columns: dict[str, None] = {}
        for each in records_of(path):
            columns |= dict.fromkeys(each)
            kept.add(each)
        first = first or (path, columns)
        for name in [*columns, *first[1]]:
            if (name in columns) != (name in first[1]):
                has, other = (path, first[0]) if name in columns else (first[0], path)
                problem = f"has a column {printable(name)!r}, and {printable(other)} has not"
                raise InputError(printable(has), problem, "draw each by itself")
    metadata = metadata_of(files_of(names[-1])[-1]) if len(names) == 1 else {}
    return _saved(kept, metadata)


class _Kept:
    """Cells of the first records by column, and how many records there were in all."""

    def __init__(self) -> None:
        self.columns: dict[str, list[Cell]] = {}
        self.total = self._rows = self._bytes = 0

    def add(self, cells: Mapping[str, Cell]) -> None:
        """Keep it if there is room. Where columns come with the rows, those before have nothing in them."""
        self.total += 1
        if self._rows == KEPT_ROWS or self._bytes > KEPT_BYTES:
            return
        for name in cells:
            if name not in self.columns:
                self.columns[name] = [None] * self._rows
        for name, column in self.columns.items():
            column.append(cells.get(name))
        self._rows += 1
        self._bytes += sum(len(cell) for cell in cells.values() if isinstance(cell, str))


def _saved(kept: _Kept, metadata: Mapping[str, str]) -> SavedRows:
    columns = [column_of(cells) for cells in kept.columns.values()]
    fields = tuple(ResultField(name, column.type) for name, column in zip(kept.columns, columns, strict=True))
    rows = FirstRows(fields)
    rows.add(Rows(fields, tuple(column.values for column in columns)))
    rows.total = kept.total
    return SavedRows(rows, _clocks(columns, _zone(metadata)), metadata)


def _zone(metadata: Mapping[str, str]) -> str:
    """The zone that the run was told of; none where that is not known."""
    zone = json.loads(metadata.get("streamstat.options", "{}")).get("timezone")
    return zone if isinstance(zone, str) else ""


def _clocks(columns: Sequence[SavedColumn], zone: str) -> SavedClocks:
    """The clocks of all columns of times together; UTC where there is none."""
    found = [(each.values.numbers, each.offsets) for each in columns if each.offsets is not None]
    if not found:
        return SavedClocks("UTC", np.zeros(1, np.int64), np.zeros(1, np.int64))
    times, places = np.unique(np.concatenate([times for times, _ in found]), return_index=True)
    seconds = np.concatenate([seconds for _, seconds in found])[places]
    known = set(seconds.tolist())
    written = _offset_name(known.pop()) if len(known) == 1 else "local time"
    return SavedClocks(zone or written, times, seconds)


def _offset_name(seconds: int) -> str:
    """As times have it.

    >>> _offset_name(0), _offset_name(-12600)
    ('UTC', '-03:30')
    """
    if not seconds:
        return "UTC"
    hours, minutes = divmod(abs(seconds) // 60, _MINUTES_AN_HOUR)
    return f"{'-' if seconds < 0 else '+'}{hours:02}:{minutes:02}"
