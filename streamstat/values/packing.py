"""Named arrays, numbers and byte strings in one byte string, and back: the form of every part of a snapshot.

An item is its name, a letter for its type, how many elements it has, and these, little-endian. Items are read in the
order in which they were written; nothing of another name, type or length passes.
"""

import struct
from collections.abc import Mapping
from typing import Protocol, Self, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from streamstat.values.columns import Kind, ResultField, Rows, Texts, Values

LETTERS = {
    np.dtype(np.uint8): b"B",
    np.dtype(np.bool_): b"?",
    np.dtype(np.int32): b"i",
    np.dtype(np.int64): b"q",
    np.dtype(np.uint64): b"Q",
}
BYTES = b"s"
Packed: TypeAlias = bytes  # where a class calls something else `bytes`
Number = TypeVar("Number", np.uint8, np.bool_, np.int32, np.int64, np.uint64)


class Part(Protocol):
    """A stateful part. `restore` of a new part of the same job makes it what the one was that gave the snapshot;
    ValueError for bytes that are no such snapshot, and then the part is of no more use."""

    def snapshot(self) -> bytes: ...
    def restore(self, snapshot: bytes, /) -> None: ...


class Packer:
    """Puts items behind one another.

    >>> packed = Packer().integer("n", 3).array("slots", np.array([7, 8], np.int32)).packed()
    >>> unpacker = Unpacker(packed)
    >>> unpacker.integer("n"), unpacker.array("slots", np.int32).tolist(), unpacker.end()
    (3, [7, 8], None)
    """

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def array(self, name: str, values: npt.NDArray[Number]) -> Self:
        """An array of one dimension, of a type in LETTERS."""
        return self._item(name, LETTERS[values.dtype], len(values), values.tobytes())

    def integer(self, name: str, value: int) -> Self:
        """A number within int64."""
        return self.array(name, np.array([value], np.int64))

    def flag(self, name: str, value: bool) -> Self:
        """Yes or no."""
        return self.integer(name, int(value))

    def blob(self, name: str, data: bytes) -> Self:
        """Bytes, such as what another part gave."""
        return self._item(name, BYTES, len(data), data)

    def texts(self, name: str, texts: Texts) -> Self:
        """Byte strings."""
        first = texts.offsets[0]
        self.array(f"{name}.offsets", texts.offsets - first)
        return self.array(f"{name}.data", texts.data[first : texts.offsets[-1]])

    def values(self, name: str, values: Values) -> Self:
        """A column of JSON values."""
        self.array(f"{name}.kinds", values.kinds).array(f"{name}.numbers", values.numbers)
        self.flag(f"{name}.texts", values.texts is not None)
        return self if values.texts is None else self.texts(name, values.texts)

    def rows(self, name: str, rows: Rows) -> Self:
        """Result rows, without their fields."""
        for i, column in enumerate(rows.columns):
            self.values(f"{name}.{i}", column)
        return self

    def packed(self) -> bytes:
        """All items."""
        return b"".join(self._pieces)

    def _item(self, name: str, letter: bytes, count: int, data: bytes) -> Self:
        label = name.encode()
        self._pieces += (bytes([len(label)]), label, letter, struct.pack("<Q", count), data)
        return self


