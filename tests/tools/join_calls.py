"""The native joins called with events as the twin has them, for what an engine does not show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from oracle.joins import Event, Terms

from streamstat.kernels import IntervalJoin, VersionJoin
from streamstat.values.columns import I64, U8, U64
from tools.joins import ALONE

PICKS = (None, "first", "last", "nearest")
Hashes = Mapping[str, tuple[int, int]]  # low and high, of each key


@dataclass(frozen=True)
class Block:
    """Events of a side as columns, at their numbers; what lies between is no row."""

    rows: I64
    times: I64
    low: U64
    high: U64
    keyed: U8
    deletes: U8


def table_of(term: Terms) -> IntervalJoin | VersionJoin:
    """The native join of some terms."""
    pairs = term.kind not in ("semi", "anti")
    left, right = (term.kind in kinds for kinds in ALONE)
    if term.within is None:
        return VersionJoin(term.max_age, pairs, left, term.itself)
    pick = PICKS.index(term.pick)
    return IntervalJoin(*term.within, pick, pairs, term.kind == "semi", left, right, term.itself)


def block_of(events: Sequence[Event], hashes: Hashes) -> Block:
    n = max((each.number + 1 for each in events), default=0)
    block = Block(
        np.array([each.number for each in events], np.int64),
        np.zeros(n, np.int64),
        np.zeros(n, np.uint64),
        np.zeros(n, np.uint64),
        np.zeros(n, np.uint8),
        np.zeros(n, np.uint8),
    )
    for each in events:
        block.times[each.number], block.deletes[each.number] = each.time, each.deletes
        block.keyed[each.number] = each.key is not None
        block.low[each.number], block.high[each.number] = hashes.get(each.key or "", (0, 0))
    return block


def push(table: IntervalJoin | VersionJoin, side: int, block: Block) -> None:
    table.push(side, block.rows, block.times, block.low, block.high, block.keyed, block.deletes, 0)


def work(table: IntervalJoin | VersionJoin, until: int, most: int) -> list[tuple[int, int]]:
    """The numbers of the events of each row, -1 for none; about so many events at once."""
    found, reached = [], np.iinfo(np.int64).min
    while reached < until:
        reached, left, right, _, _ = table.work(until, most)
        found += list(zip(left.tolist(), right.tolist(), strict=True))
    return found
