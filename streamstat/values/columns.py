"""Columns of JSON values and result rows, the shapes that travel between all parts; knows no part."""

from enum import IntEnum, IntFlag
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from streamstat import kernels
from streamstat.common.record import record

I64: TypeAlias = npt.NDArray[np.int64]
I32: TypeAlias = npt.NDArray[np.int32]
U64: TypeAlias = npt.NDArray[np.uint64]
U8: TypeAlias = npt.NDArray[np.uint8]
F64: TypeAlias = npt.NDArray[np.float64]
Mask: TypeAlias = npt.NDArray[np.bool_]


class Kind(IntEnum):
    """What one JSON value is; types are per value, never per column."""

    NULL = 0  # null, or the field is missing
    FALSE = 1
    TRUE = 2
    INTEGER = 3  # fits int64
    DOUBLE = 4  # any other number that a double can hold
    TEXT = 5  # a string; the text is its UTF-8 after unescaping
    JSON = 6  # an object or array; the text is its spelling
    HUGE = 7  # a number beyond double; the text is its spelling


@record
class Texts:
    """n byte strings: the i-th is data[offsets[i]:offsets[i+1]]; offsets int64[n+1], data uint8."""

    offsets: I64
    data: U8

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, i: int) -> bytes:
        return self.data[self.offsets[i] : self.offsets[i + 1]].tobytes()


@record
class Values:
    """n JSON values, one a row.

    kinds: uint8[n] of `Kind`. numbers: int64[n], the value of an INTEGER, the IEEE bits of a DOUBLE, else 0.
    texts: what TEXT, JSON and HUGE hold; for a number its spelling as written where known, else empty.
    None where no text was asked for.
    """

    kinds: U8
    numbers: I64
    texts: Texts | None = None

    def __len__(self) -> int:
        return len(self.kinds)


class Need(IntFlag):
    """What of a field the decoder is to materialise; kinds always are."""

    NOTHING = 0
    NUMBER = 1  # int64, or the bits of a double
    TEXT = 2  # UTF-8, or the spelling
    HASH = 4  # XXH64
    CODE = 8  # dictionary code
    TIME = 16  # int64 microseconds
    PRESENT = 32  # whether the name is there
    NUMERIC = 64  # texts that spell a JSON number are that number
    UNWRAP = 128  # nothing: the object that its text holds stands beside the other fields
    EACH = 256  # nothing: its elements are the events
    MORE_HASH = 512  # XXH64 with another seed: 128 bits together with HASH
    WRITTEN = 1024  # of no field: events are to be had as they were written
    NULLS = 2048  # of no field: a record may be null
    NOTES = 4096  # of no field: the values of all fields are noted where the format can do that


class ColumnType(IntEnum):
    """What a result column holds, for sinks that need one type a column."""

    TIME = 0  # INTEGER values, microseconds since the epoch, UTC
    INTEGER = 1
    DOUBLE = 2
    ANY = 3  # the narrowest type that holds all rows
    LABEL = 4  # a fixed word, such as `kind`
    HISTOGRAM = 5  # JSON text [[upper, count], ...]
    TOP = 6  # JSON text [[value, count, error], ...]
    BINARY = 7  # TEXT whose bytes are a sketch state
    LIST = 8  # JSON text [value, ...]


@record
class ResultField:
    """Name and type of one result column."""

    name: str
    type: ColumnType


@record
class Rows:
    """Result rows: one `Values` a field, all of one length."""

    fields: tuple[ResultField, ...]
    columns: tuple[Values, ...]

    def __len__(self) -> int:
        return len(self.columns[0]) if self.columns else 0


INTEGERS = np.uint8(Kind.INTEGER)
DOUBLES = np.uint8(Kind.DOUBLE)
MINUS_INFINITY: int = np.iinfo(np.int64).min
PLUS_INFINITY: int = np.iinfo(np.int64).max


_ones: U8 = np.ones(0, np.uint8)


def ones(n: int) -> U8:
    """n ones, which nobody may change: made once for all blocks.

    >>> ones(3).tolist()
    [1, 1, 1]
    """
    global _ones
    if len(_ones) < n:
        _ones = np.ones(2 * n, np.uint8)
        _ones.flags.writeable = False
    return _ones[:n]


def json_values(texts: Texts) -> Values:
    """Values that are JSON as it stands in these texts."""
    return Values(np.full(len(texts), Kind.JSON, np.uint8), np.zeros(len(texts), np.int64), texts)


def byte_values(texts: Texts) -> Values:
    """A column of byte strings."""
    return Values(np.full(len(texts), Kind.TEXT, np.uint8), np.zeros(len(texts), np.int64), texts)


def spread_over(values: Values, there: Mask) -> Values:
    """Values of the rows that are there, null in all others.

    >>> spread_over(integers(np.array([7])), np.array([False, True])).kinds.tolist() == [Kind.NULL, Kind.INTEGER]
    True
    """
    if there.all():
        return values
    null = Values(np.full(1, Kind.NULL, np.uint8), np.zeros(1, np.int64))
    places = np.where(there, np.cumsum(there) - 1, len(values))
    return take(concatenate([values, null]), places)


def integers(numbers: I64) -> Values:
    """INTEGER values from int64[n]."""
    return Values(np.full(len(numbers), INTEGERS), numbers)


