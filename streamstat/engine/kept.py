"""What is kept of events until nobody asks for them any more, by their number in the stream."""

from collections.abc import Mapping

import numpy as np

from streamstat.common.record import record
from streamstat.engine.cells import pack_cells, pick, stack, unpack_cells
from streamstat.states import Cells
from streamstat.values.columns import I64
from streamstat.values.packing import Packer, Unpacker

FEW_EVENTS = 1 << 16  # below this it is not worth while to look for what is no longer wanted
MANY_TIMES = 4  # so many times as many as are wanted are copied, to look for all of them at once
FEW_IN_PART = 1 << 14  # smaller parts are joined, so that there are never many


@record
class KeptRows:
    """n events: number int64[n], ascending where they are kept; time int64[n]; the cells of each thing wanted."""

    numbers: I64
    times: I64
    cells: Mapping[str, Cells]

    def __len__(self) -> int:
        return len(self.numbers)

    def places(self, numbers: I64) -> I64:
        """Where these events stand; they are all there."""
        first = int(self.numbers[0])
        if self.numbers[-1] - first + 1 == len(self):
            return numbers - first
        places: I64 = self.numbers.searchsorted(numbers)
        return places

    def at(self, places: I64) -> "KeptRows":
        """The events at these places, in that order."""
        return KeptRows(self.numbers[places], self.times[places], self.cells_at(places))

    def cells_at(self, places: I64) -> Mapping[str, Cells]:
        """The cells of the events at these places, in that order."""
        return {
            label: {name: pick(column, places) for name, column in each.items()}
            for label, each in self.cells.items()
        }


def joined_rows(parts: list[KeptRows]) -> KeptRows:
    """One behind the other."""
    if len(parts) == 1:
        return parts[0]
    cells = {
        label: {name: stack([part.cells[label][name] for part in parts]) for name in parts[0].cells[label]}
        for label in parts[0].cells
    }
    numbers = np.concatenate([part.numbers for part in parts])
    return KeptRows(numbers, np.concatenate([part.times for part in parts]), cells)


class KeptEvents:
    """Grows by blocks, and forgets what is said to be no longer wanted. nothing: rows of no event."""

    def __init__(self, nothing: KeptRows) -> None:
        self._nothing = nothing
        self._parts: list[KeptRows] = []
        self._wanted = 0  # how many there were after the last look

    @property
    def has_columns(self) -> bool:
        """Whether anything is wanted of events."""
        return bool(self._nothing.cells)

    def add(self, rows: KeptRows) -> None:
        """More events, later ones in the stream. Parts are joined_rows as they grow, so that there are never many."""
        if not self.has_columns or not len(rows):
            return
        self._parts.append(rows)
        while len(self._parts) > 1 and len(self._parts[-1]) < FEW_IN_PART >= len(self._parts[-2]) // 2:
            if len(self._parts[-2]) > 2 * len(self._parts[-1]):
                break
            self._parts[-2:] = [joined_rows(self._parts[-2:])]

    def of(self, numbers: I64) -> KeptRows:
        """Events by their numbers, in that order; they are all there."""
        rows, places = self._found(numbers)
        return rows.at(places)

    def cells_of(self, numbers: I64) -> Mapping[str, Cells]:
        """The cells of events by their numbers, in that order; they are all there."""
        rows, places = self._found(numbers)
        return rows.cells_at(places)

    def _found(self, numbers: I64) -> tuple[KeptRows, I64]:
        """Rows that hold these events, and the place of each among them."""
        if not len(numbers):
            return self._nothing, np.zeros(0, np.int64)
        firsts = np.array([part.numbers[0] for part in self._parts])
        owner = np.searchsorted(firsts, numbers, side="right") - 1
        parts = [(i, self._parts[i]) for i in np.flatnonzero(np.bincount(owner)).tolist()]
        if sum(len(part) for _, part in parts) <= MANY_TIMES * len(numbers):
            rows = joined_rows([part for _, part in parts])
            return rows, rows.places(numbers)
        mine = [np.flatnonzero(owner == i) for i, _ in parts]
        found = [part.at(part.places(numbers[rows])) for (_, part), rows in zip(parts, mine, strict=True)]
        back = np.empty(len(numbers), np.int64)
        back[np.concatenate(mine)] = np.arange(len(numbers))
        return joined_rows(found), back

    @property
    def is_crowded(self) -> bool:
        """Whether it is time to ask who is still wanted."""
        return sum(map(len, self._parts)) > 2 * self._wanted + FEW_EVENTS

    def only(self, numbers: I64) -> None:
        """Forget what is none of these, ascending, but for the rest of parts most of which are wanted."""
        parts, self._parts = self._parts, []
        ends = [part.numbers[0] for part in parts[1:]] + [np.iinfo(np.int64).max]
        begin = 0
        for part, until in zip(parts, ends, strict=True):
            end = int(np.searchsorted(numbers, until))
            if 2 * (end - begin) > len(part):
                self.add(part)
            elif end > begin:
                self.add(part.at(part.places(numbers[begin:end])))
            begin = end
        self._wanted = len(numbers)

    def pack(self, packer: Packer, numbers: I64) -> None:
        """Add those that are still wanted, ascending."""
        rows = self.of(numbers) if self.has_columns else self._nothing
        packer.array("numbers", rows.numbers).array("times", rows.times)
        for label, cells in rows.cells.items():
            for name, column in cells.items():
                pack_cells(packer, f"{label[:100]} {name}", column)

    def unpack(self, unpacker: Unpacker) -> None:
        """As they were."""
        numbers = unpacker.array("numbers", np.int64)
        times = unpacker.array("times", np.int64, len(numbers))
        if (np.diff(numbers) <= 0).any():
            raise ValueError("numbers: do not ascend")
        cells = {
            label: {
                name: unpack_cells(unpacker, f"{label[:100]} {name}", column, len(numbers))
                for name, column in each.items()
            }
            for label, each in self._nothing.cells.items()
        }
        self.add(KeptRows(numbers, times, cells))
        self._wanted = len(numbers)
