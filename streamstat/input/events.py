"""A block of records as columns: what a format's native decoder gives, and whoever takes events in reads.

Knows no format. Begin with `BlockDecoder`, which is told the fields, and `Events`, what it makes of a block.
"""

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from streamstat.input.decoding import WHOLE, Decodes, DecodesBlocks, Within
from streamstat.input.told_records import BadRecord, NulRuns
from streamstat.kernels import (
    FAULTS,
    PADDING,
    Decoded,
    DecodePool,
    DecodeTask,
    FieldProfiles,
    JsonDecoder,
    TimeReader,
)
from streamstat.kernels import BlockDecoder as NativeDecoder
from streamstat.values.columns import I32, I64, U8, U64, Mask, Need, Texts, Values

IN_ARENA = 1 << 31  # in the places of bytes that do not lie in the block
OVER_LONG = FAULTS[-1]  # what is wrong with a line that no block holds, whatever its format
TIME_UNITS = ("auto", "s", "ms", "us", "ns")
_BAD_AT_ONCE = 4096


class BlockDecoder:
    """Decodes blocks into the columns of some fields. needs: how much of each field; index: its place among them."""

    __slots__ = ("index", "native", "needs", "within")

    def __init__(self, needs: Mapping[str, Need], native: DecodesBlocks, within: Within = WHOLE) -> None:
        self.needs, self.native, self.within = needs, native, within
        self.index: Mapping[str, int] = {path: i for i, path in enumerate(needs)}

    def decode(self, block: U8, begin: int = 0) -> "Events":
        """Decode block[begin:-PADDING]; the last bytes of `block` are room for the decoder."""
        return Events(self, block, begin, self.native.decode(block, begin))

    def decode_ahead(self, pool: DecodePool, block: U8, begin: int = 0) -> "Decoding":
        """Have a block decoded by threads of the pool, or by whoever waits for a result of it."""
        return Decoding(self, pool, block, begin)

    def names(self, block: U8, begin: int = 0, row: int = 0) -> list[str]:
        """The names of the fields of the first valid record, those at its top level.

        row: the event, of the block, whose names inside of the record are told behind them.
        """
        found = self.native.names(block, begin)
        if self.within.fields:
            found += self.native.names_inside(block, begin, row)
        return [name.decode() for name in dict.fromkeys(found)]


def decoder_of(
    format: Decodes,
    needs: Mapping[str, Need],
    times: TimeReader = TimeReader(),  # noqa: B008  (immutable)
    within: Within = WHOLE,
    written: bool = False,
    nulls: bool = False,
    noted: bool = False,
) -> BlockDecoder:
    """What decodes these fields of a format. written: events are to be had as they were written. nulls: a record that
    is null is not bad. noted: the values of all fields are looked for."""
    fields = [(path, int(need)) for path, need in needs.items()] + within.fields
    asked = (written or noted, Need.WRITTEN), (nulls, Need.NULLS), (noted, Need.NOTES)
    if of_all := sum(need for is_asked, need in asked if is_asked):
        fields.append(("", int(of_all)))
    return BlockDecoder(needs, format.native(fields, times), within)


def no_events(needs: Mapping[str, Need]) -> "Events":
    """A block without a record. Any decoder makes the same of it."""
    fields = [(path, int(need)) for path, need in needs.items()]
    return decode_bytes(BlockDecoder(needs, JsonDecoder(fields, TimeReader())), b"")


class Decoding:
    """A block that is being decoded, or will be once it is waited for."""

    __slots__ = ("_begin", "_block", "_decoder", "_task")

    def __init__(self, decoder: BlockDecoder, pool: DecodePool, block: U8, begin: int) -> None:
        self._decoder, self._block, self._begin = decoder, block, begin
        native = decoder.native  # threads of the pool have no interpreter
        self._task = DecodeTask(pool, native, block, begin) if isinstance(native, NativeDecoder) else None

    def result(self) -> "Events":
        """The events, once; raises what decoding raised."""
        if self._task is None:
            return self._decoder.decode(self._block, self._begin)
        return Events(self._decoder, self._block, self._begin, self._task.result())


