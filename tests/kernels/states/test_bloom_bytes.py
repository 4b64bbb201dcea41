"""The bytes of a Bloom filter: Parquet's own; asked, merged, and refused where they are none."""

import io
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tools.filled_bloom import hashed, holding, many, state_of

from streamstat.sketches import bloom, canonical


def parquet_filter(names: list[bytes], capacity: int, rate: float) -> bytes:
    file = io.BytesIO()
    table = pa.table({"x": pa.array(names, pa.binary())})
    pq.write_table(table, file, bloom_filter_options={"x": {"ndv": capacity, "fpp": rate}})
    column = pq.ParquetFile(file).metadata.row_group(0).column(0)
    start = column.bloom_filter_offset
    return file.getvalue()[start : start + column.bloom_filter_length]


def folded(bits: bytes, size: int) -> bytes:
    """The filter at a smaller power of two of blocks, which OR of neighbours gives."""
    while len(bits) > size:
        pairs = np.frombuffer(bits, np.uint8).reshape(-1, 2, 32)
        bits = (pairs[:, 0] | pairs[:, 1]).tobytes()
    return bits


def names_of(n: int) -> list[bytes]:
    return [b"", b"\xfftrue", b"\xff17", *(f"user-{i}".encode() for i in range(n))]


@pytest.mark.parametrize(
    ("n", "capacity", "size"), [(20, 24, 32), (1100, 1000, 2048), (8000, 10_000, 16_384)]
)
def test_filters_are_parquets_byte_for_byte(n: int, capacity: int, size: int) -> None:
    ours = state_of(holding(hashed(names_of(n)), capacity))
    assert len(bloom.read(ours).bits) == size
    assert ours == parquet_filter(names_of(n), capacity, 0.01)


@pytest.mark.parametrize("n", [0, 1, 10, 100, 700, 3000])
def test_filters_of_few_values_are_those_that_parquet_folds_to_a_smaller_size(n: int) -> None:
    ours = bloom.read(state_of(holding(hashed(names_of(n)), 10_000)))
    theirs = bloom.read(parquet_filter(names_of(n), 10_000, 0.01))
    assert len(theirs.bits) < 16_384
    assert folded(ours.bits, len(theirs.bits)) == theirs.bits


@pytest.mark.parametrize(
    ("capacity", "blocks"),
    [(1, 1), (24, 1), (25, 2), (48, 2), (49, 4), (10_000, 512), (12_483, 512), (12_484, 1024)],
)
def test_blocks_are_a_power_of_two_at_ten_and_a_half_bits_a_value(capacity: int, blocks: int) -> None:
    assert len(bloom.read(state_of(holding(many(0), capacity))).bits) == 32 * blocks


def test_one_in_a_hundred_others_is_found_in_a_full_filter() -> None:
    state = bloom.read(state_of(holding(many(12_483), 12_483)))
    found = sum(state.contains_bytes(f"other-{i}".encode()) for i in range(20_000))
    assert 100 < found < 300


def test_answers_for_strings_numbers_and_booleans() -> None:
    values: list[Any] = ["café", "", "1", 7, 2.5, True]
    state = bloom.read(state_of(holding(hashed([canonical(value) for value in values]), 100)))
    assert all(state.contains(value) for value in values)
    assert not any(state.contains(value) for value in ("cafe", 1, "7", "true", False, 2, 7.0))
    assert not state.contains_bytes(b"\xff2.50")


def test_merging_two_states_gives_the_state_of_the_whole() -> None:
    hashes = many(3000)
    left, right, whole = (state_of(holding(part, 5000)) for part in (hashes[:100], hashes[100:], hashes))
    assert bloom.merge(left, right) == whole


GOOD = state_of(holding(many(3), 24))


@pytest.mark.parametrize(
    "state",
    [
        b"",
        b"\x15",
        b"\x15\xff\xff\xff\xff\xff",
        GOOD[:-1],
        GOOD + b"\0",
        b"\x16" + GOOD[1:],
        GOOD[:5] + b"\x01" + GOOD[6:],
        b"\x15\x00" + GOOD[2:-32],
        b"\x15\x01" + GOOD[2:],
        b"\x15\x20" + GOOD[2:-16],
    ],
)
def test_bytes_that_are_no_state_are_refused(state: bytes) -> None:
    with pytest.raises(ValueError, match="no Bloom filter state"):
        bloom.read(state)


def test_filters_of_different_size_do_not_merge() -> None:
    with pytest.raises(ValueError, match="32 and 64 bytes"):
        bloom.merge(GOOD, state_of(holding(many(3), 25)))
