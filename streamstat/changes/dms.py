"""Changes as AWS DMS tells them: whole rows in `data`, what they are in `metadata`, and maybe `before-image`."""

from collections.abc import Mapping

from streamstat.changes import Changes, LogOptions, LogRecords, Op
from streamstat.changes.columns import emptied, json_texts, objects_in, taken_texts
from streamstat.changes.log import CONTROL, NO_CHANGE, Draft, Log, LogFindings, left_rows, ops_of
from streamstat.changes.reasons import NO_DATA, NO_DMS_OPERATION
from streamstat.changes.tables import row_tables
from streamstat.values.columns import Mask, Need, Texts

_OPS = {b"load": Op.READ, b"insert": Op.PUT, b"update": Op.PUT, b"delete": Op.DELETE}
_DATA, _CONTROL = 0, 1
_RECORDS = {b"data": _DATA, b"control": _CONTROL}


class Dms:
    """Reads changes. The key has to be named."""

    written = False
    warnings: tuple[str, ...] = ()
    time = ("metadata.commit-timestamp", "metadata.timestamp")

    def __init__(self, asked: LogOptions) -> None:
        self.log = Log(asked)

    @property
    def needs(self) -> Mapping[str, Need]:
        """Rows, and what they are."""
        codes = ("operation", "record-type", "schema-name", "table-name")
        texts = dict.fromkeys(("data", "before-image"), Need.TEXT)
        return {**texts, **dict.fromkeys((f"metadata.{name}" for name in codes), Need.CODE)}

    @property
    def key_names(self) -> tuple[str, ...] | None:
        """The columns of the key."""
        return self.log.key.names

    def read(self, records: LogRecords, left: Mask | None, keys: Texts | None = None) -> Changes:
        """A change for each row."""
        events = records.events
        rows = left_rows(events.rows, left)
        found = LogFindings(rows)
        rows = rows[ops_of(events, "metadata.record-type", rows, _RECORDS, _DATA) != _CONTROL]
        ops = ops_of(events, "metadata.operation", rows, _OPS, NO_CHANGE)
        found.fault(rows[ops == NO_CHANGE], NO_DMS_OPERATION)
        rows, ops = rows[ops < CONTROL], ops[ops < CONTROL]
        mine = self.log.table.of_it(row_tables(events, ("metadata.schema-name", "metadata.table-name")), rows)
        rows, ops = rows[mine], ops[mine]
        data = taken_texts(events.texts("data"), rows)
        has_row = objects_in(events.kinds("data")[rows], data)
        found.fault(rows[~has_row], NO_DATA)
        data, rows, ops = taken_texts(data, has_row.nonzero()[0]), rows[has_row], ops[has_row]
        olds = emptied(json_texts(events, "before-image", rows), ops != Op.PUT)
        return self.log.changes(Draft(rows, ops, data, olds), found)

    def snapshot(self) -> bytes:
        """What has been read."""
        return self.log.snapshot()

    def restore(self, snapshot: bytes, /) -> None:
        """As it was."""
        self.log.restore(snapshot)
