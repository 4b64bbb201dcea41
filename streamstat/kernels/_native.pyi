"""The loops that touch every byte or every event."""

from collections.abc import Sequence
from typing import Any, overload

import numpy
import numpy.typing
from numpy.typing import NDArray

class BloomStates:
    """
    Which values were there, one Bloom filter a slot.

    The filter is the split-block one of the Parquet format (BloomFilter.md): a power of two of 32-byte
    blocks, at least 10.5 bits for each of `capacity` values, which makes 1 % false positives when full.

    >>> import numpy as np
    >>> states = BloomStates(10000)
    >>> states.resize(1)
    >>> states.update(np.zeros(2, np.int32), np.array([5, 7], np.uint64), np.full(2, 5, np.uint8))
    >>> states.estimates(np.array([0], np.int32))[1].tolist()
    [2]
    """

    def __init__(self, capacity: int) -> None: ...
    def __len__(self) -> int: ...
    def resize(self, n: int) -> None:
        """
        Make slots 0..n-1 exist; new ones are empty. Fewer than there are or over 2^31 - 1: ValueError.
        """

    def clear(self, slots: NDArray[numpy.int32]) -> None:
        """
        Make these slots (int32[m]) empty and free their memory. IndexError if one does not exist.
        """

    def snapshot(self, slots: NDArray[numpy.int32]) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
        """
        The states of these slots (int32[m]) as byte strings: (offsets int64[m+1], data uint8[]).

        Equal states give equal bytes.
        """

    def restore(
        self, slots: NDArray[numpy.int32], offsets: NDArray[numpy.int64], data: NDArray[numpy.uint8]
    ) -> None:
        """
        Put back what `snapshot` of a table with these parameters gave, state i into slots[i]. ValueError for
        other bytes; nothing has changed then.
        """

    def absorb(self, other: BloomStates, into: NDArray[numpy.int32], source: NDArray[numpy.int32]) -> None:
        """
        For each i in order, merge slot source[i] of other (may be self) into slot into[i]; int32[m] both.

        Law: absorbing the state of a stream equals updating with that stream.
        ValueError if other was made with other parameters, IndexError if a slot does not exist.
        """

    def absorb_snapshots(
        self,
        passage: BloomStates,
        into: NDArray[numpy.int32],
        offsets: NDArray[numpy.int64],
        data: NDArray[numpy.uint8],
        later: int,
    ) -> None:
        """
        Merge what `snapshot` gave, state i into slot into[i] (int32[m]), by way of a table of one slot with the same
        parameters. The events of these states stand `later` places further on in the stream than they know.

        ValueError for other bytes; those before them have been merged then. IndexError if a slot does not exist.
        """

    def update(
        self, slots: NDArray[numpy.int32], hashes: NDArray[numpy.uint64], kinds: NDArray[numpy.uint8]
    ) -> None:
        """
        Add hashes uint64[n] to slots int32[n]; rows with a negative slot or kind NULL are skipped.
        """

    def estimates(self, slots: NDArray[numpy.int32]) -> tuple[NDArray[numpy.uint8], NDArray[numpy.int64]]:
        """
        How many different values, judged by the bits set: (kinds uint8[m], numbers int64[m]).

        Kinds are INTEGER, or NULL where every bit is set and nothing can be told.
        """

    def over_full(self, slots: NDArray[numpy.int32]) -> NDArray[numpy.bool_]:
        """
        bool[m]: whether a slot seems to hold more than `capacity` values, so errs more than 1 %.
        """

    def filters(self, slots: NDArray[numpy.int32]) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
        """
        Parquet's Bloom filter header and bitset of each slot: (offsets int64[m+1], data uint8[]).
        """

    def restore_filters(
        self, slots: NDArray[numpy.int32], offsets: NDArray[numpy.int64], data: NDArray[numpy.uint8]
    ) -> None:
        """
        Put what `filters` of a table for this capacity gave, or a Parquet writer, into slots.

        ValueError for other bytes and filters of another size; nothing has changed then.
        """

class FirstSeen:
    """
    Which values of a stream were never seen before.

    One growing Bloom filter ("Scalable Bloom Filters", Almeida et al., 2007) that starts at 2 KB. No value is called
    new twice; at most 1 % of new values are missed, however many there are.

    >>> import numpy as np
    >>> FirstSeen().mark(np.zeros(3, np.int32), np.array([5, 7, 5], np.uint64), np.full(3, 5, np.uint8)).tolist()
    [1, 1, 0]
    """

    def __init__(self) -> None: ...
    def mark(
        self, slots: NDArray[numpy.int32], hashes: NDArray[numpy.uint64], kinds: NDArray[numpy.uint8]
    ) -> NDArray[numpy.uint8]:
        """
        uint8[n]: 1 where the hash is new, in input order, which adds it; 0 where slot < 0 or kind is NULL.

        Cutting the stream into calls differently changes nothing.
        """

    def snapshot(self) -> bytes:
        """The whole state as bytes, for `restore`."""

    def restore(self, snapshot: bytes) -> None:
        """
        Replace the whole state by a snapshot. ValueError for other bytes; nothing has changed then.
        """

def array_elements(
    offsets: NDArray[numpy.int64], data: NDArray[numpy.uint8]
) -> tuple[NDArray[numpy.int64], tuple[NDArray[numpy.int64], NDArray[numpy.uint8]], NDArray[numpy.uint8]]:
    """
    The elements of arrays of JSON: (row of each int64[m], (offsets, data), whether a row is an array uint8[n]).
    """

def objects_of_pairs(
    offsets: NDArray[numpy.int64],
    data: NDArray[numpy.uint8],
    other_offsets: NDArray[numpy.int64],
    other_data: NDArray[numpy.uint8],
) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
    """
    ["a","b"] and [1,2] as {"a":1,"b":2}; empty where they are not such: (offsets, data).
    """

def objects_of_named(
    offsets: NDArray[numpy.int64], data: NDArray[numpy.uint8]
) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
    """
    [{"name":"a","value":1}] as {"a":1}; empty where it is not such: (offsets, data).
    """

def member_names(
    offsets: NDArray[numpy.int64], data: NDArray[numpy.uint8]
) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
    """{"a":1} as ["a"]; empty where it is no object: (offsets, data)."""

def objects_of_keys(
    kinds: NDArray[numpy.uint8], offsets: NDArray[numpy.int64], data: NDArray[numpy.uint8], name: str
) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
    """
    Keys of records as objects; what is none is the member of this name, in quotes (without a name: empty): (offsets, data).
    """

def objects_without(
    offsets: NDArray[numpy.int64], data: NDArray[numpy.uint8], prefix: str
) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
    """
    Objects without the members whose names begin so; empty where it is none: (offsets, data).
    """

def objects_overlaid(
    offsets: NDArray[numpy.int64],
    data: NDArray[numpy.uint8],
    other_offsets: NDArray[numpy.int64],
    other_data: NDArray[numpy.uint8],
) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
    """
    Objects with the members of others laid over them; of two, one of which is none, the other: (offsets, data).
    """

def numbers_by_type(
    offsets: NDArray[numpy.int64],
    data: NDArray[numpy.uint8],
    type_offsets: NDArray[numpy.int64],
    type_data: NDArray[numpy.uint8],
    types_of: NDArray[numpy.int64],
) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
    """
    Texts as the numbers that they spell, where MySQL's type of the column is one; types_of: int64[n], the type object of each: (offsets, data).
    """

def rows_with(
    offsets: NDArray[numpy.int64], data: NDArray[numpy.uint8], needles: Sequence[str]
) -> NDArray[numpy.int64]:
    """Rows that hold one of these texts: int64[m]."""

def parted_marks(
    offsets: NDArray[numpy.int64], data: NDArray[numpy.uint8], marks: Sequence[str]
) -> tuple[
    tuple[NDArray[numpy.int64], NDArray[numpy.uint8]], tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]
]:
    """
    Objects without the members whose value is a mark, and objects of these with null, empty where there are none.
    """

def plain_json(
    offsets: NDArray[numpy.int64], data: NDArray[numpy.uint8]
) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
    """
    Extended JSON without its wrappers: {"$numberLong":"5"} is 5: (offsets, data).
    """

def steps_of_updates(
    offsets: NDArray[numpy.int64],
    data: NDArray[numpy.uint8],
    other_offsets: NDArray[numpy.int64],
    other_data: NDArray[numpy.uint8],
) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
    """
    MongoDB's updateDescription as steps for `rows_edited`, behind one for each member of the key; empty where it is none.
    """

def rows_edited(
    offsets: NDArray[numpy.int64],
    data: NDArray[numpy.uint8],
    other_offsets: NDArray[numpy.int64],
    other_data: NDArray[numpy.uint8],
) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
    """
    Rows, objects of JSON, changed by steps; empty where these are none: (offsets, data).
    """

def lsns(
    offsets: NDArray[numpy.int64], data: NDArray[numpy.uint8]
) -> tuple[NDArray[numpy.uint64], NDArray[numpy.uint64], NDArray[numpy.uint8]]:
    """0/153A670: (zeros, uint64[n], which are valid uint8[n])."""

def sequences(
    offsets: NDArray[numpy.int64], data: NDArray[numpy.uint8]
) -> tuple[NDArray[numpy.uint64], NDArray[numpy.uint64], NDArray[numpy.uint8]]:
    """
    ["24023119","24023128"], as one text: (uint64[n], uint64[n], which are valid uint8[n]).
    """

def hex_lsns(
    offsets: NDArray[numpy.int64], data: NDArray[numpy.uint8]
) -> tuple[NDArray[numpy.uint64], NDArray[numpy.uint64], NDArray[numpy.uint8]]:
    """
    00000027:00000758:0005: (uint64[n], uint64[n], which are valid uint8[n]).
    """

def log_places(
    offsets: NDArray[numpy.int64], data: NDArray[numpy.uint8], have_places: bool
) -> tuple[
    tuple[NDArray[numpy.uint64], NDArray[numpy.uint64], NDArray[numpy.uint8]],
    tuple[NDArray[numpy.int64], NDArray[numpy.uint8]],
]:
    """
    master.000006:800911, or without a place: ((number of the file, place in it, which are valid), names without their numbers).
    """

def packed_numbers(
    columns: Sequence[NDArray[numpy.uint64]], known: NDArray[numpy.uint8]
) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
    """
    Rows of numbers, uint64[n] each, as bytes that compare as they do; empty where not known uint8[n]: (offsets, data). ValueError for other lengths.
    """

def objects_typed(
    offsets: NDArray[numpy.int64],
    data: NDArray[numpy.uint8],
    schemas: NDArray[numpy.int32],
    columns: Sequence[Sequence[tuple[str, int, int]]],
) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
    """
    Objects whose values are written as their schema means them. schemas: int32[n], -1 none; columns: of each schema (name in quotes, meaning, scale): (offsets, data).
    """

@overload
def key_texts(
    columns: Sequence[tuple[NDArray[numpy.uint8], NDArray[numpy.int64], NDArray[numpy.uint8]]], n: int
) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
    """
    Keys as texts, which are equal if the keys are; columns: (kinds, offsets, data) each: (offsets, data).
    """

@overload
def key_texts(
    kinds: NDArray[numpy.uint8],
    offsets: NDArray[numpy.int64],
    data: NDArray[numpy.uint8],
    before_offsets: NDArray[numpy.int64] | None = None,
    before_data: NDArray[numpy.uint8] | None = None,
) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
    """
    Byte strings that compare as these values stand in rows, behind those of the columns before:
    (offsets int64[n+1], data uint8[]).

    >>> import numpy as np
    >>> kinds, offsets = np.full(2, 3, np.uint8), np.array([0, 1, 3])
    >>> places, made = key_texts(kinds, offsets, np.frombuffer(b'910', np.uint8))
    >>> made[: places[1]].tobytes() < made[places[1] :].tobytes()
    True
    """

def keys_of_texts(
    offsets: NDArray[numpy.int64], data: NDArray[numpy.uint8], width: int
) -> list[tuple[NDArray[numpy.uint8], NDArray[numpy.int64], NDArray[numpy.uint8]]]:
    """
    The columns of keys, (kinds, offsets, data) each, null where a text is empty; ValueError for what is no key.
    """

def differing(
    kinds: NDArray[numpy.uint8],
    offsets: NDArray[numpy.int64],
    data: NDArray[numpy.uint8],
    other_kinds: NDArray[numpy.uint8],
    other_offsets: NDArray[numpy.int64],
    other_data: NDArray[numpy.uint8],
) -> NDArray[numpy.uint8]:
    """
    Which values differ; numbers are told apart by their spelling: uint8[n].
    """

class HeldUpdates:
    """First halves of updates that wait for their second ones."""

    def __init__(self) -> None: ...
    def take(
        self, ops: NDArray[numpy.uint8], offsets: NDArray[numpy.int64], data: NDArray[numpy.uint8]
    ) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
        """
        ops: uint8[n], 1 a first half, 2 a second one; the key of its first half for each second one, empty if none waits: (offsets, data).
        """

    def __len__(self) -> int: ...
    def keys(self) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
        """The keys of those that wait, in their order: (offsets, data)."""

    def snapshot(self) -> bytes:
        """The whole state as bytes."""

    def restore(self, snapshot: bytes) -> None:
        """
        Replace the whole state by a snapshot. ValueError for foreign bytes; nothing has changed then.
        """

def give_years(
    times: NDArray[numpy.int64], kinds: NDArray[numpy.uint8], year: int, last: int | None
) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8], int | None]:
    """
    Times with years, their kinds, and the last time that there is: (int64[n], uint8[n], int or None).

    times: int64[n], kinds: uint8[n], as a decoder gives them, where 4 is a time without a year. The first time of all gets
    `year`, every other the year that brings it nearest to the one before it; `last` is the time before these, None if there
    was none. Kind 3 is given to a time of which no such year has the day. ValueError for unequal sizes.
    """

class DeviceOffsets:
    """
    Of each device the least of `received - sent` within an hour, as its records are read.

    Samples that are more than two hours older than one that is read are forgotten, and so are devices without any.
    """

    def __init__(self) -> None: ...
    def least(
        self,
        devices: NDArray[numpy.uint64],
        kinds: NDArray[numpy.uint8],
        received: NDArray[numpy.int64],
        offsets: NDArray[numpy.int64],
        among: NDArray[numpy.uint8],
        anew: NDArray[numpy.uint8],
    ) -> NDArray[numpy.int64]:
        """
        The offset of each row, int64[n]: the least among the rows of its device so far that were received in [own - 1 h, own].

        devices: uint64[n] hashes; kinds: uint8[n], 0 where a row names no device, and then its offset is its own.
        received, offsets (received - sent): int64[n]. among: bool[n], where both are known. anew: bool[n], where a device's
        earlier rows no longer count. ValueError for unequal sizes.
        """

    @property
    def devices(self) -> int:
        """How many devices are remembered."""

    def snapshot(self) -> bytes:
        """The whole state as bytes."""

    def restore(self, snapshot: bytes) -> None:
        """
        Replace the whole state by a snapshot. ValueError for foreign bytes; nothing has changed then.
        """

class Disorder:
    """
    How far events come behind the newest of their producer, of one input at a time.

    >>> import numpy as np
    >>> disorder = Disorder()
    >>> disorder.take(np.array([60, 100, 80]), None).tolist()
    [0, 0, 20]
    """

    def __init__(self) -> None: ...
    def begin_input(self) -> None:
        """Another input begins, whose events are not compared with those before."""

    def take(
        self,
        times: NDArray[numpy.int64],
        dated: NDArray[numpy.uint8] | None,
        hashes: NDArray[numpy.uint64] | None = None,
        text_offsets: NDArray[numpy.int64] | None = None,
        text_data: NDArray[numpy.uint8] | None = None,
    ) -> NDArray[numpy.int64]:
        """
        Take rows in order; return of each how far it is behind, int64[n], -1 of those left out.

        times: int64[n], microseconds. dated: uint8[n], 0 for rows to leave out (None: none). hashes: uint64[n] of the producers
        (None: all rows are of one), with their names, text_offsets int64[n+1] and text_data uint8. ValueError for unequal
        sizes; nothing has moved then.
        """

    def names(self, which: NDArray[numpy.int64]) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
        """
        The names of these producers, int64[m]: (offsets int64[m+1], data uint8). IndexError for one that there is not.
        """

    def producers(self) -> tuple[NDArray[numpy.int64], NDArray[numpy.int64], NDArray[numpy.int64]]:
        """
        Of each producer, in the order met: events, those behind a newer one, and how far at most; int64[p] each.
        """

PADDING: int = 64

FAULTS: tuple[str, ...] = ...

