"""Text functions over columns of JSON values; a row that is no text gives null.

Bytes are compared here where a literal is sought; what needs Unicode, RE2 or an order goes through
pyarrow's kernels, imported at the first call, without copying a byte.
"""

import numpy as np
import numpy.typing as npt

from streamstat.expressions import arrow
from streamstat.values.columns import Kind, Mask, Texts, Values

_FEW = 4  # words that are not worth a hash table, nor the import of pyarrow
_ARROW_NAMES = {"<": "less", "<=": "less_equal", ">": "greater", ">=": "greater_equal", "==": "equal"}


def text_of(value: str) -> Values:
    """One row, a text."""
    data = np.frombuffer(value.encode(), np.uint8)
    texts = Texts(np.array([0, len(data)], np.int64), data)
    return Values(np.full(1, Kind.TEXT, np.uint8), np.zeros(1, np.int64), texts)


def hold(op: str, left: Values, right: Values) -> Mask:
    """`left op right` by bytes, meaningful only where both are texts."""
    lefts, rights = arrow.texts_in(left), arrow.texts_in(right)
    if op == "!=":
        return np.logical_not(hold("==", left, right))
    if op == "==" and len(rights) == 1:
        return _whole_is(left, rights[0])
    if op == "==" and len(lefts) == 1:
        return _whole_is(right, lefts[0])
    import pyarrow.compute as pc

    return arrow.mask_of(getattr(pc, _ARROW_NAMES[op])(arrow.operand(lefts), arrow.operand(rights)))


def is_any(value: Values, words: tuple[str, ...]) -> Mask:
    """Whether each row is a text equal to one of the words."""
    is_text: Mask = value.kinds == Kind.TEXT
    if len(words) <= _FEW or not is_text.any():
        found = np.zeros(len(value), np.bool_)
        for word in words:
            found |= _whole_is(value, word.encode())
        return found
    import pyarrow as pa
    import pyarrow.compute as pc

    sought = pa.array([word.encode() for word in words], pa.large_binary())
    return is_text & arrow.mask_of(pc.is_in(arrow.byte_strings(arrow.texts_in(value)), value_set=sought))


def starts_with(value: Values, prefix: str) -> Mask:
    """Whether each text begins with a prefix; meaningful only where it is a text."""
    sought = prefix.encode()
    return _bytes_at(value, _long_enough(value, sought), arrow.texts_in(value).offsets[:-1], sought)


def ends_with(value: Values, suffix: str) -> Mask:
    """Whether each text ends with a suffix; meaningful only where it is a text."""
    sought = suffix.encode()
    return _bytes_at(
        value, _long_enough(value, sought), arrow.texts_in(value).offsets[1:] - len(sought), sought
    )


def contains(value: Values, part: str) -> Mask:
    """Whether a part is anywhere in each text; meaningful only where it is a text."""
    import pyarrow.compute as pc

    return arrow.mask_of(pc.match_substring(arrow.byte_strings(arrow.texts_in(value)), part.encode()))


def matches(value: Values, pattern: str) -> Mask:
    """Whether an RE2 pattern is found anywhere in each text; meaningful only where it is a text."""
    import pyarrow.compute as pc

    return arrow.mask_of(pc.match_substring_regex(arrow.strings(arrow.texts_in(value)), pattern))


def lower(value: Values) -> Values:
    """Each text in lower case, code point by code point."""
    return _mapped(value, "utf8_lower")


def upper(value: Values) -> Values:
    """Each text in upper case, code point by code point."""
    return _mapped(value, "utf8_upper")


def lengths(value: Values) -> Values:
    """How many code points each text has."""
    import pyarrow.compute as pc

    counts = pc.utf8_length(arrow.strings(arrow.texts_in(value))).to_numpy(zero_copy_only=False)
    is_text = value.kinds == Kind.TEXT
    return Values(is_text * np.uint8(Kind.INTEGER), np.where(is_text, counts, 0).astype(np.int64))


def _mapped(value: Values, function: str) -> Values:
    import pyarrow.compute as pc

    is_text = value.kinds == Kind.TEXT
    mapped = getattr(pc, function)(arrow.strings(arrow.texts_in(value)))
    return text_values(arrow.texts_of(mapped), is_text)


def text_values(texts: Texts, there: Mask) -> Values:
    """A text in each row of a mask, null elsewhere."""
    return Values(there * np.uint8(Kind.TEXT), np.broadcast_to(np.int64(0), there.shape), texts)


def _whole_is(value: Values, sought: bytes) -> Mask:
    offsets = arrow.texts_in(value).offsets
    fitting: Mask = (value.kinds == Kind.TEXT) & (np.diff(offsets) == len(sought))
    return _bytes_at(value, fitting, offsets[:-1], sought)


def _long_enough(value: Values, sought: bytes) -> Mask:
    enough: Mask = (value.kinds == Kind.TEXT) & (np.diff(arrow.texts_in(value).offsets) >= len(sought))
    return enough


def _bytes_at(value: Values, candidates: Mask, places: npt.NDArray[np.int64], sought: bytes) -> Mask:
    """In which candidate rows the sought bytes stand at their place, by narrowing down byte by byte."""
    data = arrow.texts_in(value).data
    (rows,) = np.nonzero(candidates)
    starts = places[rows]
    for i, byte in enumerate(sought):
        if not len(rows):
            break
        equal = data[starts + i] == byte
        rows, starts = rows[equal], starts[equal]
    held = np.zeros(len(candidates), np.bool_)
    held[rows] = True
    return held
