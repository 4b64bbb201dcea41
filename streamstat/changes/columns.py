"""Columns of texts and values as readers of changes put them together: either row by row, found in objects, spread."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from streamstat import kernels
from streamstat.common.record import record
from streamstat.input.events import BlockDecoder, Events
from streamstat.kernels import PADDING, JsonDecoder, TimeReader
from streamstat.values.columns import (
    I64,
    U8,
    Kind,
    Mask,
    Need,
    Texts,
    Values,
    arrays,
    no_texts,
    take,
    take_texts,
)

Scalar = TypeVar("Scalar", bound=np.generic)


def either_texts(where: Mask, one: Texts, other: Texts) -> Texts:
    """The texts of `one` where it is so, else those of `other`.

    >>> one, other = few_texts([b"a", b"b"]), few_texts([b"", b"c"])
    >>> list_of(either_texts(np.array([True, False]), one, other))
    [b'a', b'c']
    """
    if where.all():
        return one
    if not where.any():
        return other
    return Texts(*kernels.either_texts(where.view(np.uint8), *arrays(one), *arrays(other)))


def either_values(where: Mask, one: Values, other: Values) -> Values:
    """The values of `one` where it is so, else those of `other`."""
    if where.all():
        return one
    if not where.any():
        return other
    n = len(where)
    texts = None
    if one.texts is not None or other.texts is not None:
        texts = either_texts(where, one.texts or no_texts(n), other.texts or no_texts(n))
    kinds = np.where(where, one.kinds, other.kinds)
    return Values(kinds, np.where(where, one.numbers, other.numbers), texts)


def spread_texts(texts: Texts, rows: I64, n: int) -> Texts:
    """n texts, those of `texts` at these rows, ascending, and empty ones elsewhere."""
    if len(rows) == n:
        return texts
    lengths = np.zeros(n, np.int64)
    lengths[rows] = np.diff(texts.offsets)
    offsets = np.zeros(n + 1, np.int64)
    np.cumsum(lengths, out=offsets[1:])
    return Texts(offsets, np.ascontiguousarray(texts.data[texts.offsets[0] : texts.offsets[-1]]))


def spread(values: Values, rows: I64, n: int) -> Values:
    """n values, null where none of these rows is."""
    if len(rows) == n:
        return values
    kinds, numbers = np.zeros(n, np.uint8), np.zeros(n, np.int64)
    kinds[rows], numbers[rows] = values.kinds, values.numbers
    return Values(kinds, numbers, None if values.texts is None else spread_texts(values.texts, rows, n))


def emptied(texts: Texts, where: Mask) -> Texts:
    """The texts, those at these rows empty."""
    if not np.diff(texts.offsets)[where].any():
        return texts
    rows = np.flatnonzero(~where)
    return spread_texts(take_texts(texts, rows), rows, len(texts))


def few_texts(texts: Sequence[bytes]) -> Texts:
    """A column of a few texts."""
    offsets = np.cumsum([0, *map(len, texts)], dtype=np.int64)
    return Texts(offsets, np.frombuffer(b"".join(texts), np.uint8))


def list_of(texts: Texts) -> list[bytes]:
    """The other way round."""
    return [texts[i] for i in range(len(texts))]


def nulls(n: int) -> Values:
    """n nulls."""
    return Values(np.zeros(n, np.uint8), np.zeros(n, np.int64), no_texts(n))


def overlaid(below: Texts, above: Texts) -> Texts:
    """Objects with the members of others laid over them."""
    return Texts(*kernels.objects_overlaid(*arrays(below), *arrays(above)))


@record
class FoundObjects:
    """What was found in texts: the events of those that hold an object, and of which text each is."""

    events: Events
    rows: I64

    def values(self, path: str, n: int) -> Values:
        """A field of all n texts; null where there is none."""
        return spread(self.events.values(path), self.rows, n)


def decoded(
    texts: Texts, needs: Mapping[str, Need], times: TimeReader | None = None, written: bool = False
) -> FoundObjects:
    """The fields of objects that stand in texts, each on one line.

    >>> found = decoded(few_texts([b'{"a":1}', b"", b"[]"]), {"a": Need.NUMBER})
    >>> found.values("a", 3).numbers.tolist(), found.rows.tolist()
    ([1, 0, 0], [0])
    """
    fields = [(path, int(need)) for path, need in needs.items()]
    if written:
        fields.append(("", int(Need.WRITTEN)))
    block, of, _ = kernels.row_moves(*arrays(no_texts(len(texts))), *arrays(texts), False, PADDING)
    ends = np.cumsum(np.diff(texts.offsets)[of] + 1)  # of lines, each with its newline
    events = BlockDecoder(needs, JsonDecoder(fields, times or TimeReader())).decode(block)
    starts = np.asarray(events.begins_of(np.arange(events.rows)), np.int64)
    return FoundObjects(events, of[np.searchsorted(ends, starts, "right")])


def json_texts(events: Events, path: str, rows: I64) -> Texts:
    """The objects and arrays of a field, empty where it is something else, such as a text that looks like one."""
    texts = taken_texts(events.texts(path), rows)
    return emptied(texts, events.kinds(path)[rows] != Kind.JSON)


def objects_in(kinds: U8, texts: Texts) -> Mask:
    """Where a value is an object."""
    found: Mask = (kinds == Kind.JSON) & are_objects(texts)
    return found


def are_objects(texts: Texts) -> Mask:
    """Where a text of JSON is an object."""
    begins = np.minimum(texts.offsets[:-1], max(len(texts.data) - 1, 0))
    filled: Mask = np.diff(texts.offsets) > 0
    return filled & (texts.data[begins] == ord("{")) if len(texts.data) else filled


def taken_array(column: npt.NDArray[Scalar], rows: I64) -> npt.NDArray[Scalar]:
    """The elements at these rows, ascending."""
    return column if len(rows) == len(column) else column[rows]


def taken(values: Values, rows: I64) -> Values:
    """The values at these rows, ascending."""
    return values if len(rows) == len(values) else take(values, rows)


def taken_texts(texts: Texts, rows: I64) -> Texts:
    """The texts at these rows, ascending."""
    return texts if len(rows) == len(texts) else take_texts(texts, rows)


def coded_values(events: Events, path: str, rows: I64) -> Values:
    """A field of which codes were asked for, at these rows; without numbers."""
    kinds, texts = events.dictionary(path)
    codes = events.codes(path)[rows]
    return Values(kinds[codes], np.zeros(len(rows), np.int64), take_texts(texts, codes))


def texts_at(texts: Texts, places: I64, known: Mask) -> Texts:
    """The texts at these places, empty where none is known.

    >>> list_of(texts_at(few_texts([b"a", b"b"]), np.array([1, 7]), np.array([True, False])))
    [b'b', b'']
    """
    rows = np.flatnonzero(known)
    return spread_texts(take_texts(texts, places[rows]), rows, len(places))


def on_one_line(texts: Texts) -> Texts:
    """JSON without line breaks, which can only stand between its tokens."""
    breaks = (texts.data == ord("\n")) | (texts.data == ord("\r"))
    return Texts(texts.offsets, np.where(breaks, np.uint8(ord(" ")), texts.data)) if breaks.any() else texts
