"""Reads and decodes ahead of the engine: blocks come out in input order, whoever decodes them."""

import queue
import threading
from collections.abc import Iterator

from streamstat.common.record import record
from streamstat.input.blocks.items import Block, Item
from streamstat.input.blocks.reader import Reader
from streamstat.input.events import BlockDecoder, Decoding
from streamstat.input.formats import Format
from streamstat.kernels import PADDING, DecodePool
from streamstat.plan.job import Job, with_time
from streamstat.runners.changes_search import ChangesSearch
from streamstat.runners.time_search import TimeSearch

_MOST_DECODERS = 64
_MOST_AHEAD = 5  # one thread reads as fast as some four can decode


@record
class TimeFound:
    """The time field is known from here on."""

    path: str


@record
class ChangesFound:
    """The format of the log of changes is known from here on."""

    changes: str


@record
class DecodingBlock:
    """A block, and its events as soon as they are decoded."""

    block: Block
    events: Decoding


Step = Item | TimeFound | ChangesFound | DecodingBlock | BaseException | None


class Feeder:
    """Reads and decodes ahead, a few blocks at most, and gives the steps of the run in order.

    `threads` at most decode, one at least: the one that asks for events. search: for the field of the time, or for the
    format of changes.
    """

    def __init__(
        self, reader: Reader, job: Job, search: TimeSearch | ChangesSearch | None, threads: int
    ) -> None:
        self._reader, self._job, self._search = reader, job, search
        helpers = min(threads - 1, _MOST_AHEAD)
        self._steps: queue.Queue[Step] = queue.Queue(helpers + 2)
        self._pool = DecodePool(helpers)
        self._thread = threading.Thread(target=self._read, name="read", daemon=True)
        self._closed = False
        self._decoders: dict[Format, BlockDecoder] = {}

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
            if self._search is not None and not self._reader.stopped:
                self._search.end()
        except BaseException as error:  # raised again by the thread that waits for steps
            self._steps.put(error)
        self._steps.put(None)

    def _submit(self, block: Block) -> None:
        view = block.buffer[: block.size + PADDING]
        if self._search is not None and (path := self._search.look(block)) is not None:
            self._found(path)
        decoder = self._decoder(block.format)
        self._steps.put(DecodingBlock(block, decoder.decode_ahead(self._pool, view, block.begin)))

    def _decoder(self, format: Format) -> BlockDecoder:
        """What decodes blocks of a format, made once: a log may change its columns at any record."""
        if format not in self._decoders:
            if len(self._decoders) >= _MOST_DECODERS:
                self._decoders.clear()
            self._decoders[format] = self._job.decoder(format)
        return self._decoders[format]

    def _found(self, what: str) -> None:
        """The time is in this field, or changes are written in this format."""
        step: Step = TimeFound(what)
        if isinstance(self._search, ChangesSearch):
            from streamstat.plan.viewing import with_changes  # a run of another verb needs none of it

            self._job, step = with_changes(self._job, what), ChangesFound(what)
        else:
            self._job = with_time(self._job, what)
        self._search = None
        self._decoders.clear()
        self._steps.put(step)
