"""Inputs one after another as blocks of whole lines: what a reading thread iterates over."""

from collections.abc import Generator, Sequence
from types import TracebackType
from typing import Self

from streamstat.errors import StreamstatError
from streamstat.sources import Input, Source, Stop
from streamstat.sources.buffers import PADDING, BufferPool
from streamstat.sources.compressed import MAX_EXPANSION, DetectingSource
from streamstat.sources.cutting import LineCutter, Sink
from streamstat.sources.guarded import GuardedSource, read_error
from streamstat.sources.items import Block, InputBegins, InputEnds, Item, OverLongLine

__all__ = [
    "BLOCK_BYTES",
    "MAX_LINE_BYTES",
    "PADDING",
    "Block",
    "BlockReader",
    "InputBegins",
    "InputEnds",
    "Item",
    "OverLongLine",
    "open_blocks",
]

BLOCK_BYTES = 4 << 20
MAX_LINE_BYTES = 16 << 20


def open_blocks(
    inputs: Sequence[Input],
    block_bytes: int = BLOCK_BYTES,
    max_line_bytes: int = MAX_LINE_BYTES,
    max_expansion: int = MAX_EXPANSION,
    over_long_sink: Sink | None = None,
) -> "BlockReader":
    """Read the inputs in order, decompressed, as blocks of about `block_bytes`.

    Lines, their order and positions depend on the bytes of the inputs alone; where blocks are cut does not.
    `over_long_sink` gets the pieces of each line over `max_line_bytes`, byte for byte with its newline; a
    piece is valid during the call. Compressed data that expands over `max_expansion` times is refused.

    >>> from streamstat.sources.inputs import bytes_input
    >>> for item in open_blocks([bytes_input(b"{}\\n[]", "events")]):
    ...     print(item.tobytes() if isinstance(item, Block) else item)
    InputBegins(input=0, name='events', others_to_come=False)
    b'{}\\n'
    b'[]'
    InputEnds(input=0, error=None, stopped=False)
    """
    return BlockReader(inputs, block_bytes, max_line_bytes, max_expansion, over_long_sink or _forget)


class BlockReader:
    """An iterator of `Item`; one thread iterates, any thread and any signal handler may stop it.

    A failing input is ended by an `InputEnds` with its error, after all whole lines before the failure; the
    next inputs follow. After `stop` come the whole lines read so far and the end of the present input.
    """

    def __init__(
        self, inputs: Sequence[Input], block_bytes: int, max_line_bytes: int, max_expansion: int, sink: Sink
    ) -> None:
        if block_bytes < 1 or max_line_bytes < 4:
            raise ValueError("block_bytes: at least 1, max_line_bytes: at least 4")
        self._stop = Stop()
        self._pool = BufferPool(min(block_bytes, max_line_bytes + 1))
        self._max_line_bytes, self._max_expansion, self._sink = max_line_bytes, max_expansion, sink
        self._counted: tuple[int, Source | None] = (0, None)  # swapped as one, for readers in other threads
        self._items = self._read_all(inputs)
        self.read_through = False  # whether all inputs have been read to their ends

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Item:
        return next(self._items)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def bytes_read(self) -> int:
        """Bytes read so far, as stored: of compressed inputs the compressed bytes."""
        done, source = self._counted
        return done + (source.bytes_read if source is not None else 0)

    @property
    def stopped(self) -> bool:
        """Whether the stop was asked for."""
        return self._stop.asked

    def stop(self) -> None:
        """End the iteration at a line; ends a wait for a pipe at once."""
        self._stop.ask()

    def close(self) -> None:
        """Close what is open; for the thread that iterates."""
        self._items.close()
        self._stop.close()

    def _read_all(self, inputs: Sequence[Input]) -> Generator[Item, None, None]:
        last_fresh = max((number for number, one in enumerate(inputs) if one.fresh), default=-1)
        cut = False
        for number, one in enumerate(inputs):
            if self._stop.asked:
                break
            yield InputBegins(number, one.name, number < last_fresh)
            cut = yield from self._read(number, one)
        else:
            self.read_through = not cut
        self._stop.close()

    def _read(self, number: int, one: Input) -> Generator[Item, None, bool]:
        """Whether it was stopped before its end."""
        try:
            source = one.open(self._stop)
        except StreamstatError as error:
            yield InputEnds(number, error)
            return False
        except OSError as error:
            yield InputEnds(number, read_error(one.name, error))
            return False
        self._counted = (self.bytes_read, source)
        try:
            detecting = DetectingSource(source, one.name, self._max_expansion, one.mark.position)
            guarded = GuardedSource(detecting, one.name, self._stop)
            cutter = LineCutter(number, guarded, self._pool, self._max_line_bytes, self._sink, one.mark)
            yield from cutter.cut(growing=one.growing)
        finally:
            self._counted = (self.bytes_read, None)
            source.close()
        stopped = not guarded.complete and guarded.error is None
        yield InputEnds(number, guarded.error, stopped)
        return stopped


def _forget(piece: memoryview) -> None:
    return
