"""Published sessions that are not closed: the rows they had, and what becomes of those when sessions grow or join.

A published session whose start or end changes is retracted when its successor is published, which has the highest
revision of those it absorbed + 1; one that only holds other events is corrected.
"""

from collections.abc import Callable

import numpy as np

from streamstat.engine.changelog import RETRACTION, with_labels, with_revision
from streamstat.engine.results import Windows
from streamstat.values.columns import I32, I64, Mask, ResultField, Rows, concatenate_rows, take_rows
from streamstat.values.packing import Packer, Unpacker


class Published:
    """Rows as last published, each with the slot of the session that it went into."""

    def __init__(self, fields: tuple[ResultField, ...], retract: bool, live: Callable[[], I32]) -> None:
        self._fields, self._retract, self._live = fields, retract, live
        self._rows: Rows | None = None
        self._owners = np.empty(0, np.int32)
        self._revisions = np.empty(0, np.int64)
        self._changed = np.zeros(0, np.bool_)  # by slot

    def snapshot(self) -> bytes:
        """The rows, and which sessions have changed."""
        packer = Packer().array("owners", self._owners).array("revisions", self._revisions)
        packer.array("changed", self.changed).flag("published", self._rows is not None)
        return packer.packed() if self._rows is None else packer.rows("rows", self._rows).packed()

    def restore(self, snapshot: bytes, /) -> None:
        """As they were, once it is known which sessions there are."""
        unpacker, live = Unpacker(snapshot), self._live()
        self._owners = unpacker.array("owners", np.int32)
        self._revisions = unpacker.array("revisions", np.int64, len(self._owners))
        changed = unpacker.array("changed", np.int32)
        published, size = unpacker.flag("published"), len(self._owners)
        self._rows = unpacker.rows("rows", self._fields, size) if published else None
        unpacker.end()
        if not (np.isin(self._owners, live).all() and np.isin(changed, live).all()):
            raise ValueError("owners: of sessions that are not there")
        if size and not published:
            raise ValueError("owners: of no rows")
        self._changed = np.zeros(int(live.max(initial=-1)) + 1, np.bool_)
        self._changed[changed] = True

    @property
    def changed(self) -> I32:
        """Slots with events that are in no published row."""
        return np.flatnonzero(self._changed).astype(np.int32)

    def merge(self, into: I32, source: I32, capacity: int) -> None:
        """Sessions were joined, in this order; `capacity` slots exist."""
        if capacity > len(self._changed):
            more = np.zeros(max(capacity, 2 * len(self._changed)) - len(self._changed), np.bool_)
            self._changed = np.concatenate([self._changed, more])
        if not len(into):
            return
        successor = np.arange(len(self._changed), dtype=np.int32)
        for winner, loser in zip(into[::-1].tolist(), source[::-1].tolist(), strict=True):
            successor[loser] = successor[winner]
        self._owners = successor[self._owners]
        self._changed[source] = False

    def touch(self, slots: I32) -> None:
        """Events were added to these slots; -1 is none."""
        self._changed[slots[slots >= 0]] = True

    def publish(self, windows: Windows, rows: Rows) -> tuple[Rows, int, int]:
        """The changelog for these rows, which are in row order; how many corrections and retractions it holds."""
        place = np.full(len(self._changed), -1, np.int64)
        place[windows.slots] = np.arange(len(windows))
        of = place[self._owners] if len(self._owners) else np.empty(0, np.int64)
        old = np.flatnonzero(of >= 0)
        of = of[old]
        revisions = np.zeros(len(windows), np.int64)
        np.maximum.at(revisions, of, self._revisions[old] + 1)
        corrected = np.zeros(len(windows), np.bool_)
        corrected[of] = True
        taken_back = self._taken_back(windows, old, of)
        changelog = self._labelled(rows, revisions, corrected, old[taken_back], of[taken_back])
        self._replace(old, windows, rows, revisions)
        self._changed[windows.slots] = False
        return changelog, int(np.count_nonzero(corrected)), int(np.count_nonzero(taken_back))

    def _taken_back(self, windows: Windows, old: I64, of: I64) -> Mask:
        """Which of the old rows are retracted."""
        if self._retract or self._rows is None:
            return np.ones(len(old), np.bool_)
        starts, ends = self._rows.columns[0].numbers[old], self._rows.columns[1].numbers[old]
        moved: Mask = (starts != windows.starts[of]) | (ends != windows.ends[of])
        return moved

    def _labelled(self, rows: Rows, revisions: I64, corrected: Mask, old: I64, of: I64) -> Rows:
        """Rows with revision and kind; retractions stand before their successor."""
        parts, kinds = [rows], [corrected.astype(np.int64)]
        places, numbers = [np.arange(len(rows))], [revisions]
        if len(old):
            assert self._rows is not None
            parts.append(take_rows(self._rows, old))
            kinds.append(np.full(len(old), RETRACTION))
            places.append(of)
            numbers.append(self._revisions[old])
        whole, kind = concatenate_rows(parts), np.concatenate(kinds)
        starts, ends = whole.columns[0].numbers, whole.columns[1].numbers
        order = np.lexsort((starts, ends, kind != RETRACTION, np.concatenate(places)))
        whole, kind = take_rows(whole, order), kind[order]
        return with_labels(whole, np.concatenate(numbers)[order], kind)

    def _replace(self, old: I64, windows: Windows, rows: Rows, revisions: I64) -> None:
        keep = np.ones(len(self._owners), np.bool_)
        keep[old] = False
        held = [] if self._rows is None else [take_rows(self._rows, np.flatnonzero(keep))]
        self._rows = concatenate_rows([*held, rows])
        self._owners = np.concatenate([self._owners[keep], windows.slots])
        self._revisions = np.concatenate([self._revisions[keep], revisions])

    def close(self, slots: I32) -> Rows | None:
        """The rows of these sessions, for reports, in this order; they are forgotten."""
        assert self._rows is not None
        row = np.full(len(self._changed), -1, np.int64)
        row[self._owners] = np.arange(len(self._owners))
        last = row[slots]
        rows = take_rows(self._rows, last)
        report = with_revision(rows, self._revisions[last])
        keep = np.ones(len(self._owners), np.bool_)
        keep[last] = False
        self._rows = take_rows(self._rows, np.flatnonzero(keep))
        self._owners, self._revisions = self._owners[keep], self._revisions[keep]
        return report
