"""Tables of any description of a state that hold what a test wants, one list of values a slot."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from streamstat.sketches import canonical, hash_of
from streamstat.states import Batch, State
from streamstat.values.columns import I32, I64, U8, U64, Texts, no_texts
from tools.twins_sketches import Number, as_kind


@dataclass(frozen=True)
class Column:
    """Numbers as the argument of a call."""

    kinds: U8
    numbers: I64
    hashes: U64
    texts: Texts


def filled(state: State, slots: list[list[Number]]) -> Any:
    """A table with a slot for each list, updated with its values."""
    placed = [(slot, value) for slot, values in enumerate(slots) for value in values]
    cells = [as_kind(value) for _, value in placed]
    argument = Column(
        np.array([kind for kind, _ in cells], np.uint8),
        np.array([number for _, number in cells], np.int64),
        np.array([hash_of(canonical(value)) for _, value in placed], np.uint64),
        no_texts(len(placed)),
    )
    table = state.create()
    table.resize(len(slots))
    batch = Batch(np.array([slot for slot, _ in placed], np.int32), np.zeros(len(placed), np.int64), 0)
    state.update(table, batch, argument)
    return table


def every_slot(table: Any) -> I32:
    return np.arange(len(table), dtype=np.int32)


def restored(state: State, snapshots: tuple[I64, U8]) -> Any:
    """A table of these states."""
    table = state.create()
    table.resize(len(snapshots[0]) - 1)
    table.restore(every_slot(table), *snapshots)
    return table
