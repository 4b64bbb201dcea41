"""Deletes that come without a change around them, put among the changes that another reader has found."""

from typing import Any

import numpy as np

from streamstat.changes import Changes, InnerTimes
from streamstat.changes.columns import nulls, texts_at
from streamstat.changes.log import Draft
from streamstat.values.columns import I64, Mask, Values, concatenate, no_texts, take
from streamstat.values.packing import Packer, Unpacker


class Deletes:
    """How many there have been, and how many transactions among which they came."""

    def __init__(self) -> None:
        self._count = 0
        self._next = 0

    def among(self, changes: Changes, deletes: Draft) -> Changes:
        """All of them by their rows. Each delete is a transaction of its own, and those of changes count on."""
        n, m = len(changes), len(deletes.rows)
        before = np.searchsorted(deletes.rows, changes.rows)  # deletes in front of each change
        groups = changes.groups + self._count + before
        behind = np.searchsorted(changes.rows, deletes.rows)  # changes in front of each delete
        reached = np.concatenate([[self._next], changes.groups + 1])[behind]
        of_deletes = np.maximum(reached, self._next) + self._count + np.arange(m)
        self._next = max(self._next, int(changes.groups[-1]) + 1 if n else 0)
        self._count += m
        changes = with_fields(changes, groups=groups, whole=changes.whole + self._count)
        return _merged(changes, deletes, of_deletes) if m else changes

    def snapshot(self, packer: Packer) -> None:
        """Both."""
        packer.integer("deletes", self._count).integer("among", self._next)

    def restore(self, unpacker: Unpacker) -> None:
        """As they were."""
        self._count, self._next = unpacker.integer("deletes"), unpacker.integer("among")
        if not (0 <= self._count < 1 << 61 and 0 <= self._next < 1 << 61):
            raise ValueError("deletes: not as many as there can have been")


def _merged(changes: Changes, deletes: Draft, groups: I64) -> Changes:
    n, m = len(changes), len(deletes.rows)
    assert deletes.keys is not None
    order = np.argsort(np.concatenate([changes.rows, deletes.rows]), kind="stable")
    is_change: Mask = order < n
    now = tuple(
        _both(one, other, order)
        for one, other in zip(changes.keys or _none(deletes), deletes.keys.now, strict=True)
    )
    old_keys = changes.old_keys and tuple(_both(each, nulls(m), order) for each in changes.old_keys)
    moved = None if changes.moved is None else np.append(changes.moved, np.zeros(m, np.bool_))[order]
    dated = changes.dated and InnerTimes(
        changes.dated.events, changes.dated.fields, np.append(changes.dated.rows, np.full(m, -1))[order]
    )
    return Changes(
        np.append(changes.rows, deletes.rows)[order],
        np.append(changes.ops, deletes.ops)[order],
        now,
        old_keys,
        moved,
        texts_at(changes.texts, order, is_change),
        changes.kept and texts_at(changes.kept, order, is_change),
        np.full(n + m, -1, np.int32),
        no_texts(n + m),
        np.append(changes.groups, groups)[order],
        changes.whole,
        changes.filtered,
        changes.bad,
        dated,
    )


def _none(deletes: Draft) -> tuple[Values, ...]:
    assert deletes.keys is not None
    return tuple(nulls(0) for _ in deletes.keys.now)


def _both(one: Values, other: Values, order: I64) -> Values:
    return take(concatenate([one, other]), order)


def with_fields(changes: Changes, **others: Any) -> Changes:
    """The changes with other values in some fields."""
    return Changes(**{name: getattr(changes, name) for name in Changes.__match_args__} | others)