def doubles(numbers: F64, valid: Mask | None = None) -> Values:
    """DOUBLE values from float64[n]; NULL where not `valid`.

    >>> doubles(np.array([0.5])).kinds.tolist()
    [4]
    """
    kinds = np.full(len(numbers), DOUBLES)
    bits = numbers.view(np.int64)
    if valid is None:
        return Values(kinds, bits)
    kinds[~valid] = Kind.NULL
    return Values(kinds, np.where(valid, bits, 0))


def no_texts(n: int) -> Texts:
    """n empty byte strings."""
    return Texts(np.zeros(n + 1, np.int64), np.empty(0, np.uint8))


def arrays(texts: Texts) -> tuple[I64, U8]:
    """Texts as native code takes them: offsets and bytes, one behind the other."""
    return np.ascontiguousarray(texts.offsets), np.ascontiguousarray(texts.data)


def arrays_of(values: Values) -> tuple[U8, I64, I64, U8]:
    """Kinds, numbers, text offsets and text bytes, as native code takes them."""
    texts = values.texts or no_texts(len(values))
    arrays = (values.kinds, values.numbers, texts.offsets, texts.data)
    kinds, numbers, offsets, data = map(np.ascontiguousarray, arrays)
    return kinds, numbers, offsets, data


def take_texts(texts: Texts, rows: npt.NDArray[np.int64] | npt.NDArray[np.int32]) -> Texts:
    """The byte strings at `rows`, in that order."""
    places = np.ascontiguousarray(rows, np.int64)
    return Texts(*kernels.take_texts(np.ascontiguousarray(texts.offsets), texts.data, places))


def take(values: Values, rows: npt.NDArray[np.int64] | npt.NDArray[np.int32]) -> Values:
    """The values at `rows`, in that order."""
    texts = None if values.texts is None else take_texts(values.texts, rows)
    return Values(values.kinds[rows], values.numbers[rows], texts)


def part(values: Values, lo: int, hi: int) -> Values:
    """Rows [lo, hi), without a copy."""
    texts = values.texts
    if texts is not None:
        texts = Texts(texts.offsets[lo : hi + 1], texts.data)
    return Values(values.kinds[lo:hi], values.numbers[lo:hi], texts)


def concatenate_texts(parts: list[Texts]) -> Texts:
    """The byte strings of one part behind those of the other.

    >>> whole = concatenate_texts([Texts(np.array([0, 1]), np.frombuffer(b"a", np.uint8)), no_texts(2)])
    >>> len(whole), whole[0]
    (3, b'a')
    """
    offsets = np.zeros(1 + sum(map(len, parts)), np.int64)
    np.cumsum(np.concatenate([np.diff(each.offsets) for each in parts]), out=offsets[1:])
    return Texts(offsets, np.concatenate([each.data[each.offsets[0] : each.offsets[-1]] for each in parts]))


def concatenate(parts: list[Values]) -> Values:
    """One column behind the other."""
    texts = None
    if any(each.texts is not None for each in parts):
        texts = concatenate_texts([each.texts or no_texts(len(each)) for each in parts])
    kinds = np.concatenate([each.kinds for each in parts])
    return Values(kinds, np.concatenate([each.numbers for each in parts]), texts)


def plain_numbers(values: Values) -> Values:
    """The same values, numbers without their spelling: they print in the shortest form."""
    if values.texts is None:
        return values
    spelt = (values.kinds == Kind.INTEGER) | (values.kinds == Kind.DOUBLE)
    lengths = np.diff(values.texts.offsets)
    keep = np.repeat(~spelt, lengths)
    offsets = np.zeros(len(values) + 1, np.int64)
    np.cumsum(np.where(spelt, 0, lengths), out=offsets[1:])
    data = values.texts.data[values.texts.offsets[0] : values.texts.offsets[-1]]
    return Values(values.kinds, values.numbers, Texts(offsets, data[keep]))


def take_rows(rows: Rows, indices: npt.NDArray[np.int64] | npt.NDArray[np.int32]) -> Rows:
    """The result rows at `indices`, in that order."""
    return Rows(rows.fields, tuple(take(column, indices) for column in rows.columns))


def part_of_rows(rows: Rows, lo: int, hi: int) -> Rows:
    """Result rows [lo, hi), without a copy."""
    return Rows(rows.fields, tuple(part(column, lo, hi) for column in rows.columns))


def concatenate_rows(parts: list[Rows]) -> Rows:
    """Rows of the same fields, one part behind the other."""
    if len(parts) == 1:
        return parts[0]
    columns = zip(*(each.columns for each in parts), strict=True)
    return Rows(parts[0].fields, tuple(concatenate(list(column)) for column in columns))


def as_doubles(values: Values) -> F64:
    """The numbers of a column as doubles, nan where there is none.

    >>> as_doubles(integers(np.array([7]))).tolist()
    [7.0]
    """
    numbers = np.where(values.kinds == Kind.INTEGER, values.numbers.astype(np.float64), np.nan)
    found: F64 = np.where(values.kinds == Kind.DOUBLE, values.numbers.view(np.float64), numbers)
    found[~np.isfinite(found)] = np.nan
    return found
