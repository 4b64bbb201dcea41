"""Whose changes a log has: one table is read, the one that was asked for or the only one that there is."""

import numpy as np

from streamstat.changes.columns import taken_array
from streamstat.common.errors import InputError
from streamstat.common.record import record
from streamstat.common.terminal import printable
from streamstat.input.events import Events
from streamstat.values.columns import I64, Kind, Mask
from streamstat.values.packing import Packer, Unpacker

_MOST_LABEL = 80


@record
class RowTables:
    """The table of each row, as one of a few names; None for one that says nothing of it."""

    codes: I64
    labels: tuple[str | None, ...]


def nameless(n: int) -> RowTables:
    """n rows that say nothing of a table."""
    return RowTables(np.zeros(n, np.int64), (None,))


def row_tables(events: Events, *ways: tuple[str, ...]) -> RowTables:
    """The tables that rows name. ways: fields that hold the parts of a name, the table last; the first that a row has.

    Asks the decoder for codes of all of them.
    """
    codes: I64 = np.zeros(events.rows, np.int64)
    labels: list[str | None] = [None]
    for fields in reversed(ways):
        if events.rows and not events.seen(fields[-1]):
            continue
        own, texts = _joined(events, fields)
        codes = np.where(np.array([each is None for each in texts], np.bool_)[own], codes, own + len(labels))
        labels += texts
    return RowTables(codes, tuple(labels))


def _joined(events: Events, fields: tuple[str, ...]) -> tuple[I64, list[str | None]]:
    """The different combinations of some fields, and which one each row has."""
    combined: I64 = np.zeros(events.rows, np.int64)
    columns = []
    for path in fields:
        kinds, texts = events.dictionary(path)
        if len(kinds) > 1:
            combined = combined * len(kinds) + events.codes(path)
        columns.append((kinds, texts))
    different, places = _distinct(combined)
    labels: list[str | None] = []
    for number in different.tolist():
        parts: list[str] = []
        has_table = True
        for at, (kinds, texts) in enumerate(reversed(columns)):
            number, code = divmod(number, max(len(kinds), 1))
            if kinds[code] == Kind.TEXT:
                parts.append(texts[code].decode("utf-8", "replace"))
            elif at == 0:
                has_table = False
        labels.append(".".join(reversed(parts)) if has_table else None)
    return places, labels


def _distinct(combined: I64) -> tuple[I64, I64]:
    if len(combined) and (combined == combined[0]).all():
        return combined[:1], np.zeros(len(combined), np.int64)
    different, places = np.unique(combined, return_inverse=True)
    return different, places.astype(np.int64)


class Table:
    """The one table that is read. asked: its name, or the end of it from a dot on."""

    def __init__(self, asked: str | None) -> None:
        self._asked = asked
        self.label: str | None = None  # as the log names it

    def of_it(self, tables: RowTables, rows: I64) -> Mask:
        """Which of these rows are of it; InputError if the log has two that may be meant."""
        codes = taken_array(tables.codes, rows)
        mine = np.array([self.is_mine(label) for label in tables.labels], np.bool_)
        found: Mask = np.ones(len(codes), np.bool_) if mine.all() else mine[codes]
        for code in self._in_order(codes[found]):
            self._meet(tables.labels[code])
        return found

    def is_mine(self, label: str | None) -> bool:
        """Whether this may be the name of it; who says nothing of a table speaks of it."""
        return label is None or self._asked is None or _ends_so(label, self._asked)

    def _meet(self, label: str | None) -> None:
        if label is None or label == self.label:
            return
        if self.label is None:
            self.label = label
            return
        both = [printable(each, _MOST_LABEL) for each in (self.label, label)]
        problem = f"the log has changes of two tables, {both[0]} and {both[1]}"
        raise InputError("--table", problem, f"name one of them, for example --table {both[0]}")

    def _in_order(self, codes: I64) -> list[int]:
        if not len(codes):
            return []
        if (codes == codes[0]).all():
            return [int(codes[0])]
        different, first = np.unique(codes, return_index=True)
        return [int(each) for each in different[np.argsort(first)]]

    def snapshot(self, packer: Packer) -> None:
        """Which one it is."""
        packer.flag("named", self.label is not None).blob("table", (self.label or "").encode())

    def restore(self, unpacker: Unpacker) -> None:
        """As it was."""
        is_named, label = unpacker.flag("named"), unpacker.blob("table").decode()
        self.label = label if is_named else None


def _ends_so(label: str, asked: str) -> bool:
    return label == asked or label.endswith(f".{asked}")
