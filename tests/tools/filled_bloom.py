"""Bloom filters that hold what a test wants."""

import numpy as np

from streamstat.kernels import BloomStates
from streamstat.sketches import hash_of
from streamstat.values.columns import U8, U64, Kind
from tools import laws_sketches as laws

Rows = list[tuple[int, int]]


def kinds(n: int) -> U8:
    return np.full(n, Kind.TEXT, np.uint8)


def fill(states: BloomStates, rows: Rows) -> None:
    places = np.array([slot for slot, _ in rows], np.int32)
    states.update(places, np.array([value for _, value in rows], np.uint64), kinds(len(rows)))


def holding(hashes: U64, capacity: int) -> BloomStates:
    states = BloomStates(capacity)
    states.resize(1)
    states.update(np.zeros(len(hashes), np.int32), hashes, kinds(len(hashes)))
    return states


def state_of(states: BloomStates, slot: int = 0) -> bytes:
    return bytes(states.filters(laws.slots(slot))[1].tobytes())


def many(n: int, seed: int = 1) -> U64:
    return np.random.default_rng(seed).integers(0, 2**64, n, dtype=np.uint64)


def hashed(names: list[bytes]) -> U64:
    return np.array([hash_of(name) for name in names], np.uint64)
