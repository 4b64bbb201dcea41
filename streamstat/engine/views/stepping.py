"""Transactions as steps of groups: what a step is, what stood before it, and how its rows are labelled."""

import numpy as np

from streamstat import kernels
from streamstat.values.columns import (
    I32,
    I64,
    Kind,
    Mask,
    Rows,
    Texts,
    Values,
    arrays,
    no_texts,
    take_texts,
)

TAKEN_BACK, GIVEN = 0, 1
_LABELS = (b"retraction", b"result")


def step_of_each(transactions: I64, groups: I32, n: int) -> tuple[I64, I64]:
    """Rows in the order of steps, and where each step ends.

    A step is what one transaction does to one group; steps come by transaction. groups: numbers below n.

    >>> order, ends = step_of_each(np.array([5, 5, 5, 9]), np.array([1, 0, 1, 1], np.int32), 2)
    >>> order.tolist(), ends.tolist()
    ([1, 0, 2, 3], [1, 3, 4])
    """
    dense = np.cumsum(np.diff(transactions, prepend=transactions[:1]) != 0)
    joined = dense * max(n, 1) + groups
    order = np.argsort(joined, kind="stable")
    begins = np.diff(joined[order], prepend=-1) != 0
    ends = np.append(np.flatnonzero(begins)[1:], len(order))
    return order, ends


def before_each(groups: I64, n: int) -> I64:
    """Where the row stands that a step changes: at its group, below n, or behind these at the step before it.

    >>> before_each(np.array([1, 0, 1, 1]), 2).tolist()
    [1, 0, 2, 4]
    """
    order = np.argsort(groups, kind="stable")
    previous = np.empty(len(groups), np.int64)
    previous[order[1:]] = order[:-1] + n
    is_first = np.diff(groups[order], prepend=-1) != 0
    previous[order[is_first]] = groups[order[is_first]]
    return previous


def differing(rows: Rows, one: I64, other: I64) -> Mask:
    """Where rows at these places are not alike."""
    differs = np.zeros(len(one), np.bool_)
    for column in rows.columns:
        differs |= column.kinds[one] != column.kinds[other]
        differs |= column.numbers[one] != column.numbers[other]
        if column.texts is not None:
            pair = (arrays(take_texts(column.texts, places)) for places in (one, other))
            first, second = pair
            differs |= kernels.same_texts(*first, *second) == 0
    return differs


def labels(kinds: I64) -> Values:
    """The column `kind`."""
    offsets = np.cumsum([0, *map(len, _LABELS)], dtype=np.int64)
    table = Texts(offsets, np.frombuffer(b"".join(_LABELS), np.uint8))
    n = len(kinds)
    texts = take_texts(table, kinds) if n else no_texts(0)
    return Values(np.full(n, Kind.TEXT, np.uint8), np.zeros(n, np.int64), texts)
