"""What the reading of inputs yields, in order: beginnings, blocks of whole lines, lines too long, ends."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from streamstat.common.errors import StreamstatError
from streamstat.common.record import record
from streamstat.input.blocks.buffers import BufferPool
from streamstat.input.formats import Format
from streamstat.input.sources.marks import BYTE_ORDER_MARK, Mark
from streamstat.values.columns import U8

_RELEASED: U8 = np.zeros(0, np.uint8)


@dataclass(slots=True)
class Block:
    """Whole records of one input: buffer[:size], and at least 64 readable bytes of no meaning behind them.

    input: its number, from 0. mark: what tells the place behind this block. first: it is the start of its input,
    where a byte-order mark may stand. nuls: so many stood in front of its first record, and were dropped. last: its
    last record has no end, because the input ended there. format: as it stands at the first record. The buffer is read
    into again after `release`.
    """

    buffer: U8
    size: int
    input: int
    mark: Mark
    first: bool
    last: bool
    format: Format
    pool: BufferPool | None = None
    nuls: int = 0

    @property
    def position(self) -> int:
        """Bytes of the input, after decompression, up to the end of this block."""
        return self.mark.position

    @property
    def alone(self) -> Format:
        """What reads one of its records by itself: the format behind them, which has read a heading already."""
        return self.mark.format or self.format

    @property
    def begin(self) -> int:
        """Where records begin: behind a byte-order mark."""
        mark = len(BYTE_ORDER_MARK)
        here = self.first and self.size >= mark  # what stands behind the size has no meaning
        return mark if here and self.buffer[:mark].tobytes() == BYTE_ORDER_MARK else 0

    def tobytes(self) -> bytes:
        """A copy of the lines."""
        return self.buffer[: self.size].tobytes()

    def release(self) -> None:
        """Give the buffer back to be read into; from any thread, and harmless a second time."""
        buffer, self.buffer, self.size = self.buffer, _RELEASED, 0
        if self.pool is not None:
            self.pool.give(buffer)  # which ignores the empty one of a second release


@record
class OverLongLine:
    """A line over the limit, skipped in constant memory: a bad line, at its place between the blocks.

    begin and size are in bytes after decompression; the newline is not counted in size. mark: what tells the place
    behind it. nuls: so many stood in front of it, and were dropped. A line cut off by a stop or a failing input is
    reported with the bytes that were seen, as nothing can make it a good one.
    """

    input: int
    begin: int
    size: int
    mark: Mark
    nuls: int = 0


@record
class InputBegins:
    """The blocks that follow are of the input with this number, from where it was left; there may be none yet.

    others_to_come: other inputs, of which nothing is known yet, come later.
    """

    input: int
    name: str
    others_to_come: bool = False


@record
class InputEnds:
    """No more of this input: it was read to its end, or failed, or the run was stopped."""

    input: int
    error: StreamstatError | None
    stopped: bool = False


@record
class StreamEnds:
    """All inputs of one of several streams were read to their ends, or have failed."""

    stream: int


@record
class Pause:
    """All inputs that are followed were read to their present ends, but for those that could not be had."""

    others_to_come: bool = False


Item: TypeAlias = Block | OverLongLine | InputBegins | InputEnds | StreamEnds | Pause
