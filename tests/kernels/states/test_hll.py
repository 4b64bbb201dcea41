"""Distinct counts against sets, and their registers against datasketch."""

from collections import defaultdict

import numpy as np
import pytest
from datasketch import HyperLogLogPlusPlus
from hypothesis import given
from hypothesis import strategies as st
from tools import laws_sketches as laws
from tools.twins_sketches import registers_of

from streamstat.kernels import HllStates
from streamstat.sketches import canonical, hash_of, hll
from streamstat.values.columns import I32, U64, Kind

Rows = list[tuple[int, int]]
HASHES = st.integers(0, 2**64 - 1) | st.integers(0, 40) | st.integers(0, 63).map(lambda bit: 1 << bit)
ROWS = st.lists(st.tuples(st.integers(-1, laws.SLOTS - 1), HASHES), max_size=60)


def make() -> HllStates:
    return HllStates(6)


def fill(states: HllStates, rows: Rows) -> None:
    places = np.array([slot for slot, _ in rows], np.int32)
    hashes = np.array([value for _, value in rows], np.uint64)
    states.update(places, hashes, np.full(len(rows), Kind.TEXT, np.uint8))


def many(n: int, seed: int = 1) -> U64:
    return np.random.default_rng(seed).integers(0, 2**64, n, dtype=np.uint64)


def add_all(states: HllStates, slot: int, hashes: U64) -> None:
    states.update(np.full(len(hashes), slot, np.int32), hashes, np.full(len(hashes), Kind.TEXT, np.uint8))


def registers(states: HllStates, slot: int) -> bytes:
    return bytes(states.registers(laws.slots(slot))[1].tobytes())


def everything(p: int) -> I32:
    return np.arange(p, dtype=np.int32)


@laws.PATIENT
@given(ROWS)
def test_counts_and_registers_are_those_of_sets(rows: Rows) -> None:
    sets = defaultdict(set)
    for slot, value in rows:
        sets[slot].add(value)
    states = laws.made(make, fill, rows)
    assert states.estimates(laws.ALL).tolist() == [len(sets[slot]) for slot in range(laws.SLOTS)]
    for slot in range(laws.SLOTS):
        assert registers(states, slot) == registers_of(sets[slot], 6)


@laws.PATIENT
@given(ROWS, st.integers(0, 60), ROWS)
def test_laws_hold(rows: Rows, cut: int, more: Rows) -> None:
    laws.check_absorbing_equals_updating(make, fill, rows, cut)
    laws.check_absorbing_within_itself(make, fill, rows)
    laws.check_snapshot_restores(make, fill, rows, more)
    laws.check_clear_reuses_slots(make, fill, rows)


@pytest.mark.parametrize("cut", [0, 1, 500, 1024, 1025, 1500, 2000, 2999])
def test_laws_hold_across_promotion(cut: int) -> None:
    rows = [(i % 2, int(value)) for i, value in enumerate(many(3000))]
    laws.check_absorbing_equals_updating(make, fill, rows, cut)
    laws.check_absorbing_within_itself(make, fill, rows)
    laws.check_snapshot_restores(make, fill, rows, rows[:10])
    laws.check_clear_reuses_slots(make, fill, rows)


@pytest.mark.parametrize("p", [4, 6, 12, 14, 16])
@pytest.mark.parametrize("n", [0, 5, 1024, 1025, 20_000])
def test_registers_are_datasketchs(p: int, n: int) -> None:
    states = HllStates(p)
    states.resize(1)
    hashes = many(n)
    if n:
        hashes[:3] = 0, 2**64 - 1, 1 << 63
    add_all(states, 0, hashes)
    theirs = HyperLogLogPlusPlus(p, hashfunc=int)
    for value in hashes.tolist():
        theirs.update(value)
    buffer = bytearray(theirs.bytesize())
    theirs.serialize(buffer)
    assert registers(states, 0) == bytes(buffer)


def test_the_value_after_1024_promotes_and_repeats_do_not() -> None:
    states = HllStates(4)
    states.resize(1)
    hashes = many(1025)
    add_all(states, 0, hashes[:1024])
    add_all(states, 0, hashes[:1024])
    assert states.estimates(laws.slots(0)).tolist() == [1024]
    add_all(states, 0, hashes[1024:])
    assert states.estimates(laws.slots(0)).tolist() != [1025]


