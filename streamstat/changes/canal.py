"""Changes as Canal tells them: many rows in a record, all values as texts; `mysqlType` says which are numbers."""

from collections.abc import Mapping

import numpy as np

from streamstat import kernels
from streamstat.changes import Changes, LogOptions, LogRecords, Op
from streamstat.changes.columns import are_objects, emptied, json_texts, overlaid, texts_at
from streamstat.changes.key import names_told
from streamstat.changes.log import CONTROL, Draft, Log, LogFindings, left_rows, ops_of
from streamstat.changes.reasons import NO_CANAL_TYPE, NO_LIST_OF_ROWS
from streamstat.changes.tables import row_tables
from streamstat.input.events import Events
from streamstat.values.columns import I64, U8, Mask, Need, Texts, arrays, no_texts, take_texts

_OPS = {b"INSERT": Op.PUT, b"UPDATE": Op.PATCH, b"DELETE": Op.DELETE, b"TRUNCATE": Op.TRUNCATE}


class Canal:
    """Reads changes. The key is what `pkNames` says, else it has to be named."""

    written = False
    warnings: tuple[str, ...] = ()
    time = ("es",)

    def __init__(self, asked: LogOptions) -> None:
        self.log = Log(asked)

    @property
    def needs(self) -> Mapping[str, Need]:
        """Rows, their types and their key."""
        codes = dict.fromkeys(("type", "database", "table", "pkNames"), Need.CODE)
        return {**codes, **dict.fromkeys(("data", "old", "mysqlType"), Need.TEXT)}

    @property
    def key_names(self) -> tuple[str, ...] | None:
        """The columns of the key."""
        return self.log.key.names

    def read(self, records: LogRecords, left: Mask | None, keys: Texts | None = None) -> Changes:
        """A change for each row in a record."""
        events = records.events
        rows = left_rows(events.rows, left)
        ops, tables = ops_of(events, "type", rows, _OPS, CONTROL), row_tables(events, ("database", "table"))
        found, rows, ops = self.log.begin(rows, ops, NO_CANAL_TYPE, tables)
        draft = _draft(events, rows, ops, found)
        self.log.key.meet(names_told(events, "pkNames", draft.rows[draft.ops != Op.TRUNCATE]))
        return self.log.changes(draft, found)

    def snapshot(self) -> bytes:
        """What has been read."""
        return self.log.snapshot()

    def restore(self, snapshot: bytes, /) -> None:
        """As it was."""
        self.log.restore(snapshot)


def _draft(events: Events, rows: I64, ops: U8, found: LogFindings) -> Draft:
    emptying = ops == Op.TRUNCATE
    of, texts, valid = kernels.array_elements(*arrays(json_texts(events, "data", rows)))
    data = Texts(*texts)
    wanted = are_objects(data)
    faulty = ~valid.view(np.bool_) & ~emptying
    faulty[of[~wanted]] = True
    faulty &= ~emptying
    found.fault(rows[faulty], NO_LIST_OF_ROWS)
    at = np.flatnonzero(~faulty[of] & ~emptying[of])
    old = _old(events, rows, of)
    types = json_texts(events, "mysqlType", rows)
    data, old = (_with_numbers(take_texts(each, at), types, of[at]) for each in (data, old))
    of = of[at]
    images = overlaid(no_texts(len(of)), data)
    olds = emptied(overlaid(data, old), ops[of] != Op.PATCH)
    return _with_truncates(Draft(rows[of], ops[of], images, olds), rows[emptying])


def _old(events: Events, rows: I64, of: I64) -> Texts:
    """What columns of each row were before: the element of `old` at the place that it has in `data`."""
    other, texts, _ = kernels.array_elements(*arrays(json_texts(events, "old", rows)))
    starts = np.searchsorted(other, np.arange(len(rows) + 1))
    places = starts[of] + np.arange(len(of)) - np.searchsorted(of, of)
    return texts_at(Texts(*texts), places, places < starts[of + 1])


def _with_numbers(objects: Texts, types: Texts, of: I64) -> Texts:
    return Texts(*kernels.numbers_by_type(*arrays(objects), *arrays(types), np.ascontiguousarray(of)))


def _with_truncates(draft: Draft, rows: I64) -> Draft:
    """The changes with those that empty the table, in the order of their records."""
    if not len(rows):
        return draft
    n, m = len(draft.rows), len(rows)
    order = np.argsort(np.concatenate([draft.rows, rows]), kind="stable")
    ops = np.concatenate([draft.ops, np.full(m, Op.TRUNCATE, np.uint8)])[order]
    is_row = order < n
    images, olds = (texts_at(each or no_texts(n), order, is_row) for each in (draft.images, draft.olds))
    return Draft(np.concatenate([draft.rows, rows])[order], ops, images, olds)