class Events:
    """The valid records of one block as rows, the fields of its decoder as columns of that length.

    >>> from streamstat.input.formats.ndjson import Ndjson
    >>> events = decode_bytes(decoder_of(Ndjson(), {"a": Need.NUMBER}), b'{"a": 7}\\n[]\\n')
    >>> events.numbers("a").tolist(), next(events.bad_records()).reason
    ([7], 'not a JSON object')
    """

    __slots__ = ("_begin", "_decoded", "_decoder", "_parts", "block", "rows")

    def __init__(self, decoder: BlockDecoder, block: U8, begin: int, decoded: Decoded) -> None:
        self._decoder, self.block, self._begin, self._decoded = decoder, block, begin, decoded
        self.rows: int = decoded.rows
        self._parts: dict[int, list[tuple[int, int]]] | None = None

    @property
    def within(self) -> Within:
        """Where the events were looked for in records."""
        return self._decoder.within

    @property
    def records(self) -> int:
        """Rows, bad and blank ones."""
        return self._decoded.records

    @property
    def lines(self) -> int:
        """Lines that the records stand on."""
        return self._decoded.lines

    @property
    def blank(self) -> int:
        return self._decoded.blank

    @property
    def nulls(self) -> int:
        """Records that are null, where they may be."""
        return self._decoded.nulls

    @property
    def holes(self) -> NulRuns:
        """The NULs in front of records, which are no part of them."""
        return NulRuns(self._decoded.holes, self._decoded.nuls, self._decoded.first_hole)

    def bad_records(self) -> Iterator[BadRecord]:
        """The unreadable records in order; a block may have millions of them, so they are made a few at a time."""
        for lo in range(0, self._decoded.bad_count, _BAD_AT_ONCE):
            for line, column, begin, end, whole, fault in self._decoded.bad(lo, lo + _BAD_AT_ONCE):
                yield BadRecord(line, column, begin, end, whole, FAULTS[fault])

    def kinds(self, path: str) -> U8:
        return self._decoded.kinds(self._decoder.index[path])

    def highest_kind(self, path: str) -> int:
        """The greatest of the kinds; 0 if there are none."""
        return self._decoded.highest_kind(self._decoder.index[path])

    def seen(self, path: str) -> bool:
        """Whether any of the events has the field, if only with null."""
        return self._decoded.seen(self._decoder.index[path])

    def numbers(self, path: str) -> I64:
        return self._decoded.numbers(self._decoder.index[path])

    def hashes(self, path: str) -> U64:
        return self._decoded.hashes(self._decoder.index[path])

    def more_hashes(self, path: str) -> U64:
        """With another seed than `hashes`."""
        return self._decoded.more_hashes(self._decoder.index[path])

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
        return Texts(*self._decoded.texts(self._decoder.index[path]))

    def values(self, path: str) -> Values:
        """The field as values, with as much as was asked for."""
        need = self._decoder.needs[path]
        kinds = self.kinds(path)
        numbers = self.numbers(path) if need & Need.NUMBER else np.zeros(len(kinds), np.int64)
        return Values(kinds, numbers, self.texts(path) if need & Need.TEXT else None)

    def rows_without(self, path: str | None) -> npt.NDArray[np.int64]:
        """The rows that lack this field, all if none is named."""
        return np.arange(self.rows) if path is None else np.flatnonzero(~self.present(path))

    def records_of(self, rows: npt.NDArray[np.int64]) -> list[bytes]:
        """The records of these rows, byte for byte; of elements of records theirs, each with a newline."""
        begins, ends = self._decoded.row_begins[rows], self._decoded.row_ends[rows]
        return [self._bytes(b, e) for b, e in zip(begins.tolist(), ends.tolist(), strict=True)]

    def find_values(self, profiles: FieldProfiles, left: Mask | None) -> Iterator[None]:
        """Find the values of all fields in rows that are left (None: all); `profiles` are to take them at each step.

        The decoder was asked for them.
        """
        row, marks = 0, None if left is None else left.view(np.uint8)
        while row < self.rows:
            row = profiles.find(self._decoded, self.block, marks, row)
            yield

    def written(self) -> Texts:
        """Each event as it was written, if that was asked for: one JSON object on one line.

        The bytes of a record of JSON, without line breaks between tokens; else its fields in their order, of
        equal names all. An element has what is around it in front, without the array, or the text, that
        holds all elements.

        >>> from streamstat.input.formats.logfmt import Logfmt
        >>> decode_bytes(decoder_of(Logfmt(), {}, written=True), b'a="x" b=1.50 c\\n').written()[0]
        b'{"a":"x","b":1.50,"c":true}'
        """
        return self.written_of(np.arange(self.rows))

    def written_of(self, rows: npt.NDArray[np.int64]) -> Texts:
        """The same of these rows, at their cost. Each has all that is around it: many at once may be large."""
        return Texts(*self._decoded.written(self.block, rows))

    def _bytes(self, begin: int, end: int) -> bytes:
        found = self._decoded.bytes(self.block, begin, end) + self._further_parts(begin)
        return found + b"\n" if self._decoder.within.each and not found.endswith(b"\n") else found

    def _further_parts(self, begin: int) -> bytes:
        """Of a record in several parts those behind the first, which begins here."""
        if self._parts is None:
            self._parts = {}
            for first, lo, hi in self._decoded.parts():
                self._parts.setdefault(first, []).append((lo, hi))
        return b"".join(self.block[lo:hi].tobytes() for lo, hi in self._parts.get(begin, ()))

    def around(self, row: int) -> tuple[bytes, int]:
        """The record in which a row was found, byte for byte, and the rows of it that stand before."""
        begin, end = self._decoded.record(row)
        first = row
        while first > 0 and self._decoded.record(first - 1) == (begin, end):
            first -= 1
        return self.block[begin:end].tobytes() + self._further_parts(begin), row - first

    @property
    def has_array(self) -> bool:
        """Whether a record has the array whose elements are the events."""
        return self._decoded.has_array

    @property
    def lacking_array(self) -> bytes | None:
        """The first record that does not have it."""
        place = self._decoded.lacking_array
        return None if place is None else self.block[place[0] : place[1]].tobytes()

    def begins_of(self, rows: npt.NDArray[np.int64]) -> list[int]:
        """Where in the block the records of these rows begin."""
        begins: list[int] = self._decoded.row_begins[rows].tolist()
        return begins

    def line_of(self, row: int) -> int:
        """The number of the line of the block on which a row begins, from 0; a pass over what stands before it."""
        begin = int(self._decoded.row_begins[row])
        if begin >= IN_ARENA:
            begin = self._decoded.record(row)[0]
        return int(np.count_nonzero(self.block[:begin] == ord("\n")))

    def before(self, end: int) -> "Events":
        """The events of the records before byte `end` of the block."""
        return decode_bytes(self._decoder, self.block[self._begin : end].tobytes())

    def bytes_of(self, bad: BadRecord) -> bytes:
        """An unreadable record, byte for byte."""
        return self._bytes(bad.begin, bad.end)


def padded(data: bytes) -> U8:
    """A block that holds `data` and the room the decoder needs."""
    block = np.zeros(len(data) + PADDING, np.uint8)
    block[: len(data)] = np.frombuffer(data, np.uint8)
    return block


def decode_bytes(decoder: BlockDecoder, data: bytes) -> Events:
    """Decode records held in memory."""
    return decoder.decode(padded(data))
