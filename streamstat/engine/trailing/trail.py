"""The events that trailing windows still need, in the order of key, time and input; knows no aggregate."""

import numpy as np

from streamstat.common.record import record
from streamstat.engine.cells import pack_cells, pick, stack, type_of, unpack_cells
from streamstat.states import Cells
from streamstat.values.columns import I32, I64, Mask, Texts
from streamstat.values.packing import Packer, Unpacker


@record
class Trail:
    """n events: key int32[n], time int64[n], fresh bool[n] (in no published row yet), and the cells of each state."""

    keys: I32
    times: I64
    fresh: Mask
    cells: list[Cells]

    def __len__(self) -> int:
        return len(self.keys)

    def at(self, rows: I64) -> "Trail":
        """The events at these rows, in that order."""
        picked: dict[int, Texts | I64] = {}  # states may share a column, and go on sharing it

        def once(column: Texts | I64) -> Texts | I64:
            if id(column) not in picked:
                picked[id(column)] = pick(column, rows)
            return picked[id(column)]

        cells = [{name: once(column) for name, column in each.items()} for each in self.cells]
        return Trail(self.keys[rows], self.times[rows], self.fresh[rows], cells)

    def pack(self, packer: Packer) -> None:
        """Add the events, columns that are shared once; whether they are fresh is not told."""
        packer.array("keys", self.keys).array("times", self.times)
        places: dict[int, int] = {}
        cells = [item for each in self.cells for item in each.items()]
        for name, column in cells if len(self) else ():
            place = places.get(id(column), len(places))
            packer.integer("column", place)
            if place == len(places):
                places[id(column)] = place
                pack_cells(packer, name, column)

    def unpack(self, unpacker: Unpacker, key_count: int, fresh: bool) -> "Trail":
        """Events with cells of the same names and types as this trail of none has."""
        keys = unpacker.below("keys", key_count)
        n = len(keys)
        times = unpacker.array("times", np.int64, n)
        if not n:
            return self
        columns: list[Texts | I64] = []

        def unpacked(name: str, like: Texts | I64) -> Texts | I64:
            place = unpacker.integer("column")
            if place == len(columns):
                columns.append(unpack_cells(unpacker, name, like, n))
            if not 0 <= place < len(columns) or type_of(columns[place]) != type_of(like):
                raise ValueError(f"{name}: shares a column of another type")
            return columns[place]

        cells = [{name: unpacked(name, column) for name, column in each.items()} for each in self.cells]
        return Trail(keys, times, np.full(n, fresh), cells)

    def seen(self) -> "Trail":
        """The same events, none of them fresh."""
        return Trail(self.keys, self.times, np.zeros(len(self), np.bool_), self.cells)


def join(parts: list[Trail]) -> Trail:
    """One trail behind the other."""
    stacked: dict[tuple[int, ...], Texts | I64] = {}

    def once(columns: list[Texts | I64]) -> Texts | I64:
        shared = tuple(map(id, columns))
        if shared not in stacked:
            stacked[shared] = stack(columns)
        return stacked[shared]

    cells = [
        {name: once([each[name] for each in same]) for name in same[0]}
        for same in zip(*(part.cells for part in parts), strict=True)
    ]
    return Trail(
        np.concatenate([part.keys for part in parts]),
        np.concatenate([part.times for part in parts]),
        np.concatenate([part.fresh for part in parts]),
        cells,
    )
