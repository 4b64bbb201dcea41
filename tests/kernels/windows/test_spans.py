"""Windows put together from spans against the panes they hold."""

import doctest
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streamstat import kernels
from streamstat.kernels import PieceTable, SortedPanes, Spans
from streamstat.values.columns import I32, I64

Content = Counter[tuple[int, int]]  # (key, lo) of a pane -> its events


class Hops:
    """Windows [k * hop, k * hop + size) of keys, their panes, and what each slot holds: plain counters."""

    def __init__(self, size: int, hop: int) -> None:
        self.size, self.hop = size, hop
        self.pieces, self.spans = PieceTable(), Spans()
        self.slots: dict[int, Content] = {}
        self.fired = -(2**40)  # time

    def begun(self, times: I64) -> I64:
        return times // self.hop

    def ended(self, times: I64) -> I64:
        return (times - self.size) // self.hop

    def add(self, key: int, time: int) -> None:
        at = np.array([time])
        lo = max(int(self.begun(at)[0]) * self.hop, int(self.ended(at)[0]) * self.hop + self.size)
        keys, los = np.array([key], np.int32), np.array([lo])
        slots, created = self.pieces.admit(keys, los, los + 1, np.ones(1, np.uint8))
        for slot in created.tolist():
            assert not self.slots.get(slot)
            self.slots[slot] = Counter()
        self.slots[int(slots[0])][key, lo] += 1
        if (int(self.ended(los)[0]) + 1) * self.hop + self.size <= self.fired:
            self.forget(keys, los)

    def forget(self, keys: I32, los: I64) -> None:
        for slot in self.spans.forget(self.pieces, keys, self.ended(los) + 1 + self.begun(los)).tolist():
            del self.slots[slot]

    def fire(self, until: int) -> int:
        """Checks all windows that end by `until`, forgets what no window needs; gives the most parts of a window."""
        slots, keys, los, _ = self.pieces.live()
        since = int(self.ended(np.array([self.fired]))[0])
        last = int(self.ended(np.array([until]))[0])
        panes = SortedPanes(slots, keys, los, self.ended(los) + 1, self.begun(los))
        members, k = panes.fired(since, last)
        assert sorted(zip(members.tolist(), k.tolist(), strict=True)) == sorted(
            {
                (key, each)
                for key, lo in zip(keys.tolist(), los.tolist(), strict=True)
                for each in range(int(self.ended(np.array([lo]))[0]) + 1, lo // self.hop + 1)
                if since < each <= last
            }
        )
        order = np.random.default_rng(0).permutation(len(k))
        parts = self.check(panes, members[order], k[order] * self.hop)
        self.fired = until
        gone = (self.begun(los) * self.hop + self.size) <= until
        self.forget(keys[gone], los[gone])
        self.pieces.drop(slots[gone])
        for slot in slots[gone].tolist():
            del self.slots[slot]
        return parts

    def check(self, panes: SortedPanes, keys: I32, starts: I64) -> int:
        ends = starts + self.size
        numbers = self.ended(ends) + 1 + self.begun(ends)
        into, source, of, slots = self.spans.cover(self.pieces, panes, keys, starts, ends, numbers)
        for target, part in zip(into.tolist(), source.tolist(), strict=True):
            self.slots.setdefault(target, Counter()).update(self.slots[part])
        assert (np.diff(of) >= 0).all()
        live = self.pieces.live()
        for window, (key, start) in enumerate(zip(keys.tolist(), starts.tolist(), strict=True)):
            whole: Content = Counter()
            for slot in slots[of == window].tolist():
                whole.update(self.slots[slot])
            expected: Content = Counter()
            for slot, other, lo, _ in zip(*(column.tolist() for column in live), strict=True):
                if other == key and start <= lo < start + self.size:
                    expected.update(self.slots[slot])
            assert whole == expected
        return int(np.bincount(of, minlength=1).max(initial=0))


@settings(max_examples=150, deadline=None)
@given(st.data(), st.integers(1, 60), st.integers(1, 9), st.integers(-500, 500))
def test_windows_hold_their_panes_whenever_events_come(
    data: st.DataObject, size: int, hop: int, origin: int
) -> None:
    hops, newest = Hops(size, hop), origin
    for _ in range(data.draw(st.integers(1, 8))):
        gap = data.draw(st.sampled_from([0, 5, 20, 200]))
        ages = st.integers(-gap, size + hop)
        for key, age in data.draw(st.lists(st.tuples(st.integers(-1, 2), ages), max_size=40)):
            is_open = newest - age >= hops.fired - size
            if is_open and (newest - age - size) // hop < (newest - age) // hop:
                hops.add(key, newest - age)
        newest += gap
        hops.fire(newest - data.draw(st.integers(0, 20)) if hops.fired < newest - 20 else newest)
    hops.fire(newest + 10_000)
    assert hops.slots == {}
    assert len(hops.pieces) == 0


@pytest.mark.parametrize("panes", [60, 1440])
def test_a_window_has_few_parts_however_many_panes(panes: int) -> None:
    hops, most = Hops(panes * 60, 60), 0
    for minute in range(panes * 2):
        hops.add(1, minute * 60)
        most = max(most, hops.fire(minute * 60 + 60 - 1)) if minute % 7 == 0 else most
    assert panes // 2 < len(hops.pieces) <= panes + 7
    assert most <= 2 * panes.bit_length() + 2
    assert hops.pieces.capacity < 2 * panes


def test_slots_that_are_borrowed_are_no_pieces_and_in_no_snapshot() -> None:
    hops = Hops(40, 2)
    for time in range(0, 40, 2):
        hops.add(0, time)
    without = hops.pieces.snapshot()
    slots, keys, los, _ = hops.pieces.live()
    panes = SortedPanes(slots, keys, los, hops.ended(los) + 1, hops.begun(los))
    hops.check(panes, np.zeros(1, np.int32), np.array([0]))
    borrowed = set(hops.slots) - set(slots.tolist())
    assert borrowed
    assert hops.pieces.live()[0].tolist() == slots.tolist()
    with pytest.raises(IndexError):
        hops.pieces.drop(np.array([min(borrowed)], np.int32))
    restored = PieceTable()
    restored.restore(hops.pieces.snapshot())
    assert [column.tolist() for column in restored.live()] == [c.tolist() for c in hops.pieces.live()]
    hops.forget(keys, los)
    assert set(hops.slots) == set(slots.tolist())
    assert len(hops.pieces.snapshot()) >= len(without)


def test_columns_of_unequal_size_are_refused() -> None:
    one, two = np.zeros(1, np.int64), np.zeros(2, np.int64)
    slots = np.zeros(1, np.int32)
    with pytest.raises(ValueError, match="elements, expected"):
        SortedPanes(slots, slots, one, two, one)
    panes, pieces, spans = SortedPanes(slots, slots, one, one, one), PieceTable(), Spans()
    with pytest.raises(ValueError, match="elements, expected"):
        spans.cover(pieces, panes, slots, one, two, one)
    with pytest.raises(ValueError, match="elements, expected"):
        spans.forget(pieces, slots, two)


def test_the_example_in_the_documentation_runs() -> None:
    example = doctest.DocTestParser().get_doctest(
        SortedPanes.__doc__ or "", {"SortedPanes": kernels.SortedPanes}, "p", None, None
    )
    assert doctest.DocTestRunner().run(example) == (0, 4)