class Decoded:
    """
    One decoded block: its valid lines as rows, its projected fields as columns.
    """

    @property
    def rows(self) -> int: ...
    @property
    def records(self) -> int:
        """Rows, bad and blank ones."""

    @property
    def lines(self) -> int:
        """That the records stand on."""

    @property
    def blank(self) -> int: ...
    @property
    def nulls(self) -> int:
        """Records that are the word null, if they may be."""

    @property
    def nuls(self) -> int:
        """
        Bytes of holes: NULs in front of lines, or at the end, which are no part of a line.
        """

    @property
    def holes(self) -> int: ...
    @property
    def first_hole(self) -> int:
        """Where the first hole begins in the block, if there is one."""

    def bad(self, lo: int, hi: int) -> list[tuple[int, int, int, int, int, int]]:
        """
        Bad records [lo, hi): (line in block from 0, column from 1, first byte, byte behind, first byte of the whole record, fault).
        """

    def parts(self) -> list[tuple[int, int, int]]:
        """
        Of records in several parts those behind the first: (where the first one begins, first byte, byte behind).
        """

    @property
    def bad_count(self) -> int: ...
    @property
    def row_begins(self) -> NDArray[numpy.uint32]: ...
    @property
    def row_ends(self) -> NDArray[numpy.uint32]: ...
    @property
    def has_elements(self) -> bool:
        """Whether rows are elements of their records."""

    def record(self, row: int) -> tuple[int, int]:
        """The bytes [begin, end) of the block in which a row was found."""

    def bytes(self, block: NDArray[numpy.uint8], begin: int, end: int) -> bytes:
        """What row_begins and row_ends, or a bad record, tell."""

    @property
    def has_array(self) -> bool:
        """Whether a record has the array whose elements are looked for."""

    @property
    def lacking_array(self) -> tuple[int, int] | None:
        """The bytes of the first record that has none."""

    def kinds(self, field: int) -> NDArray[numpy.uint8]: ...
    def highest_kind(self, field: int) -> int:
        """The greatest of the kinds, 0 if there are none."""

    def seen(self, field: int) -> bool:
        """Whether the name is there in any row, even with null."""

    def numbers(self, field: int) -> NDArray[numpy.int64]: ...
    def hashes(self, field: int) -> NDArray[numpy.uint64]: ...
    def more_hashes(self, field: int) -> NDArray[numpy.uint64]: ...
    def codes(self, field: int) -> NDArray[numpy.int32]: ...
    def times(self, field: int) -> NDArray[numpy.int64]: ...
    def time_kinds(self, field: int) -> NDArray[numpy.uint8]: ...
    def present(self, field: int) -> NDArray[numpy.uint8]: ...
    def dictionary(
        self, field: int
    ) -> tuple[
        numpy.typing.NDArray[numpy.uint8],
        numpy.typing.NDArray[numpy.int64],
        numpy.typing.NDArray[numpy.uint8],
    ]:
        """
        What the codes stand for: kinds uint8[m], text offsets int64[m+1], text bytes.
        """

    def texts(self, field: int) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
        """Text of each row: offsets int64[rows+1], bytes."""

    def written(
        self, block: NDArray[numpy.uint8], rows: NDArray[numpy.int64]
    ) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
        """
        Each of these rows as one JSON object on one line: offsets int64[n+1], bytes. ValueError if that was not asked for.
        """

class TimeReader:
    """
    How times are read.

    unit: of numbers (0 auto, s, ms, us, ns). patterns: strptime patterns, tried in this order and before all else.
    zones: what %Z takes besides UTC and GMT: names, of each since which instants it stood for which offset (microseconds).
    ValueError for a pattern by which no time can be read, and for a name without offsets.
    """

    def __init__(
        self,
        unit: int = 0,
        patterns: Sequence[str] = [],
        zones: Sequence[tuple[str, Sequence[tuple[int, int]]]] = [],
    ) -> None: ...

def pattern_has_year(pattern: str) -> bool:
    """
    Whether times that a strptime pattern reads have a year; ValueError for one by which none can be read.
    """

class BlockDecoder:
    """What to take from each record, and how; made by a format."""

    def decode(self, block: NDArray[numpy.uint8], begin: int) -> Decoded:
        """
        Decode block[begin:-64]; the last 64 bytes are room for the decoder. Releases the GIL.
        """

    def names(self, block: NDArray[numpy.uint8], begin: int) -> list[bytes]:
        """Names at the top level of the first valid record, as bytes."""

    def names_inside(self, block: NDArray[numpy.uint8], begin: int, row: int) -> list[bytes]:
        """
        Names at the top levels of what was found inside of the record of a row, outer ones first, as bytes.
        """

class DecodePool:
    """So many threads that decode blocks ahead; none of them needs the GIL."""

    def __init__(self, threads: int) -> None: ...
    def close(self) -> None:
        """End the threads; what is left is decoded by those who wait for it."""

    @property
    def threads(self) -> int:
        """How many there are: fewer than asked for if the system has no more."""

class DecodeTask:
    """A block that is being decoded, as by `Decoder.decode`, or will be."""

    def __init__(
        self, pool: DecodePool, decoder: BlockDecoder, block: NDArray[numpy.uint8], begin: int
    ) -> None: ...
    def result(self) -> Decoded:
        """
        The decoded block, once. Who waits for it decodes what no thread has begun. Releases the GIL.
        """

class CriDecoder(BlockDecoder):
    """Lines of containers: [(path, needs)], see streamstat.input.formats."""

    def __init__(self, fields: Sequence[tuple[str, int]], times: TimeReader) -> None: ...

class CriRecordEnds:
    """
    Where no message of a container is open; see `Records` of streamstat.input.formats.
    """

    def __init__(self) -> None: ...
    def end(self, content: memoryview) -> int:
        """The byte behind the last whole record."""

    def forced_end(self, content: memoryview) -> int:
        """
        The byte behind the last whole line, where messages that are open are cut off.
        """

    def taken(self, size: int) -> None:
        """The first bytes were taken."""

MOST_COLUMNS: int = 65536

class DelimitedDecoder(BlockDecoder):
    """CSV, or TSV: [(path, needs)], see streamstat.input.formats."""

    def __init__(
        self,
        fields: Sequence[tuple[str, int]],
        times: TimeReader,
        separator: str,
        quotes: bool,
        names: Sequence[str] | None,
    ) -> None: ...
    def heading(self, block: NDArray[numpy.uint8], begin: int) -> list[str] | None:
        """What the first readable record of a block names, if there is one."""

    def widths(self, block: NDArray[numpy.uint8], begin: int, most: int) -> list[int]:
        """
        How many cells each of the first records has, 0 where its quotes are wrong; blank ones left out.
        """

class QuotedRecords:
    """Finds the ends of whole records of CSV, see `Records`."""

    def __init__(self, separator: str) -> None: ...
    def end(self, content: memoryview) -> int:
        """
        The byte behind the last whole record, 0 if none ends. Releases the GIL.
        """

    def forced_end(self, content: memoryview) -> int:
        """Behind the first line, 0 if that has no end."""

    def taken(self, size: int) -> None:
        """The first bytes were taken."""

class W3cDecoder(BlockDecoder):
    """
    W3C extended log format: [(path, needs)], see streamstat.input.formats.
    """

    def __init__(
        self, fields: Sequence[tuple[str, int]], times: TimeReader, names: Sequence[str]
    ) -> None: ...

def last_w3c_names(lines: memoryview) -> list[str] | None:
    """
    What the last `#Fields:` of these lines names; None if there is none. Releases the GIL.
    """

class ExactSums:
    """
    Exact sums of numbers (and of their squares) per slot, rounded once, half to even, when asked for.

    INTEGER, DOUBLE, TRUE (1) and FALSE (0) are numbers, all else and non-finite doubles are skipped. No result
    depends on the order of updates, merges and removals.

    >>> import numpy as np
    >>> sums = ExactSums(squares=False)
    >>> sums.resize(1)
    >>> slots, kinds = np.zeros(10, np.int32), np.full(10, 4, np.uint8)
    >>> sums.update(slots, kinds, np.full(10, 0.1).view(np.int64))
    >>> sums.sums(slots[:1])[1].view(np.float64).tolist()
    [1.0]
    """

    def __init__(self, squares: bool) -> None: ...
    def __len__(self) -> int: ...
    def resize(self, n: int) -> None:
        """
        Make slots 0..n-1 exist; new ones are empty. Fewer than there are or over 2^31 - 1: ValueError.
        """

    def clear(self, slots: NDArray[numpy.int32]) -> None:
        """
        Make these slots (int32[m]) empty and free their memory. IndexError if one does not exist.
        """

    def snapshot(self, slots: NDArray[numpy.int32]) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
        """
        The states of these slots (int32[m]) as byte strings: (offsets int64[m+1], data uint8[]).

        Equal states give equal bytes.
        """

    def restore(
        self, slots: NDArray[numpy.int32], offsets: NDArray[numpy.int64], data: NDArray[numpy.uint8]
    ) -> None:
        """
        Put back what `snapshot` of a table with these parameters gave, state i into slots[i]. ValueError for
        other bytes; nothing has changed then.
        """

    def absorb(self, other: ExactSums, into: NDArray[numpy.int32], source: NDArray[numpy.int32]) -> None:
        """
        For each i in order, merge slot source[i] of other (may be self) into slot into[i]; int32[m] both.

        Law: absorbing the state of a stream equals updating with that stream.
        ValueError if other was made with other parameters, IndexError if a slot does not exist.
        """

    def absorb_snapshots(
        self,
        passage: ExactSums,
        into: NDArray[numpy.int32],
        offsets: NDArray[numpy.int64],
        data: NDArray[numpy.uint8],
        later: int,
    ) -> None:
        """
        Merge what `snapshot` gave, state i into slot into[i] (int32[m]), by way of a table of one slot with the same
        parameters. The events of these states stand `later` places further on in the stream than they know.

        ValueError for other bytes; those before them have been merged then. IndexError if a slot does not exist.
        """

    def update(
        self, slots: NDArray[numpy.int32], kinds: NDArray[numpy.uint8], numbers: NDArray[numpy.int64]
    ) -> None:
        """
        Add row i to slots[i], or to none if negative: slots int32[n], kinds uint8[n], numbers int64[n].
        """

    def remove(
        self, slots: NDArray[numpy.int32], kinds: NDArray[numpy.uint8], numbers: NDArray[numpy.int64]
    ) -> None:
        """Undo `update` with the same rows, exactly."""

    def counts(self, slots: NDArray[numpy.int32]) -> NDArray[numpy.int64]:
        """How many numbers there are: int64[m]."""

    def sums(self, slots: NDArray[numpy.int32]) -> tuple[NDArray[numpy.uint8], NDArray[numpy.int64]]:
        """
        (kinds uint8[m], numbers int64[m]): INTEGER while all were integers and the sum fits int64, else DOUBLE
        (IEEE bits); INTEGER 0 of nothing; NULL beyond the largest double.
        """

    def means(self, slots: NDArray[numpy.int32]) -> tuple[NDArray[numpy.uint8], NDArray[numpy.int64]]:
        """
        (kinds, numbers): the exact sum over the count, DOUBLE; NULL of nothing.
        """

    def ratios(
        self, slots: NDArray[numpy.int32], divisors: NDArray[numpy.int64], scale: int
    ) -> tuple[NDArray[numpy.uint8], NDArray[numpy.int64]]:
        """
        (kinds, numbers): sum·scale / divisors[i], DOUBLE; NULL where the divisor (int64[m], >= 0) is 0. A rate per
        second has the microseconds as divisor and scale 1,000,000.
        """

    def variances(self, slots: NDArray[numpy.int32]) -> tuple[NDArray[numpy.uint8], NDArray[numpy.int64]]:
        """
        (kinds, numbers): the sample variance (n - 1), DOUBLE; NULL below two numbers. Needs squares.
        """

    def deviations(self, slots: NDArray[numpy.int32]) -> tuple[NDArray[numpy.uint8], NDArray[numpy.int64]]:
        """
        (kinds, numbers): the root of the exact sample variance, rounded once; NULL below two numbers. Needs
        squares.
        """

class Counts:
    """
    Counts per slot. Rows with a negative slot are not counted.

    >>> import numpy as np
    >>> counts = Counts()
    >>> counts.resize(2)
    >>> counts.update(np.array([1, -1, 1], np.int32))
    >>> counts.values(np.array([0, 1], np.int32)).tolist()
    [0, 2]
    """

    def __init__(self) -> None: ...
    def __len__(self) -> int: ...
    def resize(self, n: int) -> None:
        """
        Make slots 0..n-1 exist; new ones are empty. Fewer than there are or over 2^31 - 1: ValueError.
        """

    def clear(self, slots: NDArray[numpy.int32]) -> None:
        """
        Make these slots (int32[m]) empty and free their memory. IndexError if one does not exist.
        """

    def snapshot(self, slots: NDArray[numpy.int32]) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
        """
        The states of these slots (int32[m]) as byte strings: (offsets int64[m+1], data uint8[]).

        Equal states give equal bytes.
        """

    def restore(
        self, slots: NDArray[numpy.int32], offsets: NDArray[numpy.int64], data: NDArray[numpy.uint8]
    ) -> None:
        """
        Put back what `snapshot` of a table with these parameters gave, state i into slots[i]. ValueError for
        other bytes; nothing has changed then.
        """

    def absorb(self, other: Counts, into: NDArray[numpy.int32], source: NDArray[numpy.int32]) -> None:
        """
        For each i in order, merge slot source[i] of other (may be self) into slot into[i]; int32[m] both.

        Law: absorbing the state of a stream equals updating with that stream.
        ValueError if other was made with other parameters, IndexError if a slot does not exist.
        """

    def absorb_snapshots(
        self,
        passage: Counts,
        into: NDArray[numpy.int32],
        offsets: NDArray[numpy.int64],
        data: NDArray[numpy.uint8],
        later: int,
    ) -> None:
        """
        Merge what `snapshot` gave, state i into slot into[i] (int32[m]), by way of a table of one slot with the same
        parameters. The events of these states stand `later` places further on in the stream than they know.

        ValueError for other bytes; those before them have been merged then. IndexError if a slot does not exist.
        """

    def update(self, slots: NDArray[numpy.int32]) -> None:
        """Count each row: slots int32[n]."""

    def update_nonnull(self, slots: NDArray[numpy.int32], kinds: NDArray[numpy.uint8]) -> None:
        """Count the rows whose kind (uint8[n]) is not NULL."""

    def update_true(self, slots: NDArray[numpy.int32], flags: NDArray[numpy.uint8]) -> None:
        """Count the rows whose flag (uint8[n] or bool[n]) is not 0."""

    def remove(self, slots: NDArray[numpy.int32]) -> None:
        """Undo `update` with the same rows."""

    def values(self, slots: NDArray[numpy.int32]) -> NDArray[numpy.int64]:
        """The counts: int64[m]."""

class Extremes:
    """
    The least, or greatest, number per slot; TRUE and FALSE are 1 and 0, what is no finite number is skipped.
    -0.0 is just below 0.0, so no result depends on order.

    >>> import numpy as np
    >>> extremes = Extremes(minimum=True)
    >>> extremes.resize(1)
    >>> slots = np.zeros(2, np.int32)
    >>> extremes.update(slots, np.array([3, 3], np.uint8), np.array([7, -2]))
    >>> [array.tolist() for array in extremes.values(slots[:1])]
    [[3], [-2]]
    """

    def __init__(self, minimum: bool) -> None: ...
    def __len__(self) -> int: ...
    def resize(self, n: int) -> None:
        """
        Make slots 0..n-1 exist; new ones are empty. Fewer than there are or over 2^31 - 1: ValueError.
        """

    def clear(self, slots: NDArray[numpy.int32]) -> None:
        """
        Make these slots (int32[m]) empty and free their memory. IndexError if one does not exist.
        """

    def snapshot(self, slots: NDArray[numpy.int32]) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
        """
        The states of these slots (int32[m]) as byte strings: (offsets int64[m+1], data uint8[]).

        Equal states give equal bytes.
        """

    def restore(
        self, slots: NDArray[numpy.int32], offsets: NDArray[numpy.int64], data: NDArray[numpy.uint8]
    ) -> None:
        """
        Put back what `snapshot` of a table with these parameters gave, state i into slots[i]. ValueError for
        other bytes; nothing has changed then.
        """

    def absorb(self, other: Extremes, into: NDArray[numpy.int32], source: NDArray[numpy.int32]) -> None:
        """
        For each i in order, merge slot source[i] of other (may be self) into slot into[i]; int32[m] both.

        Law: absorbing the state of a stream equals updating with that stream.
        ValueError if other was made with other parameters, IndexError if a slot does not exist.
        """

    def absorb_snapshots(
        self,
        passage: Extremes,
        into: NDArray[numpy.int32],
        offsets: NDArray[numpy.int64],
        data: NDArray[numpy.uint8],
        later: int,
    ) -> None:
        """
        Merge what `snapshot` gave, state i into slot into[i] (int32[m]), by way of a table of one slot with the same
        parameters. The events of these states stand `later` places further on in the stream than they know.

        ValueError for other bytes; those before them have been merged then. IndexError if a slot does not exist.
        """

    def update(
        self, slots: NDArray[numpy.int32], kinds: NDArray[numpy.uint8], numbers: NDArray[numpy.int64]
    ) -> None:
        """
        Take in row i: slots int32[n], kinds uint8[n], numbers int64[n] (doubles as IEEE bits).
        """

    def values(self, slots: NDArray[numpy.int32]) -> tuple[NDArray[numpy.uint8], NDArray[numpy.int64]]:
        """
        (kinds uint8[m], numbers int64[m]): INTEGER where all numbers were integers, else DOUBLE; NULL of nothing.
        """

