"""Columns of states: what rows of a report are made of, exactly, so that reports can be merged.

Beside each row stand its group columns as they were written, since 1, 1.0 and "1" are three groups, and each different
state as bytes. A row without events has nulls.
"""

import json
import secrets

import numpy as np

from streamstat.values.columns import (
    ColumnType,
    Kind,
    ResultField,
    Texts,
    Values,
    arrays_of,
    byte_values,
)

STATE_PREFIX = "state_"
METADATA = "streamstat.states"  # where a report has what `new_identity` gives
VERSION = 1


def group_column(name: str) -> str:
    """The column that has the values of a group column as they were written."""
    return f"{STATE_PREFIX}by_{name}"


def state_column(name: str) -> str:
    """The column of a state."""
    return STATE_PREFIX + name


def state_fields(groups: tuple[str, ...], states: tuple[str, ...]) -> tuple[ResultField, ...]:
    """The columns of states of a report with these groups and states."""
    names = (*map(group_column, groups), *map(state_column, states))
    return tuple(ResultField(name, ColumnType.BINARY) for name in names)


def spelt_with_kind(values: Values) -> Values:
    """Values as byte strings: a byte for the kind, then what was written.

    >>> spelt_with_kind(byte_values(Texts(np.array([0, 1]), np.array([49], np.uint8)))).texts[0]
    b'\\x051'
    """
    kinds, _, offsets, data = arrays_of(values)
    n = len(kinds)
    moved = offsets - offsets[0] + np.arange(n + 1)
    whole = np.empty(int(moved[-1]), np.uint8)
    is_kind = np.zeros(len(whole), np.bool_)
    is_kind[moved[:-1]] = True
    whole[is_kind], whole[~is_kind] = kinds, data[offsets[0] : offsets[-1]]
    return byte_values(Texts(moved, whole))


def spelling_of(texts: Texts) -> Values:
    """What `spelt_with_kind` was given, without its numbers; ValueError for what is no such value.

    >>> spelling_of(Texts(np.array([0, 2]), np.frombuffer(b"\\x051", np.uint8))).texts[0]
    b'1'
    """
    n, first = len(texts), int(texts.offsets[0])
    places = texts.offsets - first
    data = texts.data[first : first + int(places[-1])]
    if n and int(np.diff(places).min()) < 1:
        raise ValueError("a group without its kind")
    is_kind = np.zeros(len(data), np.bool_)
    is_kind[places[:-1]] = True
    kinds = data[is_kind]
    if kinds.max(initial=0) > max(Kind):
        raise ValueError(f"a group of kind {kinds.max()}, which there is not")
    return Values(kinds, np.zeros(n, np.int64), Texts(places - np.arange(n + 1), data[~is_kind]))


def new_identity(numbers: int) -> str:
    """What a report tells of its states: their version, what makes it known again if it is given twice, and below which
    number its events are, which stand in this order where they have one time."""
    return json.dumps({"version": VERSION, "id": secrets.token_hex(16), "numbers": numbers})
