"""The last row of each key: what changes do to it, and how it is now."""

from collections.abc import Sequence

import numpy as np

from streamstat.changes import Op
from streamstat.common.record import record
from streamstat.engine.keys import Keys
from streamstat.engine.sizes import Sizes
from streamstat.engine.views.batches import ChangeBatch
from streamstat.expressions import Expression
from streamstat.expressions.nodes import Field
from streamstat.kernels import RowTable
from streamstat.plan.job import Group
from streamstat.values.columns import I32, I64, U8, Mask, Texts, Values, take_texts
from streamstat.values.packing import Packer, Unpacker

INSERT, UPDATE, DELETE = 1, 2, 3  # kinds of events
APPLIED_TO_KEY = 1  # a bit of what was applied
EVENT_NAMES = {INSERT: b"insert", UPDATE: b"update", DELETE: b"delete"}


@record
class Applied:
    """What changes did to rows, as m events in order.

    changes: the change, of the batch, that each is of; kinds; slots: the key; names: how many names of columns were
    known behind it; before_times: when the row before it had changed; before, after: the row, empty where there is none
    (None: nobody asked). applied: of each change of the batch, bit 1 (APPLIED_TO_KEY) where it was applied to its key,
    bit 2 where to the old one.
    """

    changes: I64
    kinds: U8
    slots: I32
    names: I32
    before_times: I64
    before: Texts | None
    after: Texts | None
    applied: U8

    def __len__(self) -> int:
        return len(self.changes)

    @property
    def stale(self) -> Mask:
        """The changes that were applied to nothing."""
        mask: Mask = self.applied == 0
        return mask


class RowsByKey:
    """Rows by their keys. collects_names: whether the names of their columns are told as changes bring them."""

    def __init__(self, collects_names: bool, sizes: Sizes) -> None:
        self._sizes = sizes
        self._collects_names = collects_names
        self.table = RowTable(collects_names)
        self.key_names: tuple[str, ...] = ()
        self.keys = Keys((), None, sizes)
        self._names: tuple[str, ...] = ()

    def begin(self, key_names: Sequence[str]) -> None:
        """The columns of the key are known."""
        if not self.key_names:
            self.key_names = tuple(key_names)
            groups = (Group(name, Expression(name, {}, Field(name))) for name in key_names)
            self.keys = Keys(tuple(groups), None, self._sizes)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of columns that changes have brought, in that order, if they are collected."""
        if self.table.name_count != len(self._names):
            self._names = tuple(name.decode("utf-8", "replace") for name in self.table.names)
        return self._names

    def present_names(self) -> tuple[str, ...]:
        """The names of columns that rows have."""
        return tuple(name.decode("utf-8", "replace") for name in self.table.present_names())

    def apply(self, batch: ChangeBatch, wants_before: bool, wants_after: bool) -> Applied:
        """Take in changes."""
        texts, kept, positions = (
            (np.ascontiguousarray(each.offsets), np.ascontiguousarray(each.data))
            for each in (batch.texts, batch.kept, batch.positions)
        )
        of_keys = (batch.ops, batch.slots, batch.old_slots)
        applied, changes, kinds, slots, names, times, before, after = self.table.apply(
            *of_keys, texts, kept, batch.spaces, positions, batch.times, wants_before, wants_after
        )
        found = Applied(
            changes=changes,
            kinds=kinds,
            slots=slots,
            names=names,
            before_times=times,
            before=Texts(*before) if wants_before else None,
            after=Texts(*after) if wants_after else None,
            applied=applied,
        )
        return self._in_order(found, batch)

    def _in_order(self, applied: Applied, batch: ChangeBatch) -> Applied:
        """Where a truncate deletes rows, it does so by key."""
        if not (batch.ops == Op.TRUNCATE).any():
            return applied
        emptying: I64 = np.flatnonzero(batch.ops[applied.changes] == Op.TRUNCATE)
        order = np.arange(len(applied))
        order[emptying] = emptying[self.keys.row_order(applied.slots[emptying], applied.changes[emptying])]
        return taken_events(applied, order)

    def in_order(self) -> I32:
        """The slots that have a row, in the order of their keys."""
        live = self.table.live()
        return live[self.keys.row_order(live, np.zeros(len(live), np.int64))]

    def key_columns(self, slots: I32) -> tuple[Values, ...]:
        """The keys of slots."""
        return self.keys.columns(slots)

    def rows(self, slots: I32) -> Texts:
        """The rows of slots that have one."""
        return Texts(*self.table.rows(slots))

    def times(self, slots: I32) -> I64:
        """When they changed last; NO_TIME where nobody knows."""
        return self.table.times(slots)

    def pack(self, packer: Packer) -> Packer:
        """All of it."""
        packer.integer("width", len(self.key_names))
        for name in self.key_names:
            packer.blob("key", name.encode())
        packer.blob("keys", self.keys.snapshot())
        return packer.blob("rows", self.table.snapshot())

    def unpack(self, unpacker: Unpacker) -> None:
        """As it was; ValueError for what it cannot have been."""
        width = unpacker.integer("width")
        if not 0 <= width <= 4096:
            raise ValueError(f"width: {width} columns of a key")
        names = [unpacker.blob("key").decode() for _ in range(width)]
        if names:
            self.begin(names)
        self.keys.restore(unpacker.blob("keys"))
        self.table.restore(unpacker.blob("rows"))
        live = self.table.live()
        if len(live) and (not names or int(live[-1]) >= len(self.keys)):
            raise ValueError("table: a row of a key that there is not")


def taken_events(applied: Applied, places: I64) -> Applied:
    """The events at these places."""
    return Applied(
        changes=applied.changes[places],
        kinds=applied.kinds[places],
        slots=applied.slots[places],
        names=applied.names[places],
        before_times=applied.before_times[places],
        before=None if applied.before is None else take_texts(applied.before, places),
        after=None if applied.after is None else take_texts(applied.after, places),
        applied=applied.applied,
    )


def first_events(applied: Applied, names: int | None) -> Applied:
    """The events behind which at most so many names of columns were known (None: all)."""
    if names is None:
        return applied
    return taken_events(applied, np.arange(int(np.searchsorted(applied.names, names, "right"))))
