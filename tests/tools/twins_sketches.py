"""Plain twins of the sketch kernels: dictionaries, loops and fractions, one value at a time."""

import math
import struct
from fractions import Fraction

from streamstat.values.columns import Kind

Number = int | float | bool
SALTS = (0x47B6137B, 0x44974D91, 0x8824AD5B, 0xA2B7289D, 0x705495C7, 0x2DF1424B, 0x9EFC4947, 0x5C6BFB31)


def as_kind(value: Number | None) -> tuple[int, int]:
    """A Python number as (kind, number) of `Values`."""
    if value is None:
        return Kind.NULL, 0
    if isinstance(value, bool):
        return (Kind.TRUE if value else Kind.FALSE), 0
    if isinstance(value, int):
        return Kind.INTEGER, value
    return Kind.DOUBLE, struct.unpack("<q", struct.pack("<d", value))[0]


def registers_of(hashes: set[int], p: int) -> bytes:
    registers = bytearray(1 << p)
    for value in hashes:
        rank = 64 - p - (value >> p).bit_length() + 1
        index = value & ((1 << p) - 1)
        registers[index] = max(registers[index], rank)
    return bytes([p]) + bytes(registers)


def bucket(magnitude: Fraction) -> tuple[Fraction, Fraction]:
    """The [lower, upper) bucket of a normal magnitude: 1,024 equal parts of its octave."""
    octave = Fraction(1)
    while octave > magnitude:
        octave /= 2
    while octave * 2 <= magnitude:
        octave *= 2
    width = octave / 1024
    lower = (magnitude // width) * width
    return lower, lower + width


def quantile(values: list[Number], q: Fraction) -> float | None:
    """What is printed for a quantile: the best upper bound the bucket of the nearest rank allows."""
    if not values:
        return None
    exact = sorted(Fraction(value) for value in values)
    true = exact[max(1, math.ceil(q * len(exact))) - 1]
    whole = all(value.denominator == 1 for value in exact)
    if true == 0:
        best = Fraction(0)
    elif true > 0:
        best = bucket(true)[1]
        best = Fraction(math.ceil(best) - 1) if whole else best
    else:
        best = -bucket(-true)[0]
        best = Fraction(math.floor(best)) if whole else best
    return float(min(best, exact[-1]))


def filter_bits(hashes: set[int], blocks: int) -> bytes:
    words = [0] * (8 * blocks)
    for value in hashes:
        block = (value >> 32) * blocks >> 32
        for i, salt in enumerate(SALTS):
            words[8 * block + i] |= 1 << ((value & 0xFFFFFFFF) * salt % 2**32 >> 27)
    return struct.pack(f"<{len(words)}I", *words)


def first_seen_share(values_per_block: float) -> float:
    """False positives of a split-block filter whose blocks hold Poisson many values."""
    probability, wrong = math.exp(-values_per_block), 0.0
    for k in range(1, 300):
        probability *= values_per_block / k
        wrong += probability * (1 - (31 / 32) ** k) ** 8
    return wrong
