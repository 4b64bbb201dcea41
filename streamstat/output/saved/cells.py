"""What a column of a saved report holds, told by its cells: times, numbers, lists or texts."""

import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import numpy as np

from streamstat.common.record import record
from streamstat.values.columns import I64, ColumnType, Kind, Texts, Values

Cell: TypeAlias = Any  # as JSON has it, or `Spelt`


class Spelt(str):
    """A cell of a format without types, in which a number is the text that spells it."""

    __slots__ = ()


_FIRST_INSTANT = datetime(1970, 1, 1, tzinfo=UTC)
_WRITTEN_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*")
_WRITTEN_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?")
_BOUND = 2**63
_TWO, _THREE = 2, 3
_MICROSECOND = timedelta(microseconds=1)


@record
class SavedColumn:
    """type and values as a run has them; offsets: of times, seconds east of UTC as they were written."""

    type: ColumnType
    values: Values
    offsets: I64 | None = None


def column_of(cells: Sequence[Cell]) -> SavedColumn:
    """A column by all of its cells.

    >>> column_of([Spelt("1"), None, Spelt("2.5")]).values.kinds.tolist()
    [3, 0, 4]
    """
    there = [cell for cell in cells if cell is not None]
    if there and all(isinstance(cell, datetime) or _is_time(cell) for cell in there):
        return _times(cells)
    if there and all(isinstance(cell, list) or _is_list(cell) for cell in there):
        return _lists(cells)
    spelt = [cell for cell in there if isinstance(cell, Spelt)]
    return _plain(cells, _number if spelt and all(map(_WRITTEN_NUMBER.fullmatch, spelt)) else _text)


def _is_time(cell: Cell) -> bool:
    if not isinstance(cell, str) or not _WRITTEN_TIME.fullmatch(cell):
        return False
    try:
        datetime.fromisoformat(cell)
    except ValueError:
        return False
    return True


def _is_list(cell: Cell) -> bool:
    if not isinstance(cell, str) or not cell.startswith("["):
        return False
    try:
        return isinstance(json.loads(cell), list)
    except ValueError:
        return False


def _times(cells: Sequence[Cell]) -> SavedColumn:
    found = [datetime.fromisoformat(cell) if isinstance(cell, str) else cell for cell in cells]
    aware = [each if each is None or each.tzinfo else each.replace(tzinfo=UTC) for each in found]
    kinds = np.array([Kind.NULL if each is None else Kind.INTEGER for each in aware], np.uint8)
    times = [0 if each is None else (each - _FIRST_INSTANT) // _MICROSECOND for each in aware]
    seconds = [
        0 if each is None else int((each.utcoffset() or timedelta()).total_seconds()) for each in aware
    ]
    return SavedColumn(ColumnType.TIME, Values(kinds, np.array(times, np.int64)), np.array(seconds, np.int64))


def _lists(cells: Sequence[Cell]) -> SavedColumn:
    lists = [json.loads(cell) if isinstance(cell, str) else cell for cell in cells]
    entries = [entry for each in lists if each for entry in each]
    texts = [
        None if each is None else json.dumps(each, ensure_ascii=False, separators=(",", ":"))
        for each in lists
    ]
    return SavedColumn(
        _list_type(entries),
        _values([(Kind.NULL if text is None else Kind.JSON, 0, text or "") for text in texts]),
    )


def _list_type(entries: Sequence[Cell]) -> ColumnType:
    """By the shape of what is in the lists."""
    for length, first, kind in (
        (_TWO, (int, float, type(None)), ColumnType.HISTOGRAM),
        (_THREE, (str, int, float, type(None)), ColumnType.TOP),
    ):
        if entries and all(
            isinstance(entry, list) and len(entry) == length and isinstance(entry[0], first)
            for entry in entries
        ):
            return kind
    return ColumnType.LIST


def _plain(cells: Sequence[Cell], of: Callable[[Cell], tuple[int, int, str]]) -> SavedColumn:
    return SavedColumn(
        ColumnType.ANY, _values([(Kind.NULL, 0, "") if cell is None else of(cell) for cell in cells])
    )


def _number(cell: Cell) -> tuple[int, int, str]:
    """Kind, number and spelling of what is no text, or spells a number."""
    if isinstance(cell, bool):
        return (Kind.TRUE if cell else Kind.FALSE), 0, ""
    if isinstance(cell, dict | list):
        return _text(cell)
    spelt = cell if isinstance(cell, str) else json.dumps(cell)
    number = json.loads(spelt)
    if isinstance(number, int) and -_BOUND <= number < _BOUND:
        return Kind.INTEGER, number, spelt
    return Kind.DOUBLE, int(np.float64(number).view(np.int64)), spelt


def _text(cell: Cell) -> tuple[int, int, str]:
    if isinstance(cell, str):
        return Kind.TEXT, 0, cell
    if isinstance(cell, dict | list):
        return Kind.JSON, 0, json.dumps(cell, ensure_ascii=False, default=str)
    return _number(cell)


def _values(cells: Sequence[tuple[int, int, str]]) -> Values:
    encoded = [text.encode("utf-8", "replace") for _, _, text in cells]
    offsets = np.zeros(len(cells) + 1, np.int64)
    np.cumsum([len(each) for each in encoded], out=offsets[1:])
    data = np.frombuffer(b"".join(encoded), np.uint8)
    kinds = np.array([kind for kind, _, _ in cells], np.uint8)
    return Values(kinds, np.array([number for _, number, _ in cells], np.int64), Texts(offsets, data))
