"""Percentile states as HdrHistogram V2 texts, which hdrh, Java, C and others read; knows no rank rule."""

import base64
import binascii
import struct
import zlib
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from streamstat.values.columns import I32, I64, U8

if TYPE_CHECKING:
    from hdrh.histogram import HdrHistogram

    from streamstat.kernels import HdrStates

DEFAULT_SCALE = 1 << 20
LOWEST_VALUE, HIGHEST_VALUE, DIGITS = 1, 2**63 - 1, 3
COUNTERS = 54 * 1024  # of such a histogram

_WRAPPER = struct.Struct(">II")  # cookie, bytes that follow
_HEADER = struct.Struct(">IIIIQQd")  # cookie, payload bytes, offset, digits, lowest, highest, ratio
_WRAPPER_COOKIE, _HEADER_COOKIE = 0x1C849314, 0x1C849313
_COUNT_BYTES = 9
_MOST_INFLATED = _HEADER.size + _COUNT_BYTES * COUNTERS
_MOST_OF_OTHERS = _HEADER.size + _COUNT_BYTES * (47 << 17)  # of 5 digits, up to 2**63 - 1
_PART_BYTES = 1 << 22


def encode(states: "HdrStates", slots: I32, scale: int = DEFAULT_SCALE) -> list[bytes | None]:
    """For each slot what hdrh's `HdrHistogram(1, 2**63 - 1, 3).encode()` gives of its values >= 0.

    Each value was recorded as min(floor(value * scale), 2**63 - 1); the header's ratio is 1 / scale, which
    the reader applies. None for a slot without such values. ValueError unless scale is a power of two.

    >>> import numpy as np
    >>> from streamstat.kernels import HdrStates
    >>> states = HdrStates()
    >>> states.resize(1)
    >>> slot = np.zeros(1, np.int32)
    >>> states.update(slot, np.array([3], np.uint8), np.array([7]))
    >>> read(encode(states, slot, scale=1)[0]).get_value_at_percentile(50)
    7
    """
    return _encode(*states.payloads(slots, _fraction_bits(scale)), scale)


def encode_negative(states: "HdrStates", slots: I32, scale: int = DEFAULT_SCALE) -> list[bytes | None]:
    """As `encode`, of the magnitudes of the values < 0."""
    return _encode(*states.negative_payloads(slots, _fraction_bits(scale)), scale)


def read(state: bytes) -> "HdrHistogram":
    """The state as an hdrh histogram of scaled values; ValueError where the bytes are no state of ours.

    Inflates no further than such a histogram can be long, which hdrh itself does not see to.
    """
    from hdrh.histogram import HdrHistogram

    _check(state)
    try:
        return HdrHistogram.decode(state)
    except (IndexError, OverflowError, ValueError) as error:
        raise ValueError(f"no percentile state: {error}") from error


def merge(left: bytes, right: bytes) -> bytes:
    """The state of both streams together; ValueError for different scales or bytes that are no state."""
    ours, theirs = read(left), read(right)
    ratios = [histogram.get_int_to_double_conversion_ratio() for histogram in (ours, theirs)]
    if ratios[0] != ratios[1]:
        raise ValueError(f"percentile states of different scale: 1/{ratios[0]:g} and 1/{ratios[1]:g}")
    ours.add(theirs)
    merged: bytes = ours.encode()
    return merged


def restore(states: "HdrStates", positive: list[bytes | None], negative: list[bytes | None]) -> None:
    """Put into slot i what `encode` and `encode_negative` gave, positive[i] and negative[i], or another program.

    Histograms of others have 3 to 5 digits, any range and any ratio. Quantiles are then what they read, or at most
    0.1 % above; those of ours exactly. ValueError where bytes are no such histogram; some slots have changed then.

    >>> from streamstat.kernels import HdrStates
    >>> states = HdrStates()
    >>> states.resize(1)
    >>> restore(states, [None], [None])
    """
    slots = np.arange(len(positive), dtype=np.int32)
    pairs = zip(map(_inflated_of_others, positive), map(_inflated_of_others, negative), strict=True)
    lo = 0
    for part in _parts(pairs):
        above, below = zip(*part, strict=True)
        states.restore_histograms(slots[lo : lo + len(part)], *_joined(above), *_joined(below))
        lo += len(part)


def _parts(pairs: Iterable[tuple[bytes, bytes]]) -> Iterator[list[tuple[bytes, bytes]]]:
    """So many at once as are not much larger than `_PART_BYTES`, whatever they inflate to."""
    part: list[tuple[bytes, bytes]] = []
    size = 0
    for pair in pairs:
        part.append(pair)
        size += len(pair[0]) + len(pair[1])
        if size >= _PART_BYTES:
            yield part
            part, size = [], 0
    if part:
        yield part


def _joined(texts: tuple[bytes, ...]) -> tuple[I64, U8]:
    return np.cumsum([0, *map(len, texts)], dtype=np.int64), np.frombuffer(b"".join(texts), np.uint8)


def _inflated_of_others(state: bytes | None) -> bytes:
    return b"" if state is None else _inflated(state, _MOST_OF_OTHERS)


def _fraction_bits(scale: int) -> int:
    if scale < 1 or scale & (scale - 1) or scale > 1 << 52:
        raise ValueError(f"scale: {scale} is no power of two from 1 to 2**52")
    return scale.bit_length() - 1


def _encode(offsets: I64, data: U8, scale: int) -> list[bytes | None]:
    edges, counters = offsets.tolist(), data.tobytes()
    return [_wrap(counters[lo:hi], scale) if hi > lo else None for lo, hi in pairwise(edges)]


def _wrap(counters: bytes, scale: int) -> bytes:
    header = _HEADER.pack(_HEADER_COOKIE, len(counters), 0, DIGITS, LOWEST_VALUE, HIGHEST_VALUE, 1 / scale)
    inflated = zlib.compress(header + counters)
    return base64.b64encode(_WRAPPER.pack(_WRAPPER_COOKIE, len(inflated)) + inflated)


def _check(state: bytes) -> None:
    payload = _inflated(state, _MOST_INFLATED)
    header = _HEADER.unpack_from(payload)
    expected = (_HEADER_COOKIE, len(payload) - _HEADER.size, 0, DIGITS, LOWEST_VALUE, HIGHEST_VALUE)
    if header[:-1] != expected or not 0 < header[-1] <= 1:
        raise ValueError("no percentile state: other settings than lowest 1, highest 2**63-1, 3 digits")


def _inflated(state: bytes, most: int) -> bytes:
    """The header and the counters; ValueError where they are not whole, or have more bytes than that."""
    try:
        wrapped = base64.b64decode(state, validate=True)
        cookie, length = _WRAPPER.unpack_from(wrapped)
        inflater = zlib.decompressobj()
        payload = inflater.decompress(wrapped[_WRAPPER.size :], most + 1)
    except (binascii.Error, struct.error, zlib.error) as error:
        raise ValueError("no percentile state: not base64 of what zlib has compressed") from error
    is_whole = inflater.eof and length == len(wrapped) - _WRAPPER.size and len(payload) >= _HEADER.size
    if not is_whole or cookie != _WRAPPER_COOKIE:
        raise ValueError("no percentile state: cut short, too long, or of another version")
    return payload
