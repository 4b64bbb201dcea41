"""Cutting one source into blocks of whole records, in bounded memory, holding back nothing."""

import time
from collections.abc import Callable, Iterator

from streamstat.input.blocks.buffers import BufferPool, new_buffer
from streamstat.input.blocks.items import Block, OverLongLine
from streamstat.input.formats import Choose, Records
from streamstat.input.sources.guarded import GuardedSource
from streamstat.input.sources.marks import BYTE_ORDER_MARK, Mark
from streamstat.kernels import PADDING
from streamstat.values.columns import U8

# While a writer keeps up with us, lines wait this long for a full block and no longer.
_GATHER_SECONDS = 0.05
_SMALL_BYTES = 1 << 20
# The first block is small, each of the next takes twice as much: decoding begins at once.
_FIRST_BYTES = 1 << 20
# At most about so many lines: columns of many short ones take more memory than the lines.
_MOST_LINES = 80_000
_SAMPLE_BYTES = _SKIP_BYTES = 1 << 16
_TELLING_BYTES = 1 << 20  # of an input, by which its format is told
_MOST_PRESENT_BLOCKS = 8  # in one turn, so that a fast writer leaves room for the others

OverLongSink = Callable[[memoryview], object]


def forget(piece: memoryview) -> None:
    """Where over-long lines go that nobody wants."""


