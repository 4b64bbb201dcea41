"""The states in a table's slots as a part of a snapshot."""

from collections.abc import Callable

import numpy as np

from streamstat.states import NativeState
from streamstat.values.columns import I32
from streamstat.values.packing import Packer, Unpacker


class Slotted:
    """The state in those slots of a table that are in use, as a part of a snapshot."""

    def __init__(self, native: NativeState, reserve: Callable[[int], None], live: Callable[[], I32]) -> None:
        self._native, self._reserve, self._live = native, reserve, live

    def snapshot(self) -> bytes:
        """The states, in the order of slots."""
        offsets, data = self._native.snapshot(self._live())
        return Packer().array("offsets", offsets).array("data", data).packed()

    def restore(self, snapshot: bytes, /) -> None:
        """The states, once it is known which slots are in use."""
        unpacker, slots = Unpacker(snapshot), self._live()
        offsets, data = unpacker.array("offsets", np.int64), unpacker.array("data", np.uint8)
        unpacker.end()
        self._reserve(int(slots.max(initial=-1)) + 1)
        self._native.restore(slots, offsets, data)
