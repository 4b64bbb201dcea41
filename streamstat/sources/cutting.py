"""Cutting one source into blocks of whole lines, in bounded memory, holding back nothing."""

import time
from collections.abc import Callable, Iterator

from streamstat.batch import U8
from streamstat.sources.buffers import PADDING, BufferPool, new_buffer
from streamstat.sources.guarded import GuardedSource
from streamstat.sources.items import Block, OverLongLine

# While a writer keeps up with us, lines wait this long for a full block and no longer.
_GATHER_SECONDS = 0.05
_SMALL_BYTES = 1 << 20
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"

Sink = Callable[[memoryview], object]


class LineCutter:
    """Reads a source into one buffer and hands it out up to its last newline; the rest begins the next.

    No buffer ever holds more than a line of the greatest length and its newline, so a line is over-long
    exactly if it fills one. `sink` gets the bytes of over-long lines as they pass, with their newlines.
    """

    def __init__(
        self, number: int, source: GuardedSource, pool: BufferPool, max_line_bytes: int, sink: Sink
    ) -> None:
        self._number, self._source, self._pool = number, source, pool
        self._max_line_bytes, self._sink = max_line_bytes, sink
        self._use(pool.take())
        self._filled = 0  # bytes in the buffer
        self._scanned = 0  # those of them that are known to hold no newline
        self._position = 0  # of the buffer's first byte in the input

    def cut(self) -> Iterator[Block | OverLongLine]:
        """All blocks and over-long lines in order; a half line at a stop or failure is left out."""
        while not self._source.over:
            if self._scanned == self._filled:
                self._gather()
            if (end := _end_of_lines(self._view, self._scanned, self._filled)) > 0:
                yield self._take(end, last=False)
            elif self._filled == self._capacity:
                if not self._grow():
                    yield self._skip_line()
            else:
                self._scanned = self._filled
        if self._source.complete and self._filled:
            yield self._take(self._filled, last=True)
        self._pool.give(self._buffer)

    def _use(self, buffer: U8) -> None:
        self._buffer, self._view = buffer, buffer.data
        self._capacity = min(len(buffer) - PADDING, self._max_line_bytes + 1)

    def _gather(self) -> None:
        """Wait for the first bytes, then add what is there already, up to a full buffer."""
        if self._filled == self._capacity:
            return
        self._filled += self._source.read_waiting(self._view[self._filled : self._capacity])
        until = time.monotonic() + _GATHER_SECONDS
        while self._filled < self._capacity:
            n = self._source.read_present(self._view[self._filled : self._capacity])
            self._filled += n
            if n == 0 or time.monotonic() > until:
                return

    def _take(self, size: int, *, last: bool) -> Block:
        """The first `size` bytes as a block; the rest moves to the start of a buffer."""
        filled, buffer, rest = self._filled, self._buffer, self._filled - size
        facts = (size, self._number, self._position, self._position == 0, last)
        if size <= self._capacity // 4:
            # Cheaper than another buffer, and many small blocks in flight stay small.
            content = new_buffer(size)
            content[:size] = buffer[:size]
            block = Block(content, *facts)
            buffer[:rest] = buffer[size:filled]
            self._use(buffer)
        else:
            block = Block(buffer, *facts, self._pool)
            self._use(self._pool.take(rest))
            self._buffer[:rest] = buffer[size:filled]
        self._filled = self._scanned = rest
        self._position += size
        return block

    def _grow(self) -> bool:
        """Make room for the longest line; False if it is there already."""
        room = self._max_line_bytes + 1
        if self._position == 0 and bytes(self._view[:3]) == _BYTE_ORDER_MARK:
            room += len(_BYTE_ORDER_MARK)  # it is skipped, and so no part of the line
        if self._capacity >= room:
            return False
        if self._capacity < _SMALL_BYTES:  # step by step, so that small blocks stay small; then at once
            room = min(room, max(2 * self._capacity, 64))
        buffer, filled = self._buffer, self._filled
        self._use(new_buffer(room))
        self._capacity = room
        self._buffer[:filled] = buffer[:filled]
        self._scanned = filled
        self._pool.give(buffer)
        return True

    def _skip_line(self) -> OverLongLine:
        """Drop bytes up to the next newline; what was read behind it is left at the start of the buffer."""
        position, size = self._position, self._filled
        self._sink(self._view[:size])
        self._use(self._pool.take())
        self._filled = self._scanned = 0
        while n := self._source.read_waiting(self._view[: self._capacity]):
            newline = _first_newline(self._view, n)
            self._sink(self._view[: min(newline + 1, n)])
            size += newline
            if newline < n:
                self._filled = n - newline - 1
                self._buffer[: self._filled] = self._buffer[newline + 1 : n]
                self._position = position + size + 1
                break
        return OverLongLine(self._number, position, size)


_SEARCH_BYTES = 1 << 16


def _end_of_lines(view: memoryview, lo: int, hi: int) -> int:
    """The place behind the last newline in [lo, hi), or 0.

    >>> _end_of_lines(memoryview(b"a\\nb\\nc"), 0, 5)
    4
    """
    step = 1 << 10  # most last lines are short
    while hi > lo:
        start = max(lo, hi - step)
        if (found := bytes(view[start:hi]).rfind(b"\n")) >= 0:
            return start + found + 1
        hi, step = start, _SEARCH_BYTES
    return 0


def _first_newline(view: memoryview, n: int) -> int:
    """The place of the first newline in [0, n), or n."""
    for lo in range(0, n, _SEARCH_BYTES):
        hi = min(lo + _SEARCH_BYTES, n)
        if (found := bytes(view[lo:hi]).find(b"\n")) >= 0:
            return lo + found
    return n
