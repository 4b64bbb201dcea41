"""A log of rows: each record is the new row of its key, or says that it is gone."""

from collections.abc import Mapping

import numpy as np

from streamstat.changes import Changes, LogOptions, LogRecords, Op
from streamstat.changes.columns import taken, taken_texts
from streamstat.changes.key import WANTED, ChangeKeys, beside_or_in, filled, key_columns
from streamstat.changes.log import Draft, Log, LogFindings, left_rows
from streamstat.input.events import Events
from streamstat.values.columns import I64, Mask, Need, Texts


class Upsert:
    """Reads rows. The key has to be named."""

    written = True
    warnings: tuple[str, ...] = ()

    def __init__(self, asked: LogOptions) -> None:
        self._deleted, self.time = asked.deleted, asked.time_fields
        self.log = Log(asked)

    @property
    def needs(self) -> Mapping[str, Need]:
        """The columns of the key; of what says that a row is gone, those who ask it know."""
        key = self.log.key
        return dict.fromkeys((key.names or ()) if key.is_asked else (), WANTED)

    @property
    def key_names(self) -> tuple[str, ...] | None:
        """The columns of the key."""
        return self.log.key.names

    def read(self, records: LogRecords, left: Mask | None, keys: Texts | None = None) -> Changes:
        """A change for each record."""
        events = records.events
        rows = left_rows(events.rows, left)
        ops = np.full(len(rows), Op.PUT, np.uint8)
        if self._deleted is not None:
            ops[records.condition(self._deleted)[rows]] = Op.DELETE
        beside = None if keys is None else taken_texts(keys, rows)
        images = taken_texts(records.written(), rows)
        made = self._keys(events, rows, images, beside) if len(rows) else None
        return self.log.changes(Draft(rows, ops, images, keys=made), LogFindings(rows))

    def _keys(self, events: Events, rows: I64, images: Texts, beside: Texts | None) -> ChangeKeys:
        """The keys that stand beside records, if no other was asked for, else those in them."""
        key = self.log.key
        if beside is None:
            return ChangeKeys(tuple(taken(events.values(name), rows) for name in key.known()))
        key.meet_objects(beside)
        if not key.is_asked:
            return beside_or_in(key.known(), beside, images)
        found = key_columns(key.known(), beside)
        return filled(ChangeKeys(tuple(taken(events.values(name), rows) for name in key.known())), found)

    def snapshot(self) -> bytes:
        """What has been read."""
        return self.log.snapshot()

    def restore(self, snapshot: bytes, /) -> None:
        """As it was."""
        self.log.restore(snapshot)
