"""Rows as native tables take them out of which they can be taken again; see `Retracts`."""

from typing import Any

import numpy as np

from streamstat import kernels
from streamstat.states import Argument, Batch
from streamstat.values.columns import Kind, Texts, no_texts


def plain_rows(batch: Batch, argument: Argument | None) -> kernels.RetractingRows:
    """Rows that are counted: all, or those that are not null."""
    return kernels.RetractingRows(batch.slots, None if argument is None else argument.kinds)


def number_rows(batch: Batch, argument: Argument | None) -> kernels.RetractingRows:
    """Rows with numbers. Without an argument each is 1."""
    if argument is None:
        n = len(batch.slots)
        kinds, numbers = np.full(n, Kind.TRUE, np.uint8), np.ones(n, np.int64)
        return kernels.RetractingRows(batch.slots, kinds, numbers)
    return kernels.RetractingRows(batch.slots, argument.kinds, argument.numbers)


def hashed_rows(batch: Batch, argument: Argument | None) -> kernels.RetractingRows:
    """Rows with the hashes of values."""
    assert argument is not None
    return kernels.RetractingRows(batch.slots, argument.kinds, hashes=argument.hashes)


def value_rows(batch: Batch, argument: Argument | None) -> kernels.RetractingRows:
    """Rows with values as they were written."""
    return kernels.RetractingRows(batch.slots, **_values(argument))


def spelt_rows(batch: Batch, argument: Argument | None) -> kernels.RetractingRows:
    """The same without their numbers, which nobody may have read."""
    values = _values(argument, numbers=False)
    return kernels.RetractingRows(batch.slots, **values)


def placed_rows(batch: Batch, argument: Argument | None) -> kernels.RetractingRows:
    """Rows with values, which have a place among each other."""
    ties = no_texts(len(batch.slots)) if batch.ties is None else batch.ties
    ranking: dict[str, Any] = {}
    if batch.by is not None:
        ranking = {"by_kinds": batch.by.kinds, "by_numbers": batch.by.numbers}
    return kernels.RetractingRows(
        batch.slots,
        **_values(argument),
        times=batch.times,
        tie_offsets=ties.offsets,
        tie_data=ties.data,
        **ranking,
    )


def _values(argument: Argument | None, *, numbers: bool = True) -> dict[str, Any]:
    assert argument is not None
    texts: Texts = argument.texts
    return {
        "kinds": argument.kinds,
        "numbers": argument.numbers if numbers else None,
        "text_offsets": texts.offsets,
        "text_data": texts.data,
    }