class Unpacker:
    """Takes apart what a `Packer` put together; ValueError for anything else."""

    def __init__(self, packed: bytes) -> None:
        self._packed, self._place = packed, 0

    def array(self, name: str, kind: type[Number], size: int | None = None) -> npt.NDArray[Number]:
        """An array of this type and, if given, of this size."""
        data = self._item(name, LETTERS[np.dtype(kind)], np.dtype(kind).itemsize)
        if kind is np.bool_ and np.frombuffer(data, np.uint8).max(initial=0) > 1:
            raise ValueError(f"{name}: neither true nor false")
        values = np.frombuffer(data, kind).copy()
        if size is not None and len(values) != size:
            raise ValueError(f"{name}: {len(values)} elements, expected {size}")
        return values

    def integer(self, name: str) -> int:
        """A number."""
        return int(self.array(name, np.int64, 1)[0])

    def flag(self, name: str) -> bool:
        """Yes or no."""
        value = self.integer(name)
        if value not in (0, 1):
            raise ValueError(f"{name}: {value} is neither 0 nor 1")
        return value == 1

    def below(self, name: str, limit: int, size: int | None = None) -> npt.NDArray[np.int32]:
        """Slots, keys or other int32 numbers from 0 to `limit` - 1."""
        return within(name, self.array(name, np.int32, size), limit)

    def blob(self, name: str) -> bytes:
        """Bytes, such as those of another part."""
        return self._item(name, BYTES, 1)

    def texts(self, name: str, size: int | None = None) -> Texts:
        """Byte strings."""
        offsets = self.array(f"{name}.offsets", np.int64, None if size is None else size + 1)
        data = self.array(f"{name}.data", np.uint8)
        if not len(offsets) or offsets[0] or offsets[-1] != len(data) or (np.diff(offsets) < 0).any():
            raise ValueError(f"{name}: offsets do not ascend to the end of the data")
        return Texts(offsets, data)

    def values(self, name: str, size: int | None = None) -> Values:
        """A column of JSON values."""
        kinds = self.array(f"{name}.kinds", np.uint8, size)
        if kinds.max(initial=0) > max(Kind):
            raise ValueError(f"{name}: there is no kind {kinds.max()}")
        numbers = self.array(f"{name}.numbers", np.int64, len(kinds))
        texts = self.texts(name, len(kinds)) if self.flag(f"{name}.texts") else None
        return Values(kinds, numbers, texts)

    def rows(self, name: str, fields: tuple[ResultField, ...], size: int | None = None) -> Rows:
        """Result rows of these fields."""
        columns: list[Values] = []
        for i in range(len(fields)):
            columns.append(self.values(f"{name}.{i}", size))
            size = len(columns[0])
        return Rows(fields, tuple(columns))

    def end(self) -> None:
        """There are no more items."""
        if self._place != len(self._packed):
            raise ValueError(f"{len(self._packed) - self._place} bytes behind the last item")

    def _item(self, name: str, letter: bytes, width: int) -> bytes:
        label = name.encode()
        expected = bytes([len(label)]) + label + letter
        if self._cut(len(expected)) != expected:
            raise ValueError(f"{name}: another item stands there")
        (count,) = struct.unpack("<Q", self._cut(8))
        return self._cut(count * width)

    def _cut(self, size: int) -> bytes:
        if size > len(self._packed) - self._place:
            raise ValueError("ends within an item")
        self._place += size
        return self._packed[self._place - size : self._place]


def within(name: str, numbers: npt.NDArray[Number], limit: int) -> npt.NDArray[Number]:
    """These numbers, all from 0 to `limit` - 1; ValueError if not."""
    if len(numbers) and not 0 <= int(numbers.min()) <= int(numbers.max()) < limit:
        raise ValueError(f"{name}: not all within 0 to {limit - 1}")
    return numbers


def snapshots(parts: Mapping[str, Part]) -> dict[str, bytes]:
    """What each part gives."""
    return {name: part.snapshot() for name, part in parts.items()}


def restore_all(parts: Mapping[str, Part], snapshots: Mapping[str, bytes]) -> None:
    """Restore the parts in their order. ValueError names the part that is missing, unknown or not of its kind."""
    if parts.keys() != snapshots.keys():
        wrong = sorted(parts.keys() ^ snapshots.keys())
        raise ValueError(f"{wrong[0]}: a part that is not in both the job and the snapshot")
    for name, part in parts.items():
        try:
            part.restore(snapshots[name])
        except (ValueError, IndexError, OverflowError) as error:  # native parts tell apart what is wrong
            raise ValueError(f"{name}: {error}") from None
