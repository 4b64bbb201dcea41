"""Texts as arrays of pyarrow and back, without copying a byte; pyarrow is imported at the first call."""

from typing import TYPE_CHECKING

import numpy as np

from streamstat.values.columns import Kind, Mask, Texts, Values

if TYPE_CHECKING:
    import pyarrow as pa


def texts_in(value: Values) -> Texts:
    """The texts of a column; empty ones where none were asked for, as then none is needed."""
    if value.texts is not None:
        return value.texts
    assert not (value.kinds == Kind.TEXT).any(), "a text was needed that the decoder did not keep"
    return Texts(np.zeros(len(value) + 1, np.int64), np.zeros(0, np.uint8))


def strings(texts: Texts) -> "pa.Array":
    """As UTF-8, for functions that look at characters."""
    import pyarrow as pa

    return _array(texts, pa.large_string())


def byte_strings(texts: Texts) -> "pa.Array":
    """As bytes, for functions that need not know what they mean."""
    import pyarrow as pa

    return _array(texts, pa.large_binary())


def operand(texts: Texts) -> "pa.Array | pa.Scalar":
    """Bytes, of a single row a scalar that stands for all."""
    import pyarrow as pa

    return pa.scalar(texts[0], pa.large_binary()) if len(texts) == 1 else byte_strings(texts)


def mask_of(result: "pa.Array | pa.Scalar") -> Mask:
    """An answer of pyarrow."""
    import pyarrow as pa

    if isinstance(result, pa.Scalar):
        return np.full(1, result.as_py(), np.bool_)
    mask: Mask = result.to_numpy(zero_copy_only=False)
    return mask.astype(np.bool_, copy=False)


def texts_of(result: "pa.Array") -> Texts:
    """The texts of a result that is no view of another."""
    _, offsets, data = result.buffers()
    n = len(result)
    ends = np.frombuffer(offsets, np.int64)[: n + 1] if n else np.zeros(1, np.int64)
    kept = np.frombuffer(data, np.uint8) if data is not None and data.size else np.zeros(0, np.uint8)
    return Texts(ends, kept[: ends[-1]])


def _array(texts: Texts, kind: "pa.DataType") -> "pa.Array":
    import pyarrow as pa

    offsets, data = np.ascontiguousarray(texts.offsets), np.ascontiguousarray(texts.data)
    return pa.Array.from_buffers(kind, len(texts), [None, pa.py_buffer(offsets), pa.py_buffer(data)])
