"""Cells of events that are kept: columns of one element an event, arrays or texts, whatever they are of."""

from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt

from streamstat.values.columns import I64, Texts, concatenate_texts, take_texts
from streamstat.values.packing import Packer, Unpacker

Column = TypeVar("Column", Texts, npt.NDArray[Any])


def pick(column: Texts | I64, rows: I64) -> Texts | I64:
    """The cells at these rows."""
    return take_texts(column, rows) if isinstance(column, Texts) else column[rows]


def own(column: Column, rows: I64) -> Column:
    """The cells at these rows, ascending, in memory that lasts when their block is gone."""
    if len(rows) < len(column):
        return cast(Column, pick(column, rows))
    if isinstance(column, Texts):
        return Texts(column.offsets.copy(), column.data.copy())
    return column.copy()


def pack_cells(packer: Packer, name: str, column: Texts | I64) -> None:
    """Add cells of one kind."""
    if isinstance(column, Texts):
        packer.texts(name, column)
    else:
        packer.array(name, column)


def unpack_cells(unpacker: Unpacker, name: str, like: Texts | I64, n: int) -> Texts | I64:
    """n cells of the same type as these."""
    if isinstance(like, Texts):
        return unpacker.texts(name, n)
    return unpacker.array(name, like.dtype.type, n)


def type_of(column: Texts | I64) -> object:
    """What tells cells of one type from those of another."""
    return Texts if isinstance(column, Texts) else column.dtype


def stack(columns: list[Texts | I64]) -> Texts | I64:
    """Cells of one kind, one part behind the other."""
    texts = [column for column in columns if isinstance(column, Texts)]
    if not texts:
        return np.concatenate(columns)  # type: ignore[arg-type]
    return concatenate_texts(texts)