class Cutter:
    """Reads a source into one buffer and hands it out up to the end of its last record; the rest begins the next.

    The format of an input that has none yet is chosen by its first bytes, before any of them is given.

    No buffer ever holds more than a record of the greatest length and its newline; a line that fills one is
    over-long. `sink` gets the bytes of over-long lines as they pass, with their newlines.
    NULs in front of a record are no part of it (a log that was truncated under its writer has GiBs of them): where they
    fill a buffer they are dropped.
    """

    def __init__(
        self,
        number: int,
        source: GuardedSource,
        pool: BufferPool,
        max_line_bytes: int,
        sink: OverLongSink,
        choose: Choose,
        mark: Mark = Mark(),  # noqa: B008  (a tuple)
        skipped: int = 0,
    ) -> None:
        self._number, self._source, self._pool = number, source, pool
        self._max_line_bytes, self._sink = max_line_bytes, sink
        self._use(pool.take())
        self._filled = 0  # bytes in the buffer
        self._choose = choose
        self._records: Records | None = None if mark.format is None else mark.format.records()
        self._step = _FIRST_BYTES  # added at most before lines are cut off
        self.mark = mark  # behind the last line that was given
        self._reached = (
            mark  # where the buffer's first byte stands: the same, or behind NULs that were dropped
        )
        self._dropped = 0  # of these NULs
        self.skipped = skipped  # bytes of an over-long line behind it whose newline has not come

    def cut(self, *, growing: bool = False) -> Iterator[Block | OverLongLine]:
        """All blocks and over-long lines in order; a half line at a stop or failure is left out.

        The last line of an input that is `growing` is a half one too, as long as its newline is not there.
        """
        while not self._source.over:
            self._gather()
            yield from self._whole_records()
        if not growing:
            yield from self._last_record()
        self._pool.give(self._buffer)

    def cut_present(self) -> Iterator[Block | OverLongLine]:
        """What can be had without waiting, a few blocks at most; at the end of the source also its last line."""
        for _ in range(_MOST_PRESENT_BLOCKS):
            if self._source.over or not self._gather_present():
                break
            yield from self._whole_records()
        if self._source.over:
            yield from self._last_record()

    def _whole_records(self) -> Iterator[Block | OverLongLine]:
        """What can be cut off the buffer before more is read."""
        while True:
            if self.skipped:
                yield from self._skip()
            if self._records is None:
                self._decide(complete=False)
            if (end := self._end()) > 0:
                yield self._take(end, last=False)
            elif self._filled < self._capacity:
                return
            elif not self._drop_nuls() and not self._grow():
                yield from self._give_way()

    def _last_record(self) -> Iterator[Block | OverLongLine]:
        """What the end of the input cuts off."""
        if self.skipped:
            yield self._over_long(self.mark.skipping(self.skipped))
        elif self._source.complete and self._filled:
            if self._records is None:
                self._decide(complete=True)
            if (end := self._end()) > 0:  # of an input that was too short to tell its format before
                yield self._take(end, last=False)
            if self._filled:
                yield self._take(self._filled, last=True)

    def _decide(self, *, complete: bool) -> None:
        """Choose the format, if what there is tells; it must where there is no more, or no room for more."""
        head = self._view[self._begin : min(self._filled, _TELLING_BYTES)]
        found = self._choose(head, complete or self._filled >= _TELLING_BYTES)
        if found is not None:
            self._records = found.records()
            self.mark = self.mark._replace(format=found)
            self._reached = self._reached._replace(format=found)

    def _end(self) -> int:
        """The byte behind the last whole record in the buffer, or 0. A byte-order mark is no part of one."""
        if self._records is None or self._may_become_byte_order_mark:
            return 0
        end = self._records.end(self._view[self._begin : self._filled])
        return end and self._begin + end

    def _give_way(self) -> Iterator[Block]:
        """The buffer is full, and no record ends in it."""
        if self._records is None:
            self._decide(complete=True)
        elif (end := self._records.forced_end(self._view[self._begin : self._filled])) > 0:
            yield self._take(self._begin + end, last=False)
        else:
            self._begin_to_skip()

    def _use(self, buffer: U8) -> None:
        self._buffer, self._view = buffer, buffer.data
        self._capacity = min(len(buffer) - PADDING, self._max_line_bytes + 1)

    def _gather(self) -> None:
        """Wait for the first bytes, then add what is there already, up to a full step."""
        room = self._room()
        self._filled += self._source.read_waiting(self._view[self._filled : room])
        self._fill(room)

    def _gather_present(self) -> bool:
        """Add what is there already, up to a full step; whether there was anything."""
        before = self._filled
        self._fill(self._room())
        return self._filled > before

    def _room(self) -> int:
        return min(self._capacity, self._filled + self._step)

    def _fill(self, room: int) -> None:
        until = time.monotonic() + _GATHER_SECONDS
        while self._filled < room:
            n = self._source.read_present(self._view[self._filled : room])
            self._filled += n
            if n == 0 or time.monotonic() > until:
                break

    def _take(self, size: int, *, last: bool) -> Block:
        """The first `size` bytes as a block; the rest moves to the start of a buffer."""
        filled, buffer, rest = self._filled, self._buffer, self._filled - size
        self._step = min(2 * self._step, self._capacity, _bytes_of_lines(_MOST_LINES, self._view[:size]))
        first, dropped, self._dropped = self._reached.position == 0, self._dropped, 0
        format = self._reached.format
        assert format is not None and self._records is not None
        behind = self._records.taken(size - self._begin)
        self.mark = self._reached = self._reached.after(self._view[:size], behind)
        facts = (size, self._number, self.mark, first, last, format)
        if size <= self._capacity // 4:
            # Cheaper than another buffer, and many small blocks in flight stay small.
            content = new_buffer(size)
            content[:size] = buffer[:size]
            block = Block(content, *facts, nuls=dropped)
            buffer[:rest] = buffer[size:filled]
            self._use(buffer)
        else:
            block = Block(buffer, *facts, self._pool, dropped)
            self._use(self._pool.take(rest))
            self._buffer[:rest] = buffer[size:filled]
        self._filled = rest
        return block

    @property
    def _at_byte_order_mark(self) -> bool:
        here = self._reached.position == 0 and self._filled >= len(BYTE_ORDER_MARK)
        return here and bytes(self._view[: len(BYTE_ORDER_MARK)]) == BYTE_ORDER_MARK

    @property
    def _may_become_byte_order_mark(self) -> bool:
        here = self._reached.position == 0 and self._filled < len(BYTE_ORDER_MARK)
        return here and BYTE_ORDER_MARK.startswith(bytes(self._view[: self._filled]))

    @property
    def _begin(self) -> int:
        """Where records begin in the buffer."""
        return len(BYTE_ORDER_MARK) if self._at_byte_order_mark else 0

    def _grow(self) -> bool:
        """Make room for the longest line; False if it is there already."""
        room = self._max_line_bytes + 1
        if self._at_byte_order_mark:
            room += len(BYTE_ORDER_MARK)  # it is skipped, and so no part of the line
        if self._capacity >= room:
            return False
        if self._capacity < _SMALL_BYTES:  # step by step, so that small blocks stay small; then at once
            room = min(room, max(2 * self._capacity, 64))
        buffer, filled = self._buffer, self._filled
        self._use(new_buffer(room))
        self._capacity = room
        self._buffer[:filled] = buffer[:filled]
        self._pool.give(buffer)
        return True

    def _drop_nuls(self) -> bool:
        """Drop those in front of the line that fills the buffer; whether there were any.

        One is kept where nothing else has come yet: the end of the input may be next, and a block tells of it.
        """
        begin = self._begin
        size = _end_of_nuls(self._view, begin, self._filled)
        size -= size == self._filled
        if size <= begin:
            return False
        self._reached = self._reached.skipping_nuls(self._view[:size])
        if self._records is not None:
            self._records.taken(size - begin)
        self._dropped += size - begin
        rest = self._filled - size
        self._buffer[:rest] = self._buffer[size : self._filled]
        self._filled = rest
        return True

    def _begin_to_skip(self) -> None:
        """Drop the buffer, which is full of a line that is too long."""
        self.mark, self.skipped = self._reached, self._filled
        self._sink(self._view[: self._filled])
        self._use(self._pool.take())
        self._filled = 0

    def _skip(self) -> Iterator[OverLongLine]:
        """Drop bytes up to the next newline; what was read behind it is left at the start of the buffer."""
        newline = _first_newline(self._view, self._filled)
        rest = max(self._filled - newline - 1, 0)
        self._sink(self._view[: self._filled - rest])
        self.skipped += newline
        found = newline < self._filled
        self._buffer[:rest] = self._buffer[newline + 1 : self._filled]
        self._filled = rest
        if found:
            yield self._over_long(self.mark.skipping(self.skipped + 1))

    def _over_long(self, behind: Mark) -> OverLongLine:
        line = OverLongLine(self._number, self.mark.position, self.skipped, behind, self._dropped)
        self.mark = self._reached = behind
        self._records = None if behind.format is None else behind.format.records()
        self.skipped = self._dropped = 0
        return line


def _bytes_of_lines(lines: int, like: memoryview) -> int:
    """What so many lines take if they are as long as the first of these.

    >>> _bytes_of_lines(10, memoryview(b"a\\nbcd\\nef"))
    40
    """
    sample = bytes(like[:_SAMPLE_BYTES])
    return lines * len(sample) // (sample.count(b"\n") or 1)


def _end_of_nuls(view: memoryview, lo: int, hi: int) -> int:
    """The place behind the NULs that stand at `lo`.

    >>> _end_of_nuls(memoryview(b"{\\0\\0{"), 1, 4)
    3
    """
    while lo < hi:
        piece = bytes(view[lo : min(lo + _SKIP_BYTES, hi)])
        content = piece.lstrip(b"\0")
        lo += len(piece) - len(content)
        if content:
            break
    return lo


def _first_newline(view: memoryview, n: int) -> int:
    """The place of the first newline in [0, n), or n."""
    for lo in range(0, n, _SKIP_BYTES):
        hi = min(lo + _SKIP_BYTES, n)
        if (found := bytes(view[lo:hi]).find(b"\n")) >= 0:
            return lo + found
    return n
