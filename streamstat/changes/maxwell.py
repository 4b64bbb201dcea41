"""Changes as Maxwell tells them: `type`, `data`, and in `old` what columns of an update were before."""

import json
from collections.abc import Iterator, Mapping

import numpy as np

from streamstat import kernels
from streamstat.changes import Changes, LogOptions, LogRecords, Op
from streamstat.changes.columns import (
    are_objects,
    coded_values,
    emptied,
    json_texts,
    list_of,
    overlaid,
    taken_texts,
)
from streamstat.changes.key import names_told
from streamstat.changes.log import CONTROL, NO_CHANGE, Draft, Log, LogFindings, left_rows, ops_of
from streamstat.changes.positions import Positions, flags, placed
from streamstat.changes.reasons import NO_DATA, NO_MAXWELL_TYPE
from streamstat.changes.tables import row_tables
from streamstat.changes.transactions import NamedTransactions
from streamstat.input.events import Events
from streamstat.values.columns import I64, Kind, Mask, Need, Texts, Values, arrays, take_texts
from streamstat.values.packing import Packer, Unpacker

_OPS = {b"insert": Op.PUT, b"update": Op.PATCH, b"delete": Op.DELETE, b"bootstrap-insert": Op.READ}
_OF_CONTROL = ("bootstrap", "database", "table")  # of which a type is one, before a dash
_NAMES = {
    f"{what}-{done}".encode(): CONTROL
    for what in _OF_CONTROL
    for done in ("start", "complete", "create", "alter", "drop")
}


class Maxwell:
    """Reads changes. The key is what `primary_key_columns` says, else it has to be named."""

    written = False
    warnings: tuple[str, ...] = ()
    time = ("ts",)

    def __init__(self, asked: LogOptions) -> None:
        self.log, self._transactions = Log(asked), NamedTransactions()

    @property
    def needs(self) -> Mapping[str, Need]:
        """All of a record but its types of columns."""
        codes = ("type", "database", "table", "xid", "primary_key_columns")
        texts = dict.fromkeys(("data", "old", "position"), Need.TEXT)
        return {**dict.fromkeys(codes, Need.CODE), **texts, "commit": Need.NOTHING, "xoffset": Need.NUMBER}

    @property
    def key_names(self) -> tuple[str, ...] | None:
        """The columns of the key."""
        return self.log.key.names

    def read(self, records: LogRecords, left: Mask | None, keys: Texts | None = None) -> Changes:
        """A change for each row that was changed."""
        events = records.events
        every = np.arange(events.rows)
        all_ops = ops_of(events, "type", every, {**_OPS, **_NAMES}, NO_CHANGE)
        groups, whole = self._groups(events, np.flatnonzero(all_ops < CONTROL))
        rows = left_rows(events.rows, left)
        found, ops = LogFindings(rows), all_ops[rows]
        found.fault(rows[ops == NO_CHANGE], NO_MAXWELL_TYPE)
        rows = rows[ops < CONTROL]
        mine = self.log.table.of_it(row_tables(events, ("database", "table")), rows)
        rows = rows[mine]
        data = taken_texts(events.texts("data"), rows)
        has_row = are_objects(data) & (events.kinds("data")[rows] == Kind.JSON)
        found.fault(rows[~has_row], NO_DATA)
        data, rows = taken_texts(data, np.flatnonzero(has_row)), rows[has_row]
        self.log.key.meet(_keys_told(events, rows, keys))
        olds = overlaid(data, json_texts(events, "old", rows))
        positions, of = self._positions(events, rows), all_ops[rows]
        draft = Draft(
            rows,
            of,
            data,
            emptied(olds, of != Op.PATCH),
            positions=positions,
            groups=groups[rows],
            whole=whole,
        )
        return self.log.changes(draft, found)

    def _groups(self, events: Events, rows: I64) -> tuple[I64, int]:
        """The transaction of each row of the block, and which are whole."""
        codes = events.codes("xid")[rows].astype(np.int64)
        last = events.kinds("commit")[rows] == Kind.TRUE
        grouped = self._transactions.group(coded_values(events, "xid", rows), codes, last)
        groups = np.zeros(events.rows, np.int64)
        groups[rows] = grouped.groups
        return groups, grouped.whole

    def _positions(self, events: Events, rows: I64) -> Positions:
        """Of a binlog: the file, the place in it, and which row of the transaction it is."""
        texts = taken_texts(events.texts("position"), rows)
        (files, places, valid), bases = kernels.log_places(*arrays(texts), True)
        n = len(rows)
        base = Values(np.full(n, Kind.TEXT, np.uint8), np.zeros(n, np.int64), Texts(*bases))
        offsets = events.numbers("xoffset")[rows]
        known = flags(valid) & (events.kinds("position")[rows] == Kind.TEXT)
        known &= (events.kinds("xoffset")[rows] == Kind.INTEGER) & (offsets >= 0)
        nothing = Values(np.zeros(n, np.uint8), np.zeros(n, np.int64))
        return placed(self.log.spaces.numbers(base, nothing, known), [files, places, offsets], known)

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


def _keys_told(events: Events, rows: I64, keys: Texts | None) -> Iterator[bytes]:
    """The lists of names of key columns, in their order: of the records, else `pk.id` beside them."""
    beside = b"" if keys is None or not len(rows) else _names_beside(take_texts(keys, rows[:1]))
    yield from (each or beside for each in names_told(events, "primary_key_columns", rows))


def _names_beside(keys: Texts) -> bytes:
    (names,) = list_of(Texts(*kernels.member_names(*arrays(keys))))
    found = json.loads(names) if names else []
    return json.dumps([each[3:] for each in found if each.startswith("pk.")]).encode()
