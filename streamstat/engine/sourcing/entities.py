"""States of entities by slot: those of a store, and the times of the oldest and the newest event of each."""

import numpy as np

from streamstat.engine.slotted import Slotted
from streamstat.engine.store import Fed, Store
from streamstat.kernels import Extents
from streamstat.states import Batch
from streamstat.values.columns import I32, I64, MINUS_INFINITY, Mask
from streamstat.values.packing import Packer, Unpacker


class Entities:
    """A slot an entity: in the table of all it is the number of its key. Mutates the store in place."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._extents = Extents()

    def reserve(self, n: int) -> None:
        """Slots [0, n) exist."""
        self.store.reserve(n)
        if n > len(self._extents):
            self._extents.resize(max(n, len(self._extents) + len(self._extents) // 4, 64))

    def update(self, batch: Batch, columns: Fed, lo: int, hi: int) -> None:
        """Add rows [lo, hi) to the slots that `batch` gives them."""
        self.store.update(batch, columns, lo, hi)
        self._extents.update(batch.slots, batch.times)

    def take_over(self, other: "Entities", into: I32, source: I32) -> None:
        """Slot into[i], which is empty, becomes what slot source[i] of others is, one after the other."""
        self.store.absorb_from(other.store, into, source)
        self._extents.absorb(other._extents, into, source)

    def clear(self, slots: I32) -> None:
        """These slots are empty again."""
        self.store.clear(slots)
        self._extents.clear(slots)

    def times(self, slots: I32) -> tuple[I64, I64]:
        """When the oldest and the newest event was; of an entity that has none the second is MINUS_INFINITY."""
        oldest, newest = self._extents.values(slots)
        return oldest, newest

    def known(self, slots: I32) -> Mask:
        """Which have an event; slots may be beyond all that there are."""
        there = slots < len(self._extents)
        found = np.zeros(len(slots), np.bool_)
        found[there] = self._extents.values(slots[there])[1] > MINUS_INFINITY
        return found

    def live(self) -> I32:
        """The slots that hold an event, ascending."""
        every = np.arange(len(self._extents), dtype=np.int32)
        return np.flatnonzero(self.known(every)).astype(np.int32)

    def snapshot(self) -> bytes:
        """Which there are, and their times; the store is a part of its own."""
        slots = self.live()
        kept = Slotted(self._extents, self._extents.resize, lambda: slots)
        return Packer().array("slots", slots).blob("times", kept.snapshot()).packed()

    def restore(self, snapshot: bytes, n: int) -> None:
        """As they were; there are n keys."""
        unpacker = Unpacker(snapshot)
        slots = unpacker.below("slots", n)
        if (np.diff(slots) <= 0).any():
            raise ValueError("slots: do not ascend")
        kept = Slotted(
            self._extents, lambda m: self._extents.resize(max(m, len(self._extents))), lambda: slots
        )
        kept.restore(unpacker.blob("times"))
        unpacker.end()
        if not self.known(slots).all():
            raise ValueError("times: an entity without an event")
