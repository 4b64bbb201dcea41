"""Columns of JSON values and result rows, the shapes that travel between all parts; knows no part."""

from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

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


@dataclass(frozen=True, slots=True)
class Texts:
    """n byte strings: the i-th is data[offsets[i]:offsets[i+1]]; offsets int64[n+1], data uint8."""

    offsets: I64
    data: U8

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, i: int) -> bytes:
        return self.data[self.offsets[i] : self.offsets[i + 1]].tobytes()


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class ResultField:
    """Name and type of one result column."""

    name: str
    type: ColumnType


@dataclass(frozen=True, slots=True)
class Rows:
    """Result rows: one `Values` a field, all of one length."""

    fields: tuple[ResultField, ...]
    columns: tuple[Values, ...]

    def __len__(self) -> int:
        return len(self.columns[0]) if self.columns else 0
