"""Published sessions that are not closed: the rows they had, and what becomes of those when sessions grow or join.

A published session whose start or end changes is retracted when its successor is published, which has the highest
revision of those it absorbed + 1; one that only holds other events is corrected.
"""

from collections.abc import Callable

import numpy as np

from streamstat.engine.changelog import KIND, RETRACTION, REVISION, with_labels, with_revision
from streamstat.engine.results import Windows
from streamstat.engine.shaping import Shaping
from streamstat.values.columns import I32, I64, Mask, ResultField, Rows, concatenate_rows, take_rows
from streamstat.values.packing import Packer, Unpacker


class Published:
    """Rows as last published, each with the slot of the session that it went into."""

    def __init__(
        self, shaping: Shaping, fields: tuple[ResultField, ...], retract: bool, live: Callable[[], I32]
    ) -> None:
        self._shaping, self._fields = shaping, shaping.widened(fields)
        self._retract, self._live = retract, live
        self._rows: Rows | None = None
        self._owners = np.empty(0, np.int32)
        self._revisions = np.empty(0, np.int64)
        self._stands = np.empty(0, np.bool_)  # not, if the row was retracted and none came in its place
        self._changed = np.zeros(0, np.bool_)  # by slot

    def snapshot(self) -> bytes:
        """The rows, and which sessions have changed."""
        packer = Packer().array("owners", self._owners).array("revisions", self._revisions)
        packer.array("stands", self._stands)
        packer.array("changed", self.changed).flag("published", self._rows is not None)
        return packer.packed() if self._rows is None else packer.rows("rows", self._rows).packed()

    def restore(self, snapshot: bytes, /) -> None:
        """As they were, once it is known which sessions there are."""
        unpacker, live = Unpacker(snapshot), self._live()
        self._owners = unpacker.array("owners", np.int32)
        self._revisions = unpacker.array("revisions", np.int64, len(self._owners))
        self._stands = unpacker.array("stands", np.bool_, len(self._owners))
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

    @property
    def fields(self) -> tuple[tuple[ResultField, ...], tuple[ResultField, ...]]:
        """The columns of the changelog and of reports."""
        return (*self._fields, REVISION, KIND), (*self._fields, REVISION)

    def publish(self, windows: Windows, rows: Rows) -> tuple[Rows | None, int, int]:
        """The changelog for these rows, which are in row order; how many corrections and retractions it holds."""
        rows = self._shaping.with_columns(rows)
        passing = self._shaping.passing(rows)
        place = np.full(len(self._changed), -1, np.int64)
        place[windows.slots] = np.arange(len(windows))
        of = place[self._owners] if len(self._owners) else np.empty(0, np.int64)
        old = np.flatnonzero(of >= 0)
        of = of[old]
        revisions = np.full(len(windows), -1, np.int64)  # the highest of those that went into each
        np.maximum.at(revisions, of, self._revisions[old])
        corrected = passing & (revisions >= 0)
        revisions[passing] += 1
        taken_back = self._stands[old] & (self._taken_back(windows, old, of) | ~passing[of])
        changelog = self._labelled(rows, revisions, passing, corrected, old[taken_back], of[taken_back])
        self._replace(old, windows, rows, revisions, passing)
        self._changed[windows.slots] = False
        return changelog, int(np.count_nonzero(corrected)), int(np.count_nonzero(taken_back))

    def _taken_back(self, windows: Windows, old: I64, of: I64) -> Mask:
        """Which of the old rows are retracted, though a new one comes."""
        if self._retract or self._rows is None:
            return np.ones(len(old), np.bool_)
        starts, ends = self._rows.columns[0].numbers[old], self._rows.columns[1].numbers[old]
        moved: Mask = (starts != windows.starts[of]) | (ends != windows.ends[of])
        return moved

    def _labelled(
        self, rows: Rows, revisions: I64, passing: Mask, corrected: Mask, old: I64, of: I64
    ) -> Rows | None:
        """Rows with revision and kind; retractions stand before their successor."""
        fresh = np.flatnonzero(passing)
        parts, kinds = [take_rows(rows, fresh)], [corrected[fresh].astype(np.int64)]
        places, numbers = [fresh], [revisions[fresh]]
        if len(old):
            assert self._rows is not None
            parts.append(take_rows(self._rows, old))
            kinds.append(np.full(len(old), RETRACTION))
            places.append(of)
            numbers.append(self._revisions[old])
        whole, kind = concatenate_rows(parts), np.concatenate(kinds)
        if not len(whole):
            return None
        starts, ends = whole.columns[0].numbers, whole.columns[1].numbers
        order = np.lexsort((starts, ends, kind != RETRACTION, np.concatenate(places)))
        whole, kind = take_rows(whole, order), kind[order]
        return with_labels(whole, np.concatenate(numbers)[order], kind)

    def _replace(self, old: I64, windows: Windows, rows: Rows, revisions: I64, passing: Mask) -> None:
        keep = np.ones(len(self._owners), np.bool_)
        keep[old] = False
        held = [] if self._rows is None else [take_rows(self._rows, np.flatnonzero(keep))]
        known = np.flatnonzero(revisions >= 0)  # published, now or before
        self._rows = concatenate_rows([*held, take_rows(rows, known)])
        self._owners = np.concatenate([self._owners[keep], windows.slots[known]])
        self._revisions = np.concatenate([self._revisions[keep], revisions[known]])
        self._stands = np.concatenate([self._stands[keep], passing[known]])

    def close(self, slots: I32) -> Rows | None:
        """The rows that stand of these sessions, for reports, in this order; they are forgotten."""
        if self._rows is None:
            return None
        row = np.full(len(self._changed), -1, np.int64)
        row[self._owners] = np.arange(len(self._owners))
        known = row[slots]
        last = known[known >= 0]
        standing = last[self._stands[last]]
        report = with_revision(take_rows(self._rows, standing), self._revisions[standing])
        keep = np.ones(len(self._owners), np.bool_)
        keep[last] = False
        self._rows = take_rows(self._rows, np.flatnonzero(keep))
        self._owners, self._revisions = self._owners[keep], self._revisions[keep]
        self._stands = self._stands[keep]
        return report if len(standing) else None
