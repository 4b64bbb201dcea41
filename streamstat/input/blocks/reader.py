"""What a reading thread iterates over, whether inputs are read to their ends or followed."""

from collections.abc import Generator
from types import TracebackType
from typing import Self

from streamstat.input.blocks.buffers import BufferPool
from streamstat.input.blocks.cutting import OverLongSink
from streamstat.input.blocks.items import Item
from streamstat.input.formats import Choose
from streamstat.input.sources import Source, Stop


class Reader:
    """An iterator of `Item`; one thread iterates, any thread and any signal handler may stop it.

    `read_through`: whether all that is there has been read; `others_to_come`: whether there are inputs that could not
    be had. preferred: of several streams that which is read next, if there is anything; it decides how much must be
    held, and no row.
    """

    def __init__(self) -> None:
        self._items = self._read_all()
        self.read_through = self.others_to_come = False
        self.preferred = 0

    def _read_all(self) -> Generator[Item, None, None]:
        raise NotImplementedError

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
        raise NotImplementedError

    @property
    def stopped(self) -> bool:
        """Whether the stop was asked for."""
        raise NotImplementedError

    def stop(self) -> None:
        """End the iteration at a line; ends a wait at once."""
        raise NotImplementedError

    def close(self) -> None:
        """Close what is open; for the thread that iterates."""
        self._items.close()


class SourceReader(Reader):
    """One that cuts sources into blocks itself."""

    def __init__(
        self, block_bytes: int, max_line_bytes: int, max_expansion: int, sink: OverLongSink, choose: Choose
    ) -> None:
        super().__init__()
        self._stop = Stop()
        self._pool = BufferPool(min(block_bytes, max_line_bytes + 1))
        self._max_line_bytes, self._max_expansion, self._sink = max_line_bytes, max_expansion, sink
        self._choose = choose
        self._counted: tuple[int, Source | None] = (0, None)  # swapped as one, for readers in other threads

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
        """End the iteration at a line; ends a wait at once."""
        self._stop.ask()

    def close(self) -> None:
        """Close what is open; for the thread that iterates."""
        super().close()
        self._stop.close()
