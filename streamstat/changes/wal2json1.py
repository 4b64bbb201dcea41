"""Changes as wal2json tells them in its format 1: a transaction a record, lists of names and of values."""

from collections.abc import Mapping

import numpy as np

from streamstat import kernels
from streamstat.changes import Changes, LogOptions, LogRecords, Op
from streamstat.changes.columns import (
    are_objects,
    decoded,
    either_texts,
    emptied,
    json_texts,
    taken_texts,
)
from streamstat.changes.key import names_told
from streamstat.changes.log import CONTROL, NO_CHANGE, Draft, Log, LogFindings, left_rows, ops_of
from streamstat.changes.positions import flags, placed
from streamstat.changes.reasons import NO_CHANGES, NO_KIND, NO_PAIRS
from streamstat.changes.tables import row_tables
from streamstat.input.events import Events
from streamstat.values.columns import I64, U8, Kind, Mask, Need, Texts, arrays, take_texts

_OPS = {
    b"insert": Op.PUT,
    b"update": Op.PATCH,
    b"delete": Op.DELETE,
    b"truncate": Op.TRUNCATE,
    b"message": CONTROL,
}
_LISTS = ("columnnames", "columnvalues", "oldkeys.keynames", "oldkeys.keyvalues")
_INNER = {
    **dict.fromkeys(("kind", "schema", "table", "pk.pknames"), Need.CODE),
    **dict.fromkeys(_LISTS, Need.TEXT),
}


class Wal2Json1:
    """Reads changes. The key is what `pk` says, else it has to be named."""

    written = False
    warnings: tuple[str, ...] = ()
    time = ("timestamp",)

    def __init__(self, asked: LogOptions) -> None:
        self.log = Log(asked)

    @property
    def needs(self) -> Mapping[str, Need]:
        """The changes of a transaction, and where it ends in the log."""
        return {"change": Need.TEXT, "nextlsn": Need.TEXT}

    @property
    def key_names(self) -> tuple[str, ...] | None:
        """The columns of the key."""
        return self.log.key.names

    def read(self, records: LogRecords, left: Mask | None, keys: Texts | None = None) -> Changes:
        """The changes of each record."""
        events = records.events
        rows = left_rows(events.rows, left)
        found, kinds = LogFindings(rows), events.kinds("change")[rows]
        of, texts, valid = kernels.array_elements(*arrays(json_texts(events, "change", rows)))
        found.fault(rows[(kinds != Kind.NULL) & ~flags(valid)], NO_CHANGES)
        inner = decoded(Texts(*texts), _INNER)
        found.fault(rows[np.delete(of, inner.rows)], NO_KIND)
        ordinals = np.arange(len(of)) - np.searchsorted(of, of)
        return self._changes(events, inner.events, rows[of[inner.rows]], ordinals[inner.rows], found)

    def _changes(self, events: Events, inner: Events, of: I64, ordinals: I64, found: LogFindings) -> Changes:
        """The changes that stand in records. of: the record of each; ordinals: its place in that."""
        at = np.arange(inner.rows)
        ops = ops_of(inner, "kind", at, _OPS, NO_CHANGE)
        found.fault(of[ops == NO_CHANGE], NO_KIND)
        at = at[ops < CONTROL]
        at = at[self.log.table.of_it(row_tables(inner, ("schema", "table")), at)]
        images, olds = _rows(inner, at, ops[at])
        faulty = ~are_objects(images) & (ops[at] != Op.TRUNCATE)
        found.fault(of[at[faulty]], NO_PAIRS)
        images, olds = (taken_texts(each, np.flatnonzero(~faulty)) for each in (images, olds))
        at = at[~faulty]
        self.log.key.meet(names_told(inner, "pk.pknames", at[ops[at] != Op.TRUNCATE]))
        _, lsns, valid = kernels.lsns(*arrays(take_texts(events.texts("nextlsn"), of[at])))
        numbered = self.log.spaces.numbered(b"lsn", len(at))
        positions = placed(numbered, [lsns, ordinals[at]], flags(valid))
        return self.log.changes(Draft(of[at], ops[at], images, olds, positions=positions), found)

    def snapshot(self) -> bytes:
        """What has been read."""
        return self.log.snapshot()

    def restore(self, snapshot: bytes, /) -> None:
        """As it was."""
        self.log.restore(snapshot)


def _rows(inner: Events, at: I64, ops: U8) -> tuple[Texts, Texts]:
    """The columns that changes have, of a delete those of its key; and of updates those of the key before."""
    lists = [arrays(json_texts(inner, path, at)) for path in _LISTS]
    now = Texts(*kernels.objects_of_pairs(*lists[0], *lists[1]))
    before = Texts(*kernels.objects_of_pairs(*lists[2], *lists[3]))
    return either_texts(ops == Op.DELETE, before, now), emptied(before, ops != Op.PATCH)
