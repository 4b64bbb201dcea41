"""Bloom filter states, which are those of the Parquet format (BloomFilter.md), as objects to ask."""

import numpy as np

from streamstat.common.record import record
from streamstat.sketches import canonical, hash_of

_BLOCK_BYTES = 32
_MOST_BYTES = 1 << 27
_SALTS = (0x47B6137B, 0x44974D91, 0x8824AD5B, 0xA2B7289D, 0x705495C7, 0x2DF1424B, 0x9EFC4947, 0x5C6BFB31)
# Thrift's compact form of: numBytes, then split blocks, XXH64, uncompressed.
_BEFORE_SIZE, _AFTER_SIZE = b"\x15", b"\x1c\x1c\x00\x00" * 3 + b"\x00"


@record
class Filter:
    """One split-block Bloom filter: whole blocks of eight little-endian 32-bit words.

    >>> Filter(bytes(32)).contains("a")
    False
    """

    bits: bytes

    def contains(self, value: str | bool | int | float) -> bool:
        """False where the value was surely not added; True where it was, and for about 1 % of others."""
        return self.contains_bytes(canonical(value))

    def contains_bytes(self, data: bytes) -> bool:
        """As `contains`, of canonical bytes, for numbers that are spelt in another way than Python's."""
        hashed = hash_of(data)
        block = (hashed >> 32) * (len(self.bits) // _BLOCK_BYTES) >> 32
        words = np.frombuffer(self.bits, "<u4", count=8, offset=block * _BLOCK_BYTES).tolist()
        bits = ((hashed & 0xFFFFFFFF) * salt >> 27 & 31 for salt in _SALTS)
        return all(word >> bit & 1 for word, bit in zip(words, bits, strict=True))


def read(state: bytes) -> Filter:
    """The filter of a state; ValueError where the bytes are no state."""
    size, at = _size(state)
    if not state.startswith(_BEFORE_SIZE) or state[at : at + len(_AFTER_SIZE)] != _AFTER_SIZE:
        raise ValueError("no Bloom filter state: not the header of a Parquet split-block filter")
    bits = state[at + len(_AFTER_SIZE) :]
    if size != len(bits) or size % _BLOCK_BYTES or not 0 < size <= _MOST_BYTES:
        raise ValueError(f"no Bloom filter state: {len(bits)} bytes of bits, its header says {size}")
    return Filter(bits)


def merge(left: bytes, right: bytes) -> bytes:
    """The state of both streams together; ValueError for different sizes or bytes that are no state."""
    ours, theirs = (np.frombuffer(read(state).bits, np.uint8) for state in (left, right))
    if len(ours) != len(theirs):
        raise ValueError(f"Bloom filters of different size: {len(ours)} and {len(theirs)} bytes")
    return left[: len(left) - len(ours)] + (ours | theirs).tobytes()


def _size(state: bytes) -> tuple[int, int]:
    """The header's size of the filter in bytes, and where it ends: a ZigZag LEB128 of at most 32 bits."""
    value = 0
    for i, byte in enumerate(state[1:6]):
        value |= (byte & 0x7F) << 7 * i
        if byte < 0x80:
            return (-1 if value & 1 else value >> 1), i + 2
    raise ValueError("no Bloom filter state: cut short")