class Extents:
    """
    The first and last event time per slot.

    >>> import numpy as np
    >>> extents = Extents()
    >>> extents.resize(1)
    >>> extents.update(np.zeros(2, np.int32), np.array([70, 20]))
    >>> [times.tolist() for times in extents.values(np.zeros(1, np.int32))]
    [[20], [70]]
    """

    def __init__(self) -> None: ...
    def __len__(self) -> int: ...
    def resize(self, n: int) -> None:
        """
        Make slots 0..n-1 exist; new ones are empty. Fewer than there are or over 2^31 - 1: ValueError.
        """

    def clear(self, slots: NDArray[numpy.int32]) -> None:
        """
        Make these slots (int32[m]) empty and free their memory. IndexError if one does not exist.
        """

    def snapshot(self, slots: NDArray[numpy.int32]) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
        """
        The states of these slots (int32[m]) as byte strings: (offsets int64[m+1], data uint8[]).

        Equal states give equal bytes.
        """

    def restore(
        self, slots: NDArray[numpy.int32], offsets: NDArray[numpy.int64], data: NDArray[numpy.uint8]
    ) -> None:
        """
        Put back what `snapshot` of a table with these parameters gave, state i into slots[i]. ValueError for
        other bytes; nothing has changed then.
        """

    def absorb(self, other: Extents, into: NDArray[numpy.int32], source: NDArray[numpy.int32]) -> None:
        """
        For each i in order, merge slot source[i] of other (may be self) into slot into[i]; int32[m] both.

        Law: absorbing the state of a stream equals updating with that stream.
        ValueError if other was made with other parameters, IndexError if a slot does not exist.
        """

    def absorb_snapshots(
        self,
        passage: Extents,
        into: NDArray[numpy.int32],
        offsets: NDArray[numpy.int64],
        data: NDArray[numpy.uint8],
        later: int,
    ) -> None:
        """
        Merge what `snapshot` gave, state i into slot into[i] (int32[m]), by way of a table of one slot with the same
        parameters. The events of these states stand `later` places further on in the stream than they know.

        ValueError for other bytes; those before them have been merged then. IndexError if a slot does not exist.
        """

    def update(self, slots: NDArray[numpy.int32], times: NDArray[numpy.int64]) -> None:
        """Take in row i: slots int32[n], times int64[n] in microseconds."""

    def values(self, slots: NDArray[numpy.int32]) -> tuple[NDArray[numpy.int64], NDArray[numpy.int64]]:
        """
        (lo int64[m], hi int64[m]), both ends included; an empty slot has the largest int64 as lo and the least
        as hi.
        """

class Picks:
    """
    The value with the first, or last, event time per slot, ties by input order; NULL is left out.

    >>> import numpy as np
    >>> picks = Picks(last=True)
    >>> picks.resize(1)
    >>> slots, kinds, numbers = np.zeros(2, np.int32), np.full(2, 5, np.uint8), np.zeros(2, np.int64)
    >>> texts = np.array([0, 3, 6]), np.frombuffer(b'oldnew', np.uint8)
    >>> picks.update(slots, kinds, numbers, *texts, np.array([10, 20]), 0)
    >>> picks.values(slots[:1])[3].tobytes()
    b'new'
    """

    def __init__(self, last: bool) -> None: ...
    def __len__(self) -> int: ...
    def resize(self, n: int) -> None:
        """
        Make slots 0..n-1 exist; new ones are empty. Fewer than there are or over 2^31 - 1: ValueError.
        """

    def clear(self, slots: NDArray[numpy.int32]) -> None:
        """
        Make these slots (int32[m]) empty and free their memory. IndexError if one does not exist.
        """

    def snapshot(self, slots: NDArray[numpy.int32]) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
        """
        The states of these slots (int32[m]) as byte strings: (offsets int64[m+1], data uint8[]).

        Equal states give equal bytes.
        """

    def restore(
        self, slots: NDArray[numpy.int32], offsets: NDArray[numpy.int64], data: NDArray[numpy.uint8]
    ) -> None:
        """
        Put back what `snapshot` of a table with these parameters gave, state i into slots[i]. ValueError for
        other bytes; nothing has changed then.
        """

    def absorb(self, other: Picks, into: NDArray[numpy.int32], source: NDArray[numpy.int32]) -> None:
        """
        For each i in order, merge slot source[i] of other (may be self) into slot into[i]; int32[m] both.

        Law: absorbing the state of a stream equals updating with that stream.
        ValueError if other was made with other parameters, IndexError if a slot does not exist.
        """

    def absorb_snapshots(
        self,
        passage: Picks,
        into: NDArray[numpy.int32],
        offsets: NDArray[numpy.int64],
        data: NDArray[numpy.uint8],
        later: int,
    ) -> None:
        """
        Merge what `snapshot` gave, state i into slot into[i] (int32[m]), by way of a table of one slot with the same
        parameters. The events of these states stand `later` places further on in the stream than they know.

        ValueError for other bytes; those before them have been merged then. IndexError if a slot does not exist.
        """

    def update(
        self,
        slots: NDArray[numpy.int32],
        kinds: NDArray[numpy.uint8],
        numbers: NDArray[numpy.int64],
        text_offsets: NDArray[numpy.int64],
        text_data: NDArray[numpy.uint8],
        times: NDArray[numpy.int64],
        first_sequence: int,
    ) -> None:
        """
        Take in row i, which is number first_sequence + i of the input: slots int32[n], kinds uint8[n],
        numbers int64[n], text_offsets int64[n+1], text_data uint8[], times int64[n] in microseconds.
        """

    def values(
        self, slots: NDArray[numpy.int32]
    ) -> tuple[NDArray[numpy.uint8], NDArray[numpy.int64], NDArray[numpy.int64], NDArray[numpy.uint8]]:
        """
        (kinds uint8[m], numbers int64[m], text_offsets int64[m+1], text_data uint8[]); NULL of nothing.
        """

def hash_texts(offsets: NDArray[numpy.int64], data: NDArray[numpy.uint8]) -> NDArray[numpy.uint64]:
    """
    XXH64, seed 0, of each byte string data[offsets[i]:offsets[i+1]]: uint64[n].
    """

class HdrStates:
    """
    Percentiles, one sketch a slot, over doubles and integers of any size and sign.

    Buckets are those of HdrHistogram with 3 significant digits (http://hdrhistogram.org): 1,024 an octave. So a
    quantile is at most 0.1 % above the true nearest-rank value and never below it; integers below 2,048 are
    exact where all values of the slot are whole. Counts, not samples: order, cuts and merges change nothing.

    >>> import numpy as np
    >>> states = HdrStates()
    >>> states.resize(1)
    >>> states.update(np.zeros(4, np.int32), np.full(4, 3, np.uint8), np.array([10, 20, 30, 40]))
    >>> states.quantile(np.array([0], np.int32), 99, 100)[1].tolist()
    [40.0]
    """

    def __init__(self) -> None: ...
    def __len__(self) -> int: ...
    def resize(self, n: int) -> None:
        """
        Make slots 0..n-1 exist; new ones are empty. Fewer than there are or over 2^31 - 1: ValueError.
        """

    def clear(self, slots: NDArray[numpy.int32]) -> None:
        """
        Make these slots (int32[m]) empty and free their memory. IndexError if one does not exist.
        """

    def snapshot(self, slots: NDArray[numpy.int32]) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
        """
        The states of these slots (int32[m]) as byte strings: (offsets int64[m+1], data uint8[]).

        Equal states give equal bytes.
        """

    def restore(
        self, slots: NDArray[numpy.int32], offsets: NDArray[numpy.int64], data: NDArray[numpy.uint8]
    ) -> None:
        """
        Put back what `snapshot` of a table with these parameters gave, state i into slots[i]. ValueError for
        other bytes; nothing has changed then.
        """

    def absorb(self, other: HdrStates, into: NDArray[numpy.int32], source: NDArray[numpy.int32]) -> None:
        """
        For each i in order, merge slot source[i] of other (may be self) into slot into[i]; int32[m] both.

        Law: absorbing the state of a stream equals updating with that stream.
        ValueError if other was made with other parameters, IndexError if a slot does not exist.
        """

    def absorb_snapshots(
        self,
        passage: HdrStates,
        into: NDArray[numpy.int32],
        offsets: NDArray[numpy.int64],
        data: NDArray[numpy.uint8],
        later: int,
    ) -> None:
        """
        Merge what `snapshot` gave, state i into slot into[i] (int32[m]), by way of a table of one slot with the same
        parameters. The events of these states stand `later` places further on in the stream than they know.

        ValueError for other bytes; those before them have been merged then. IndexError if a slot does not exist.
        """

    def update(
        self, slots: NDArray[numpy.int32], kinds: NDArray[numpy.uint8], numbers: NDArray[numpy.int64]
    ) -> None:
        """
        Add the values (kinds uint8[n], numbers int64[n], as in batch.Values) to slots int32[n].

        True and false count as 1 and 0; negative slots, other kinds and infinities are skipped.
        """

    def quantile(
        self, slots: NDArray[numpy.int32], numerator: int, denominator: int
    ) -> tuple[NDArray[numpy.uint8], NDArray[numpy.float64]]:
        """
        The value of rank max(1, ceil(n * numerator / denominator)): (kinds uint8[m], values float64[m]).

        Kinds are DOUBLE, or NULL for an empty slot. Values are the upper edge of the bucket that holds the rank
        (of negatives the edge nearer zero), or the largest integer in it where all values are whole, and
        never above the true maximum. ValueError for a quantile outside 0 to 1.
        """

    def payloads(
        self, slots: NDArray[numpy.int32], fraction_bits: int
    ) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
        """
        Counters of HdrHistogram(1, 2**63-1, 3) for floor(value * 2**fraction_bits) of the values >= 0, clamped,
        in the V2 encoding (ZigZag LEB128): (offsets int64[m+1], data uint8[]); empty without such values.
        """

    def negative_payloads(
        self, slots: NDArray[numpy.int32], fraction_bits: int
    ) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
        """As payloads, of the magnitudes of the values < 0."""

    def restore_histograms(
        self,
        slots: NDArray[numpy.int32],
        offsets: NDArray[numpy.int64],
        data: NDArray[numpy.uint8],
        negative_offsets: NDArray[numpy.int64],
        negative_data: NDArray[numpy.uint8],
    ) -> None:
        """
        Put what two HdrHistograms count into each slot: one of values, one of the magnitudes of values < 0.

        Each in the V2 encoding, header and counters, inflated; an empty string counts nothing. They may have 3 to 5
        digits, any range and any ratio. A quantile is then what the histogram reads at that rank, the highest of the
        values that its counter cannot tell apart, or at most 0.1 % above: the very same for 3 digits, a lowest value
        of 1 and a power of two as ratio. ValueError for other bytes; nothing has changed then.
        """

class Histograms:
    """
    Counts of numbers per slot in buckets; TRUE and FALSE are 1 and 0, what is no finite number is skipped.

    edges float64[]: finite and strictly ascending, else ValueError; they give len(edges) + 1 buckets, each
    with its lower edge and without its upper one. None: buckets between powers of two, and of zeros.

    >>> import numpy as np
    >>> histograms = Histograms(np.array([10.0, 100.0]))
    >>> histograms.resize(1)
    >>> histograms.update(np.zeros(2, np.int32), np.full(2, 3, np.uint8), np.array([9, 10]))
    >>> histograms.results(np.zeros(1, np.int32))[1].tobytes()
    b'[[10,1],[100,1],[null,0]]'
    """

    def __init__(self, edges: NDArray[numpy.float64]) -> None: ...
    def __len__(self) -> int: ...
    def resize(self, n: int) -> None:
        """
        Make slots 0..n-1 exist; new ones are empty. Fewer than there are or over 2^31 - 1: ValueError.
        """

    def clear(self, slots: NDArray[numpy.int32]) -> None:
        """
        Make these slots (int32[m]) empty and free their memory. IndexError if one does not exist.
        """

    def snapshot(self, slots: NDArray[numpy.int32]) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
        """
        The states of these slots (int32[m]) as byte strings: (offsets int64[m+1], data uint8[]).

        Equal states give equal bytes.
        """

    def restore(
        self, slots: NDArray[numpy.int32], offsets: NDArray[numpy.int64], data: NDArray[numpy.uint8]
    ) -> None:
        """
        Put back what `snapshot` of a table with these parameters gave, state i into slots[i]. ValueError for
        other bytes; nothing has changed then.
        """

    def absorb(self, other: Histograms, into: NDArray[numpy.int32], source: NDArray[numpy.int32]) -> None:
        """
        For each i in order, merge slot source[i] of other (may be self) into slot into[i]; int32[m] both.

        Law: absorbing the state of a stream equals updating with that stream.
        ValueError if other was made with other parameters, IndexError if a slot does not exist.
        """

    def absorb_snapshots(
        self,
        passage: Histograms,
        into: NDArray[numpy.int32],
        offsets: NDArray[numpy.int64],
        data: NDArray[numpy.uint8],
        later: int,
    ) -> None:
        """
        Merge what `snapshot` gave, state i into slot into[i] (int32[m]), by way of a table of one slot with the same
        parameters. The events of these states stand `later` places further on in the stream than they know.

        ValueError for other bytes; those before them have been merged then. IndexError if a slot does not exist.
        """

    def update(
        self, slots: NDArray[numpy.int32], kinds: NDArray[numpy.uint8], numbers: NDArray[numpy.int64]
    ) -> None:
        """
        Count row i: slots int32[n], kinds uint8[n], numbers int64[n] (doubles as IEEE bits).
        """

    def results(self, slots: NDArray[numpy.int32]) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
        """
        JSON text [[upper,count],...] per slot, ascending: (offsets int64[m+1], data uint8[]). The upper bound is
        exclusive, null for none (and for 2^1024, which no double is). With edges every bucket is listed, without
        only those in use; zeros are in the smallest positive one if its bound is at most 1, else under 1.
        """

class HllStates:
    """
    Numbers of different values, one sketch a slot.

    Exact up to 1,024 different hashes a slot, then HyperLogLog with 2**p registers, p in 4..16, which
    are those of all hashes of the slot. Index (the low p bits) and rank (leading zeros of the rest, plus
    one) are those of datasketch.HyperLogLogPlusPlus; the estimate is Ertl's ("New cardinality estimation
    algorithms for HyperLogLog sketches", 2017).

    >>> import numpy as np
    >>> states = HllStates(14)
    >>> states.resize(1)
    >>> states.update(np.zeros(3, np.int32), np.array([5, 7, 5], np.uint64), np.full(3, 5, np.uint8))
    >>> states.estimates(np.array([0], np.int32)).tolist()
    [2]
    """

    def __init__(self, p: int) -> None: ...
    def __len__(self) -> int: ...
    def resize(self, n: int) -> None:
        """
        Make slots 0..n-1 exist; new ones are empty. Fewer than there are or over 2^31 - 1: ValueError.
        """

    def clear(self, slots: NDArray[numpy.int32]) -> None:
        """
        Make these slots (int32[m]) empty and free their memory. IndexError if one does not exist.
        """

    def snapshot(self, slots: NDArray[numpy.int32]) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
        """
        The states of these slots (int32[m]) as byte strings: (offsets int64[m+1], data uint8[]).

        Equal states give equal bytes.
        """

    def restore(
        self, slots: NDArray[numpy.int32], offsets: NDArray[numpy.int64], data: NDArray[numpy.uint8]
    ) -> None:
        """
        Put back what `snapshot` of a table with these parameters gave, state i into slots[i]. ValueError for
        other bytes; nothing has changed then.
        """

    def absorb(self, other: HllStates, into: NDArray[numpy.int32], source: NDArray[numpy.int32]) -> None:
        """
        For each i in order, merge slot source[i] of other (may be self) into slot into[i]; int32[m] both.

        Law: absorbing the state of a stream equals updating with that stream.
        ValueError if other was made with other parameters, IndexError if a slot does not exist.
        """

    def absorb_snapshots(
        self,
        passage: HllStates,
        into: NDArray[numpy.int32],
        offsets: NDArray[numpy.int64],
        data: NDArray[numpy.uint8],
        later: int,
    ) -> None:
        """
        Merge what `snapshot` gave, state i into slot into[i] (int32[m]), by way of a table of one slot with the same
        parameters. The events of these states stand `later` places further on in the stream than they know.

        ValueError for other bytes; those before them have been merged then. IndexError if a slot does not exist.
        """

    def update(
        self, slots: NDArray[numpy.int32], hashes: NDArray[numpy.uint64], kinds: NDArray[numpy.uint8]
    ) -> None:
        """
        Add hashes uint64[n] to slots int32[n]; rows with a negative slot or kind NULL are skipped.
        """

    def estimates(self, slots: NDArray[numpy.int32]) -> NDArray[numpy.int64]:
        """
        How many different hashes: int64[m], exact up to 1,024, then estimated and rounded.
        """

    def registers(self, slots: NDArray[numpy.int32]) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
        """
        The bytes of datasketch's HyperLogLogPlusPlus.serialize(), one byte p and 2**p registers each, also
        where the number is exact: (offsets int64[m+1], data uint8[]).
        """

    def restore_registers(
        self, slots: NDArray[numpy.int32], offsets: NDArray[numpy.int64], data: NDArray[numpy.uint8]
    ) -> None:
        """
        Put what `registers` of a table with this p gave, or datasketch, into slots; from then on they estimate.

        ValueError for other bytes; nothing has changed then.
        """

class JsonDecoder(BlockDecoder):
    """
    JSON objects, one a line: [(path, needs)], see streamstat.input.formats.
    """

    def __init__(self, fields: Sequence[tuple[str, int]], times: TimeReader) -> None: ...

class LayoutDecoder(BlockDecoder):
    """JSON objects in any layout, from a place on."""

    def __init__(
        self, fields: Sequence[tuple[str, int]], times: TimeReader, standing: tuple[bool, int, int]
    ) -> None: ...

class JsonRecordEnds:
    """
    Ends of JSON records in any layout; see `Records` of streamstat.input.formats.
    """

    def __init__(self, standing: tuple[bool, int, int]) -> None: ...
    def end(self, content: memoryview) -> int:
        """
        The byte behind the last whole record. PADDING writable bytes stand behind the content.
        """

    def forced_end(self, content: memoryview) -> int:
        """Where a record that is all of the content ends, or is cut off."""

    def taken(self, size: int) -> tuple[bool, int, int]:
        """The first bytes were taken; how those behind them are read."""

