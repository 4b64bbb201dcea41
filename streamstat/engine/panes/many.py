"""Very many pieces that fire together: read some at a time, in the order of their rows, in little memory beside theirs.

For windows that do not overlap, so that a piece is a window, known by its key and start.
"""

from collections.abc import Iterator

import numpy as np

from streamstat.engine.keys import Keys
from streamstat.engine.sizes import Sizes
from streamstat.kernels import PieceTable
from streamstat.values.columns import I32, I64
from streamstat.windows import PaneWindow

MOST_KEYS = 8  # times as many keys as pieces: ranking all keys would take longer than the rest
RANK_BITS = 32


def due(pieces: PieceTable, window: PaneWindow, until: int, sizes: Sizes) -> I32:
    """Slots of the pieces whose windows end by `until`, ascending."""
    found = [np.empty(0, np.int32)]
    for slots, _, lo in _read(pieces, pieces.slots(), sizes):
        ended = window.last_end(lo) <= until
        found.append(slots if ended.all() else slots[ended])
    return np.concatenate(found)


def are_many(slots: I32, keys: Keys, sizes: Sizes) -> bool:
    """Whether there are so many pieces that they are better read in batches."""
    return len(slots) > sizes.many_pieces and len(keys) < MOST_KEYS * len(slots)


def batches(slots: I32, pieces: PieceTable, keys: Keys, sizes: Sizes) -> Iterator[I32]:
    """These slots in row order, a batch at a time, which may be dropped before the next one is asked for.

    Takes 16 bytes a piece and 8 a key.
    """
    ranks = keys.ranks()
    starts = np.unique(np.concatenate([np.unique(lo) for _, _, lo in _read(pieces, slots, sizes)]))
    marks = _marks(pieces, slots, starts, ranks, sizes)
    marks.sort()
    key_of = np.empty(len(ranks), np.int32)
    key_of[ranks] = np.arange(len(ranks), dtype=np.int32)
    del ranks
    for first in range(0, len(marks), sizes.read_at_once):
        mark = marks[first : first + sizes.read_at_once]
        yield pieces.find(key_of[mark & (1 << RANK_BITS) - 1], starts[mark >> RANK_BITS])


def _marks(pieces: PieceTable, slots: I32, starts: I64, ranks: I32, sizes: Sizes) -> I64:
    """A number for each piece, in the order of starts, then of ranks of keys."""
    marks, n = np.empty(len(slots), np.int64), 0
    for _, keys, lo in _read(pieces, slots, sizes):
        marks[n : n + len(keys)] = np.searchsorted(starts, lo) << RANK_BITS | ranks[keys]
        n += len(keys)
    return marks


def _read(pieces: PieceTable, slots: I32, sizes: Sizes) -> Iterator[tuple[I32, I32, I64]]:
    """Slots, keys and starts of these pieces, some at a time."""
    for place in range(0, len(slots), sizes.read_at_once):
        some = slots[place : place + sizes.read_at_once]
        keys, lo, _ = pieces.at(some)
        yield some, keys, lo
