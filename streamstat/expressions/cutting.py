"""Texts from texts: pieces of them, patterns in them replaced, texts joined; a row that is no text gives null.

Positions are code points. Patterns are RE2. All of it is pyarrow's, imported at the first call.
"""

import numpy as np

from streamstat.expressions import arrow, texts
from streamstat.values.cells import plain_texts
from streamstat.values.columns import ColumnType, Kind, Mask, Texts, Values, take_texts


def substrings(value: Values, begin: int, end: int | None = None) -> Values:
    """Python's `x[begin:end]`."""
    import pyarrow.compute as pc

    found = pc.utf8_slice_codeunits(arrow.strings(arrow.texts_in(value)), begin, end)
    return texts.text_values(arrow.texts_of(found), value.kinds == Kind.TEXT)


def replaced(value: Values, pattern: str, by: str) -> Values:
    r"""Every match of a pattern replaced; in `by`, \0 is the match and \1 the first group."""
    return texts.text_values(_replaced(value, pattern, by), value.kinds == Kind.TEXT)


def extracted(value: Values, pattern: str, around: str) -> Values:
    """The first group of the first match, or the match where the pattern has no group; null without a match.

    around: what `patterns.around_match` makes of the pattern.
    """
    matched = (value.kinds == Kind.TEXT) & texts.matches(value, pattern)
    return texts.text_values(_replaced(value, around, r"\1"), matched)


def pieces(value: Values, separator: str, place: int) -> Values:
    """The piece at a place, from 0, negative from the end; null where there are not so many."""
    import pyarrow.compute as pc

    subject = arrow.strings(arrow.texts_in(value))
    lists = pc.split_pattern(subject, separator, max_splits=place + 1 if place >= 0 else None)
    ends = np.asarray(lists.offsets).astype(np.int64)
    counts = np.diff(ends)
    there: Mask = (value.kinds == Kind.TEXT) & ((place < counts) if place >= 0 else (-place <= counts))
    rows = np.where(there, (ends[:-1] if place >= 0 else ends[1:]) + place, 0)
    return texts.text_values(take_texts(arrow.texts_of(lists.values), rows), there)


def concatenated(left: Values, right: Values, both: Mask) -> Texts:
    """One text behind the other in the rows of `both`, elsewhere an empty one."""
    import pyarrow as pa
    import pyarrow.compute as pc

    empty = pa.scalar(b"", pa.large_binary())
    sides = [arrow.operand(arrow.texts_in(each)) for each in (left, right)]
    together = pc.binary_join_element_wise(*sides, empty)
    return arrow.texts_of(pc.if_else(pa.array(both), together, empty))


def spelt(value: Values) -> Values:
    """Every value as text: numbers as written, else in the shortest form; null stays null."""
    plain = Values(value.kinds, np.ascontiguousarray(value.numbers), value.texts)
    return texts.text_values(plain_texts(ColumnType.ANY, plain), value.kinds != Kind.NULL)


def _replaced(value: Values, pattern: str, by: str) -> Texts:
    import pyarrow.compute as pc

    return arrow.texts_of(
        pc.replace_substring_regex(arrow.strings(arrow.texts_in(value)), pattern, replacement=by)
    )
