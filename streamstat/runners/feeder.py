"""Reads and decodes ahead of the engine: blocks come out in input order, whoever decodes them."""

import queue
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from streamstat.common.record import record
from streamstat.input.blocks.items import Block, Item
from streamstat.input.blocks.reader import Reader
from streamstat.input.events import BlockDecoder, Decoding
from streamstat.input.formats import Format
from streamstat.kernels import PADDING, DecodePool
from streamstat.plan.job import Job
from streamstat.runners.found import Finding, FirstLook

if TYPE_CHECKING:
    from streamstat.runners.progress import Progress

_MOST_DECODERS = 64
_MOST_AHEAD = 5  # one thread reads as fast as some four can decode


@record
class DecodingBlock:
    """A block, and its events as soon as they are decoded."""

    block: Block
    events: Decoding


Step = Item | Finding | DecodingBlock | BaseException | None


class Feeder:
    """Reads and decodes ahead, a few blocks at most, and gives the steps of the run in order.

    `threads` at most decode, one at least: the one that asks for events. searches: of each stream that for what its
    first records tell, if it is not known; stream_of: the stream that an input is of; progress: of several streams.
    """

    def __init__(
        self,
        reader: Reader,
        job: Job,
        searches: Mapping[int, FirstLook],
        threads: int,
        stream_of: Callable[[int], int] = lambda _: 0,
        progress: "Progress | None" = None,
    ) -> None:
        self._reader, self._job, self._searches = reader, job, dict(searches)
        self._stream_of, self._progress = stream_of, progress
        helpers = min(threads - 1, _MOST_AHEAD)
        self._steps: queue.Queue[Step] = queue.Queue(helpers + 2)
        self._pool = DecodePool(helpers)
        self._thread = threading.Thread(target=self._read, name="read", daemon=True)
        self._closed = False
        self._decoders: dict[tuple[int, Format], BlockDecoder] = {}

    def __enter__(self) -> "Feeder":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closed = True
        self._reader.stop()
        while self._thread.is_alive():
            self._forget_steps()
            self._thread.join(0.01)  # it may wait for room for one more step
        self._forget_steps()
        self._pool.close()
        self._reader.close()

    def _forget_steps(self) -> None:
        while self.ahead:
            self._steps.get()

    @property
    def ahead(self) -> int:
        """Steps that wait to be taken."""
        return self._steps.qsize()

    def steps(self) -> Iterator[Step]:
        """What the engine is to be told, in input order."""
        while (step := self._steps.get()) is not None:
            yield step

    def _read(self) -> None:
        try:
            for item in self._reader:
                if self._closed:
                    break
                if isinstance(item, Block):
                    self._submit(item)
                else:
                    self._steps.put(item)
            if not self._reader.stopped:
                for search in self._searches.values():
                    search.end()
        except BaseException as error:  # raised again by the thread that waits for steps
            self._steps.put(error)
        self._steps.put(None)

    def _submit(self, block: Block) -> None:
        view = block.buffer[: block.size + PADDING]
        stream = self._stream_of(block.input)
        search = self._searches.get(stream)
        if search is not None and (found := search.look(block)) is not None:
            self._job, step = search.told(found, self._job, stream)
            del self._searches[stream]
            self._decoders.clear()
            self._steps.put(step)
        if self._progress is not None:
            self._progress.look(self._job, stream, block)
            self._reader.preferred = self._progress.behind
        decoder = self._decoder(block.format, stream)
        self._steps.put(DecodingBlock(block, decoder.decode_ahead(self._pool, view, block.begin)))

    def _decoder(self, format: Format, stream: int) -> BlockDecoder:
        """What decodes blocks of a format, made once: a log may change its columns at any record."""
        key = stream, format
        if key not in self._decoders:
            if len(self._decoders) >= _MOST_DECODERS:
                self._decoders.clear()
            self._decoders[key] = self._job.each_stream[stream].decoder(format)
        return self._decoders[key]
