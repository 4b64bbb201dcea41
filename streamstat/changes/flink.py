"""Changes as Flink's changelog tells them: `data`, and in `op` what it is; of an update both rows."""

from collections.abc import Mapping

import numpy as np

from streamstat import kernels
from streamstat.changes import Changes, LogOptions, LogRecords, Op
from streamstat.changes.columns import objects_in, taken, taken_texts
from streamstat.changes.key import WANTED, ChangeKeys, compared, is_whole, key_texts, keys_of_texts
from streamstat.changes.log import CONTROL, NO_CHANGE, Draft, Log, LogFindings, left_rows, ops_of
from streamstat.changes.reasons import NO_DATA, NO_FLINK_OP, NO_KEY
from streamstat.values.columns import I64, U8, Mask, Need, Texts, Values, arrays, take, take_texts
from streamstat.values.packing import Packer, Unpacker

_BEFORE, _BEHIND = 251, 252  # in place of an op
_OPS = {b"+I": Op.PUT, b"-U": _BEFORE, b"+U": _BEHIND, b"-D": Op.DELETE}


class Flink:
    """Reads changes. The key has to be named."""

    written = False
    warnings: tuple[str, ...] = ()

    def __init__(self, asked: LogOptions) -> None:
        self.time = tuple(f"data.{name}" for name in asked.time_fields)
        self.log, self._held = Log(asked), kernels.HeldUpdates()

    @property
    def needs(self) -> Mapping[str, Need]:
        """The row, its key, and what it is."""
        keys = dict.fromkeys((f"data.{name}" for name in self.log.key.names or ()), WANTED)
        return {"op": Need.CODE, "data": Need.TEXT, **keys}

    @property
    def key_names(self) -> tuple[str, ...] | None:
        """The columns of the key."""
        return self.log.key.names

    def read(self, records: LogRecords, left: Mask | None, keys: Texts | None = None) -> Changes:
        """A change for each record but those of rows before an update."""
        events = records.events
        rows = left_rows(events.rows, left)
        found = LogFindings(rows)
        ops = ops_of(events, "op", rows, _OPS, NO_CHANGE)
        found.fault(rows[ops == NO_CHANGE], NO_FLINK_OP)
        rows, ops = rows[ops < CONTROL], ops[ops < CONTROL]
        data = taken_texts(events.texts("data"), rows)
        has_row = objects_in(events.kinds("data")[rows], data)
        found.fault(rows[~has_row], NO_DATA)
        rows, ops, data = rows[has_row], ops[has_row], taken_texts(data, np.flatnonzero(has_row))
        if not len(rows):
            return self.log.changes(Draft(rows, ops, data), found)
        now = tuple(taken(events.values(f"data.{name}"), rows) for name in self.log.key.known())
        keyless = ~is_whole(now)
        found.fault(rows[keyless], NO_KEY)
        found.hold(rows[(ops == _BEFORE) & ~keyless])
        made = self._moved(now, np.where(keyless, np.uint8(NO_CHANGE), ops))
        at = np.flatnonzero((ops != _BEFORE) & ~keyless)
        ops = np.where(ops == _BEHIND, np.uint8(Op.PUT), ops)
        return self.log.changes(Draft(rows[at], ops[at], take_texts(data, at), keys=_at(made, at)), found)

    def _moved(self, now: tuple[Values, ...], ops: U8) -> ChangeKeys:
        """The keys, and of rows behind an update those that they had before it."""
        halves = (ops == _BEFORE) * np.uint8(1) + (ops == _BEHIND) * np.uint8(2)
        texts = Texts(*self._held.take(halves.astype(np.uint8), *arrays(key_texts(now))))
        before = keys_of_texts(texts, len(now))
        return compared(now, before, np.diff(texts.offsets) > 0)

    def snapshot(self) -> bytes:
        """What has been read, and the rows before updates that wait for those behind."""
        return Packer().blob("log", self.log.snapshot()).blob("held", self._held.snapshot()).packed()

    def restore(self, snapshot: bytes, /) -> None:
        """As it was."""
        unpacker = Unpacker(snapshot)
        self.log.restore(unpacker.blob("log"))
        self._held.restore(unpacker.blob("held"))
        keys_of_texts(Texts(*self._held.keys()), len(self.log.key.known()))
        unpacker.end()


def _at(keys: ChangeKeys, at: I64) -> ChangeKeys:
    before = None if keys.before is None else tuple(take(each, at) for each in keys.before)
    moved = None if keys.moved is None else keys.moved[at]
    return ChangeKeys(tuple(take(each, at) for each in keys.now), before, moved)
