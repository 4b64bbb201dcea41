"""Changes as Debezium tells them: `before`, `after`, `op`, `source`; a schema may stand around them."""

from collections.abc import Mapping

import numpy as np

from streamstat.changes import Changes, LogOptions, LogRecords, Op
from streamstat.changes.columns import (
    either_texts,
    either_values,
    emptied,
    json_texts,
    objects_in,
    taken,
    taken_array,
    taken_texts,
)
from streamstat.changes.debezium_source import ChangeSource
from streamstat.changes.key import (
    WANTED,
    ChangeKeys,
    beside_or_in,
    compared,
    filled,
    key_columns,
    keys_behind,
)
from streamstat.changes.log import CONTROL, NO_CHANGE, Draft, Log, left_rows, ops_of
from streamstat.changes.placeholders import without_placeholders
from streamstat.changes.reasons import NO_AFTER, NO_DEBEZIUM_OP
from streamstat.changes.schemas import Schemas, TypedRows
from streamstat.changes.untyped import Untyped
from streamstat.input.events import Events
from streamstat.values.columns import I64, U8, Kind, Mask, Need, Texts, take_texts

OPS = {b"c": Op.PUT, b"u": Op.PUT, b"r": Op.READ, b"d": Op.DELETE, b"t": Op.TRUNCATE, b"m": CONTROL}


class Debezium:
    """Reads changes. The key is known where it stands beside them, else it has to be named.

    around: what stands in front of each path, `payload.` where there is a schema.
    """

    written = False

    def __init__(self, asked: LogOptions, around: str = "") -> None:
        self._around, self._source, self.log = around, ChangeSource(around + "source."), Log(asked)
        self.time = (around + "source.ts_ms",)
        self._schemas = Schemas() if around else None
        self._untyped = Untyped()

    @property
    def needs(self) -> Mapping[str, Need]:
        """The op, both rows, the key in both, and where the change is from."""
        at = self._around
        keys = (f"{at}{row}.{name}" for row in ("after", "before") for name in self._paths)
        schema = {} if self._schemas is None else {"schema": Need.CODE}
        is_read = self._schemas is not None or not self.log.key.is_asked  # not only looked for
        rows = {at + "after": Need.TEXT, at + "before": Need.TEXT if is_read else Need.NOTHING}
        return {at + "op": Need.CODE, **rows, **dict.fromkeys(keys, WANTED), **self._source.needs, **schema}

    @property
    def _paths(self) -> tuple[str, ...]:
        key = self.log.key
        return (key.names or ()) if key.is_asked else ()

    @property
    def warnings(self) -> tuple[str, ...]:
        """Columns of which nobody says what they are."""
        return self._untyped.warnings

    @property
    def key_names(self) -> tuple[str, ...] | None:
        """The columns of the key."""
        return self.log.key.names

    def read(self, records: LogRecords, left: Mask | None, keys: Texts | None = None) -> Changes:
        """A change for each record that is none of control."""
        events = records.events
        rows = left_rows(events.rows, left)
        tables = self._source.tables(events)
        found, rows, ops = self.log.begin(rows, self._ops(events, rows), NO_DEBEZIUM_OP, tables)
        after = taken_texts(events.texts(self._around + "after"), rows)
        rowless = (
            (ops != Op.DELETE)
            & (ops != Op.TRUNCATE)
            & ~objects_in(taken_array(events.kinds(self._around + "after"), rows), after)
        )
        if rowless.any():
            found.fault(rows[rowless], NO_AFTER)
            rows, ops, after = rows[~rowless], ops[~rowless], take_texts(after, np.flatnonzero(~rowless))
        return self.log.changes(self._draft(events, rows, ops, after, keys), found)

    def _ops(self, events: Events, rows: I64) -> U8:
        """The op of each row; where there is none, what the rows beside it say."""
        path = self._around + "op"
        ops = ops_of(events, path, rows, OPS, NO_CHANGE)
        without = taken_array(events.kinds(path), rows) == Kind.NULL
        if without.any():
            after, before = (
                events.kinds(self._around + name)[rows] == Kind.JSON for name in ("after", "before")
            )
            ops[without] = CONTROL
            ops[without & before] = Op.DELETE
            ops[without & after] = Op.PUT
        return ops

    def _draft(self, events: Events, rows: I64, ops: U8, after: Texts, keys: Texts | None) -> Draft:
        plan = None if self._schemas is None else self._schemas.of_rows(events, "schema", rows)
        images = after if plan is None else plan.typed(after)
        if self._schemas is None:
            self._untyped.look(after)
        beside = None if keys is None else taken_texts(keys, rows)
        key = self.log.key
        if beside is not None:
            key.meet_objects(taken_texts(beside, np.flatnonzero(ops != Op.TRUNCATE)))
        made = None
        if beside is not None and key.names is not None and not key.is_asked:
            before = taken_texts(events.texts(self._around + "before"), rows)
            made = beside_or_in(key.names, beside, either_texts(ops == Op.DELETE, before, images))
        elif key.names is not None:
            made = (
                self._keys(events, rows, ops)
                if plan is None
                else self._typed_keys(events, rows, ops, images, plan)
            )
            made = made if beside is None else filled(made, key_columns(key.names, beside))
        ops, images, kept = without_placeholders(ops, images)
        positions = self._source.positions(events, rows, self.log.spaces)
        return Draft(rows, ops, images, keys=made, kept=kept, positions=positions)

    def _keys(self, events: Events, rows: I64, ops: U8) -> ChangeKeys:
        """ChangeKeys as the decoder has found them in both rows."""
        after, before = (
            tuple(taken(events.values(f"{self._around}{row}.{name}"), rows) for name in self.log.key.known())
            for row in ("after", "before")
        )
        gone = ops == Op.DELETE
        now = tuple(either_values(gone, old, new) for old, new in zip(before, after, strict=True))
        return compared(now, before, ops == Op.PUT)

    def _typed_keys(self, events: Events, rows: I64, ops: U8, images: Texts, plan: TypedRows) -> ChangeKeys:
        """The same, of rows whose values were written anew."""
        before = plan.typed(json_texts(events, self._around + "before", rows))
        return keys_behind(
            self.log.key.known(),
            either_texts(ops == Op.DELETE, before, images),
            emptied(before, ops != Op.PUT),
        )

    def snapshot(self) -> bytes:
        """What has been read."""
        return self.log.snapshot()

    def restore(self, snapshot: bytes, /) -> None:
        """As it was."""
        self.log.restore(snapshot)
