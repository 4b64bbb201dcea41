"""From a block of lines to columns: the projection a plan needs, and the words for what is wrong with a line.

Knows the native decoder; knows nothing of time, windows or aggregates.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from streamstat.common.record import record
from streamstat.kernels import FAULTS, PADDING, Decoded, DecodePool, Decoder, DecodeTask
from streamstat.values.columns import I32, I64, U8, U64, Mask, Need, Texts, Values

_BAD_LINES_AT_ONCE = 4096
TIME_UNITS = ("auto", "s", "ms", "us", "ns")

REASONS = FAULTS


@dataclass(frozen=True, slots=True)
class Projection:
    """Which fields to decode, what of each, and how to read times; `decoder` does it."""

    needs: Mapping[str, Need]
    time_unit: str = "auto"
    time_format: str = ""
    index: dict[str, int] = field(init=False, repr=False)
    decoder: Decoder = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "index", {path: i for i, path in enumerate(self.needs)})
        fields = [(path, int(need)) for path, need in self.needs.items()]
        unit = TIME_UNITS.index(self.time_unit)
        object.__setattr__(self, "decoder", Decoder(fields, unit, self.time_format))

    def decode(self, block: U8, begin: int = 0) -> "Events":
        """Decode block[begin:-64]; the last 64 bytes of `block` are room for the decoder."""
        return Events(self, block, begin, self.decoder.decode(block, begin))

    def decode_ahead(self, pool: DecodePool, block: U8, begin: int = 0) -> "Decoding":
        """Have a block decoded by threads of the pool, or by whoever waits for a result of it."""
        return Decoding(self, pool, block, begin)


@record
class BadLine:
    """An unreadable line: its number in the block from 0, the column from 1, its bytes, the reason."""

    line: int
    column: int
    begin: int
    end: int
    reason: str


@record
class Holes:
    """Runs of NULs between lines: how many there are, their bytes, and where the first one begins."""

    number: int
    nuls: int
    first: int


class Events:
    """The valid lines of one block as rows, the projected fields as columns of that length.

    >>> events = decode_bytes(Projection({"a": Need.NUMBER}), b'{"a": 7}\\n[]\\n')
    >>> events.numbers("a").tolist(), next(events.bad_lines()).reason
    ([7], 'not a JSON object')
    """

    __slots__ = ("_begin", "_decoded", "_projection", "block", "rows")

    def __init__(self, projection: Projection, block: U8, begin: int, decoded: Decoded) -> None:
        self._projection, self.block, self._begin, self._decoded = projection, block, begin, decoded
        self.rows: int = decoded.rows

    @property
    def lines(self) -> int:
        return self._decoded.lines

    @property
    def blank(self) -> int:
        return self._decoded.blank

    @property
    def holes(self) -> Holes:
        """The NULs in front of lines, which are no part of them."""
        return Holes(self._decoded.holes, self._decoded.nuls, self._decoded.first_hole)

    def bad_lines(self) -> Iterator[BadLine]:
        """The unreadable lines in order; a block may have millions of them, so they are made a few at a time."""
        for lo in range(0, self._decoded.bad_count, _BAD_LINES_AT_ONCE):
            for line, column, begin, end, fault in self._decoded.bad(lo, lo + _BAD_LINES_AT_ONCE):
                yield BadLine(line, column, begin, end, REASONS[fault])

    def kinds(self, path: str) -> U8:
        return self._decoded.kinds(self._projection.index[path])

    def highest_kind(self, path: str) -> int:
        """The greatest of the kinds; 0 if there are none."""
        return self._decoded.highest_kind(self._projection.index[path])

    def numbers(self, path: str) -> I64:
        return self._decoded.numbers(self._projection.index[path])

    def hashes(self, path: str) -> U64:
        return self._decoded.hashes(self._projection.index[path])

    def codes(self, path: str) -> I32:
        return self._decoded.codes(self._projection.index[path])

    def present(self, path: str) -> Mask:
        return self._decoded.present(self._projection.index[path]).view(np.bool_)

    def times(self, path: str) -> tuple[I64, U8]:
        """Microseconds, and for each 0 missing, 1 an instant, 2 a wall-clock time, 3 unreadable."""
        index = self._projection.index[path]
        return self._decoded.times(index), self._decoded.time_kinds(index)

    def dictionary(self, path: str) -> tuple[U8, Texts]:
        """Kinds and texts that the codes of a field stand for."""
        kinds, offsets, data = self._decoded.dictionary(self._projection.index[path])
        return kinds, Texts(offsets, data)

    def texts(self, path: str) -> Texts:
        return Texts(*self._decoded.texts(self._projection.index[path], self.block))

    def values(self, path: str) -> Values:
        """The field as values, with as much as was asked for."""
        need = self._projection.needs[path]
        kinds = self.kinds(path)
        numbers = self.numbers(path) if need & Need.NUMBER else np.zeros(len(kinds), np.int64)
        return Values(kinds, numbers, self.texts(path) if need & Need.TEXT else None)

    def lines_of(self, rows: npt.NDArray[np.int64]) -> list[bytes]:
        """The lines of these rows, byte for byte."""
        begins, ends = self._decoded.row_begins[rows], self._decoded.row_ends[rows]
        return [self.block[b:e].tobytes() for b, e in zip(begins.tolist(), ends.tolist(), strict=True)]

    def line_of(self, row: int) -> int:
        """The number of a row's line in the block, from 0; a pass over what stands before it."""
        return int(np.count_nonzero(self.block[: int(self._decoded.row_begins[row])] == ord("\n")))

    def before(self, end: int) -> "Events":
        """The events of the lines before byte `end` of the block."""
        return decode_bytes(self._projection, self.block[self._begin : end].tobytes())

    def line_bytes(self, bad: BadLine) -> bytes:
        """An unreadable line, byte for byte."""
        return self.block[bad.begin : bad.end].tobytes()


class Decoding:
    """A block that is being decoded, or will be once it is waited for.

    >>> decoding = Projection({"a": Need.NUMBER}).decode_ahead(DecodePool(1), padded(b'{"a": 7}'))
    >>> decoding.result().numbers("a").tolist()
    [7]
    """

    __slots__ = ("_begin", "_block", "_native", "_projection")

    def __init__(self, projection: Projection, pool: DecodePool, block: U8, begin: int) -> None:
        self._projection, self._block, self._begin = projection, block, begin
        self._native = DecodeTask(pool, projection.decoder, block, begin)

    def result(self) -> Events:
        """The events, once; raises what decoding raised."""
        return Events(self._projection, self._block, self._begin, self._native.result())


def padded(data: bytes) -> U8:
    """A block that holds `data` and the room the decoder needs."""
    block = np.zeros(len(data) + PADDING, np.uint8)
    block[: len(data)] = np.frombuffer(data, np.uint8)
    return block


def decode_bytes(projection: Projection, data: bytes) -> Events:
    """Decode lines held in memory."""
    return projection.decode(padded(data))


def field_names(block: U8, begin: int = 0) -> list[str]:
    """Names at the top level of the first valid line."""
    return [name.decode() for name in Decoder([]).names(block, begin)]
