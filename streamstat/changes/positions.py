"""Where changes stand in their log: bytes that compare as positions do, and the order that each stands in.

A number is its eight bytes, the highest first. What has no position is in no order: -1.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from streamstat import kernels
from streamstat.changes.columns import either_texts, few_texts
from streamstat.common.record import record
from streamstat.values.columns import I32, I64, U64, Kind, Mask, Texts, Values, no_texts, take, take_texts
from streamstat.values.packing import Packer, Unpacker


@record
class Positions:
    """Of n changes: the number of the order, -1 for none, and the place in it."""

    spaces: I32
    texts: Texts

    def at(self, rows: I64) -> "Positions":
        """Those of some changes, which may come more than once."""
        return Positions(self.spaces[rows], take_texts(self.texts, rows))


def unplaced(n: int) -> Positions:
    """n changes without a position."""
    return Positions(np.full(n, -1, np.int32), no_texts(n))


def placed(spaces: I32, numbers: Sequence[I64 | U64], known: Mask) -> Positions:
    """Positions of several numbers, the most weighty first.

    >>> made = placed(np.zeros(2, np.int32), [np.array([1, 2])], np.array([True, False]))
    >>> made.spaces.tolist(), made.texts[0], made.texts[1]
    ([0, -1], b'\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x01', b'')
    """
    columns = [np.ascontiguousarray(each).view(np.uint64) for each in numbers]
    packed = kernels.packed_numbers(columns, known.view(np.uint8))
    return Positions(np.where(known, spaces, np.int32(-1)), Texts(*packed))


class Spaces:
    """Numbers of orders by what names them, in two parts, such as a topic and a partition."""

    def __init__(self) -> None:
        self._parts = (kernels.KeyTable(), kernels.KeyTable())
        self._pairs = kernels.TupleTable(2)
        self._named: dict[bytes, int] = {}

    def numbers(self, one: Values, other: Values, known: Mask) -> I32:
        """The number of each row's order, where it is known to have a place in one."""
        if not known.all():
            rows = np.flatnonzero(known)
            numbers = np.full(len(known), -1, np.int32)
            numbers[rows] = self.numbers(take(one, rows), take(other, rows), known[rows])
            return numbers
        codes = []
        for table, part in zip(self._parts, (one, other), strict=True):
            texts = part.texts or no_texts(len(part))
            codes.append(table.intern(part.kinds, np.ascontiguousarray(texts.offsets), texts.data))
        interned: I32 = self._pairs.intern(codes)
        return interned

    def numbered(self, name: bytes, n: int) -> I32:
        """The number of an order that has one part, n times."""
        if name not in self._named:
            one = Values(np.full(1, Kind.TEXT, np.uint8), np.zeros(1, np.int64), few_texts([name]))
            nothing = Values(np.zeros(1, np.uint8), np.zeros(1, np.int64), no_texts(1))
            self._named[name] = int(self.numbers(one, nothing, np.ones(1, np.bool_))[0])
        return np.full(n, self._named[name], np.int32)

    def snapshot(self, packer: Packer) -> None:
        """All of them."""
        for table in self._parts:
            packer.blob("space", table.snapshot())
        packer.blob("spaces", self._pairs.snapshot())

    def restore(self, unpacker: Unpacker) -> None:
        """With the numbers that they had."""
        self._named.clear()
        for table in self._parts:
            table.restore(unpacker.blob("space"))
        self._pairs.restore(unpacker.blob("spaces"))


def first_known(one: Positions, other: Positions) -> Positions:
    """The first of two that is a position."""
    known = one.spaces >= 0
    return Positions(np.where(known, one.spaces, other.spaces), either_texts(known, one.texts, other.texts))


def flags(mask: npt.NDArray[np.uint8]) -> Mask:
    """What native code says of rows."""
    return mask.view(np.bool_)