@pytest.mark.parametrize("p", [10, 12, 14])
@pytest.mark.parametrize("n", [1500, 5000, 40_000, 300_000])
def test_estimate_agrees_with_datasketch_and_the_truth(p: int, n: int) -> None:
    states = HllStates(p)
    states.resize(8)
    for slot in range(8):
        add_all(states, slot, many(n, seed=slot))
    ours = states.estimates(everything(8)).astype(float)
    theirs = np.array([hll.read(registers(states, slot)).count() for slot in range(8)])
    error = 1.04 / np.sqrt(1 << p)
    # Up to 5 values a register datasketch corrects by the mean of six points of a measured table.
    assert np.abs(ours / theirs - 1).mean() < error / 4
    if n > 5 << p:
        # What is left is its factor alpha(m) = alpha / (1 + 1.079 / m), which Ertl's estimator does not need.
        assert np.abs(ours / theirs - 1).max() < 1.079 / (1 << p) + 0.0001
    assert abs(ours.mean() / n - 1) < 4 * error / np.sqrt(8)


def test_null_and_negative_slots_are_skipped() -> None:
    states = HllStates(14)
    states.resize(1)
    kinds = np.array([Kind.NULL, Kind.TEXT, Kind.INTEGER], np.uint8)
    states.update(laws.slots(0, -1, 0), np.array([1, 2, 3], np.uint64), kinds)
    assert states.estimates(laws.slots(0)).tolist() == [1]


def test_many_slots_take_the_same_values_as_few() -> None:
    places = np.random.default_rng(2).integers(-1, 5000, 40_000).astype(np.int32)
    hashes = many(40_000) % np.uint64(9000)
    states = HllStates(8)
    states.resize(5000)
    states.update(places, hashes, np.full(len(places), Kind.TEXT, np.uint8))
    sets = defaultdict(set)
    for slot, value in zip(places.tolist(), hashes.tolist(), strict=True):
        sets[slot].add(value)
    assert states.estimates(everything(5000)).tolist() == [len(sets[slot]) for slot in range(5000)]


def test_hostile_arguments_are_refused() -> None:
    laws.check_resize_never_shrinks(HllStates(4))
    laws.check_refuses_slots_out_of_range(HllStates(4))
    for p in (3, 17, -1, 2**31 - 1):
        with pytest.raises(ValueError):
            HllStates(p)
    states = make()
    states.resize(1)
    with pytest.raises(IndexError):
        add_all(states, 1, many(3))
    with pytest.raises(ValueError):
        states.update(laws.slots(0), many(2), np.zeros(1, np.uint8))
    with pytest.raises(ValueError):
        states.update(laws.slots(0), many(1), np.zeros(2, np.uint8))
    with pytest.raises(ValueError):
        states.absorb(HllStates(7), laws.slots(), laws.slots())


@pytest.mark.parametrize("n", [20, 3000])
def test_states_cut_elsewhere_are_refused(n: int) -> None:
    laws.check_refuses_cut_states(make, fill, [(0, int(value)) for value in many(n)])


@pytest.mark.parametrize("n", [20, 3000])
def test_forged_states_do_no_harm(n: int) -> None:
    rows = [(0, int(value)) for value in many(n)]
    laws.check_survives_forged_states(
        make, fill, rows, lambda states: (states.estimates(laws.ALL), states.registers(laws.ALL))
    )


def test_a_state_of_another_precision_is_refused() -> None:
    states, other = HllStates(6), HllStates(7)
    states.resize(1)
    other.resize(1)
    with pytest.raises(ValueError, match="precision"):
        other.restore(laws.slots(0), *states.snapshot(laws.slots(0)))


def test_reads_as_a_datasketch_object_that_goes_on() -> None:
    states = HllStates(14)
    states.resize(2)
    names = [f"user-{i}" for i in range(3000)]
    hashes = np.array([hash_of(canonical(name)) for name in names], np.uint64)
    add_all(states, 0, hashes[:2000])
    add_all(states, 1, hashes)
    sketch = hll.read(registers(states, 0))
    for name in names[2000:]:
        sketch.update(canonical(name))
    assert hll.write(sketch) == registers(states, 1)
    assert abs(sketch.count() - 3000) < 100


def test_merging_two_states_gives_the_state_of_the_whole() -> None:
    states = HllStates(10)
    states.resize(3)
    hashes = many(5000)
    for slot, part in enumerate((hashes[:700], hashes[700:], hashes)):
        add_all(states, slot, part)
    assert hll.merge(registers(states, 0), registers(states, 1)) == registers(states, 2)


@pytest.mark.parametrize(
    "state", [b"", b"\x04", bytes([3]) + bytes(8), bytes([4]) + bytes(17), b"\x04" + b"\xff" * 16]
)
def test_bytes_that_are_no_state_are_refused(state: bytes) -> None:
    with pytest.raises(ValueError, match="no HyperLogLog state"):
        hll.read(state)
    with pytest.raises(ValueError, match="no HyperLogLog state"):
        hll.merge(bytes([4]) + bytes(16), state)


def test_states_of_different_precision_do_not_merge() -> None:
    with pytest.raises(ValueError, match="p=4 and p=5"):
        hll.merge(bytes([4]) + bytes(16), bytes([5]) + bytes(32))