class KeyTable:
    """
    JSON values to dense codes in first-come order, and back.

    Values are the same key if they are both null, both false, both true, numbers of one spelling, texts of the
    same bytes, or objects and arrays of one spelling: 1, 1.0 and "1" are three keys.

    >>> import numpy as np
    >>> keys = KeyTable()
    >>> kinds, data = np.array([5, 3, 5], np.uint8), np.frombuffer(b"a1a", np.uint8)  # "a", 1, "a"
    >>> keys.intern(kinds, np.array([0, 1, 2, 3]), data).tolist()
    [0, 1, 0]
    """

    def __init__(self) -> None: ...
    def intern(
        self, kinds: NDArray[numpy.uint8], text_offsets: NDArray[numpy.int64], text_data: NDArray[numpy.uint8]
    ) -> NDArray[numpy.int32]:
        """
        The code of each value, given if it is new: int32[n].

        kinds: uint8[n] of Kind. text_offsets: int64[n+1] and text_data: uint8, the bytes of texts, of JSON and of numbers
        as spelt; those of null, false and true are ignored. ValueError for an unknown kind or offsets that do not ascend
        within the data, OverflowError beyond 2^31 - 1 keys.
        """

    def find(
        self, kinds: NDArray[numpy.uint8], text_offsets: NDArray[numpy.int64], text_data: NDArray[numpy.uint8]
    ) -> NDArray[numpy.int32]:
        """As intern, but a value without a code gets none: -1."""

    def __len__(self) -> int: ...
    def kinds(self, codes: NDArray[numpy.int32]) -> NDArray[numpy.uint8]:
        """
        The kind of each code's first value: uint8[m]. IndexError for a code that was never given.
        """

    def texts(self, codes: NDArray[numpy.int32]) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
        """
        The bytes of each code, empty for null, false and true: (offsets int64[m+1], data uint8). IndexError for a code that was never given.
        """

    def ranks(self) -> NDArray[numpy.int32]:
        """The dense rank of each code in the order of result rows: int32[len]."""

    def retain(self, live: NDArray[numpy.uint8]) -> NDArray[numpy.int32]:
        """
        Forget codes whose flag (uint8, one a code) is 0, close the gaps in order; the new code of each old one, -1 if forgotten: int32. ValueError for a wrong number of flags.
        """

    def snapshot(self) -> bytes:
        """The whole state as bytes, for `restore`."""

    def restore(self, snapshot: bytes) -> None:
        """
        Replace the whole state by a snapshot. ValueError for foreign bytes; nothing has changed then.
        """

class LeastStates:
    """
    The n smallest different values per slot, in the order of rows: numbers by value, then by spelling; texts by
    their bytes; false; true; other JSON by its text. NULL is left out.

    A value is what was written: 1, 1.0 and "1" are three. n is 1 to 100,000,000, else ValueError.

    >>> import numpy as np
    >>> least = LeastStates(2)
    >>> least.resize(1)
    >>> slots, kinds, numbers = np.zeros(3, np.int32), np.full(3, 5, np.uint8), np.zeros(3, np.int64)
    >>> least.update(slots, kinds, numbers, np.array([0, 1, 2, 3]), np.frombuffer(b'cab', np.uint8))
    >>> least.results(slots[:1])[1].tobytes()
    b'["a","b"]'
    """

    def __init__(self, n: int) -> None: ...
    def __len__(self) -> int: ...
    def resize(self, n: int) -> None:
        """
        Make slots 0..n-1 exist; new ones are empty. Fewer than there are or over 2^31 - 1: ValueError.
        """

    def clear(self, slots: NDArray[numpy.int32]) -> None:
        """
        Make these slots (int32[m]) empty and free their memory. IndexError if one does not exist.
        """

    def snapshot(self, slots: NDArray[numpy.int32]) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
        """
        The states of these slots (int32[m]) as byte strings: (offsets int64[m+1], data uint8[]).

        Equal states give equal bytes.
        """

    def restore(
        self, slots: NDArray[numpy.int32], offsets: NDArray[numpy.int64], data: NDArray[numpy.uint8]
    ) -> None:
        """
        Put back what `snapshot` of a table with these parameters gave, state i into slots[i]. ValueError for
        other bytes; nothing has changed then.
        """

    def absorb(self, other: LeastStates, into: NDArray[numpy.int32], source: NDArray[numpy.int32]) -> None:
        """
        For each i in order, merge slot source[i] of other (may be self) into slot into[i]; int32[m] both.

        Law: absorbing the state of a stream equals updating with that stream.
        ValueError if other was made with other parameters, IndexError if a slot does not exist.
        """

    def absorb_snapshots(
        self,
        passage: LeastStates,
        into: NDArray[numpy.int32],
        offsets: NDArray[numpy.int64],
        data: NDArray[numpy.uint8],
        later: int,
    ) -> None:
        """
        Merge what `snapshot` gave, state i into slot into[i] (int32[m]), by way of a table of one slot with the same
        parameters. The events of these states stand `later` places further on in the stream than they know.

        ValueError for other bytes; those before them have been merged then. IndexError if a slot does not exist.
        """

    def update(
        self,
        slots: NDArray[numpy.int32],
        kinds: NDArray[numpy.uint8],
        numbers: NDArray[numpy.int64],
        text_offsets: NDArray[numpy.int64],
        text_data: NDArray[numpy.uint8],
    ) -> None:
        """
        Take in row i: slots int32[n], kinds uint8[n], numbers int64[n] (doubles as IEEE bits),
        text_offsets int64[n+1], text_data uint8[]. The text of a number is its spelling, without which: ValueError.
        """

    def results(self, slots: NDArray[numpy.int32]) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
        """JSON text [value,...] per slot: (offsets int64[m+1], data uint8[])."""

class AccessDecoder(BlockDecoder):
    """Access logs: [(name, needs)], see streamstat.input.formats."""

    @staticmethod
    def common(fields: Sequence[tuple[str, int]], times: TimeReader) -> AccessDecoder:
        """Lines that end behind the bytes."""

    @staticmethod
    def combined(fields: Sequence[tuple[str, int]], times: TimeReader) -> AccessDecoder:
        """Lines that may go on with a referer, an agent, and anything."""

class LogFormatDecoder(BlockDecoder):
    """Lines of an nginx log_format."""

    def __init__(
        self,
        head: str,
        steps: Sequence[tuple[str, str]],
        fields: Sequence[tuple[str, int]],
        times: TimeReader,
    ) -> None:
        """
        steps: (name, text behind it); only behind the last one there may be none.
        """

class LogfmtDecoder(BlockDecoder):
    """Lines of key=value."""

    def __init__(self, fields: Sequence[tuple[str, int]], times: TimeReader) -> None: ...

class GroupDecoder:
    """Lines in which a regular expression was found, its groups as fields."""

    def __init__(
        self, groups: Sequence[str], fields: Sequence[tuple[str, int]], times: TimeReader
    ) -> None: ...
    def lines(
        self, block: NDArray[numpy.uint8], begin: int
    ) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
        """The lines to search: offsets int64[n+1], bytes."""

    def decode(
        self,
        block: NDArray[numpy.uint8],
        begin: int,
        matched: NDArray[numpy.uint8],
        spans: Sequence[NDArray[numpy.int64]],
    ) -> Decoded:
        """
        Decode with what was found: 1 for each line that matched; of each group two numbers a line, the first byte and how many.
        """

    def names_inside(
        self,
        block: NDArray[numpy.uint8],
        begin: int,
        matched: NDArray[numpy.uint8],
        spans: Sequence[NDArray[numpy.int64]],
        row: int,
    ) -> list[bytes]:
        """Names of what is inside of a row's record, as bytes."""

def stable_order(numbers: NDArray[numpy.int64]) -> NDArray[numpy.int64]:
    """
    The places int64[n] of these numbers int64[n] in ascending order; equal ones stay as they are.

    >>> stable_order(np.array([3, 1, 3, 0])).tolist()
    [3, 1, 0, 2]
    """

def arrange_trail(
    keys: NDArray[numpy.int32], times: NDArray[numpy.int64], sorted: int, size: int
) -> tuple[NDArray[numpy.int64], NDArray[numpy.int64], NDArray[numpy.int64]]:
    """
    Events int32[n], int64[n] in the order of key, time and place, and the rows of windows that trail by
    `size`: order int64[n]; for each different key and time, the place in that order of its last event and
    of the first event of its window. The first `sorted` events are in order already. ValueError if they
    are not, if sizes differ, or if a key or the size is negative.

    >>> order, ends, lo = arrange_trail(np.zeros(3, np.int32), np.array([1, 9, 4]), 2, 5)
    >>> order.tolist(), ends.tolist(), lo.tolist()
    ([0, 2, 1], [0, 1, 2], [0, 0, 1])
    """

class IntervalJoin:
    """
    Pairs of two sides, 0 and 1, whose keys are equal and whose times are so far apart.

    least, most: of the right time minus the left one, both included, in microseconds. pick: of the partners of a left event
    all (0), or the first (1), last (2) or nearest (3). pairs: they are told. once: left events that have a partner are told
    instead. left, right: events without a partner are told. itself: both sides are of one input, and no event meets itself.
    """

    def __init__(
        self, least: int, most: int, pick: int, pairs: bool, once: bool, left: bool, right: bool, itself: bool
    ) -> None: ...
    def push(
        self,
        side: int,
        rows: NDArray[numpy.int64],
        times: NDArray[numpy.int64],
        low: NDArray[numpy.uint64],
        high: NDArray[numpy.uint64],
        keyed: NDArray[numpy.uint8],
        deletes: NDArray[numpy.uint8],
        sequence: int,
    ) -> None:
        """
        Rows of a block of a side wait, int64[m]. times int64[n], low and high uint64[n] (the hash of the key), keyed uint8[n] (0: it has none), deletes uint8[n], or empty: from that event on its key has no version. sequence: the number of its first row. ValueError for rows that it does not have.
        """

    def work(
        self, until: int, most: int
    ) -> tuple[int, NDArray[numpy.int64], NDArray[numpy.int64], NDArray[numpy.int64], NDArray[numpy.int64]]:
        """
        Work on the events before this time, or on about so many: the time before which all is told now, and of each row the numbers of its left and its right event (-1: none) and their times, in order.
        """

    def open(self) -> int:
        """How many events wait, or can still be met."""

    def latest(self) -> int:
        """The last time at which anything is decided; the least int64 for none."""

    def oldest(self, watermark: int) -> int:
        """
        The earliest time that a row decided from here on may have, or the watermark.
        """

    def kept(self, side: int) -> NDArray[numpy.int64]:
        """
        The numbers of the events of a side that rows may still ask for, ascending.
        """

    def snapshot(self) -> bytes:
        """The whole state as bytes."""

    def restore(self, snapshot: bytes) -> None:
        """
        Replace the whole state by a snapshot of a join of the same terms. ValueError for foreign bytes; nothing has changed then.
        """

class VersionJoin:
    """
    Left events (side 0), each with the newest event of its key on side 1 that is not later.

    longest: how old that may be, in microseconds; None: as old as it likes. pairs: left events that have one are told; left:
    those that have none. itself: both sides are of one input, and no event is its own version.
    """

    def __init__(self, longest: int | None, pairs: bool, left: bool, itself: bool) -> None: ...
    def push(
        self,
        side: int,
        rows: NDArray[numpy.int64],
        times: NDArray[numpy.int64],
        low: NDArray[numpy.uint64],
        high: NDArray[numpy.uint64],
        keyed: NDArray[numpy.uint8],
        deletes: NDArray[numpy.uint8],
        sequence: int,
    ) -> None:
        """
        Rows of a block of a side wait, int64[m]. times int64[n], low and high uint64[n] (the hash of the key), keyed uint8[n] (0: it has none), deletes uint8[n], or empty: from that event on its key has no version. sequence: the number of its first row. ValueError for rows that it does not have.
        """

    def work(
        self, until: int, most: int
    ) -> tuple[int, NDArray[numpy.int64], NDArray[numpy.int64], NDArray[numpy.int64], NDArray[numpy.int64]]:
        """
        Work on the events before this time, or on about so many: the time before which all is told now, and of each row the numbers of its left and its right event (-1: none) and their times, in order.
        """

    def open(self) -> int:
        """How many events wait, or can still be met."""

    def latest(self) -> int:
        """The last time at which anything is decided; the least int64 for none."""

    def oldest(self, watermark: int) -> int:
        """
        The earliest time that a row decided from here on may have, or the watermark.
        """

    def kept(self, side: int) -> NDArray[numpy.int64]:
        """
        The numbers of the events of a side that rows may still ask for, ascending.
        """

    def snapshot(self) -> bytes:
        """The whole state as bytes."""

    def restore(self, snapshot: bytes) -> None:
        """
        Replace the whole state by a snapshot of a join of the same terms. ValueError for foreign bytes; nothing has changed then.
        """

class PatternTable:
    """
    Patterns in the events of many groups. Events wait until `due`, and are worked on in the order of time.

    steps: (bit, least, most or -1, span or -1, whether in a bracket) of each. edges: (source, to, adjacent, bit of what must
    not come between or -1). first, last: whether a match may begin or end with each step. before, behind: bits of what must
    not come, -1 for none. references: of each bit the bits that its condition looks at. within: microseconds. looks_before:
    whether conditions look at the event before. ValueError for what is no pattern.
    """

    def __init__(
        self,
        steps: Sequence[tuple[int, int, int, int, bool]],
        edges: Sequence[tuple[int, int, bool, int]],
        first: Sequence[bool],
        last: Sequence[bool],
        before: int,
        behind: int,
        references: Sequence[int],
        within: int,
        overlap: bool,
        looks_before: bool,
    ) -> None: ...
    def push(
        self,
        rows: NDArray[numpy.int64],
        groups: NDArray[numpy.int32],
        times: NDArray[numpy.int64],
        masks: NDArray[numpy.uint64],
        sequence: int,
    ) -> None:
        """
        Rows of a block wait, int64[m]. groups int32[n], times int64[n], masks uint64[n]: bits of each row of the block. sequence: the number of its first row. ValueError for rows that it does not have.
        """

    def due(self, until: int, most: int) -> int:
        """
        Put the events before this time in order, for `work`, or about so many of them: those before the time that is returned.
        """

    def due_events(
        self,
    ) -> tuple[NDArray[numpy.int64], NDArray[numpy.int64], NDArray[numpy.uint64], NDArray[numpy.int64]]:
        """
        Of each due event, in order: its number, its time, its mask, and the number of the event of its group right before, -1 for none within the limit.
        """

    def set_masks(self, masks: NDArray[numpy.uint64]) -> None:
        """The bits of each due event, uint64[n]."""

    def tuples(
        self, bit: int, begin: int, most: int
    ) -> tuple[int, NDArray[numpy.int32], NDArray[numpy.int64]]:
        """
        For due events from `begin` on, that have a bit whose condition looks at earlier events: (end, places int32[m] of them, numbers of the earlier events, a tuple each). About `most` of them; go on from `end`.
        """

    def allow(
        self,
        bit: int,
        places: NDArray[numpy.int32],
        numbers: NDArray[numpy.int64],
        holds: NDArray[numpy.uint8],
    ) -> None:
        """Which of these tuples the condition of a bit holds for, uint8[m]."""

    def work(
        self, until: int, told_until: int
    ) -> tuple[
        NDArray[numpy.int32],
        NDArray[numpy.int64],
        NDArray[numpy.int64],
        NDArray[numpy.int64],
        NDArray[numpy.int64],
        NDArray[numpy.uint8],
    ]:
        """
        Work on what is due, and tell the absences whose time has run out before `told_until`. Matches, by start and last event: groups, starts, ends, offsets of their events, numbers and bits of these.
        """

    def open(self) -> int:
        """How many events wait or are kept."""

    def running(self) -> int:
        """How many absences are not decided."""

    def latest(self) -> int:
        """The last time at which anything is open; the least int64 for none."""

    def oldest(self, watermark: int) -> int:
        """
        The first event of the oldest match that is still possible, or the watermark.
        """

    def kept(self) -> NDArray[numpy.int64]:
        """The numbers of the events that may still be asked for, ascending."""

    def snapshot(self) -> bytes:
        """The whole state as bytes; nothing may be due."""

    def restore(self, snapshot: bytes, groups: int) -> None:
        """
        Replace the whole state by a snapshot, of so many groups. ValueError for foreign bytes; nothing has changed then.
        """

def step_lists(
    offsets: NDArray[numpy.int64],
    bits: NDArray[numpy.uint8],
    names: Sequence[bytes],
    event_offsets: NDArray[numpy.int64],
    events: NDArray[numpy.uint8],
) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
    """
    Of each match a JSON list of its events, each with the name of its bit. ValueError for unequal sizes.
    """

class PieceTable:
    """
    Live pieces: each different (key, lo) has a slot, the index of its state, until dropped.

    A new piece gets the lowest free slot, so slots depend on the order of rows and of drops and on nothing else.

    >>> import numpy as np
    >>> pieces = PieceTable()
    >>> keys, los = np.array([7, 7, 8], np.int32), np.array([0, 0, 60])
    >>> slots, created = pieces.admit(keys, los, los + 60, np.ones(3, np.uint8))
    >>> slots.tolist(), created.tolist()
    ([0, 0, 1], [0, 1])
    """

    def __init__(self) -> None: ...
    def admit(
        self,
        keys: NDArray[numpy.int32],
        los: NDArray[numpy.int64],
        his: NDArray[numpy.int64],
        take: NDArray[numpy.uint8],
    ) -> tuple[NDArray[numpy.int32], NDArray[numpy.int32]]:
        """
        The slot of each row's piece, made if it is new: (slots int32[n], created int32[c]).

        keys: int32[n]. los, his: int64[n], the piece's bounds; a piece keeps the hi of its first row. take: uint8[n]: 0 =
        leave this row out, slot -1. created: slots made by this call, in row order. ValueError for unequal sizes.
        """

    def drop(self, slots: NDArray[numpy.int32]) -> None:
        """
        Forget the pieces in these slots and free the slots. IndexError for a slot without a live piece, or named twice; nothing has changed then.
        """

    def slots(self) -> NDArray[numpy.int32]:
        """Slots of live pieces, ascending: int32[k]."""

    def live(
        self,
    ) -> tuple[NDArray[numpy.int32], NDArray[numpy.int32], NDArray[numpy.int64], NDArray[numpy.int64]]:
        """
        Live pieces in slot order: (slots int32[k], keys int32[k], los int64[k], his int64[k]).
        """

    def at(
        self, slots: NDArray[numpy.int32]
    ) -> tuple[NDArray[numpy.int32], NDArray[numpy.int64], NDArray[numpy.int64]]:
        """
        The pieces in these slots: (keys int32[k], los int64[k], his int64[k]). IndexError for a slot without one.
        """

    def find(self, keys: NDArray[numpy.int32], los: NDArray[numpy.int64]) -> NDArray[numpy.int32]:
        """
        The slot of each piece, -1 where there is none: int32[n]. ValueError for unequal sizes.
        """

    def __len__(self) -> int: ...
    @property
    def capacity(self) -> int:
        """The highest slot given so far + 1: the rows that a store needs."""

    def snapshot(self) -> bytes:
        """The whole state as bytes, for `restore`."""

    def restore(self, snapshot: bytes) -> None:
        """
        Replace the whole state by a snapshot. ValueError for foreign bytes; nothing has changed then.
        """

