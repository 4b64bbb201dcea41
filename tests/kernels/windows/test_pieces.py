"""The table of live pieces against a dictionary."""

import doctest
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streamstat.kernels import PieceTable

Row = tuple[int, int, int, bool]  # key, lo, hi, take


@dataclass
class Twin:
    """A dictionary from piece to slot, and a set of free slots."""

    slots: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)  # (key, lo) -> slot, hi
    free: set[int] = field(default_factory=set)
    capacity: int = 0

    def admit(self, rows: list[Row]) -> tuple[list[int], list[int]]:
        slots, created = [], []
        for key, lo, hi, take in rows:
            if take and (key, lo) not in self.slots:
                slot = min(self.free, default=self.capacity)
                self.free.discard(slot)
                self.capacity = max(self.capacity, slot + 1)
                self.slots[key, lo] = slot, hi
                created.append(slot)
            slots.append(self.slots[key, lo][0] if take else -1)
        return slots, created

    def drop(self, slots: list[int]) -> None:
        self.slots = {piece: held for piece, held in self.slots.items() if held[0] not in slots}
        self.free |= set(slots)

    def live(self) -> list[tuple[int, int, int, int]]:
        return sorted((slot, key, lo, hi) for (key, lo), (slot, hi) in self.slots.items())


def admit(pieces: PieceTable, rows: list[Row]) -> tuple[list[int], list[int]]:
    keys = np.array([row[0] for row in rows], np.int32)
    los = np.array([row[1] for row in rows], np.int64)
    his = np.array([row[2] for row in rows], np.int64)
    slots, created = pieces.admit(keys, los, his, np.array([row[3] for row in rows], np.uint8))
    return slots.tolist(), created.tolist()


def live(pieces: PieceTable) -> list[tuple[int, int, int, int]]:
    return list(zip(*(column.tolist() for column in pieces.live()), strict=True))


def slots_of(*slots: int) -> npt.NDArray[np.int32]:
    return np.array(slots, np.int32)


keys = st.one_of(st.integers(0, 4), st.integers(-(2**31), 2**31 - 1))
los = st.one_of(st.integers(0, 8).map(lambda k: k * 60_000_000), st.integers(-(2**63), 2**63 - 1))
rows = st.lists(st.tuples(keys, los, st.integers(-5, 5), st.sampled_from([True] * 5 + [False])), max_size=120)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_pieces_have_the_lowest_free_slots(data: st.DataObject) -> None:
    pieces, twin = PieceTable(), Twin()
    for _ in range(data.draw(st.integers(0, 8))):
        told = data.draw(rows)
        assert admit(pieces, told) == twin.admit(told)
        held = [slot for slot, _, _, _ in twin.live()]
        dropped = data.draw(st.lists(st.sampled_from(held), unique=True)) if held else []
        pieces.drop(slots_of(*dropped))
        twin.drop(dropped)
        if data.draw(st.booleans()):
            resumed = PieceTable()
            resumed.restore(pieces.snapshot())
            assert resumed.snapshot() == pieces.snapshot()
            pieces = resumed
        assert (len(pieces), pieces.capacity) == (len(twin.slots), twin.capacity)
        assert live(pieces) == twin.live()
        assert pieces.slots().tolist() == [slot for slot, _, _, _ in twin.live()]


@pytest.mark.parametrize("keys_at_once", [3, 20_000])
def test_many_pieces_come_and_go(keys_at_once: int) -> None:
    random = np.random.default_rng(3)
    pieces, twin = PieceTable(), Twin()
    for lo in range(6):
        told = [(int(key), lo * 60, lo * 60 + 60, True) for key in random.integers(0, keys_at_once, 30_000)]
        told += [(key, lo * 60 - 60, lo * 60, True) for key, *_ in told[:1000]]
        mine = admit(pieces, told)
        slots: dict[tuple[int, int], int] = {}
        for (key, start, _, _), slot in zip(told, mine[0], strict=True):
            assert slots.setdefault((key, start), slot) == slot
        assert len(set(slots.values())) == len(slots)
        twin.slots |= {(key, start): (slot, start + 60) for (key, start), slot in slots.items()}
        assert live(pieces) == twin.live()
        gone = [slot for (_, start), (slot, _) in twin.slots.items() if start < lo * 60]
        pieces.drop(random.permutation(slots_of(*gone)))
        twin.slots = {piece: held for piece, held in twin.slots.items() if piece[1] >= lo * 60}
        assert live(pieces) == twin.live()


def test_freed_slots_are_used_again_lowest_first() -> None:
    pieces = PieceTable()
    assert admit(pieces, [(key, 0, 60, True) for key in range(5)]) == ([0, 1, 2, 3, 4], [0, 1, 2, 3, 4])
    pieces.drop(slots_of(3, 1))
    told = [(9, 0, 60, True), (4, 0, 60, True), (8, 0, 60, True), (7, 0, 60, True)]
    assert admit(pieces, told) == ([1, 4, 3, 5], [1, 3, 5])
    assert pieces.capacity == 6


@pytest.mark.parametrize("slots", [[3], [-1], [0, 0], [0, 1, 2], [2**31 - 1], [0, -(2**31)]])
def test_dropping_what_is_not_live_is_refused_and_changes_nothing(slots: list[int]) -> None:
    pieces = PieceTable()
    admit(pieces, [(1, 0, 60, True), (2, 0, 60, True), (3, 0, 60, True)])
    pieces.drop(slots_of(1))
    before = pieces.snapshot()
    with pytest.raises(IndexError, match="slots"):
        pieces.drop(slots_of(*slots))
    assert pieces.snapshot() == before
    assert admit(pieces, [(1, 0, 60, True), (3, 0, 60, True)]) == ([0, 2], [])


def test_columns_of_unequal_size_are_refused() -> None:
    two, three = np.zeros(2, np.int64), np.zeros(3, np.int64)
    pieces, slots = PieceTable(), slots_of(0, 0)
    wide: Any = two
    for arguments in [(three, two, 2), (two, three, 2), (two, two, 3)]:
        with pytest.raises(ValueError, match="3 elements, expected 2"):
            pieces.admit(slots, arguments[0], arguments[1], np.ones(arguments[2], np.uint8))
    with pytest.raises(TypeError):
        pieces.admit(wide, two, two, np.ones(2, np.uint8))
    assert (len(pieces), pieces.capacity, live(pieces)) == (0, 0, [])


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_damaged_snapshots_are_refused_or_harmless(data: st.DataObject) -> None:
    pieces = PieceTable()
    admit(pieces, [(key, 0, 60, True) for key in range(70)])
    pieces.drop(slots_of(*range(1, 66)))
    good = pieces.snapshot()
    bad = bytearray(good)
    for _ in range(data.draw(st.integers(1, 3))):
        bad[data.draw(st.integers(0, len(bad) - 1))] = data.draw(st.integers(0, 255))
    bad = bad[: data.draw(st.integers(0, len(bad)))]
    try:
        pieces.restore(bytes(bad))
    except ValueError:
        assert pieces.snapshot() == good
    held = live(pieces)
    assert len(held) == len(pieces)
    pieces.drop(slots_of(*(slot for slot, _, _, _ in held)))
    assert live(pieces) == []


def test_the_example_in_the_documentation_runs() -> None:
    example = doctest.DocTestParser().get_doctest(
        PieceTable.__doc__ or "", {"PieceTable": PieceTable}, "p", None, None
    )
    assert doctest.DocTestRunner().run(example) == (0, 5)
