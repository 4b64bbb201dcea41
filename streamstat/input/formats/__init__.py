"""What a format is: how the bytes of a block become columns. One file a format, found by its name.

Records are whole lines, as `blocks/` cuts them. Begin with `Format`, what a format must be able to do, and `Events`,
what each of them gives. A format knows nothing of time zones, windows or aggregates, nor of another format; and nobody
names one but the job, which holds the format that it reads.
"""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Protocol

import numpy as np
import numpy.typing as npt

from streamstat.common.record import record
from streamstat.kernels import FAULTS, PADDING, Decoded, DecodePool
from streamstat.values.columns import I32, I64, U8, U64, Mask, Need, Texts, Values

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
OVER_LONG = FAULTS[-1]  # what is wrong with a line that no block holds, whatever its format
TIME_UNITS = ("auto", "s", "ms", "us", "ns")
_BAD_LINES_AT_ONCE = 4096


class Format(Protocol):
    """A format. The first class of a file, without state; the file's name is the name of the format."""

    noun: ClassVar[str]  # what a record is, in messages
    hint: ClassVar[str]  # how one looks, in messages

    def begin(self, block: U8) -> int:
        """The byte at which records begin in the first block of an input."""
        ...

    def decoder(
        self, needs: Mapping[str, Need], time_unit: str = "auto", time_format: str = ""
    ) -> "BlockDecoder":
        """What decodes these fields, and so much of each; ValueError for a pattern by which no time can be read."""
        ...

    def first_names(self, block: U8, begin: int, promise: str | None) -> list[str] | None:
        """The names of the fields of a block's first event, records being from `begin` on; None if it has no event.

        A record with the field `promise` is none.
        """
        ...

    def names(self, line: bytes) -> list[str]:
        """The names of the fields of one record."""
        ...


class BlockDecoder(Protocol):
    """Decodes blocks into the columns of some fields. needs: how much of each field; index: its place among them."""

    @property
    def needs(self) -> Mapping[str, Need]: ...

    @property
    def index(self) -> Mapping[str, int]: ...

    @property
    def reasons(self) -> tuple[str, ...]:
        """The words for what is wrong with a line, by the number that the native decoder has for it."""
        ...

    def decode(self, block: U8, begin: int = 0) -> "Events":
        """Decode block[begin:-PADDING]; the last bytes of `block` are room for the decoder."""
        ...

    def decode_ahead(self, pool: DecodePool, block: U8, begin: int = 0) -> "Decoding":
        """Have a block decoded by threads of the pool, or by whoever waits for a result of it."""
        ...


class Decoding(Protocol):
    """A block that is being decoded, or will be once it is waited for."""

    def result(self) -> "Events":
        """The events, once; raises what decoding raised."""
        ...


@record
class BadLine:
    """An unreadable line: its number in the block from 0, the column from 1, its bytes, the reason."""

    line: int
    column: int
    begin: int
    end: int
    reason: str


@record
class NulRuns:
    """Runs of NULs between lines: how many there are, their bytes, and where the first one begins."""

    number: int
    nuls: int
    first: int


