"""Published windows that may be published again: their rows as last published, revisions, and the changelog.

Windows are known by key and start. A row is published as `result`, revision 0, then as `correction`, whole, with a
higher revision, and before that, if wanted, the old one again as `retraction`. So is a row that `--having` no longer
lets through; should it come back, it is a correction of the one that was retracted.
"""

import numpy as np

from streamstat.engine.keys import Keys
from streamstat.engine.results import Windows
from streamstat.engine.shaping import Shaping
from streamstat.engine.strategy import Publication
from streamstat.kernels import PieceTable
from streamstat.values.columns import (
    I32,
    I64,
    ColumnType,
    Kind,
    Mask,
    ResultField,
    Rows,
    Texts,
    Values,
    concatenate_rows,
    integers,
    take_rows,
)
from streamstat.values.packing import Packer, Unpacker, within

KIND_NAMES = ("result", "correction", "retraction")
RESULT, CORRECTION, RETRACTION = range(3)
REVISION = ResultField("revision", ColumnType.INTEGER)
KIND = ResultField("kind", ColumnType.LABEL)


class Changelog:
    """Gives every window it is told of a number, until the window closes."""

    def __init__(self, keys: Keys, shaping: Shaping, fields: tuple[ResultField, ...], retract: bool) -> None:
        self._keys, self._shaping, self._retract = keys, shaping, retract
        self._fields = shaping.widened(fields)
        self._table = PieceTable()
        self._revision = np.empty(0, np.int64)  # by number; -1: not published yet
        self._row = np.empty(0, np.int64)  # by number: where its row is; -1: no row of it stands
        self._changed = np.empty(0, np.bool_)
        self._rows: Rows | None = None  # as last published

    @property
    def fields(self) -> tuple[tuple[ResultField, ...], tuple[ResultField, ...]]:
        """The columns of the changelog and of reports."""
        return (*self._fields, REVISION, KIND), (*self._fields, REVISION)

    def snapshot(self) -> bytes:
        """The windows with their rows, revisions and marks."""
        numbers = self._table.live()[0]
        packer = Packer().blob("windows", self._table.snapshot())
        packer.array("revisions", self._revision[numbers]).array("places", self._row[numbers])
        packer.array("changed", self._changed[numbers]).flag("published", self._rows is not None)
        return packer.packed() if self._rows is None else packer.rows("rows", self._rows).packed()

    def restore(self, snapshot: bytes, /) -> None:
        """The windows under the numbers they had."""
        unpacker = Unpacker(snapshot)
        self._table.restore(unpacker.blob("windows"))
        numbers, keys, _, _ = self._table.live()
        within("keys", keys, len(self._keys))
        n, capacity = len(numbers), self._table.capacity
        self._revision, self._row = np.full(capacity, -1), np.full(capacity, -1)
        self._changed = np.zeros(capacity, np.bool_)
        self._revision[numbers] = unpacker.array("revisions", np.int64, n)
        self._row[numbers] = places = unpacker.array("places", np.int64, n)
        self._changed[numbers] = unpacker.array("changed", np.bool_, n)
        self._rows = unpacker.rows("rows", self._fields) if unpacker.flag("published") else None
        if (places[self._revision[numbers] < 0] >= 0).any():
            raise ValueError("places: of windows that were not published")
        within("places", places[places >= 0], 0 if self._rows is None else len(self._rows))
        unpacker.end()

    def known(self, numbers: I32) -> I32:
        """These numbers; ValueError if one is of no window."""
        if not np.isin(numbers, self._table.live()[0]).all():
            raise ValueError("numbers: of windows that are not there")
        return numbers

    def find(self, keys: I32, starts: I64) -> I32:
        """The numbers of windows; -1 for those not known."""
        return self._table.find(keys, starts)

    def admit(self, windows: Windows) -> I32:
        """The numbers of windows, given to those that have none."""
        take = np.ones(len(windows), np.uint8)
        numbers, created = self._table.admit(windows.keys, windows.starts, windows.ends, take)
        more = self._table.capacity - len(self._revision)
        if more > 0:
            self._revision = np.concatenate([self._revision, np.full(more, -1)])
            self._row = np.concatenate([self._row, np.full(more, -1)])
            self._changed = np.concatenate([self._changed, np.zeros(more, np.bool_)])
        self._revision[created] = self._row[created] = -1
        self._changed[created] = False
        return numbers

    def mark(self, numbers: I32) -> None:
        """These windows have other events than their rows say."""
        self._changed[numbers] = True

    def mark_new(self, numbers: I32) -> None:
        """Those of these windows that were not published yet are to be."""
        self._changed[numbers[self._revision[numbers] < 0]] = True

    def unmark(self, numbers: I32) -> None:
        """The rows of these windows have been read."""
        self._changed[numbers] = False

    def changed(self, until: int) -> tuple[I32, I32, I64, I64]:
        """Changed windows that end at or before `until`, in row order: numbers, keys, starts, ends."""
        numbers, keys, starts, ends = self._table.live()
        pick = self._changed[numbers] & (ends <= until)
        numbers, keys, starts, ends = numbers[pick], keys[pick], starts[pick], ends[pick]
        order = self.order(keys, starts, ends)
        return numbers[order], keys[order], starts[order], ends[order]

    def order(self, keys: I32, starts: I64, ends: I64) -> I64:
        """What brings windows into row order."""
        return self._keys.row_order(keys, ends, starts)

    @property
    def capacity(self) -> int:
        """All numbers are below this."""
        return self._table.capacity

    def publish(self, fresh: list[tuple[I32, Rows]], closed: int) -> Publication:
        """Publish rows of numbered windows; windows that end at or before `closed` go to the report."""
        changelog, corrections, retractions = None, 0, 0
        self._changed[:] = False
        if fresh:
            numbers = np.concatenate([each for each, _ in fresh])
            rows = self._shaping.with_columns(concatenate_rows([each for _, each in fresh]))
            passing = self._shaping.passing(rows)
            changelog, corrections, retractions = self._labelled(numbers, rows, passing)
            self._remember(numbers, rows, passing)
        return Publication(changelog, self._close(closed), corrections, retractions)

    def _labelled(self, numbers: I32, rows: Rows, passing: Mask) -> tuple[Rows | None, int, int]:
        """The rows in order, with revision and kind, retractions before their correction."""
        old, stands = self._revision[numbers], self._row[numbers] >= 0
        taken_back = stands & (self._retract | ~passing)
        parts, revisions = [take_rows(rows, np.flatnonzero(passing))], [old[passing] + 1]
        kinds, subjects = [(old[passing] >= 0).astype(np.int64)], [numbers[passing]]
        if taken_back.any():
            assert self._rows is not None
            parts.append(take_rows(self._rows, self._row[numbers[taken_back]]))
            revisions.append(old[taken_back])
            kinds.append(np.full(len(revisions[-1]), RETRACTION))
            subjects.append(numbers[taken_back])
        keys, starts, ends = self._table.at(np.concatenate(subjects))
        revision, kind = np.concatenate(revisions), np.concatenate(kinds)
        if not len(kind):
            return None, 0, 0
        order = np.lexsort((kind != RETRACTION, *reversed(self._keys.order(keys)), starts, ends))
        whole = take_rows(concatenate_rows(parts), order)
        counts = int(np.count_nonzero(kind == CORRECTION)), int(np.count_nonzero(kind == RETRACTION))
        return with_labels(whole, revision[order], kind[order]), *counts

    def _remember(self, numbers: I32, rows: Rows, passing: Mask) -> None:
        self._row[numbers[~passing]] = -1
        numbers, rows = numbers[passing], take_rows(rows, np.flatnonzero(passing))
        self._revision[numbers] += 1
        held = 0 if self._rows is None else len(self._rows)
        self._row[numbers] = held + np.arange(len(numbers))
        self._rows = rows if self._rows is None else concatenate_rows([self._rows, rows])

    def _close(self, closed: int) -> Rows | None:
        """The rows that stand of windows that end at or before `closed`; those of the others are kept."""
        if self._rows is None:
            return None
        numbers, keys, starts, ends = self._table.live()
        done: Mask = ends <= closed
        report = None
        if done.any():
            ordered = numbers[done][self.order(keys[done], starts[done], ends[done])]
            last = ordered[self._row[ordered] >= 0]
            if len(last):
                report = with_revision(take_rows(self._rows, self._row[last]), self._revision[last])
            self._table.drop(ordered)
        left = numbers[~done]
        left = left[self._row[left] >= 0]
        self._rows = take_rows(self._rows, self._row[left])
        self._row[left] = np.arange(len(left))
        return report


def with_revision(rows: Rows, revisions: I64) -> Rows:
    """Rows as a report has them."""
    return Rows((*rows.fields, REVISION), (*rows.columns, integers(revisions)))


def with_labels(rows: Rows, revisions: I64, kinds: I64) -> Rows:
    """Rows as the changelog has them; kinds are places in KIND_NAMES."""
    lengths = np.array([len(word) for word in KIND_NAMES])
    offsets = np.zeros(len(kinds) + 1, np.int64)
    np.cumsum(lengths[kinds], out=offsets[1:])
    data = np.frombuffer("".join(KIND_NAMES[kind] for kind in kinds.tolist()).encode(), np.uint8)
    zeros = np.zeros(len(kinds), np.int64)
    label = Values(np.full(len(kinds), Kind.TEXT, np.uint8), zeros, Texts(offsets, data))
    revised = with_revision(rows, revisions)
    return Rows((*revised.fields, KIND), (*revised.columns, label))
