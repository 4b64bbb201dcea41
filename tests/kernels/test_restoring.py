"""What holds for every class that can be restored: damaged bytes are refused as a whole, or are a state."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np
import pytest
from tools.pattern_tables import table_of
from tools.slot_twins import bits_of, texts

from streamstat import kernels
from streamstat.values.columns import I32, I64, U8, Kind

Filled: TypeAlias = Callable[[], Any]

SLOTS: I32 = np.arange(3, dtype=np.int32)
ROWS: I32 = np.array([0, 1, 2, 1, 2, 2], np.int32)
INTEGERS: U8 = np.full(6, Kind.INTEGER, np.uint8)
TEXTS: U8 = np.full(6, Kind.TEXT, np.uint8)
NUMBERS: I64 = np.array([5, -3, 40, 7, 2**40, 0])
OFFSETS: I64 = np.array([0, 1, 2, 4, 5, 7, 8])
LETTERS: U8 = np.frombuffer(b"abccdefa", np.uint8)


class Whole:
    """An object that is kept as a whole. known: what else it is told when it is restored."""

    def __init__(self, made: Any, *known: int) -> None:
        self.made, self.known = made, known

    def snapshot(self) -> bytes:
        return bytes(self.made.snapshot())

    def restore(self, snapshot: bytes) -> None:
        self.made.restore(snapshot, *self.known)


class InSlots:
    """A table of states; the bytes of its last slot are what is damaged, those before it are whole and others."""

    def __init__(self, made: Any) -> None:
        self.made = made

    def snapshot(self) -> bytes:
        offsets, data = self.made.snapshot(SLOTS)
        return bytes(data[offsets[2] :])

    def all(self) -> list[bytes]:
        return [bytes(array) for array in self.made.snapshot(SLOTS)]

    def restore(self, snapshot: bytes) -> None:
        empty = self.made.snapshot(SLOTS[:1])[1]
        data = np.frombuffer(bytes(empty) * 2 + snapshot, np.uint8)
        self.made.restore(SLOTS, np.array([0, len(empty), 2 * len(empty), len(data)]), data)


def keys() -> Whole:
    table = kernels.KeyTable()
    table.intern(TEXTS, OFFSETS, LETTERS)
    return Whole(table)


def tuples() -> Whole:
    table = kernels.TupleTable(2)
    table.intern([ROWS, np.zeros(6, np.int32)])
    return Whole(table)


def rows() -> Whole:
    table = kernels.RowTable(True)
    row = b'{"a":1,"b":[2]}'
    ends = np.cumsum([0, *[len(row)] * 6])
    patches = texts([b'{"c":null}'] * 6)
    spaces, positions = np.array([0, 0, 1, 2, 0, -1], np.int32), (OFFSETS, LETTERS)
    none, ops = np.full(6, -1, np.int32), np.array([0, 4, 1, 0, 3, 0], np.uint8)
    table.apply(
        ops,
        ROWS,
        none,
        (ends, np.frombuffer(row * 6, np.uint8)),
        patches,
        spaces,
        positions,
        NUMBERS,
        False,
        False,
    )
    return Whole(table)


def pairs() -> Whole:
    join = kernels.IntervalJoin(-5, 5, 0, True, False, True, True, False)
    waiting(join)
    join.work(20, 100)
    return Whole(join)


def versions() -> Whole:
    join = kernels.VersionJoin(50, True, True, False)
    waiting(join)
    join.work(20, 100)
    return Whole(join)


def waiting(join: kernels.IntervalJoin | kernels.VersionJoin) -> None:
    """Events of both sides, of two keys and of none; some are worked on, and some wait."""
    hashes, keyed = np.array([7, 8, 7, 8, 7, 0], np.uint64), np.array([1, 1, 1, 1, 1, 0], np.uint8)
    for side in (0, 1):
        times, none = np.arange(6) * 9 + side, np.zeros(0, np.uint8)
        join.push(side, np.arange(6), times, hashes, hashes, keyed, none, 0)


def unique() -> Whole:
    table = kernels.UniqueTable(True)
    hashes = np.arange(1, 7).astype(np.uint64) << np.uint64(57)
    table.sift(hashes, hashes, NUMBERS, np.zeros(6, np.int64), np.full(6, 2, np.uint8), 0)
    return Whole(table)


def pieces() -> Whole:
    table = kernels.PieceTable()
    table.admit(ROWS, NUMBERS, NUMBERS + 60, np.ones(6, np.uint8))
    table.drop(np.array([1], np.int32))
    return Whole(table)


def sessions() -> Whole:
    table = kernels.Sessions(3, 5, False)
    table.admit(ROWS, np.arange(6) * 10, np.zeros(6, np.int64), np.ones(6, np.uint8), 0)
    table.fire(20)
    table.drop(np.array([1], np.int32))
    return Whole(table)


def watermark() -> Whole:
    clock = kernels.Watermark(5, 50)
    clock.advance(NUMBERS, ROWS, np.array([1, 1, 2, 1, 0, 3], np.uint8))
    return Whole(clock)


def device_offsets() -> Whole:
    offsets = kernels.DeviceOffsets()
    yes, no = np.ones(6, np.uint8), np.zeros(6, np.uint8)
    offsets.least(ROWS.astype(np.uint64), TEXTS, NUMBERS, NUMBERS, yes, no)
    return Whole(offsets)


def first_seen() -> Whole:
    seen = kernels.FirstSeen()
    seen.mark(ROWS, NUMBERS.view(np.uint64), TEXTS)
    return Whole(seen)


def held_updates() -> Whole:
    held = kernels.HeldUpdates()
    held.take(np.ones(6, np.uint8), OFFSETS[:7], LETTERS)
    return Whole(held)


def patterns(text: str, references: Mapping[str, str]) -> Whole:
    """Two groups with events that may be part of a match, clocks that run, and an event that waits."""
    table = table_of(text, 50, references=references)
    table.push(np.arange(6), ROWS // 2, np.arange(6) * 10, np.array([5, 2, 1, 1, 3, 5], np.uint64), 0)
    table.due(40, 9)
    if references:
        _, places, numbers = table.tuples(1, 0, 9)
        table.allow(1, places, numbers, np.ones(len(places), np.uint8))
    table.work(40, 40)
    return Whole(table, 2)


def in_slots(table: Any, update: Callable[[Any], object]) -> InSlots:
    table.resize(3)
    update(table)
    return InSlots(table)


def numbers(table: Any) -> None:
    table.update(ROWS, INTEGERS, NUMBERS)


def doubles(table: Any) -> None:
    table.update(ROWS, np.full(6, Kind.DOUBLE, np.uint8), (NUMBERS + 0.1).view(np.int64))


def hashes(n: int) -> Callable[[Any], None]:
    """So many hashes into slot 2, from some number on as a sketch."""

    def update(table: Any) -> None:
        values = np.random.default_rng(3).integers(0, 2**63, n).astype(np.uint64)
        table.update(np.full(n, 2, np.int32), values, np.full(n, Kind.TEXT, np.uint8))

    return update


def picked(table: Any) -> None:
    table.update(ROWS, TEXTS, NUMBERS, OFFSETS, LETTERS, NUMBERS, 0)


def ranked(table: Any) -> None:
    halves = (NUMBERS + 0.5).view(np.int64)
    table.update(
        ROWS, TEXTS, NUMBERS, OFFSETS, LETTERS, np.full(6, Kind.DOUBLE, np.uint8), halves, NUMBERS, 0
    )


def spelt(table: Any) -> None:
    """Numbers of every kind, texts and true."""
    kinds = np.array([Kind.INTEGER, Kind.DOUBLE, Kind.INTEGER, Kind.HUGE, Kind.TEXT, Kind.TRUE], np.uint8)
    values = np.array([1, bits_of(1.5), 12, 0, 0, 0])
    spellings = texts([b"1", b"1.5", b"12", b"-1e999", b"true", b""])
    table.update(np.full(6, 2, np.int32), kinds, values, *spellings)


def retracting(table: Any) -> InSlots:
    """A table of rows that may go again, with values of many kinds."""
    kinds = np.array([Kind.INTEGER, Kind.DOUBLE, Kind.INTEGER, Kind.DOUBLE, Kind.TEXT, Kind.TRUE], np.uint8)
    values = np.array([1, bits_of(1.5), 12, bits_of(-0.0), 0, 0])
    offsets, data = texts([b"1", b"1.5", b"12", b"-0.0", b"true", b""])
    rows = kernels.RetractingRows(
        np.full(6, 2, np.int32),
        kinds,
        values,
        NUMBERS.view(np.uint64),
        offsets,
        data,
        NUMBERS,
        *texts([b"a", b"b", b"", b"d", b"e", b"f"]),
        INTEGERS,
        NUMBERS,
    )
    return in_slots(table, lambda each: each.update(rows))


FILLED: dict[str, Filled] = {
    "keys": keys,
    "tuples": tuples,
    "rows": rows,
    "pairs": pairs,
    "versions": versions,
    "unique": unique,
    "pieces": pieces,
    "sessions": sessions,
    "watermark": watermark,
    "device offsets": device_offsets,
    "first seen": first_seen,
    "held updates": held_updates,
    "patterns": lambda: patterns("!c -> a -> b{2}", {}),
    "neighbours": lambda: patterns("[a{2} b]", {}),
    "absences": lambda: patterns("a -> !b", {}),
    "absences that look at a step": lambda: patterns("a -> !b", {"b": "a"}),
    "steps that look at others": lambda: patterns("a -> b -> c", {"b": "a"}),
    "counts": lambda: in_slots(kernels.Counts(), lambda table: table.update(ROWS)),
    "extremes": lambda: in_slots(kernels.Extremes(True), numbers),
    "extents": lambda: in_slots(kernels.Extents(), lambda table: table.update(ROWS, NUMBERS)),
    "picks": lambda: in_slots(kernels.Picks(True), picked),
    "whole sums": lambda: in_slots(kernels.ExactSums(False), numbers),
    "sums": lambda: in_slots(kernels.ExactSums(False), doubles),
    "squares": lambda: in_slots(kernels.ExactSums(True), doubles),
    "histogram": lambda: in_slots(kernels.Histograms(np.zeros(0)), numbers),
    "edges": lambda: in_slots(kernels.Histograms(np.array([0.0, 6.0])), numbers),
    "top": lambda: in_slots(kernels.TopStates(2), lambda table: table.update(ROWS, TEXTS, OFFSETS, LETTERS)),
    "ranked": lambda: in_slots(kernels.RankedPicks(True), ranked),
    "values": lambda: in_slots(kernels.LeastStates(4), spelt),
    "percentiles": lambda: in_slots(kernels.HdrStates(), numbers),
    "few hashes": lambda: in_slots(kernels.HllStates(4), hashes(20)),
    "registers": lambda: in_slots(kernels.HllStates(4), hashes(2000)),
    "few members": lambda: in_slots(kernels.BloomStates(1000), hashes(9)),
    "retracting counts": lambda: retracting(kernels.RetractingCounts()),
    "retracting sums": lambda: retracting(kernels.RetractingSums(True)),
    "retracting extremes": lambda: retracting(kernels.RetractingExtremes(True)),
    "retracting distinct": lambda: retracting(kernels.RetractingDistinct()),
    "retracting spans": lambda: retracting(kernels.RetractingSpans()),
    "retracting histograms": lambda: retracting(kernels.RetractingHistograms(np.zeros(0))),
    "retracting percentiles": lambda: retracting(kernels.RetractingPercentiles()),
    "retracting values": lambda: retracting(kernels.RetractingLeast(4)),
    "retracting top": lambda: retracting(kernels.RetractingTop(4)),
    "retracting picks": lambda: retracting(kernels.RetractingPicks(True, False)),
    "filter": lambda: in_slots(kernels.BloomStates(50), hashes(100)),
}


def state_of(filled: Whole | InSlots) -> object:
    return filled.all() if isinstance(filled, InSlots) else filled.snapshot()


def damaged(good: bytes) -> list[bytes]:
    """Cut at every length, stretched, and with a bit of each byte turned over; of a long one some of these."""
    places = sorted(
        {*range(min(len(good), 200)), *range(0, len(good), max(1, len(good) // 100)), len(good) - 1}
    )
    cut = [good[:size] for size in places]
    turned = [good[:i] + bytes([good[i] ^ 1 << bit]) + good[i + 1 :] for i in places for bit in (0, 7)]
    return [*cut, good + b"\0", *turned]


def test_every_class_that_can_be_restored_is_here() -> None:
    restorable = {name for name, made in vars(kernels._native).items() if hasattr(made, "restore")}
    assert restorable == {type(make().made).__name__ for make in FILLED.values()}


@pytest.mark.parametrize("name", FILLED)
def test_what_is_cut_or_stretched_is_refused(name: str) -> None:
    filled = FILLED[name]()
    good = filled.snapshot()
    for bad in (good[: len(good) // 2], good[:-1], good + b"\0", b""):
        with pytest.raises(ValueError, match="snapshot: "):
            filled.restore(bad)


@pytest.mark.parametrize("name", FILLED)
def test_a_refused_snapshot_has_changed_nothing(name: str) -> None:
    filled = FILLED[name]()
    before = state_of(filled)
    for bad in damaged(filled.snapshot()):
        try:
            filled.restore(bad)
        except ValueError:
            assert state_of(filled) == before
            continue
        again = filled.snapshot()
        filled = FILLED[name]()
        filled.restore(again)
        assert filled.snapshot() == again
        filled = FILLED[name]()


ABSORBING = [name for name, filled in FILLED.items() if hasattr(filled().made, "absorb_snapshots")]


@pytest.mark.parametrize("name", ABSORBING)
def test_absorbing_snapshots_is_absorbing_the_states_that_gave_them(name: str) -> None:
    one, other, passage = FILLED[name]().made, FILLED[name]().made, FILLED[name]().made
    assert [each for each, filled in FILLED.items() if hasattr(filled().made, "absorb")] == ABSORBING
    into, source = np.array([1, 0, 2, 0], np.int32), np.array([0, 1, 1, 2], np.int32)
    offsets, data = other.snapshot(source)
    with pytest.raises(ValueError, match="passage: not a table of one slot"):
        one.absorb_snapshots(passage, into, offsets, data, 0)
    passage = one_slot(one, name)
    one.absorb_snapshots(passage, into, offsets, data, 0)
    expected = FILLED[name]().made
    expected.absorb(other, into, source)
    for found, wanted in zip(one.snapshot(SLOTS), expected.snapshot(SLOTS), strict=True):
        assert found.tolist() == wanted.tolist()


@pytest.mark.parametrize("name", ABSORBING)
def test_damaged_snapshots_are_not_absorbed(name: str) -> None:
    whole = FILLED[name]()
    for bad in damaged(whole.snapshot()):
        table = FILLED[name]().made
        offsets, data = np.array([0, len(bad)]), np.frombuffer(bad, np.uint8)
        try:
            table.absorb_snapshots(one_slot(table, name), SLOTS[:1], offsets, data, 0)
        except (ValueError, OverflowError):
            continue
        again, known = FILLED[name]().made, table.snapshot(SLOTS)
        again.restore(SLOTS, *known)
        assert [each.tolist() for each in again.snapshot(SLOTS)] == [each.tolist() for each in known]


PARAMETERS: Mapping[str, tuple[Any, ...]] = {
    **dict.fromkeys(("extremes", "picks", "ranked", "squares"), (True,)),
    **dict.fromkeys(("whole sums", "sums"), (False,)),
    **dict.fromkeys(("few hashes", "registers"), (4,)),
    "histogram": (np.zeros(0),),
    "edges": (np.array([0.0, 6.0]),),
    "top": (2,),
    "values": (4,),
    "few members": (1000,),
    "filter": (50,),
}


def one_slot(table: Any, name: str) -> Any:
    """An empty table of one slot with the same parameters."""
    made = type(table)(*PARAMETERS.get(name, ()))
    made.resize(1)
    return made


def test_events_of_states_that_are_absorbed_stand_further_on() -> None:
    first, slots = kernels.Picks(False), np.zeros(1, np.int32)
    first.resize(1)
    columns = np.full(1, Kind.TEXT, np.uint8), np.zeros(1, np.int64), *texts([b"a"])
    first.update(slots, *columns, np.array([7]), 3)
    for later, winner in ((0, b"b"), (1, b"b"), (2, b"a"), (2**63 - 1, b"a")):
        other = kernels.Picks(False)
        other.resize(1)
        other.update(slots, *columns[:2], *texts([b"b"]), np.array([7]), 1)
        table = kernels.Picks(False)
        table.resize(1)
        table.absorb(first, slots, slots)
        table.absorb_snapshots(_picks(), slots, *other.snapshot(slots), later)
        assert bytes(table.values(slots)[3]) == winner
    with pytest.raises(ValueError, match="later: -1 is negative"):
        first.absorb_snapshots(_picks(), slots, *first.snapshot(slots), -1)


def _picks() -> Any:
    made = kernels.Picks(False)
    made.resize(1)
    return made
