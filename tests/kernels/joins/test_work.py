"""The native joins against the twin: rows, what is kept, and the times that are told, however they are worked on."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle.joins import Event, Terms, decided, joined, kept, promised, waiting
from tools.join_calls import Block, Hashes, block_of, push, table_of, work
from tools.joins import ALONE, sides, terms

from streamstat.values.columns import MINUS_INFINITY, PLUS_INFINITY

# Some are of one slot of a small table, or have one half in common.
HASHES = [(low, high) for low in (0, 64, 1 << 32, 8) for high in (0, 1)]
hashes = st.permutations(HASHES).map(lambda each: dict(zip("abcd", each, strict=False)))
Round = tuple[
    int, int, int, bool
]  # events that come of each side, how far time goes on, and whether by a restart
counts = st.integers(0, 6)
rounds = st.lists(st.tuples(counts, counts, st.integers(0, 8), st.booleans()), min_size=2, max_size=8)
MOST = 14
events_of = sides(most=MOST, keys=(*"aaaabbcd", None))
on_sides = st.lists(st.sampled_from(("a", "b", "ab", "ab")), min_size=MOST, max_size=MOST)


class Worked:
    """A native join, and what came to it of each side."""

    def __init__(self, term: Terms, hashes: Hashes, most: int) -> None:
        self._term, self._hashes, self._most = term, hashes, most
        self.table = table_of(term)
        self.came: tuple[list[Event], list[Event]] = ([], [])
        self.watermark = 0
        self.rows: list[tuple[int, int]] = []

    def push(self, side: int, events: Sequence[Event]) -> None:
        """Those that are not late, nor of no use between two times."""
        tells_keyless = self._term.within is None or self._term.kind in ALONE[side]
        mine = [
            each for each in events if each.time >= self.watermark and (each.key is not None or tells_keyless)
        ]
        push(self.table, side, block_of(mine, self._hashes))
        self.came[side].extend(mine)

    def advance(self, watermark: int, restored: bool) -> None:
        self.watermark = watermark
        self.rows += work(self.table, watermark, self._most)
        if restored:
            before, self.table = self.table.snapshot(), table_of(self._term)
            self.table.restore(before)
            assert self.table.snapshot() == before

    def check(self) -> None:
        open_events = waiting(self._term, self.came, self.watermark)
        assert [self.table.kept(side).tolist() for side in (0, 1)] == kept(
            self._term, self.came, self.watermark
        )
        assert self.table.open() == sum(map(len, open_events))
        ends = [decided(self._term, side, each) for side in (0, 1) for each in open_events[side]]
        assert self.table.latest() == max(ends, default=MINUS_INFINITY)
        assert self.table.oldest(self.watermark) == promised(self._term, self.came, self.watermark)


def expected_rows(term: Terms, both: Sequence[Sequence[Event]]) -> list[tuple[int, int]]:
    found = ((row.left, row.right) for row in joined(term, *both))
    return [
        (-1 if one is None else one.number, -1 if other is None else other.number) for one, other in found
    ]


def check(term: Terms, both: Sequence[list[Event]], steps: Sequence[Round], worked: Worked) -> None:
    """Each round, and the rest at the end."""
    come = [0, 0]
    for *counts, further, restored in [*steps, (100, 100, 0, True)]:
        for side in (0, 1):
            until = come[side] + counts[0 if term.itself else side]
            worked.push(side, [each for each in both[side] if come[side] <= each.number < until])
            come[side] = until
        worked.advance(worked.watermark + further, restored)
        worked.check()
    worked.advance(PLUS_INFINITY, False)
    assert worked.rows == expected_rows(term, worked.came), term


thorough = settings(max_examples=250, deadline=None, print_blob=True)
at_once = st.sampled_from((1, 3, 1 << 20))


@pytest.mark.parametrize("as_of", [False, True])
@thorough
@given(st.data(), events_of, events_of, rounds, hashes, at_once)
def test_two_sides(
    as_of: bool,
    data: st.DataObject,
    left: list[Event],
    right: list[Event],
    steps: list[Round],
    hashes: Hashes,
    most: int,
) -> None:
    term = data.draw(terms(as_of=as_of))
    check(term, (left, right), steps, Worked(term, hashes, most))


@pytest.mark.parametrize("as_of", [False, True])
@thorough
@given(st.data(), events_of, on_sides, rounds, hashes, at_once)
def test_one_input_for_both_sides(
    as_of: bool,
    data: st.DataObject,
    events: list[Event],
    on: list[str],
    steps: list[Round],
    hashes: Hashes,
    most: int,
) -> None:
    term = data.draw(terms(itself=True, as_of=as_of))
    both = [[each for each in events if side in on[each.number]] for side in "ab"]
    check(term, both, steps, Worked(term, hashes, most))


@settings(thorough, max_examples=100)
@given(terms(as_of=False), events_of, events_of, hashes)
def test_bounds_as_wide_as_can_be(term: Terms, left: list[Event], right: list[Event], hashes: Hashes) -> None:
    """Moments behind the last time there is come at the end."""
    widest = np.iinfo(np.int64).max
    worked = Worked(replace(term, within=(-int(widest), int(widest))), hashes, 1 << 20)
    for side, events in enumerate((left, right)):
        worked.push(side, events)
    worked.advance(50, True)
    worked.advance(PLUS_INFINITY, False)
    assert sorted(worked.rows) == sorted(expected_rows(replace(term, within=(-100, 100)), worked.came))


@pytest.mark.parametrize("most", [1, 1 << 20])
@pytest.mark.parametrize("within", [(0, 0), None])
def test_rows_of_one_time_are_in_order_however_many_there_are(
    within: tuple[int, int] | None, most: int
) -> None:
    n = 5000
    partner = np.random.default_rng(5).permutation(n)
    table = table_of(Terms(within))
    for side, keys in ((0, partner), (1, np.arange(n))):
        low, ones = keys.astype(np.uint64), np.ones(n, np.uint8)
        push(table, side, Block(np.arange(n), np.full(n, 9), low, low, ones, np.zeros(n, np.uint8)))
    assert work(table, 10, most) == list(enumerate(partner.tolist()))


def test_versions_that_stand_twice_or_in_no_order_or_are_no_events_are_refused() -> None:
    table = table_of(Terms(None))
    events = [Event(0, 1, "a"), Event(1, 2, "b")]
    push(table, 1, block_of(events, {"a": (7, 0), "b": (8, 0)}))
    work(table, 5, 10)
    good = table.snapshot()
    size = 32
    rest, one, other = good[: -2 * size], good[-2 * size : -size], good[-size:]
    table.restore(rest + one + other)
    for bad in (other + one, one + one, one + other[:-8] + (-1).to_bytes(8, "little", signed=True)):
        with pytest.raises(ValueError, match="damaged"):
            table.restore(rest + bad)


def test_a_snapshot_with_events_that_nothing_meets_is_refused() -> None:
    """It is one of other terms."""
    both_ways, onward = table_of(Terms((-5, 5))), table_of(Terms((0, 5)))
    push(both_ways, 1, block_of([Event(0, 1, "a")], {"a": (7, 0)}))
    onward.restore(both_ways.snapshot())
    work(both_ways, 3, 10)
    with pytest.raises(ValueError, match="damaged"):
        onward.restore(both_ways.snapshot())
