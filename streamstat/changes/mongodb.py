"""Changes as MongoDB's change streams tell them: documents whole, or what an update does to one deep inside."""

from collections.abc import Mapping

import numpy as np

from streamstat import kernels
from streamstat.changes import Changes, LogOptions, LogRecords, Op
from streamstat.changes.columns import are_objects, either_texts, emptied, json_texts, taken_texts
from streamstat.changes.key import beside_or_in
from streamstat.changes.log import CONTROL, Draft, Log, left_rows, ops_of
from streamstat.changes.positions import Positions
from streamstat.changes.reasons import NO_DOCUMENT, NO_MONGODB_OPERATION
from streamstat.changes.tables import row_tables
from streamstat.input.events import Events
from streamstat.values.columns import I64, U8, Kind, Mask, Need, Texts, arrays

_OPS = {b"insert": Op.PUT, b"replace": Op.PUT, b"update": Op.EDIT, b"delete": Op.DELETE}


class MongoDb:
    """Reads changes. The key is `_id`, or what is asked for of documents and their keys."""

    written = False
    warnings: tuple[str, ...] = ()
    time = ("wallTime.$date", "wallTime.$date.$numberLong", "wallTime")

    def __init__(self, asked: LogOptions) -> None:
        self.log = Log(asked)

    @property
    def needs(self) -> Mapping[str, Need]:
        """Documents and their keys."""
        texts = dict.fromkeys(("documentKey", "fullDocument", "updateDescription", "_id._data"), Need.TEXT)
        return {**texts, **dict.fromkeys(("operationType", "ns.db", "ns.coll"), Need.CODE)}

    @property
    def key_names(self) -> tuple[str, ...] | None:
        """The columns of the key."""
        return self.log.key.names

    def read(self, records: LogRecords, left: Mask | None, keys: Texts | None = None) -> Changes:
        """A change for each document."""
        events = records.events
        rows = left_rows(events.rows, left)
        ops, tables = (
            ops_of(events, "operationType", rows, _OPS, CONTROL),
            row_tables(events, ("ns.db", "ns.coll")),
        )
        found, rows, ops = self.log.begin(rows, ops, NO_MONGODB_OPERATION, tables)
        self.log.key.meet([b'["_id"]'] if len(rows) else [])
        own, document = (_plain(events, path, rows) for path in ("documentKey", "fullDocument"))
        ops, images = _images(events, rows, ops, own, document)
        faulty = (ops != Op.DELETE) & (np.diff(images.offsets) == 0)
        found.fault(rows[faulty], NO_DOCUMENT)
        at = np.flatnonzero(~faulty)
        images, own, document = (taken_texts(each, at) for each in (images, own, document))
        rows, ops = rows[at], ops[at]
        made = beside_or_in(self.log.key.known(), own, document)
        positions = self._positions(events, rows)
        return self.log.changes(Draft(rows, ops, images, keys=made, positions=positions), found)

    def _positions(self, events: Events, rows: I64) -> Positions:
        """Its resume token, whose hexadecimal digits compare as it does."""
        texts = taken_texts(events.texts("_id._data"), rows)
        known = (events.kinds("_id._data")[rows] == Kind.TEXT) & (np.diff(texts.offsets) > 0)
        texts = emptied(texts, ~known)
        spaces = np.where(known, self.log.spaces.numbered(b"token", len(rows)), -1).astype(np.int32)
        lower = (texts.data >= ord("a")) & (texts.data <= ord("f"))
        return Positions(
            spaces, Texts(texts.offsets, np.where(lower, texts.data - 32, texts.data).astype(np.uint8))
        )

    def snapshot(self) -> bytes:
        """What has been read."""
        return self.log.snapshot()

    def restore(self, snapshot: bytes, /) -> None:
        """As it was."""
        self.log.restore(snapshot)


def _plain(events: Events, path: str, rows: I64) -> Texts:
    return Texts(*kernels.plain_json(*arrays(json_texts(events, path, rows))))


def _images(events: Events, rows: I64, ops: U8, own: Texts, documents: Texts) -> tuple[U8, Texts]:
    """Documents, and the steps of updates; of an update that says nothing the document as it was looked up."""
    updates = json_texts(events, "updateDescription", rows)
    steps = Texts(*kernels.steps_of_updates(*arrays(updates), *arrays(own)))
    edits = (ops == Op.EDIT) & (np.diff(steps.offsets) > 0)
    ops = np.where((ops == Op.EDIT) & ~edits, np.uint8(Op.PUT), ops)
    is_document = are_objects(documents)
    whole = either_texts(
        is_document, documents, Texts(np.zeros(len(ops) + 1, np.int64), np.zeros(0, np.uint8))
    )
    return ops, either_texts(edits, steps, whole)
