"""Cells of events that are kept: columns of one element an event, arrays or texts, whatever they are of."""

import numpy as np

from streamstat.values.columns import I64, Texts, concatenate_texts, take_texts
from streamstat.values.packing import Packer, Unpacker


def pick(column: Texts | I64, rows: I64) -> Texts | I64:
    """The cells at these rows."""
    return take_texts(column, rows) if isinstance(column, Texts) else column[rows]


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