class FieldProfiles:
    """
    What is in the fields of events, for at most so many of them.

    at_once: how many events as they were written are looked at together.
    """

    def __init__(self, most: int, times: TimeReader, at_once: int) -> None: ...
    def find(
        self, decoded: Decoded, block: NDArray[numpy.uint8], left: NDArray[numpy.uint8] | None, row: int
    ) -> int:
        """
        Find values of a block from a row on, for which `left` uint8[n] is not 0 (None: all): those that were noted, else those
        in events as they were written. They are to be taken before the block goes. Returns the first row of which none were.
        """

    def take(self) -> None:
        """
        Take in what was found, field by field; worth it for several threads at once.
        """

    def fields(self) -> list[dict[str, Any]]:
        """
        Of each field, in the order met, a dict: path; kinds, how many values are of each kind, objects last; distinct;
        least and greatest of integers, doubles and texts; median; times; example; frequent: kind, spelling, count, error.
        """

    @property
    def rows(self) -> int: ...
    @property
    def left_out(self) -> int:
        """Values of fields beyond the most that are told."""

class QueryIndex:
    """
    Many conditions, of which each event meets few.

    programs: byte strings, offsets int64[n+1] and data; `kernels/queries/query_program.hpp` has their form. fields: how many
    fields they look at. ValueError for what is no program.

    >>> import numpy as np
    >>> program = b"c" + bytes(5) + b"\\5\\3\\0\\0\\0api"  # field 0 equals a text
    >>> index = QueryIndex(np.array([0, len(program)]), np.frombuffer(program, np.uint8), 1)
    >>> services = np.full(2, 5, np.uint8), np.zeros(2, np.int64), np.array([0, 3, 5]), np.frombuffer(b"apiui", np.uint8)
    >>> end, rows, queries, *_ = index.search([services], None, None, None, 0, 2, 100)
    >>> end, rows.tolist(), queries.tolist()
    (2, [0], [0])
    """

    def __init__(self, offsets: NDArray[numpy.int64], data: NDArray[numpy.uint8], fields: int) -> None: ...
    def search(
        self,
        columns: Sequence[
            tuple[NDArray[numpy.uint8], NDArray[numpy.int64], NDArray[numpy.int64], NDArray[numpy.uint8]]
        ],
        written: tuple[NDArray[numpy.int64], NDArray[numpy.uint8]] | None,
        wanted: NDArray[numpy.uint8] | None,
        muted: NDArray[numpy.uint8] | None,
        begin: int,
        end: int,
        most: int,
    ) -> tuple[int, NDArray[numpy.int64], NDArray[numpy.int32], NDArray[numpy.int64], NDArray[numpy.int32]]:
        """
        What holds in rows [begin, end): (end, rows, queries, open_rows, open_queries).

        columns: of each field kinds, numbers, and the offsets and bytes of texts; of no rows where they are not needed.
        written: offsets and bytes of whole events, where a query looks anywhere. wanted: uint8[n], the rows that are looked at
        (None: all). muted: uint8[queries], those that are left out (None: none). It ends behind the row with which there are
        `most` hits. rows int64 and queries int32 go together, in order; those that are open depend on what is not known here.
        """

    def always(self) -> NDArray[numpy.int32]:
        """
        The queries of which nothing can be looked up, so that every event is held against them.
        """

    def evaluated(self) -> NDArray[numpy.int64]:
        """
        For how many events each query was more than looked up: int64[queries].
        """

class RankedPicks:
    """
    The value of the event with the greatest, or the least, number per slot; ties by event time, then by input
    order. TRUE and FALSE are 1 and 0; a row whose number is none, or whose value is NULL, is left out. Integers
    and doubles are compared exactly.

    >>> import numpy as np
    >>> ranked = RankedPicks(greatest=True)
    >>> ranked.resize(1)
    >>> slots, kinds, numbers = np.zeros(2, np.int32), np.full(2, 5, np.uint8), np.zeros(2, np.int64)
    >>> texts = np.array([0, 4, 8]), np.frombuffer(b'slowfast', np.uint8)
    >>> by = np.full(2, 3, np.uint8), np.array([900, 20])
    >>> ranked.update(slots, kinds, numbers, *texts, *by, np.array([10, 20]), 0)
    >>> ranked.values(slots[:1])[3].tobytes()
    b'slow'
    """

    def __init__(self, greatest: bool) -> None: ...
    def __len__(self) -> int: ...
    def resize(self, n: int) -> None:
        """
        Make slots 0..n-1 exist; new ones are empty. Fewer than there are or over 2^31 - 1: ValueError.
        """

    def clear(self, slots: NDArray[numpy.int32]) -> None:
        """
        Make these slots (int32[m]) empty and free their memory. IndexError if one does not exist.
        """

    def snapshot(self, slots: NDArray[numpy.int32]) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
        """
        The states of these slots (int32[m]) as byte strings: (offsets int64[m+1], data uint8[]).

        Equal states give equal bytes.
        """

    def restore(
        self, slots: NDArray[numpy.int32], offsets: NDArray[numpy.int64], data: NDArray[numpy.uint8]
    ) -> None:
        """
        Put back what `snapshot` of a table with these parameters gave, state i into slots[i]. ValueError for
        other bytes; nothing has changed then.
        """

    def absorb(self, other: RankedPicks, into: NDArray[numpy.int32], source: NDArray[numpy.int32]) -> None:
        """
        For each i in order, merge slot source[i] of other (may be self) into slot into[i]; int32[m] both.

        Law: absorbing the state of a stream equals updating with that stream.
        ValueError if other was made with other parameters, IndexError if a slot does not exist.
        """

    def absorb_snapshots(
        self,
        passage: RankedPicks,
        into: NDArray[numpy.int32],
        offsets: NDArray[numpy.int64],
        data: NDArray[numpy.uint8],
        later: int,
    ) -> None:
        """
        Merge what `snapshot` gave, state i into slot into[i] (int32[m]), by way of a table of one slot with the same
        parameters. The events of these states stand `later` places further on in the stream than they know.

        ValueError for other bytes; those before them have been merged then. IndexError if a slot does not exist.
        """

    def update(
        self,
        slots: NDArray[numpy.int32],
        kinds: NDArray[numpy.uint8],
        numbers: NDArray[numpy.int64],
        text_offsets: NDArray[numpy.int64],
        text_data: NDArray[numpy.uint8],
        by_kinds: NDArray[numpy.uint8],
        by_numbers: NDArray[numpy.int64],
        times: NDArray[numpy.int64],
        first_sequence: int,
    ) -> None:
        """
        Take in row i, which is number first_sequence + i of the input: slots int32[n]; its value in kinds uint8[n],
        numbers int64[n], text_offsets int64[n+1], text_data uint8[]; the number that ranks it in by_kinds uint8[n],
        by_numbers int64[n]; times int64[n] in microseconds.
        """

    def values(
        self, slots: NDArray[numpy.int32]
    ) -> tuple[NDArray[numpy.uint8], NDArray[numpy.int64], NDArray[numpy.int64], NDArray[numpy.uint8]]:
        """
        (kinds uint8[m], numbers int64[m], text_offsets int64[m+1], text_data uint8[]); NULL of nothing.
        """

def read_numbers(
    kinds: NDArray[numpy.uint8],
    numbers: NDArray[numpy.int64],
    offsets: NDArray[numpy.int64],
    data: NDArray[numpy.uint8],
) -> tuple[NDArray[numpy.uint8], NDArray[numpy.int64], NDArray[numpy.int64], NDArray[numpy.uint8]]:
    """
    Numbers as they are, true and false as 1 and 0, texts that spell a JSON number as that number, else null:
    (kinds uint8[n], numbers int64[n], offsets int64[n+1], data uint8), the last two their spelling where it is known.
    """

def read_durations(
    kinds: NDArray[numpy.uint8],
    numbers: NDArray[numpy.int64],
    offsets: NDArray[numpy.int64],
    data: NDArray[numpy.uint8],
) -> tuple[NDArray[numpy.uint8], NDArray[numpy.int64]]:
    """
    The seconds of texts such as 1h2m, 165.3ms or PT26.4S, else null: (kinds, numbers), doubles.
    """

def read_sizes(
    kinds: NDArray[numpy.uint8],
    numbers: NDArray[numpy.int64],
    offsets: NDArray[numpy.int64],
    data: NDArray[numpy.uint8],
) -> tuple[NDArray[numpy.uint8], NDArray[numpy.int64]]:
    """
    The bytes of texts such as 1.5GiB or 20k, and of numbers, else null: (kinds, numbers).
    """

def read_times(
    reader: TimeReader,
    kinds: NDArray[numpy.uint8],
    numbers: NDArray[numpy.int64],
    offsets: NDArray[numpy.int64],
    data: NDArray[numpy.uint8],
) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
    """
    Values as times, as in a time field: (times int64[n], kinds uint8[n]), see `Decoded.time_kinds`.
    """

def round_numbers(
    kinds: NDArray[numpy.uint8], numbers: NDArray[numpy.int64], places: int
) -> tuple[NDArray[numpy.uint8], NDArray[numpy.int64]]:
    """
    Numbers rounded half away from zero, as they are written shortest; null for other kinds: (kinds, numbers).

    >>> import numpy as np
    >>> kinds, numbers = round_numbers(np.array([4], np.uint8), np.array([2.675]).view(np.int64), 2)
    >>> numbers.view(np.float64).tolist()
    [2.68]
    """

def render_csv(columns: object, lo: int, hi: int, formula_guard: bool, terminal: bool) -> bytes:
    """
    Rows [lo, hi) of the columns as CSV lines (RFC 4180, ended by a newline), without a header.

    Each column is (type, kinds uint8[n], numbers int64[n], text_offsets int64[n+1] | None,
    text_data uint8 | None, utc_offset_seconds int64[n] | None), as in streamstat.batch; the last is for TIME
    columns, where None means UTC. Doubles appear as in repr(), times in ISO 8601, null as nothing and empty text
    as "". formula_guard puts a quote before text that a spreadsheet would run; terminal spells control characters
    out. ValueError, TypeError or IndexError if arrays do not fit each other.

    >>> import numpy as np
    >>> render_csv([(2, np.array([4, 0], np.uint8), np.array([0.1, 0]).view(np.int64), None, None, None)],
    ...            0, 2, False, False)
    b'0.1\\n\\n'
    """

def render_tsv(columns: object, lo: int, hi: int, terminal: bool) -> bytes:
    """
    Rows [lo, hi) as TSV lines, without a header; columns and `terminal` as for render_csv.

    A tab, a newline and a backslash of a text are \\t, \\n and \\\\; null and empty text are nothing.
    """

def render_ndjson(names: object, columns: object, lo: int, hi: int) -> bytes:
    """
    Rows [lo, hi) as one JSON object a line, keys by names (bytes); columns as for render_csv.

    What steers a terminal is always escaped, bad UTF-8 becomes U+FFFD, a double that is no number null.
    """

def render_cells(
    column: object, lo: int, hi: int, terminal: bool
) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
    """
    The bare text of each cell of one column, nothing for null: (offsets int64[n+1], data uint8).
    """

def survey_column(column: object, lo: int, hi: int) -> int:
    """
    What rows [lo, hi) hold: bit k for each kind k, bit 8 if an integer as written is not its double,
    bit 9 if an int64 as written equals no double.
    """

def read_lists(
    column: object, lo: int, hi: int
) -> tuple[
    NDArray[numpy.int64],
    NDArray[numpy.float64],
    NDArray[numpy.int64],
    NDArray[numpy.int64],
    NDArray[numpy.int64],
    NDArray[numpy.uint8],
]:
    """
    The entries of HISTOGRAM, TOP or LIST texts in rows [lo, hi), and where those of each row begin:
    (starts int64[n+1], uppers float64 with NaN for null, counts int64, errors int64, text_offsets int64[m+1],
    text_data uint8). Of the three forms only the columns that it has are filled.
    A value of TOP or LIST is text: of a string what it says, else its JSON. ValueError if a text is no such list.
    """

def take_texts(
    offsets: NDArray[numpy.int64], data: NDArray[numpy.uint8], rows: NDArray[numpy.int64]
) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
    """
    Of n texts those at rows int64[m], in that order. IndexError for a row that there is not.
    """

def either_texts(
    where: NDArray[numpy.uint8],
    offsets: NDArray[numpy.int64],
    data: NDArray[numpy.uint8],
    other_offsets: NDArray[numpy.int64],
    other_data: NDArray[numpy.uint8],
) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
    """
    Of two columns of n texts the first where uint8[n] is not 0, else the other. ValueError for other lengths.
    """

class RetractingRows:
    """
    Rows for tables out of which they can be taken again; each table wants its own columns:
    slots int32[n], kinds uint8[n], numbers int64[n], hashes uint64[n], texts as offsets
    int64[n+1] and bytes, times int64[n], ties (in whose order rows of one time stand) as texts,
    by_kinds uint8[n] and by_numbers int64[n], which rank rows. ValueError for unequal sizes.
    """

    def __init__(
        self,
        slots: NDArray[numpy.int32],
        kinds: NDArray[numpy.uint8] | None = None,
        numbers: NDArray[numpy.int64] | None = None,
        hashes: NDArray[numpy.uint64] | None = None,
        text_offsets: NDArray[numpy.int64] | None = None,
        text_data: NDArray[numpy.uint8] | None = None,
        times: NDArray[numpy.int64] | None = None,
        tie_offsets: NDArray[numpy.int64] | None = None,
        tie_data: NDArray[numpy.uint8] | None = None,
        by_kinds: NDArray[numpy.uint8] | None = None,
        by_numbers: NDArray[numpy.int64] | None = None,
    ) -> None: ...

class RetractingSums:
    """As ExactSums."""

    def __init__(self, squares: bool) -> None: ...
    def __len__(self) -> int: ...
    def resize(self, n: int) -> None:
        """
        Make slots 0..n-1 exist; new ones are empty. Fewer than there are or over 2^31 - 1: ValueError.
        """

    def clear(self, slots: NDArray[numpy.int32]) -> None:
        """
        Make these slots (int32[m]) empty and free their memory. IndexError if one does not exist.
        """

    def snapshot(self, slots: NDArray[numpy.int32]) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
        """
        The states of these slots (int32[m]) as byte strings: (offsets int64[m+1], data uint8[]).

        Equal states give equal bytes.
        """

    def restore(
        self, slots: NDArray[numpy.int32], offsets: NDArray[numpy.int64], data: NDArray[numpy.uint8]
    ) -> None:
        """
        Put back what `snapshot` of a table with these parameters gave, state i into slots[i]. ValueError for
        other bytes; nothing has changed then.
        """

    def update(self, rows: RetractingRows) -> None:
        """Add these rows to their slots, or to none if negative."""

    def retract(self, rows: RetractingRows) -> None:
        """Take rows out that were added: nothing tells that they were there."""

    def walk(
        self,
        rows: RetractingRows,
        gone: NDArray[numpy.uint8],
        ends: NDArray[numpy.int64],
        slots: NDArray[numpy.int32],
    ) -> SumsWalk:
        """
        The states as they are behind each step; this table stays as it is. Step s is about the rows up to ends[s]
        (int64[m]), in order added or, if gone[i] (uint8[n]), taken out, and tells of slots[s] (int32[m]).
        """

    def sums(self, slots: NDArray[numpy.int32]) -> tuple[NDArray[numpy.uint8], NDArray[numpy.int64]]:
        """As ExactSums.sums."""

    def means(self, slots: NDArray[numpy.int32]) -> tuple[NDArray[numpy.uint8], NDArray[numpy.int64]]:
        """As ExactSums.means."""

    def variances(self, slots: NDArray[numpy.int32]) -> tuple[NDArray[numpy.uint8], NDArray[numpy.int64]]:
        """As ExactSums.variances."""

    def deviations(self, slots: NDArray[numpy.int32]) -> tuple[NDArray[numpy.uint8], NDArray[numpy.int64]]:
        """As ExactSums.deviations."""

    def ratios(
        self, slots: NDArray[numpy.int32], divisors: NDArray[numpy.int64], scale: int
    ) -> tuple[NDArray[numpy.uint8], NDArray[numpy.int64]]:
        """As ExactSums.ratios."""

