"""Rows as Debezium's event flattening leaves them: the row itself, and beside its columns what is said of the change.

Names that begin with two underscores, such as `__op` and `__deleted`, are no columns of the row.
"""

from collections.abc import Mapping

import numpy as np

from streamstat import kernels
from streamstat.changes import Changes, LogOptions, LogRecords, Op
from streamstat.changes.columns import taken, taken_texts
from streamstat.changes.debezium_source import ChangeSource
from streamstat.changes.key import WANTED, ChangeKeys, beside_or_in, filled, key_columns
from streamstat.changes.log import CONTROL, NO_CHANGE, Draft, Log, left_rows, ops_of
from streamstat.changes.placeholders import without_placeholders
from streamstat.changes.positions import first_known
from streamstat.changes.reasons import NO_FLAT_OP
from streamstat.changes.tables import row_tables
from streamstat.changes.untyped import Untyped
from streamstat.input.events import Events
from streamstat.values.columns import I64, U8, Kind, Mask, Need, Texts, arrays

_OPS = {b"c": Op.PUT, b"u": Op.PUT, b"r": Op.READ, b"d": Op.DELETE, b"t": Op.TRUNCATE, b"m": CONTROL}
_TABLES = (
    ("__db", "__schema", "__table"),
    ("__source_db", "__source_schema", "__source_table"),
    ("__db", "__collection"),
)


class Flattened:
    """Reads rows. The key is known where it stands beside them, else it has to be named."""

    written = True
    time = ("__source_ts_ms",)

    def __init__(self, asked: LogOptions) -> None:
        self._sources, self.log = (ChangeSource("__source_"), ChangeSource("__")), Log(asked)
        self._untyped = Untyped()

    @property
    def needs(self) -> Mapping[str, Need]:
        """The op, the key, and where the change is from."""
        key = self.log.key
        keys = dict.fromkeys((key.names or ()) if key.is_asked else (), WANTED)
        tables = dict.fromkeys((path for way in _TABLES for path in way), Need.CODE)
        positions = {path: need for source in self._sources for path, need in source.needs.items()}
        return {**keys, "__op": Need.CODE, "__deleted": Need.CODE, **positions, **tables}

    @property
    def warnings(self) -> tuple[str, ...]:
        """Columns of which nobody says what they are."""
        return self._untyped.warnings

    @property
    def key_names(self) -> tuple[str, ...] | None:
        """The columns of the key."""
        return self.log.key.names

    def read(self, records: LogRecords, left: Mask | None, keys: Texts | None = None) -> Changes:
        """A change for each record."""
        events = records.events
        rows = left_rows(events.rows, left)
        tables = row_tables(events, *_TABLES)
        found, rows, ops = self.log.begin(rows, self._ops(events, rows), NO_FLAT_OP, tables)
        images = Texts(*kernels.objects_without(*arrays(taken_texts(records.written(), rows)), "__"))
        self._untyped.look(images)
        ops, images, kept = without_placeholders(ops, images)
        positions = first_known(*(each.positions(events, rows, self.log.spaces) for each in self._sources))
        made = self._keys(events, rows, ops, images, None if keys is None else taken_texts(keys, rows))
        return self.log.changes(Draft(rows, ops, images, keys=made, kept=kept, positions=positions), found)

    def _ops(self, events: Events, rows: I64) -> U8:
        """As `__op` says; where there is none, a row is there unless it says that it is not."""
        ops = ops_of(events, "__op", rows, _OPS, NO_CHANGE)
        ops[events.kinds("__op")[rows] == Kind.NULL] = Op.PUT
        ops[ops_of(events, "__deleted", rows, {b"true": Op.DELETE}, NO_CHANGE) == Op.DELETE] = Op.DELETE
        ops[events.kinds("__deleted")[rows] == Kind.TRUE] = Op.DELETE
        return ops

    def _keys(
        self, events: Events, rows: I64, ops: U8, images: Texts, beside: Texts | None
    ) -> ChangeKeys | None:
        key = self.log.key
        if beside is not None:
            key.meet_objects(taken_texts(beside, np.flatnonzero(ops != Op.TRUNCATE)))
        if key.names is None:
            return None
        if not key.is_asked:
            return None if beside is None else beside_or_in(key.names, beside, images)
        others = None if beside is None else key_columns(key.names, beside)
        own = ChangeKeys(tuple(taken(events.values(name), rows) for name in key.names))
        return own if others is None else filled(own, others)

    def snapshot(self) -> bytes:
        """What has been read."""
        return self.log.snapshot()

    def restore(self, snapshot: bytes, /) -> None:
        """As it was."""
        self.log.restore(snapshot)
