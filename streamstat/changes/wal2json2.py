"""Changes as wal2json tells them in its format 2: a change a record, between those that begin and end a transaction.

Only these know the place of the commit, and only that orders transactions: rows of one may stand before rows of another
in the log of the database, and several may stand at one place.
"""

import json
from collections.abc import Iterator, Mapping

import numpy as np

from streamstat import kernels
from streamstat.changes import Changes, LogOptions, LogRecords, Op
from streamstat.changes.columns import are_objects, either_texts, emptied, json_texts, taken_texts
from streamstat.changes.key import names_told
from streamstat.changes.log import CONTROL, NO_CHANGE, Draft, Log, LogFindings, left_rows, ops_of
from streamstat.changes.positions import flags, placed
from streamstat.changes.reasons import NO_ACTION, NO_NAMED_COLUMNS
from streamstat.changes.tables import row_tables
from streamstat.changes.transactions import Counted, MarkedTransactions, without_end
from streamstat.input.events import Events
from streamstat.values.columns import I64, U8, Mask, Need, Texts, arrays
from streamstat.values.packing import Packer, Unpacker

_BEGIN, _COMMIT = 252, 253  # in place of an op
_OPS = {
    b"I": Op.PUT,
    b"U": Op.PATCH,
    b"D": Op.DELETE,
    b"T": Op.TRUNCATE,
    b"B": _BEGIN,
    b"C": _COMMIT,
    b"M": CONTROL,
}


class Wal2Json2:
    """Reads changes. The key is what `pk` says, else it has to be named."""

    written = False
    warnings: tuple[str, ...] = ()
    time = ("timestamp",)

    def __init__(self, asked: LogOptions) -> None:
        self.log, self._transactions = Log(asked), MarkedTransactions()

    @property
    def needs(self) -> Mapping[str, Need]:
        """All of a record but its types of columns."""
        codes = dict.fromkeys(("action", "schema", "table", "pk"), Need.CODE)
        return {**codes, **dict.fromkeys(("columns", "identity", "lsn"), Need.TEXT)}

    @property
    def key_names(self) -> tuple[str, ...] | None:
        """The columns of the key."""
        return self.log.key.names

    def read(self, records: LogRecords, left: Mask | None, keys: Texts | None = None) -> Changes:
        """A change for each record that is of a row or empties the table."""
        events = records.events
        all_ops = ops_of(events, "action", np.arange(events.rows), _OPS, NO_CHANGE)
        counted, ordered = self._transaction(events, all_ops)
        rows = left_rows(events.rows, left)
        found, ops = LogFindings(rows), all_ops[rows]
        found.fault(rows[ops == NO_CHANGE], NO_ACTION)
        rows = rows[ops < _BEGIN]
        rows = rows[self.log.table.of_it(row_tables(events, ("schema", "table")), rows)]
        images, olds = _rows(events, rows, all_ops[rows])
        faulty = ~are_objects(images) & (all_ops[rows] != Op.TRUNCATE)
        found.fault(rows[faulty], NO_NAMED_COLUMNS)
        images, olds = (taken_texts(each, np.flatnonzero(~faulty)) for each in (images, olds))
        rows = rows[~faulty]
        self.log.key.meet(_key_names(events, rows[all_ops[rows] != Op.TRUNCATE]))
        at = ordered[rows]
        numbered = self.log.spaces.numbered(b"lsn", len(rows))
        positions = placed(numbered, [counted.numbers[at], counted.ordinals[at]], counted.known[at])
        groups, whole = counted.groups[at], counted.whole
        draft = Draft(rows, all_ops[rows], images, olds, positions=positions, groups=groups, whole=whole)
        return without_end(self.log.changes(draft, found), counted.cut)

    def _transaction(self, events: Events, ops: U8) -> tuple[Counted, I64]:
        """The transactions of all records, and the place among them of each row of the block."""
        at = np.flatnonzero(ops < CONTROL)
        _, lsns, valid = kernels.lsns(*arrays(taken_texts(events.texts("lsn"), at)))
        numbers = np.where(flags(valid) & (lsns < 1 << 63), lsns, 0).astype(np.int64)
        numbers[~flags(valid) | (lsns >= 1 << 63)] = -1
        counted = self._transactions.group(ops[at] == _BEGIN, ops[at] == _COMMIT, numbers)
        places = np.zeros(events.rows, np.int64)
        places[at] = np.arange(len(at))
        return counted, places

    def snapshot(self) -> bytes:
        """What has been read, and the transaction that is open."""
        packer = Packer().blob("log", self.log.snapshot())
        self._transactions.snapshot(packer)
        return packer.packed()

    def restore(self, snapshot: bytes, /) -> None:
        """As it was."""
        unpacker = Unpacker(snapshot)
        self.log.restore(unpacker.blob("log"))
        self._transactions.restore(unpacker)
        unpacker.end()


def _rows(events: Events, rows: I64, ops: U8) -> tuple[Texts, Texts]:
    """The columns that changes have, of a delete those of its key; and of updates those of the key before."""
    now, before = (
        Texts(*kernels.objects_of_named(*arrays(json_texts(events, path, rows))))
        for path in ("columns", "identity")
    )
    return either_texts(ops == Op.DELETE, before, now), emptied(before, ops != Op.PATCH)


def _key_names(events: Events, rows: I64) -> Iterator[bytes]:
    """The lists of names of key columns, in their order."""
    for each in names_told(events, "pk", rows):
        try:
            columns = json.loads(each) if each else []
        except (ValueError, RecursionError):
            columns = []
        named_so = isinstance(columns, list) and all(isinstance(column, dict) for column in columns)
        yield json.dumps([column.get("name") for column in columns] if named_so else []).encode()