class SumsWalk:
    """The states behind each of many steps."""

    def sums(self, steps: NDArray[numpy.int32]) -> tuple[NDArray[numpy.uint8], NDArray[numpy.int64]]:
        """The same behind each step; `steps` are all of them, in order."""

    def means(self, steps: NDArray[numpy.int32]) -> tuple[NDArray[numpy.uint8], NDArray[numpy.int64]]:
        """The same behind each step; `steps` are all of them, in order."""

    def variances(self, steps: NDArray[numpy.int32]) -> tuple[NDArray[numpy.uint8], NDArray[numpy.int64]]:
        """The same behind each step; `steps` are all of them, in order."""

    def deviations(self, steps: NDArray[numpy.int32]) -> tuple[NDArray[numpy.uint8], NDArray[numpy.int64]]:
        """The same behind each step; `steps` are all of them, in order."""

    def ratios(
        self, steps: NDArray[numpy.int32], divisors: NDArray[numpy.int64], scale: int
    ) -> tuple[NDArray[numpy.uint8], NDArray[numpy.int64]]:
        """The same behind each step; `steps` are all of them, in order."""

class RetractingCounts:
    """How many rows there are, or of rows with kinds how many are not NULL."""

    def __init__(self) -> None: ...
    def __len__(self) -> int: ...
    def resize(self, n: int) -> None:
        """
        Make slots 0..n-1 exist; new ones are empty. Fewer than there are or over 2^31 - 1: ValueError.
        """

    def clear(self, slots: NDArray[numpy.int32]) -> None:
        """
        Make these slots (int32[m]) empty and free their memory. IndexError if one does not exist.
        """

    def snapshot(self, slots: NDArray[numpy.int32]) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
        """
        The states of these slots (int32[m]) as byte strings: (offsets int64[m+1], data uint8[]).

        Equal states give equal bytes.
        """

    def restore(
        self, slots: NDArray[numpy.int32], offsets: NDArray[numpy.int64], data: NDArray[numpy.uint8]
    ) -> None:
        """
        Put back what `snapshot` of a table with these parameters gave, state i into slots[i]. ValueError for
        other bytes; nothing has changed then.
        """

    def update(self, rows: RetractingRows) -> None:
        """Add these rows to their slots, or to none if negative."""

    def retract(self, rows: RetractingRows) -> None:
        """Take rows out that were added: nothing tells that they were there."""

    def walk(
        self,
        rows: RetractingRows,
        gone: NDArray[numpy.uint8],
        ends: NDArray[numpy.int64],
        slots: NDArray[numpy.int32],
    ) -> CountsWalk:
        """
        The states as they are behind each step; this table stays as it is. Step s is about the rows up to ends[s]
        (int64[m]), in order added or, if gone[i] (uint8[n]), taken out, and tells of slots[s] (int32[m]).
        """

    def values(self, slots: NDArray[numpy.int32]) -> NDArray[numpy.int64]:
        """int64[m]."""

class CountsWalk:
    """The states behind each of many steps."""

    def values(self, steps: NDArray[numpy.int32]) -> NDArray[numpy.int64]:
        """The same behind each step; `steps` are all of them, in order."""

class RetractingExtremes:
    """As Extremes."""

    def __init__(self, minimum: bool) -> None: ...
    def __len__(self) -> int: ...
    def resize(self, n: int) -> None:
        """
        Make slots 0..n-1 exist; new ones are empty. Fewer than there are or over 2^31 - 1: ValueError.
        """

    def clear(self, slots: NDArray[numpy.int32]) -> None:
        """
        Make these slots (int32[m]) empty and free their memory. IndexError if one does not exist.
        """

    def snapshot(self, slots: NDArray[numpy.int32]) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
        """
        The states of these slots (int32[m]) as byte strings: (offsets int64[m+1], data uint8[]).

        Equal states give equal bytes.
        """

    def restore(
        self, slots: NDArray[numpy.int32], offsets: NDArray[numpy.int64], data: NDArray[numpy.uint8]
    ) -> None:
        """
        Put back what `snapshot` of a table with these parameters gave, state i into slots[i]. ValueError for
        other bytes; nothing has changed then.
        """

    def update(self, rows: RetractingRows) -> None:
        """Add these rows to their slots, or to none if negative."""

    def retract(self, rows: RetractingRows) -> None:
        """Take rows out that were added: nothing tells that they were there."""

    def walk(
        self,
        rows: RetractingRows,
        gone: NDArray[numpy.uint8],
        ends: NDArray[numpy.int64],
        slots: NDArray[numpy.int32],
    ) -> ExtremesWalk:
        """
        The states as they are behind each step; this table stays as it is. Step s is about the rows up to ends[s]
        (int64[m]), in order added or, if gone[i] (uint8[n]), taken out, and tells of slots[s] (int32[m]).
        """

    def values(self, slots: NDArray[numpy.int32]) -> tuple[NDArray[numpy.uint8], NDArray[numpy.int64]]:
        """As Extremes.values."""

class ExtremesWalk:
    """The states behind each of many steps."""

    def values(self, steps: NDArray[numpy.int32]) -> tuple[NDArray[numpy.uint8], NDArray[numpy.int64]]:
        """The same behind each step; `steps` are all of them, in order."""

class RetractingDistinct:
    """
    How many different hashes there are of values that are not NULL, exactly.
    """

    def __init__(self) -> None: ...
    def __len__(self) -> int: ...
    def resize(self, n: int) -> None:
        """
        Make slots 0..n-1 exist; new ones are empty. Fewer than there are or over 2^31 - 1: ValueError.
        """

    def clear(self, slots: NDArray[numpy.int32]) -> None:
        """
        Make these slots (int32[m]) empty and free their memory. IndexError if one does not exist.
        """

    def snapshot(self, slots: NDArray[numpy.int32]) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
        """
        The states of these slots (int32[m]) as byte strings: (offsets int64[m+1], data uint8[]).

        Equal states give equal bytes.
        """

    def restore(
        self, slots: NDArray[numpy.int32], offsets: NDArray[numpy.int64], data: NDArray[numpy.uint8]
    ) -> None:
        """
        Put back what `snapshot` of a table with these parameters gave, state i into slots[i]. ValueError for
        other bytes; nothing has changed then.
        """

    def update(self, rows: RetractingRows) -> None:
        """Add these rows to their slots, or to none if negative."""

    def retract(self, rows: RetractingRows) -> None:
        """Take rows out that were added: nothing tells that they were there."""

    def walk(
        self,
        rows: RetractingRows,
        gone: NDArray[numpy.uint8],
        ends: NDArray[numpy.int64],
        slots: NDArray[numpy.int32],
    ) -> DistinctWalk:
        """
        The states as they are behind each step; this table stays as it is. Step s is about the rows up to ends[s]
        (int64[m]), in order added or, if gone[i] (uint8[n]), taken out, and tells of slots[s] (int32[m]).
        """

    def estimates(self, slots: NDArray[numpy.int32]) -> NDArray[numpy.int64]:
        """int64[m]."""

class DistinctWalk:
    """The states behind each of many steps."""

    def estimates(self, steps: NDArray[numpy.int32]) -> NDArray[numpy.int64]:
        """The same behind each step; `steps` are all of them, in order."""

class RetractingSpans:
    """The time from the first to the last row; rows at -2^63 have no time."""

    def __init__(self) -> None: ...
    def __len__(self) -> int: ...
    def resize(self, n: int) -> None:
        """
        Make slots 0..n-1 exist; new ones are empty. Fewer than there are or over 2^31 - 1: ValueError.
        """

    def clear(self, slots: NDArray[numpy.int32]) -> None:
        """
        Make these slots (int32[m]) empty and free their memory. IndexError if one does not exist.
        """

    def snapshot(self, slots: NDArray[numpy.int32]) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
        """
        The states of these slots (int32[m]) as byte strings: (offsets int64[m+1], data uint8[]).

        Equal states give equal bytes.
        """

    def restore(
        self, slots: NDArray[numpy.int32], offsets: NDArray[numpy.int64], data: NDArray[numpy.uint8]
    ) -> None:
        """
        Put back what `snapshot` of a table with these parameters gave, state i into slots[i]. ValueError for
        other bytes; nothing has changed then.
        """

    def update(self, rows: RetractingRows) -> None:
        """Add these rows to their slots, or to none if negative."""

    def retract(self, rows: RetractingRows) -> None:
        """Take rows out that were added: nothing tells that they were there."""

    def walk(
        self,
        rows: RetractingRows,
        gone: NDArray[numpy.uint8],
        ends: NDArray[numpy.int64],
        slots: NDArray[numpy.int32],
    ) -> SpansWalk:
        """
        The states as they are behind each step; this table stays as it is. Step s is about the rows up to ends[s]
        (int64[m]), in order added or, if gone[i] (uint8[n]), taken out, and tells of slots[s] (int32[m]).
        """

    def lengths(self, slots: NDArray[numpy.int32]) -> NDArray[numpy.int64]:
        """int64[m], 0 of nothing."""

class SpansWalk:
    """The states behind each of many steps."""

    def lengths(self, steps: NDArray[numpy.int32]) -> NDArray[numpy.int64]:
        """The same behind each step; `steps` are all of them, in order."""

class RetractingHistograms:
    """As Histograms."""

    def __init__(self, edges: NDArray[numpy.float64]) -> None: ...
    def __len__(self) -> int: ...
    def resize(self, n: int) -> None:
        """
        Make slots 0..n-1 exist; new ones are empty. Fewer than there are or over 2^31 - 1: ValueError.
        """

    def clear(self, slots: NDArray[numpy.int32]) -> None:
        """
        Make these slots (int32[m]) empty and free their memory. IndexError if one does not exist.
        """

    def snapshot(self, slots: NDArray[numpy.int32]) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
        """
        The states of these slots (int32[m]) as byte strings: (offsets int64[m+1], data uint8[]).

        Equal states give equal bytes.
        """

    def restore(
        self, slots: NDArray[numpy.int32], offsets: NDArray[numpy.int64], data: NDArray[numpy.uint8]
    ) -> None:
        """
        Put back what `snapshot` of a table with these parameters gave, state i into slots[i]. ValueError for
        other bytes; nothing has changed then.
        """

    def update(self, rows: RetractingRows) -> None:
        """Add these rows to their slots, or to none if negative."""

    def retract(self, rows: RetractingRows) -> None:
        """Take rows out that were added: nothing tells that they were there."""

    def walk(
        self,
        rows: RetractingRows,
        gone: NDArray[numpy.uint8],
        ends: NDArray[numpy.int64],
        slots: NDArray[numpy.int32],
    ) -> HistogramsWalk:
        """
        The states as they are behind each step; this table stays as it is. Step s is about the rows up to ends[s]
        (int64[m]), in order added or, if gone[i] (uint8[n]), taken out, and tells of slots[s] (int32[m]).
        """

    def results(self, slots: NDArray[numpy.int32]) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
        """As Histograms.results."""

class HistogramsWalk:
    """The states behind each of many steps."""

    def results(self, steps: NDArray[numpy.int32]) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
        """The same behind each step; `steps` are all of them, in order."""

class RetractingPercentiles:
    """As HdrStates."""

    def __init__(self) -> None: ...
    def __len__(self) -> int: ...
    def resize(self, n: int) -> None:
        """
        Make slots 0..n-1 exist; new ones are empty. Fewer than there are or over 2^31 - 1: ValueError.
        """

    def clear(self, slots: NDArray[numpy.int32]) -> None:
        """
        Make these slots (int32[m]) empty and free their memory. IndexError if one does not exist.
        """

    def snapshot(self, slots: NDArray[numpy.int32]) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
        """
        The states of these slots (int32[m]) as byte strings: (offsets int64[m+1], data uint8[]).

        Equal states give equal bytes.
        """

    def restore(
        self, slots: NDArray[numpy.int32], offsets: NDArray[numpy.int64], data: NDArray[numpy.uint8]
    ) -> None:
        """
        Put back what `snapshot` of a table with these parameters gave, state i into slots[i]. ValueError for
        other bytes; nothing has changed then.
        """

    def update(self, rows: RetractingRows) -> None:
        """Add these rows to their slots, or to none if negative."""

    def retract(self, rows: RetractingRows) -> None:
        """Take rows out that were added: nothing tells that they were there."""

    def walk(
        self,
        rows: RetractingRows,
        gone: NDArray[numpy.uint8],
        ends: NDArray[numpy.int64],
        slots: NDArray[numpy.int32],
    ) -> PercentilesWalk:
        """
        The states as they are behind each step; this table stays as it is. Step s is about the rows up to ends[s]
        (int64[m]), in order added or, if gone[i] (uint8[n]), taken out, and tells of slots[s] (int32[m]).
        """

    def quantile(
        self, slots: NDArray[numpy.int32], numerator: int, denominator: int
    ) -> tuple[NDArray[numpy.uint8], NDArray[numpy.float64]]:
        """As HdrStates.quantile."""

class PercentilesWalk:
    """The states behind each of many steps."""

    def quantile(
        self, steps: NDArray[numpy.int32], numerator: int, denominator: int
    ) -> tuple[NDArray[numpy.uint8], NDArray[numpy.float64]]:
        """The same behind each step; `steps` are all of them, in order."""

class RetractingLeast:
    """As LeastStates: the n smallest values."""

    def __init__(self, n: int) -> None: ...
    def __len__(self) -> int: ...
    def resize(self, n: int) -> None:
        """
        Make slots 0..n-1 exist; new ones are empty. Fewer than there are or over 2^31 - 1: ValueError.
        """

    def clear(self, slots: NDArray[numpy.int32]) -> None:
        """
        Make these slots (int32[m]) empty and free their memory. IndexError if one does not exist.
        """

    def snapshot(self, slots: NDArray[numpy.int32]) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
        """
        The states of these slots (int32[m]) as byte strings: (offsets int64[m+1], data uint8[]).

        Equal states give equal bytes.
        """

    def restore(
        self, slots: NDArray[numpy.int32], offsets: NDArray[numpy.int64], data: NDArray[numpy.uint8]
    ) -> None:
        """
        Put back what `snapshot` of a table with these parameters gave, state i into slots[i]. ValueError for
        other bytes; nothing has changed then.
        """

    def update(self, rows: RetractingRows) -> None:
        """Add these rows to their slots, or to none if negative."""

    def retract(self, rows: RetractingRows) -> None:
        """Take rows out that were added: nothing tells that they were there."""

    def walk(
        self,
        rows: RetractingRows,
        gone: NDArray[numpy.uint8],
        ends: NDArray[numpy.int64],
        slots: NDArray[numpy.int32],
    ) -> LeastWalk:
        """
        The states as they are behind each step; this table stays as it is. Step s is about the rows up to ends[s]
        (int64[m]), in order added or, if gone[i] (uint8[n]), taken out, and tells of slots[s] (int32[m]).
        """

    def results(self, slots: NDArray[numpy.int32]) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
        """JSON texts as offsets int64[m+1] and bytes."""

class LeastWalk:
    """The states behind each of many steps."""

    def results(self, steps: NDArray[numpy.int32]) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
        """The same behind each step; `steps` are all of them, in order."""

class RetractingTop:
    """
    The n most frequent values, by count then value, exactly: [[value,count,0],...].
    """

    def __init__(self, n: int) -> None: ...
    def __len__(self) -> int: ...
    def resize(self, n: int) -> None:
        """
        Make slots 0..n-1 exist; new ones are empty. Fewer than there are or over 2^31 - 1: ValueError.
        """

    def clear(self, slots: NDArray[numpy.int32]) -> None:
        """
        Make these slots (int32[m]) empty and free their memory. IndexError if one does not exist.
        """

    def snapshot(self, slots: NDArray[numpy.int32]) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
        """
        The states of these slots (int32[m]) as byte strings: (offsets int64[m+1], data uint8[]).

        Equal states give equal bytes.
        """

    def restore(
        self, slots: NDArray[numpy.int32], offsets: NDArray[numpy.int64], data: NDArray[numpy.uint8]
    ) -> None:
        """
        Put back what `snapshot` of a table with these parameters gave, state i into slots[i]. ValueError for
        other bytes; nothing has changed then.
        """

    def update(self, rows: RetractingRows) -> None:
        """Add these rows to their slots, or to none if negative."""

    def retract(self, rows: RetractingRows) -> None:
        """Take rows out that were added: nothing tells that they were there."""

    def walk(
        self,
        rows: RetractingRows,
        gone: NDArray[numpy.uint8],
        ends: NDArray[numpy.int64],
        slots: NDArray[numpy.int32],
    ) -> TopWalk:
        """
        The states as they are behind each step; this table stays as it is. Step s is about the rows up to ends[s]
        (int64[m]), in order added or, if gone[i] (uint8[n]), taken out, and tells of slots[s] (int32[m]).
        """

    def results(self, slots: NDArray[numpy.int32]) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
        """JSON texts as offsets int64[m+1] and bytes."""

class TopWalk:
    """The states behind each of many steps."""

    def results(self, steps: NDArray[numpy.int32]) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
        """The same behind each step; `steps` are all of them, in order."""

class RetractingPicks:
    """
    The value of one row: the first, or the last by number, time and tie; with `greatest` the first of those with
    the greatest number. NULLs, and where there are numbers what is none, are left out.
    """

    def __init__(self, last: bool, greatest: bool) -> None: ...
    def __len__(self) -> int: ...
    def resize(self, n: int) -> None:
        """
        Make slots 0..n-1 exist; new ones are empty. Fewer than there are or over 2^31 - 1: ValueError.
        """

    def clear(self, slots: NDArray[numpy.int32]) -> None:
        """
        Make these slots (int32[m]) empty and free their memory. IndexError if one does not exist.
        """

    def snapshot(self, slots: NDArray[numpy.int32]) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
        """
        The states of these slots (int32[m]) as byte strings: (offsets int64[m+1], data uint8[]).

        Equal states give equal bytes.
        """

    def restore(
        self, slots: NDArray[numpy.int32], offsets: NDArray[numpy.int64], data: NDArray[numpy.uint8]
    ) -> None:
        """
        Put back what `snapshot` of a table with these parameters gave, state i into slots[i]. ValueError for
        other bytes; nothing has changed then.
        """

    def update(self, rows: RetractingRows) -> None:
        """Add these rows to their slots, or to none if negative."""

    def retract(self, rows: RetractingRows) -> None:
        """Take rows out that were added: nothing tells that they were there."""

    def walk(
        self,
        rows: RetractingRows,
        gone: NDArray[numpy.uint8],
        ends: NDArray[numpy.int64],
        slots: NDArray[numpy.int32],
    ) -> PicksWalk:
        """
        The states as they are behind each step; this table stays as it is. Step s is about the rows up to ends[s]
        (int64[m]), in order added or, if gone[i] (uint8[n]), taken out, and tells of slots[s] (int32[m]).
        """

    def values(
        self, slots: NDArray[numpy.int32]
    ) -> tuple[NDArray[numpy.uint8], NDArray[numpy.int64], NDArray[numpy.int64], NDArray[numpy.uint8]]:
        """As Picks.values."""

