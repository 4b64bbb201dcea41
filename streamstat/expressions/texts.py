"""Text functions over columns of JSON values; a row that is no text gives null.

Bytes are compared here where a literal is sought; what needs Unicode, RE2 or an order goes through
pyarrow's kernels, imported at the first call, without copying a byte.
"""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from streamstat.values.columns import Kind, Mask, Texts, Values

if TYPE_CHECKING:
    import pyarrow as pa

_FEW = 4  # words that are not worth a hash table, nor the import of pyarrow
_ARROW_NAMES = {"<": "less", "<=": "less_equal", ">": "greater", ">=": "greater_equal", "==": "equal"}


def text_of(value: str) -> Values:
    """One row, a text."""
    data = np.frombuffer(value.encode(), np.uint8)
    texts = Texts(np.array([0, len(data)], np.int64), data)
    return Values(np.full(1, Kind.TEXT, np.uint8), np.zeros(1, np.int64), texts)


def hold(op: str, left: Values, right: Values) -> Mask:
    """`left op right` by bytes, meaningful only where both are texts."""
    lefts, rights = _texts(left), _texts(right)
    if op == "!=":
        return np.logical_not(hold("==", left, right))
    if op == "==" and len(rights) == 1:
        return _whole_is(left, rights[0])
    if op == "==" and len(lefts) == 1:
        return _whole_is(right, lefts[0])
    import pyarrow.compute as pc

    return _to_mask(getattr(pc, _ARROW_NAMES[op])(_operand(lefts), _operand(rights)))


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
    return is_text & _to_mask(pc.is_in(_binary(_texts(value)), value_set=sought))


def starts_with(value: Values, prefix: str) -> Mask:
    """Whether each text begins with a prefix; meaningful only where it is a text."""
    sought = prefix.encode()
    return _bytes_at(value, _long_enough(value, sought), _texts(value).offsets[:-1], sought)


def ends_with(value: Values, suffix: str) -> Mask:
    """Whether each text ends with a suffix; meaningful only where it is a text."""
    sought = suffix.encode()
    return _bytes_at(value, _long_enough(value, sought), _texts(value).offsets[1:] - len(sought), sought)


def contains(value: Values, part: str) -> Mask:
    """Whether a part is anywhere in each text; meaningful only where it is a text."""
    import pyarrow.compute as pc

    return _to_mask(pc.match_substring(_binary(_texts(value)), part.encode()))


def matches(value: Values, pattern: str) -> Mask:
    """Whether an RE2 pattern is found anywhere in each text; meaningful only where it is a text."""
    import pyarrow.compute as pc

    return _to_mask(pc.match_substring_regex(_strings(_texts(value)), pattern))


def pattern_problem(pattern: str) -> str:
    """What RE2 says against a pattern, in one line; empty if nothing."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        pc.match_substring_regex(pa.array([""], pa.large_string()), pattern)
    except pa.ArrowInvalid as error:
        return str(error).splitlines()[0].removeprefix("Invalid regular expression: ")
    return ""


def lower(value: Values) -> Values:
    """Each text in lower case, code point by code point."""
    return _mapped(value, "utf8_lower")


def upper(value: Values) -> Values:
    """Each text in upper case, code point by code point."""
    return _mapped(value, "utf8_upper")


def lengths(value: Values) -> Values:
    """How many code points each text has."""
    import pyarrow.compute as pc

    counts = pc.utf8_length(_strings(_texts(value))).to_numpy(zero_copy_only=False)
    is_text = value.kinds == Kind.TEXT
    return Values(is_text * np.uint8(Kind.INTEGER), np.where(is_text, counts, 0).astype(np.int64))


def _mapped(value: Values, function: str) -> Values:
    import pyarrow.compute as pc

    is_text = value.kinds == Kind.TEXT
    mapped = getattr(pc, function)(_strings(_texts(value)))
    _, offsets, data = mapped.buffers()
    n = len(value)
    ends = np.frombuffer(offsets, np.int64)[: n + 1] if n else np.zeros(1, np.int64)
    kept = np.frombuffer(data, np.uint8) if data is not None and data.size else np.zeros(0, np.uint8)
    no_numbers = np.broadcast_to(np.int64(0), (n,))
    return Values(is_text * np.uint8(Kind.TEXT), no_numbers, Texts(ends, kept[: ends[-1]]))


def _whole_is(value: Values, sought: bytes) -> Mask:
    offsets = _texts(value).offsets
    fitting: Mask = (value.kinds == Kind.TEXT) & (np.diff(offsets) == len(sought))
    return _bytes_at(value, fitting, offsets[:-1], sought)


def _long_enough(value: Values, sought: bytes) -> Mask:
    enough: Mask = (value.kinds == Kind.TEXT) & (np.diff(_texts(value).offsets) >= len(sought))
    return enough


def _bytes_at(value: Values, candidates: Mask, places: npt.NDArray[np.int64], sought: bytes) -> Mask:
    """In which candidate rows the sought bytes stand at their place, by narrowing down byte by byte."""
    data = _texts(value).data
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


def _texts(value: Values) -> Texts:
    if value.texts is not None:
        return value.texts
    assert not (value.kinds == Kind.TEXT).any(), "a text was needed that the decoder did not keep"
    return Texts(np.zeros(len(value) + 1, np.int64), np.zeros(0, np.uint8))


def _strings(texts: Texts) -> "pa.Array":
    import pyarrow as pa

    return _arrow(texts, pa.large_string())


def _binary(texts: Texts) -> "pa.Array":
    import pyarrow as pa

    return _arrow(texts, pa.large_binary())


def _arrow(texts: Texts, kind: "pa.DataType") -> "pa.Array":
    import pyarrow as pa

    offsets, data = np.ascontiguousarray(texts.offsets), np.ascontiguousarray(texts.data)
    return pa.Array.from_buffers(kind, len(texts), [None, pa.py_buffer(offsets), pa.py_buffer(data)])


def _operand(texts: Texts) -> "pa.Array | pa.Scalar":
    import pyarrow as pa

    return pa.scalar(texts[0], pa.large_binary()) if len(texts) == 1 else _binary(texts)


def _to_mask(result: "pa.Array | pa.Scalar") -> Mask:
    import pyarrow as pa

    if isinstance(result, pa.Scalar):
        return np.full(1, result.as_py(), np.bool_)
    mask: Mask = result.to_numpy(zero_copy_only=False)
    return mask.astype(np.bool_, copy=False)
