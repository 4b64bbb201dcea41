"""Inputs one after another as blocks of whole lines: what a reading thread iterates over."""

from collections.abc import Generator, Sequence

from streamstat.common.errors import StreamstatError
from streamstat.input.blocks.cutting import Cutter, OverLongSink, forget
from streamstat.input.blocks.items import Block, InputBegins, InputEnds, Item, OverLongLine
from streamstat.input.blocks.reader import SourceReader
from streamstat.input.detection import as_ndjson
from streamstat.input.formats import Choose
from streamstat.input.limits import MAX_EXPANSION
from streamstat.input.sources import Input, Source
from streamstat.input.sources.detecting import DetectingSource
from streamstat.input.sources.guarded import GuardedSource, read_error
from streamstat.kernels import PADDING

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

BLOCK_BYTES = 8 << 20
MAX_LINE_BYTES = 16 << 20


def open_blocks(
    inputs: Sequence[Input],
    block_bytes: int = BLOCK_BYTES,
    max_line_bytes: int = MAX_LINE_BYTES,
    max_expansion: int = MAX_EXPANSION,
    over_long_sink: OverLongSink = forget,
    choose: Choose = as_ndjson,
    others_to_come: bool = False,
    stream: int | None = None,
) -> "BlockReader":
    """Read the inputs in order, decompressed, as blocks of about `block_bytes`; `choose` tells the format of each.

    Lines, their order and positions depend on the bytes of the inputs alone; where blocks are cut does not.
    `over_long_sink` gets the pieces of each line over `max_line_bytes`, byte for byte with its newline; a
    piece is valid during the call. Compressed data that expands over `max_expansion` times is refused.
    `others_to_come`: there are inputs that cannot be opened yet. `stream`: read the inputs of this one alone.

    >>> from streamstat.input.sources.inputs import bytes_input
    >>> for item in open_blocks([bytes_input(b"{}\\n[]", "events")]):
    ...     print(item.tobytes() if isinstance(item, Block) else item)
    InputBegins(input=0, name='events', others_to_come=False)
    b'{}\\n'
    b'[]'
    InputEnds(input=0, error=None, stopped=False)
    """
    return BlockReader(
        inputs, block_bytes, max_line_bytes, max_expansion, over_long_sink, choose, others_to_come, stream
    )


class BlockReader(SourceReader):
    """Reads inputs one after another, each to its end.

    A failing input is ended by an `InputEnds` with its error, after all whole lines before the failure; the
    next inputs follow. After `stop` come the whole lines read so far and the end of the present input. An input that
    cannot be had yet does not begin, nor do those behind it in its log.
    """

    def __init__(
        self,
        inputs: Sequence[Input],
        block_bytes: int,
        max_line_bytes: int,
        max_expansion: int,
        sink: OverLongSink,
        choose: Choose,
        others_to_come: bool = False,
        stream: int | None = None,
    ) -> None:
        if block_bytes < 1 or max_line_bytes < 4:
            raise ValueError("block_bytes: at least 1, max_line_bytes: at least 4")
        super().__init__(block_bytes, max_line_bytes, max_expansion, sink, choose)
        self._inputs, self._stream = inputs, stream
        self._absent: set[int | None] = set()  # logs
        self.others_to_come = others_to_come

    def _read_all(self) -> Generator[Item, None, None]:
        inputs = [(i, one) for i, one in enumerate(self._inputs) if self._stream in (None, one.stream)]
        last_fresh = max((number for number, one in inputs if one.fresh), default=-1)
        cut = False
        for number, one in inputs:
            if self._stop.asked:
                break
            cut = yield from self._read(number, one, number < last_fresh)
        else:
            self.read_through = not (cut or self._absent or self.others_to_come)
        self._stop.close()

    def _read(self, number: int, one: Input, others_to_come: bool) -> Generator[Item, None, bool]:
        """Whether it was stopped before its end."""
        source, failure = self._opened(one)
        if source is None and failure is None:
            self._absent.add(one.log)
            self.others_to_come = self.others_to_come or one.fresh
            return False
        yield InputBegins(number, one.name, others_to_come or self.others_to_come)
        if source is None:
            yield InputEnds(number, failure)
            return False
        self._counted = (self.bytes_read, source)
        try:
            place = one.mark.position
            detecting = DetectingSource(source, one.name, self._max_expansion, place, one.growing)
            guarded = GuardedSource(detecting, one.name, self._stop)
            cutter = Cutter(
                number, guarded, self._pool, self._max_line_bytes, self._sink, self._choose, one.mark
            )
            yield from cutter.cut(growing=one.growing)
        finally:
            self._counted = (self.bytes_read, None)
            source.close()
        stopped = not guarded.complete and guarded.error is None
        yield InputEnds(number, guarded.error, stopped)
        return stopped

    def _opened(self, one: Input) -> tuple[Source | None, StreamstatError | None]:
        """What an input gives, or why it cannot; neither if it cannot be had yet."""
        if one.log is not None and one.log in self._absent:
            return None, None
        try:
            return one.open(self._stop), None
        except StreamstatError as error:
            return None, error
        except OSError as error:
            return None, read_error(one.name, error)