class PicksWalk:
    """The states behind each of many steps."""

    def values(
        self, steps: NDArray[numpy.int32]
    ) -> tuple[NDArray[numpy.uint8], NDArray[numpy.int64], NDArray[numpy.int64], NDArray[numpy.uint8]]:
        """The same behind each step; `steps` are all of them, in order."""

def row_moves(
    before_offsets: NDArray[numpy.int64],
    before_data: NDArray[numpy.uint8],
    after_offsets: NDArray[numpy.int64],
    after_data: NDArray[numpy.uint8],
    skips_same: bool,
    padding: int,
) -> tuple[NDArray[numpy.uint8], NDArray[numpy.int64], NDArray[numpy.uint8]]:
    """
    Rows before and after n events as lines, in order, that which goes first: (block uint8[], with so many bytes of
    padding behind; the event of each line int64[k]; whether it goes uint8[k]). Empty texts are no rows.

    >>> import numpy as np
    >>> before, after = (np.array([0, 0]), np.zeros(0, np.uint8)), (np.array([0, 2]), np.frombuffer(b'{}', np.uint8))
    >>> block, events, gone = row_moves(*before, *after, True, 1)
    >>> block.tobytes(), events.tolist(), gone.tolist()
    (b'{}\\n\\x00', [0], [0])
    """

def same_texts(
    offsets: NDArray[numpy.int64],
    data: NDArray[numpy.uint8],
    other_offsets: NDArray[numpy.int64],
    other_data: NDArray[numpy.uint8],
) -> NDArray[numpy.uint8]:
    """Where two columns of one length have the same text: uint8[n]."""

class Sessions:
    """
    Sessions: events of a key at most `gap` apart, as they arrive. Each has a slot, the index of its state.

    gap, lateness: microseconds; a lateness of 2^63 - 1 has no end. ValueError if negative. A session from event time
    `first` to `last` fires when W > last + gap and closes when W > last + gap + lateness. Plus infinity, 2^63 - 1, lies
    after every time: there all sessions fire and close. For events W never goes back: a lower one counts as the highest
    so far.

    An event within the gap of a session of its key that is not closed joins it, even where it alone would be late, and
    makes two sessions one, in the lower slot. Else it is a session of its own, in the lowest free slot; or late, if that
    session would be closed at once. A closed session takes no event; it stays until it is dropped.

    stop_at_firing: whether `admit` stops where sessions must fire first, as a row may change those that have.

    promises: whether nothing begins any more before the lesser of W and the least start of an open session, one that is
    not closed: a row that would begin its session there, with all that it joins, is late.

    stop_at_each: whether `admit` stops before each row before which a session must fire, whatever the row.

    >>> import numpy as np
    >>> sessions = Sessions(10, 0, False)
    >>> times, before = np.array([0, 30, 8, 20]), np.array([0, 0, 20, 20])
    >>> end, slots, late, into, source = sessions.admit(np.zeros(4, np.int32), times, before, np.ones(4, np.uint8), 0)
    >>> slots.tolist(), late.tolist()
    ([0, 1, -1, 1], [0, 0, 1, 0])
    >>> [column.tolist() for column in sessions.at(np.array([0, 1], np.int32))]
    [[0, 0], [0, 20], [0, 30]]
    """

    def __init__(
        self,
        gap: int,
        lateness: int,
        stop_at_firing: bool,
        promises: bool = False,
        stop_at_each: bool = False,
    ) -> None: ...
    def admit(
        self,
        keys: NDArray[numpy.int32],
        times: NDArray[numpy.int64],
        before: NDArray[numpy.int64],
        take: NDArray[numpy.uint8],
        begin: int,
    ) -> tuple[int, NDArray[numpy.int32], NDArray[numpy.uint8], NDArray[numpy.int32], NDArray[numpy.int32]]:
        """
        Take rows in order, from `begin` on: (end, slots int32[k], late uint8[k], into int32[m], source int32[m]).

        keys: int32[n]. times: int64[n], microseconds. before: int64[n], W as it stands before each row. take: uint8[n]: 0 =
        leave this row out. end: n; or, if this stops at firings, the first row before which a session that has not fired has
        to, if that row is behind its W or one since the last firing changed a session that had fired, or if it stops at each:
        `fire` at that W, then go on there. slots: of rows [begin, end), -1 for those left out or late; where the row's
        session went into another one later in the call, that one's. into, source: sessions that became one, in order: before
        the state of these rows is added, absorb source[i] in into[i], one after the other, then clear all of `source`. Slots
        of `source` are used again from the next call on. ValueError for unequal sizes, IndexError for a begin outside
        [0, n].
        """

    def admit_spans(
        self, keys: NDArray[numpy.int32], firsts: NDArray[numpy.int64], lasts: NDArray[numpy.int64]
    ) -> tuple[NDArray[numpy.int32], NDArray[numpy.int32], NDArray[numpy.int32]]:
        """
        Take in sessions of other streams: (slots int32[n], into int32[m], source int32[m]), as `admit` has them.

        keys: int32[n]. firsts, lasts: int64[n], microseconds: the first and the last event of each; what lies between them is
        of one session. Those that come within the gap of each other become one. ValueError for unequal sizes, for one that
        ends before it begins, and behind any event.

        >>> import numpy as np
        >>> sessions, keys = Sessions(10, 0, False), np.zeros(3, np.int32)
        >>> sessions.admit_spans(keys, np.array([0, 50, 15]), np.array([5, 90, 42]))[0].tolist()
        [0, 0, 0]
        """

    def due(self, watermark: int) -> bool:
        """Whether `fire` would have anything to fire."""

    def fire(self, watermark: int) -> NDArray[numpy.int32]:
        """
        Sessions that have not fired and whose last + gap lies below the watermark: int32[k], ascending. They have fired now. One that grows until it has to wait again is as if it had not; one made of two has fired if both had.
        """

    def closed(self, watermark: int) -> NDArray[numpy.int32]:
        """
        Sessions whose last + gap + lateness lies below the watermark: int32[k], ascending.
        """

    def least_start(self, watermark: int) -> int:
        """
        The first event time of all sessions that are open at the watermark, 2^63 - 1 if none is; with `promises` or `stop_at_each` only. Rows that follow count as having at least this W.
        """

    def drop(self, slots: NDArray[numpy.int32]) -> None:
        """
        Forget the sessions in these slots and free the slots. IndexError for a slot without a live session, or named twice; nothing has changed then.
        """

    def at(
        self, slots: NDArray[numpy.int32]
    ) -> tuple[NDArray[numpy.int32], NDArray[numpy.int64], NDArray[numpy.int64]]:
        """
        The sessions in these slots: (keys int32[k], first int64[k], last int64[k]). IndexError for a slot without one.
        """

    def live(self) -> NDArray[numpy.int32]:
        """Slots of all sessions that were not dropped: int32[k], ascending."""

    def __len__(self) -> int: ...
    @property
    def capacity(self) -> int:
        """The highest slot given so far + 1: the rows that a store needs."""

    def snapshot(self) -> bytes:
        """
        The whole state as bytes, for `restore` of Sessions with equal gap and lateness.
        """

    def restore(self, snapshot: bytes) -> None:
        """
        Replace the whole state by a snapshot. ValueError for foreign bytes; nothing has changed then.
        """

def slide_counts(
    kinds: NDArray[numpy.uint8] | None,
    take: NDArray[numpy.uint8] | None,
    lo: NDArray[numpy.int64],
    hi: NDArray[numpy.int64],
) -> NDArray[numpy.int64]:
    """
    How many events each range holds, or how many whose kind (uint8[n]) is not NULL: int64[m].

    All slide functions: row r is about the events [lo[r], hi[r]), int64[m] both, 0 <= lo[r] <= hi[r] <= n, and
    neither goes back from row to row. take uint8[n]: 0 leaves an event out; None: none is. ValueError for other
    ranges and for unequal sizes.

    >>> import numpy as np
    >>> slide_counts(None, None, np.array([0, 0, 1]), np.array([1, 2, 4])).tolist()
    [1, 2, 3]
    """

def slide_true(
    flags: NDArray[numpy.uint8],
    take: NDArray[numpy.uint8] | None,
    lo: NDArray[numpy.int64],
    hi: NDArray[numpy.int64],
) -> NDArray[numpy.int64]:
    """
    How many events of each range have their flag (uint8[n]) set: int64[m].
    """

def slide_sums(
    kinds: NDArray[numpy.uint8],
    numbers: NDArray[numpy.int64],
    take: NDArray[numpy.uint8] | None,
    lo: NDArray[numpy.int64],
    hi: NDArray[numpy.int64],
) -> tuple[NDArray[numpy.uint8], NDArray[numpy.int64]]:
    """
    The exact sum of each range, rounded once, as ExactSums.sums: (kinds uint8[m], numbers int64[m]).

    >>> import numpy as np
    >>> kinds, numbers = np.full(3, 4, np.uint8), np.array([0.1, 1e300, 0.2]).view(np.int64)
    >>> slide_sums(kinds, numbers, None, np.array([0, 2]), np.array([2, 3]))[1].view(np.float64).tolist()
    [1e+300, 0.2]
    """

def slide_means(
    kinds: NDArray[numpy.uint8],
    numbers: NDArray[numpy.int64],
    take: NDArray[numpy.uint8] | None,
    lo: NDArray[numpy.int64],
    hi: NDArray[numpy.int64],
) -> tuple[NDArray[numpy.uint8], NDArray[numpy.int64]]:
    """The mean of each range, as ExactSums.means: (kinds, numbers)."""

def slide_ratios(
    kinds: NDArray[numpy.uint8],
    numbers: NDArray[numpy.int64],
    take: NDArray[numpy.uint8] | None,
    lo: NDArray[numpy.int64],
    hi: NDArray[numpy.int64],
    divisors: NDArray[numpy.int64],
    scale: int,
) -> tuple[NDArray[numpy.uint8], NDArray[numpy.int64]]:
    """
    The sum of each range times scale by divisors[r], int64[m], as ExactSums.ratios: (kinds, numbers).
    """

def slide_variances(
    kinds: NDArray[numpy.uint8],
    numbers: NDArray[numpy.int64],
    take: NDArray[numpy.uint8] | None,
    lo: NDArray[numpy.int64],
    hi: NDArray[numpy.int64],
) -> tuple[NDArray[numpy.uint8], NDArray[numpy.int64]]:
    """
    The sample variance of each range, as ExactSums.variances: (kinds, numbers).
    """

def slide_deviations(
    kinds: NDArray[numpy.uint8],
    numbers: NDArray[numpy.int64],
    take: NDArray[numpy.uint8] | None,
    lo: NDArray[numpy.int64],
    hi: NDArray[numpy.int64],
) -> tuple[NDArray[numpy.uint8], NDArray[numpy.int64]]:
    """
    The root of the sample variance of each range, as ExactSums.deviations: (kinds, numbers).
    """

def slide_extremes(
    kinds: NDArray[numpy.uint8],
    numbers: NDArray[numpy.int64],
    take: NDArray[numpy.uint8] | None,
    lo: NDArray[numpy.int64],
    hi: NDArray[numpy.int64],
    minimum: bool,
) -> tuple[NDArray[numpy.uint8], NDArray[numpy.int64]]:
    """
    The least or the greatest number of each range, as Extremes: (kinds uint8[m], numbers int64[m]).
    """

def slide_picks(
    kinds: NDArray[numpy.uint8],
    take: NDArray[numpy.uint8] | None,
    lo: NDArray[numpy.int64],
    hi: NDArray[numpy.int64],
    last: bool,
) -> NDArray[numpy.int64]:
    """
    The index of the first or the last event of each range that is not NULL, -1 if there is none: int64[m].
    """

def slide_distinct(
    hashes: NDArray[numpy.uint64],
    kinds: NDArray[numpy.uint8],
    take: NDArray[numpy.uint8] | None,
    lo: NDArray[numpy.int64],
    hi: NDArray[numpy.int64],
) -> NDArray[numpy.int64]:
    """
    How many different hashes (uint64[n]) the events of each range have whose kind (uint8[n]) is not NULL: int64[m].

    Exact. The memory of the table goes with the hashes of one range.

    >>> import numpy as np
    >>> hashes, kinds = np.array([7, 8, 7], np.uint64), np.full(3, 5, np.uint8)
    >>> slide_distinct(hashes, kinds, None, np.array([0, 0, 1]), np.array([1, 3, 3])).tolist()
    [1, 2, 2]
    """

def slide_quantiles(
    kinds: NDArray[numpy.uint8],
    numbers: NDArray[numpy.int64],
    take: NDArray[numpy.uint8] | None,
    lo: NDArray[numpy.int64],
    hi: NDArray[numpy.int64],
    numerators: NDArray[numpy.uint64],
    denominators: NDArray[numpy.uint64],
) -> tuple[NDArray[numpy.uint8], NDArray[numpy.float64]]:
    """
    Several quantiles of each range in one sweep, with the values of HdrStates.quantile.

    Quantile k is numerators[k] / denominators[k], uint64[q] both; ValueError outside 0 to 1. Returns
    (kinds uint8[q * m], values float64[q * m]): the m rows of quantile 0, then those of quantile 1, and so on.
    Kinds are DOUBLE, or NULL where a range holds no number.

    >>> import numpy as np
    >>> kinds, numbers = np.full(4, 3, np.uint8), np.array([10, 20, 30, 40])
    >>> quantiles = np.array([1, 99], np.uint64), np.array([2, 100], np.uint64)
    >>> slide_quantiles(kinds, numbers, None, np.array([0, 2]), np.array([3, 4]), *quantiles)[1].tolist()
    [20.0, 30.0, 30.0, 40.0]
    """

class SortedPanes:
    """
    Live panes by key and time, and the windows that they are in.

    Windows are numbered in the order of their edges; pane i is in windows firsts[i] to lasts[i]. Of a key, both grow
    from pane to pane, and not both stay what they were. Columns of one length, in any order.

    >>> import numpy as np
    >>> one = np.array([0], np.int32)
    >>> panes = SortedPanes(one, one, np.array([60]), np.array([-3]), np.array([1]))
    >>> [column.tolist() for column in panes.fired(-2, 9)]
    [[0, 0, 0], [-1, 0, 1]]
    """

    def __init__(
        self,
        slots: NDArray[numpy.int32],
        keys: NDArray[numpy.int32],
        los: NDArray[numpy.int64],
        firsts: NDArray[numpy.int64],
        lasts: NDArray[numpy.int64],
    ) -> None: ...
    def fired(self, since: int, until: int) -> tuple[NDArray[numpy.int32], NDArray[numpy.int64]]:
        """
        The windows numbered (since, until] that hold a pane, key by key: (keys int32[m], numbers int64[m]).
        """

class Spans:
    """
    Sums of aligned runs of panes, each made once for all windows that hold the run.

    Base intervals: Arasu and Widom, "Resource sharing in continuous sliding-window aggregates", VLDB 2004. They lie in
    slots that are borrowed from the table of pieces.
    """

    def __init__(self) -> None: ...
    def cover(
        self,
        pieces: PieceTable,
        panes: SortedPanes,
        keys: NDArray[numpy.int32],
        starts: NDArray[numpy.int64],
        ends: NDArray[numpy.int64],
        numbers: NDArray[numpy.int64],
    ) -> tuple[NDArray[numpy.int32], NDArray[numpy.int32], NDArray[numpy.int64], NDArray[numpy.int32]]:
        """
        What windows are made of: (into int32[a], source int32[a], of int64[b], slots int32[b]).

        First slot into[i] must absorb source[i], for i in order: the sums that are new. Then window of[i], ascending, is made
        of slots[i]. Windows [starts, ends) are of `keys`; numbers[w] is first + last of a pane that begins at ends[w]. Panes
        before it are complete, or `forget` is told of those that are not. ValueError for unequal sizes.
        """

    def forget(
        self, pieces: PieceTable, keys: NDArray[numpy.int32], numbers: NDArray[numpy.int64]
    ) -> NDArray[numpy.int32]:
        """
        Panes of these keys (int32[n]) and numbers (first + last, int64[n]) have changed, or go.

        Gives back the slots of the sums that hold one of them, and returns these (int32[k]): clear them.
        """

class SyslogDecoder(BlockDecoder):
    """Syslog lines: [(path, needs)], see streamstat.input.formats."""

    def __init__(self, fields: Sequence[tuple[str, int]], times: TimeReader) -> None: ...

def corrected_times(
    occurred: numpy.typing.NDArray[numpy.int64],
    occurred_kinds: numpy.typing.NDArray[numpy.uint8],
    sent: numpy.typing.NDArray[numpy.int64],
    sent_kinds: numpy.typing.NDArray[numpy.uint8],
    received: numpy.typing.NDArray[numpy.int64],
    received_kinds: numpy.typing.NDArray[numpy.uint8],
    lowest: int,
    highest: int,
) -> numpy.typing.NDArray[numpy.int64] | None:
    """
    occurred + (received - sent), int64[n], if nothing about them is unusual; else None.

    Of each time field int64[n] microseconds and uint8[n] kinds, 1 for an instant. Unusual is any other kind, a sent before
    its occurred, and a result outside [lowest, highest]. Times are in years 1 to 9999. ValueError for unequal sizes.

    >>> import numpy as np
    >>> one = np.ones(1, np.uint8)
    >>> corrected_times(np.array([5]), one, np.array([7]), one, np.array([100]), one, 0, 1000).tolist()
    [98]
    """