class Events:
    """The valid lines of one block as rows, the fields of its decoder as columns of that length.

    >>> from streamstat.input.formats.ndjson import JsonDecoder
    >>> events = decode_bytes(JsonDecoder({"a": Need.NUMBER}), b'{"a": 7}\\n[]\\n')
    >>> events.numbers("a").tolist(), next(events.bad_lines()).reason
    ([7], 'not a JSON object')
    """

    __slots__ = ("_begin", "_decoded", "_decoder", "block", "rows")

    def __init__(self, decoder: BlockDecoder, block: U8, begin: int, decoded: Decoded) -> None:
        self._decoder, self.block, self._begin, self._decoded = decoder, block, begin, decoded
        self.rows: int = decoded.rows

    @property
    def lines(self) -> int:
        return self._decoded.lines

    @property
    def blank(self) -> int:
        return self._decoded.blank

    @property
    def holes(self) -> NulRuns:
        """The NULs in front of lines, which are no part of them."""
        return NulRuns(self._decoded.holes, self._decoded.nuls, self._decoded.first_hole)

    def bad_lines(self) -> Iterator[BadLine]:
        """The unreadable lines in order; a block may have millions of them, so they are made a few at a time."""
        reasons = self._decoder.reasons
        for lo in range(0, self._decoded.bad_count, _BAD_LINES_AT_ONCE):
            for line, column, begin, end, fault in self._decoded.bad(lo, lo + _BAD_LINES_AT_ONCE):
                yield BadLine(line, column, begin, end, reasons[fault])

    def kinds(self, path: str) -> U8:
        return self._decoded.kinds(self._decoder.index[path])

    def highest_kind(self, path: str) -> int:
        """The greatest of the kinds; 0 if there are none."""
        return self._decoded.highest_kind(self._decoder.index[path])

    def numbers(self, path: str) -> I64:
        return self._decoded.numbers(self._decoder.index[path])

    def hashes(self, path: str) -> U64:
        return self._decoded.hashes(self._decoder.index[path])

    def codes(self, path: str) -> I32:
        return self._decoded.codes(self._decoder.index[path])

    def present(self, path: str) -> Mask:
        return self._decoded.present(self._decoder.index[path]).view(np.bool_)

    def times(self, path: str) -> tuple[I64, U8]:
        """Microseconds, and for each 0 missing, 1 an instant, 2 a wall-clock time, 3 unreadable."""
        index = self._decoder.index[path]
        return self._decoded.times(index), self._decoded.time_kinds(index)

    def dictionary(self, path: str) -> tuple[U8, Texts]:
        """Kinds and texts that the codes of a field stand for."""
        kinds, offsets, data = self._decoded.dictionary(self._decoder.index[path])
        return kinds, Texts(offsets, data)

    def texts(self, path: str) -> Texts:
        return Texts(*self._decoded.texts(self._decoder.index[path], self.block))

    def values(self, path: str) -> Values:
        """The field as values, with as much as was asked for."""
        need = self._decoder.needs[path]
        kinds = self.kinds(path)
        numbers = self.numbers(path) if need & Need.NUMBER else np.zeros(len(kinds), np.int64)
        return Values(kinds, numbers, self.texts(path) if need & Need.TEXT else None)

    def first_without(self, path: str | None) -> int | None:
        """The first row that lacks this field, the first of all if none is named; None if there is no such row."""
        rows = np.arange(self.rows) if path is None else np.flatnonzero(~self.present(path))
        return int(rows[0]) if len(rows) else None

    def lines_of(self, rows: npt.NDArray[np.int64]) -> list[bytes]:
        """The lines of these rows, byte for byte."""
        begins, ends = self._decoded.row_begins[rows], self._decoded.row_ends[rows]
        return [self.block[b:e].tobytes() for b, e in zip(begins.tolist(), ends.tolist(), strict=True)]

    def line_of(self, row: int) -> int:
        """The number of a row's line in the block, from 0; a pass over what stands before it."""
        return int(np.count_nonzero(self.block[: int(self._decoded.row_begins[row])] == ord("\n")))

    def before(self, end: int) -> "Events":
        """The events of the lines before byte `end` of the block."""
        return decode_bytes(self._decoder, self.block[self._begin : end].tobytes())

    def line_bytes(self, bad: BadLine) -> bytes:
        """An unreadable line, byte for byte."""
        return self.block[bad.begin : bad.end].tobytes()


def padded(data: bytes) -> U8:
    """A block that holds `data` and the room the decoder needs."""
    block = np.zeros(len(data) + PADDING, np.uint8)
    block[: len(data)] = np.frombuffer(data, np.uint8)
    return block


def decode_bytes(decoder: BlockDecoder, data: bytes) -> Events:
    """Decode lines held in memory."""
    return decoder.decode(padded(data))
