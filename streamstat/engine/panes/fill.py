"""`--fill`: windows without events, for each group from its first counted window to the last one fired."""

from collections.abc import Iterator

import numpy as np

from streamstat.common.errors import InputError
from streamstat.engine.keys import Keys
from streamstat.engine.results import Windows
from streamstat.values.columns import I32, I64, PLUS_INFINITY
from streamstat.values.packing import Packer, Unpacker
from streamstat.windows import Grid

MOST_IN_A_ROW = 1_000_000
CHUNK = 65_536
NEVER = np.iinfo(np.int64).max
NEVER_YET = np.iinfo(np.int64).min


class Fill:
    """Remembers of each key its first and its last counted window, by number on the grid."""

    def __init__(self, edges: Grid, keys: Keys) -> None:
        self._edges, self._keys = edges, keys
        self._first = np.empty(0, np.int64)
        self._last = np.empty(0, np.int64)

    def snapshot(self) -> bytes:
        """The first and last window of each key."""
        return Packer().array("first", self._first).array("last", self._last).packed()

    def restore(self, snapshot: bytes, /) -> None:
        """As they were, of keys that are known by now."""
        unpacker = Unpacker(snapshot)
        self._first = unpacker.array("first", np.int64)
        self._last = unpacker.array("last", np.int64, len(self._first))
        unpacker.end()
        if len(self._first) > len(self._keys):
            raise ValueError("first: windows of keys that are not there")

    def between(self, counted: Windows, since: int, until: int) -> Iterator[Windows]:
        """The windows that end in (since, until], counted ones and empty ones, in row order, in parts."""
        numbers = self._edges.begun(counted.starts)
        self._grow()
        np.minimum.at(self._first, counted.keys, numbers)
        passed = self._edges.ended(np.array([since, until], np.int64))
        stop = int(passed[1])
        if until == PLUS_INFINITY:
            stop = max(int(passed[0]), int(numbers.max(initial=passed[0])))
        known = np.flatnonzero(self._first <= stop).astype(np.int32)
        if not len(known):
            return
        start = max(int(passed[0]) + 1, int(self._first[known].min()))
        self._check(counted, numbers, known, stop)
        step = max(CHUNK // len(known), 1)
        for lo in range(start, stop + 1, step):
            yield self._part(counted, numbers, known, lo, min(lo + step, stop + 1))

    def late(self, counted: Windows, until: int) -> Windows:
        """Empty windows that a late first event of a key makes due: behind it, up to the last that ended by `until`."""
        self._grow()
        numbers = self._edges.begun(counted.starts)
        stop = int(self._edges.ended(np.array([until], np.int64))[0])
        before = np.minimum(self._first[counted.keys], stop + 1)
        counts = np.maximum(before - numbers - 1, 0)
        which = np.repeat(np.arange(len(counted)), counts)
        k = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts) + numbers[which] + 1
        np.minimum.at(self._first, counted.keys, numbers)
        np.maximum.at(self._last, counted.keys, numbers)
        none = np.empty(0, np.int64)
        return Windows(
            counted.keys[which], self._edges.start(k), self._edges.end(k), none, none.astype(np.int32)
        )

    def _grow(self) -> None:
        more = len(self._keys) - len(self._first)
        self._first = np.concatenate([self._first, np.full(more, NEVER)])
        self._last = np.concatenate([self._last, np.full(more, NEVER_YET)])

    def _check(self, counted: Windows, numbers: I64, known: I32, stop: int) -> None:
        """Refuse a run of empty windows that nobody wants to read."""
        order = np.lexsort((numbers, counted.keys))
        keys, sorted_numbers = counted.keys[order], numbers[order]
        previous = np.where(self._last[keys] == NEVER_YET, sorted_numbers, self._last[keys])
        previous[1:] = np.where(keys[1:] == keys[:-1], sorted_numbers[:-1], previous[1:])
        np.maximum.at(self._last, keys, sorted_numbers)
        longest = max(
            int((sorted_numbers - previous).max(initial=0)) - 1,
            stop - int(self._last[known].min(initial=stop)),
        )
        if longest > MOST_IN_A_ROW:
            raise InputError(
                "--fill",
                f"{longest:,} windows in a row have no events, {MOST_IN_A_ROW:,} may",
                "look for a wrong time, or enlarge --window",
            )

    def _part(self, counted: Windows, numbers: I64, known: I32, lo: int, hi: int) -> Windows:
        """Windows [lo, hi) of all known keys."""
        grid = np.arange(lo, hi)
        k = np.repeat(grid, len(known))
        keys: I32 = np.tile(known, len(grid))
        inside = (numbers >= lo) & (numbers < hi)
        position = np.zeros(len(self._first), np.int64)
        position[known] = np.arange(len(known))
        cell = (numbers - lo) * len(known) + position[counted.keys]
        due = k >= self._first[keys]
        order = self._keys.row_order(keys, k)
        order = order[due[order]]
        rank = np.full(len(k), -1, np.int64)
        rank[order] = np.arange(len(order))
        members = inside[counted.of]
        return Windows(
            keys[order],
            self._edges.start(k[order]),
            self._edges.end(k[order]),
            rank[cell[counted.of[members]]],
            counted.slots[members],
        )