def cell_starts(times: NDArray[numpy.int64], origin: int, step: int) -> NDArray[numpy.int64]:
    """origin + step * quotients(times, origin, step), int64[n]."""

def quotients(times: NDArray[numpy.int64], origin: int, step: int) -> NDArray[numpy.int64]:
    """
    floor((times - origin) / step), int64[n]; cheap where neighbours are alike.

    times: int64[n], of which origin can be subtracted. ValueError unless step is positive.

    >>> import numpy as np
    >>> quotients(np.array([-1, 0, 59, 60]), 0, 60).tolist()
    [-1, 0, 0, 1]
    """

class TopStates:
    """
    The k most frequent values per slot: exact up to max(1024, 20k) different ones, then Space-Saving (Metwally,
    Agrawal, El Abbadi 2005) in input order with so many counters. The true count is in [count - error, count].

    A value is what was written: 1, 1.0 and "1" are three. When all counters are taken, a new value replaces
    the one with the least count, of equal ones that whose count grew the longest ago. While no slot has lost a
    value, absorbing equals updating; then counts and errors add up as in Agarwal et al. 2012, which is sound
    but not what updating would have given. k is 1 to 100,000,000, else ValueError.

    >>> import numpy as np
    >>> top = TopStates(2)
    >>> top.resize(1)
    >>> slots, kinds = np.zeros(3, np.int32), np.full(3, 5, np.uint8)
    >>> top.update(slots, kinds, np.array([0, 1, 2, 3]), np.frombuffer(b'aba', np.uint8))
    >>> top.results(slots[:1])[1].tobytes()
    b'[["a",2,0],["b",1,0]]'
    """

    def __init__(self, k: int) -> None: ...
    def __len__(self) -> int: ...
    def resize(self, n: int) -> None:
        """
        Make slots 0..n-1 exist; new ones are empty. Fewer than there are or over 2^31 - 1: ValueError.
        """

    def clear(self, slots: NDArray[numpy.int32]) -> None:
        """
        Make these slots (int32[m]) empty and free their memory. IndexError if one does not exist.
        """

    def snapshot(self, slots: NDArray[numpy.int32]) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
        """
        The states of these slots (int32[m]) as byte strings: (offsets int64[m+1], data uint8[]).

        Equal states give equal bytes.
        """

    def restore(
        self, slots: NDArray[numpy.int32], offsets: NDArray[numpy.int64], data: NDArray[numpy.uint8]
    ) -> None:
        """
        Put back what `snapshot` of a table with these parameters gave, state i into slots[i]. ValueError for
        other bytes; nothing has changed then.
        """

    def absorb(self, other: TopStates, into: NDArray[numpy.int32], source: NDArray[numpy.int32]) -> None:
        """
        For each i in order, merge slot source[i] of other (may be self) into slot into[i]; int32[m] both.

        Law: absorbing the state of a stream equals updating with that stream.
        ValueError if other was made with other parameters, IndexError if a slot does not exist.
        """

    def absorb_snapshots(
        self,
        passage: TopStates,
        into: NDArray[numpy.int32],
        offsets: NDArray[numpy.int64],
        data: NDArray[numpy.uint8],
        later: int,
    ) -> None:
        """
        Merge what `snapshot` gave, state i into slot into[i] (int32[m]), by way of a table of one slot with the same
        parameters. The events of these states stand `later` places further on in the stream than they know.

        ValueError for other bytes; those before them have been merged then. IndexError if a slot does not exist.
        """

    def update(
        self,
        slots: NDArray[numpy.int32],
        kinds: NDArray[numpy.uint8],
        text_offsets: NDArray[numpy.int64],
        text_data: NDArray[numpy.uint8],
    ) -> None:
        """
        Count row i, in this order: slots int32[n], kinds uint8[n], text_offsets int64[n+1], text_data uint8[].
        The text of a number is its spelling, without which: ValueError. NULL is skipped.
        """

    def results(self, slots: NDArray[numpy.int32]) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
        """
        JSON text [[value,count,error],...] per slot, greatest count first, equal ones in row order of the value:
        (offsets int64[m+1], data uint8[]).
        """

    def exact(self, slots: NDArray[numpy.int32]) -> NDArray[numpy.uint8]:
        """
        Whether each slot (int32[m]) has lost no value, so that all its counts are exact: uint8[m].
        """

class TupleTable:
    """
    Rows of `width` codes to dense ids in first-come order, and back.

    ValueError unless 1 <= width <= 4096.

    >>> import numpy as np
    >>> tuples = TupleTable(2)
    >>> tuples.intern([np.array([4, 4, 4], np.int32), np.array([0, 1, 0], np.int32)]).tolist()
    [0, 1, 0]
    """

    def __init__(self, width: int) -> None: ...
    def intern(
        self, columns: Sequence[NDArray[numpy.int32]], take: NDArray[numpy.uint8] | None = None
    ) -> NDArray[numpy.int32]:
        """
        The id of each row, given if it is new: int32[n].

        columns: `width` arrays int32[n]. take: uint8[n], 0 = leave this row out, id -1; None takes all. ValueError for
        another number of columns or unequal sizes, OverflowError beyond 2^31 - 1 ids.
        """

    def find(self, columns: Sequence[NDArray[numpy.int32]]) -> NDArray[numpy.int32]:
        """As intern of all rows, but a row without an id gets none: -1."""

    def __len__(self) -> int: ...
    def columns(self, ids: NDArray[numpy.int32]) -> list[NDArray[numpy.int32]]:
        """
        The codes of each id: a list of `width` arrays int32[m]. IndexError for an id that was never given.
        """

    def retain(self, live: NDArray[numpy.uint8]) -> NDArray[numpy.int32]:
        """
        Forget ids whose flag (uint8, one an id) is 0, close the gaps in order; the new id of each old one, -1 if forgotten: int32. ValueError for a wrong number of flags.
        """

    def snapshot(self) -> bytes:
        """The whole state as bytes, for `restore` of a table of this width."""

    def restore(self, snapshot: bytes) -> None:
        """
        Replace the whole state by a snapshot. ValueError for foreign bytes; nothing has changed then.
        """

class UniqueTable:
    """
    Values that were counted before, known by hashes of 128 bits, until each is forgotten.

    forgets: whether any ever is.

    >>> import numpy as np
    >>> table, hashes = UniqueTable(True), np.array([7, 8, 7], np.uint64)
    >>> never, before = np.full(3, 2**63 - 1), np.zeros(3, np.int64)
    >>> end, duplicates = table.sift(hashes, hashes, never, before, np.full(3, 2, np.uint8), 0)
    >>> end, duplicates.tolist()
    (3, [0, 0, 1])
    """

    def __init__(self, forgets: bool) -> None: ...
    def sift(
        self,
        low: NDArray[numpy.uint64],
        high: NDArray[numpy.uint64],
        forgotten: NDArray[numpy.int64],
        before: NDArray[numpy.int64],
        roles: NDArray[numpy.uint8],
        begin: int,
    ) -> tuple[int, NDArray[numpy.uint8]]:
        """
        Which rows of a block, from `begin` on, have a value that was there before: (row, uint8[n]).

        low, high: uint64[n], the hashes. forgotten: int64[n], the watermark from which on the value of a row is as if it had
        never been there; before: int64[n], the watermark before the row. roles: uint8[n], 0 leave it out, 1 ask only, 2 it
        counts unless it is a duplicate, 3 it may be late. The row is n, or one before which `settle` must be called: it has the
        value of a row of the third kind. ValueError for unequal sizes.
        """

    def settle(self, lost: NDArray[numpy.uint8]) -> None:
        """
        Remember the rows that might have been late and were not, uint8[m]; those behind m were not.
        """

    def __len__(self) -> int: ...
    def snapshot(self) -> bytes:
        """The whole state as bytes, in the order of hashes."""

    def restore(self, snapshot: bytes) -> None:
        """
        Replace the whole state by a snapshot. ValueError for foreign bytes; nothing has changed then.
        """

def join_hashes(columns: Sequence[NDArray[numpy.uint64]]) -> NDArray[numpy.uint64]:
    """
    A hash of several hashes, row by row: uint64[n]. ValueError for none, or unequal sizes.
    """

def hash_values(
    kinds: NDArray[numpy.uint8], offsets: NDArray[numpy.int64], data: NDArray[numpy.uint8]
) -> NDArray[numpy.uint64]:
    """
    XXH64, seed 0, of each value: a string's bytes, or 0xFF and the spelling; 0 for null: uint64[n].
    """

def parse_numbers(
    kinds: NDArray[numpy.uint8], offsets: NDArray[numpy.int64], data: NDArray[numpy.uint8]
) -> NDArray[numpy.int64]:
    """
    Numbers from their spelling: int64, or the bits of a double; 0 for other kinds: int64[n].
    """

def rank_values(
    kinds: NDArray[numpy.uint8], offsets: NDArray[numpy.int64], data: NDArray[numpy.uint8]
) -> NDArray[numpy.int64]:
    """Dense ranks of values in the order of result rows: int64[n]."""

def numbered_members(
    text_offsets: NDArray[numpy.int64], text_data: NDArray[numpy.uint8], names: Sequence[str]
) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
    """
    Objects whose members are called by the places of their names in a list: other members are left out.

    What is no object gives an empty text.
    """

class RowTable:
    """
    The last row of each key of a table, as changes come in the order of their log.

    A key is a slot, an int32 from 0; a row is a JSON object on one line, whose members stay spelt as they came. collects_names:
    whether names of columns are kept, in the order in which changes bring them.

    >>> import numpy as np
    >>> table, no_offsets, nothing = RowTable(False), np.zeros(2, np.int64), np.zeros(0, np.uint8)
    >>> text = np.frombuffer(b'{"a":1}', np.uint8)
    >>> one, none = np.zeros(1, np.int32), np.full(1, -1, np.int32)
    >>> events = table.apply(np.zeros(1, np.uint8), one, none, (np.array([0, 7]), text), None, none,
    ...                      (no_offsets, nothing), np.zeros(1, np.int64), False, False)
    >>> events[2].tolist(), table.live().tolist()
    ([1], [0])
    """

    def __init__(self, collects_names: bool) -> None: ...
    def apply(
        self,
        ops: NDArray[numpy.uint8],
        slots: NDArray[numpy.int32],
        old_slots: NDArray[numpy.int32],
        texts: tuple[NDArray[numpy.int64], NDArray[numpy.uint8]],
        kept: tuple[NDArray[numpy.int64], NDArray[numpy.uint8]] | None,
        spaces: NDArray[numpy.int32],
        positions: tuple[NDArray[numpy.int64], NDArray[numpy.uint8]],
        times: NDArray[numpy.int64],
        wants_before: bool,
        wants_after: bool,
    ) -> tuple[
        NDArray[numpy.uint8],
        NDArray[numpy.int64],
        NDArray[numpy.uint8],
        NDArray[numpy.int32],
        NDArray[numpy.int32],
        NDArray[numpy.int64],
        tuple[NDArray[numpy.int64], NDArray[numpy.uint8]],
        tuple[NDArray[numpy.int64], NDArray[numpy.uint8]],
    ]:
        """
        Take in n changes in the order of the log; what they did to rows.

        ops: uint8[n], 0 the row is this one, 1 these columns of it, 2 it is gone, 3 all rows are gone, 4 the row as a snapshot has
        it, 5 steps that change it (see changes/edits.hpp). slots: int32[n]. old_slots: the key that the row had before, or -1.
        texts: (offsets, data) of the row, its columns or the steps. kept: the same of objects whose names are columns that the row
        has, whatever is in them, or None. spaces, positions: a change whose position is not greater than that of the last one of its
        key in the same space (-1: it has none) is stale; one of a snapshot is, if there was any other of its key. times: int64[n],
        the least is none. wants_before, wants_after: whether the rows before and after each event are told.

        Gives of each change whether it was applied (bit 1: to its key, bit 2: to the old one), and of each event, in order, the
        change, 1 insert, 2 update or 3 delete, the slot, how many names were known behind it, when the row before
        it had changed, and the rows before and after it, if they are wanted.
        ValueError for what cannot be; nothing has changed then.
        """

    def live(self) -> NDArray[numpy.int32]:
        """The slots that have a row, ascending: int32."""

    def partial(self) -> NDArray[numpy.int32]:
        """
        Those of them of whose row not all columns are known: an update began it.
        """

    def rows(self, slots: NDArray[numpy.int32]) -> tuple[NDArray[numpy.int64], NDArray[numpy.uint8]]:
        """
        The rows of these slots: (offsets int64[m+1], data uint8). IndexError for a slot that has none.
        """

    def times(self, slots: NDArray[numpy.int32]) -> NDArray[numpy.int64]:
        """
        The time of the last change of each: int64[m]. IndexError for a slot that was never given.
        """

    @property
    def names(self) -> list[bytes]:
        """
        The names of columns that changes have brought, in that order, if they are collected: UTF-8.
        """

    def present_names(self) -> list[bytes]:
        """
        Those of the names that rows have, or of which a row may have a value that nobody knows.
        """

    @property
    def name_count(self) -> int:
        """How many there are."""

    @property
    def size(self) -> int:
        """What rows and positions take, with what is to be given back."""

    def snapshot(self) -> bytes:
        """The whole state as bytes, for `restore`."""

    def restore(self, snapshot: bytes) -> None:
        """
        Replace the whole state by a snapshot. ValueError for foreign bytes; nothing has changed then.
        """

class Watermark:
    """
    The watermark W: no more events with a time below W. It never goes back.

    delay: microseconds that W stays behind the newest event time; None or -1 = events never move it.
    idle: a producer whose newest time lags more than this many microseconds behind the newest of all is left out
    of the minimum until it catches up; None or -1 = never. ValueError if below -1.

    Each producer p has m_p, the newest time it spoke of, and W_p = max(W_p, m_p - delay); W is the largest so far
    of min(W_p of producers that are not idle) and of the promises made for all. Int64 limits stand for the
    infinities, and subtraction saturates there.

    >>> import numpy as np
    >>> watermark = Watermark(delay=5)
    >>> times, producers = np.array([60, 100, 80, 200]), np.array([1, 0, 1, 0], np.int32)
    >>> watermark.advance(times, producers, np.ones(4, np.uint8))[1:].tolist(), watermark.watermark
    ([55, 55, 75], 75)
    """

    def __init__(self, delay: int | None, idle: int | None = None) -> None: ...
    def advance(
        self,
        times: NDArray[numpy.int64],
        producers: NDArray[numpy.int32] | None,
        roles: NDArray[numpy.uint8],
        producer: int = 0,
    ) -> NDArray[numpy.int64]:
        """
        Take rows in order; return W as it stood before each, int64[n].

        times: int64[n], microseconds. producers: int32[n] codes from 0, or None where all rows are of one, `producer`.
        roles: uint8[n]: 0 moves nothing, 1 an event, 2 a promise of its producer, 3 a promise for all producers.
        A producer is known from its first event or promise. ValueError for unequal sizes or another role, IndexError
        for a negative producer of an event or promise; nothing has moved then.
        """

    def forget_promises(self) -> None:
        """
        Forget the promises made for all while W was held: they do not bind an input that comes later. W stays.
        """

    def renumber(self, codes: NDArray[numpy.int32]) -> None:
        """
        Give each producer the code that `codes`, int32, has at its present one, and forget those where that is -1: of an input read to its end nothing counts any more. W moves to where those that are left let it. IndexError for a code without a new one, ValueError for one given twice; nothing has changed then.
        """

    def finish(self) -> None:
        """All inputs have ended: W becomes plus infinity, 2^63 - 1."""

    @property
    def held(self) -> bool:
        """
        While True, as inputs have not yet begun, W stays where it is; the producers' clocks still move. Then the next row that moves anything moves W.
        """

    @held.setter
    def held(self, arg: bool, /) -> None: ...
    @property
    def watermark(self) -> int:
        """W in microseconds; -2^63 = minus, 2^63 - 1 = plus infinity."""

    @property
    def newest(self) -> int:
        """The newest m_p of all producers; -2^63 before any."""

    @property
    def max_lateness(self) -> int:
        """
        Microseconds: the most that an event of the run lay behind an earlier one of its producer; 0 if none did.
        """

    def producers(self) -> tuple[NDArray[numpy.int32], NDArray[numpy.int64], NDArray[numpy.int64]]:
        """
        Producers in first-come order: (codes int32[k], m_p int64[k], W_p int64[k]).
        """

    def snapshot(self) -> bytes:
        """
        The whole state as bytes, for `restore` of a Watermark with equal delay and idle.
        """

    def restore(self, snapshot: bytes) -> None:
        """
        Replace the whole state by a snapshot. ValueError for foreign bytes; nothing has changed then.
        """

def folded_words(text: bytes) -> list[bytes]:
    """
    The words of a text: runs of letters and digits, folded.

    >>> folded_words("Disk-FULL, 97%".encode())
    [b'disk', b'full', b'97']
    """

def has_words(
    offsets: NDArray[numpy.int64], data: NDArray[numpy.uint8], phrase: bytes
) -> NDArray[numpy.uint8]:
    """
    In which texts the words of a phrase stand next to each other, whatever their case: uint8[n].
    """

def has_words_inside(
    offsets: NDArray[numpy.int64], data: NDArray[numpy.uint8], phrase: bytes
) -> NDArray[numpy.uint8]:
    """
    In which JSON texts a text value, at any depth, has the words of a phrase next to each other: uint8[n].
    """
