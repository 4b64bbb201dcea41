"""Reads and decodes ahead of the engine: blocks come out in input order, whoever decodes them."""

import queue
import threading
from collections.abc import Iterator

import numpy as np

from streamstat.common.errors import UsageError
from streamstat.common.record import record
from streamstat.input.blocks.items import Block, Item
from streamstat.input.blocks.reader import Reader
from streamstat.input.events import BlockDecoder, Decoding, decoder_of, padded
from streamstat.input.formats import Format
from streamstat.kernels import PADDING, DecodePool
from streamstat.plan.job import TIME_FIELDS, Job, with_time
from streamstat.values.columns import U8, Need

_MOST_DECODERS = 64
_MOST_AHEAD = 5  # one thread reads as fast as some four can decode


@record
class TimeFound:
    """The time field is known from here on."""

    path: str


@record
class DecodingBlock:
    """A block, and its events as soon as they are decoded."""

    block: Block
    events: Decoding


Step = Item | TimeFound | DecodingBlock | BaseException | None


class Feeder:
    """Reads and decodes ahead, a few blocks at most, and gives the steps of the run in order.

    `threads` at most decode, one at least: the one that asks for events.
    """

    def __init__(self, reader: Reader, job: Job, find_time: bool, threads: int) -> None:
        self._reader, self._job, self._find_time = reader, job, find_time
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
        except BaseException as error:  # raised again by the thread that waits for steps
            self._steps.put(error)
        self._steps.put(None)

    def _submit(self, block: Block) -> None:
        view = block.buffer[: block.size + PADDING]
        if self._find_time:
            names = self._first_names(block, view)
            if names is not None:
                self._found(names)
        decoder = self._decoder(block.format)
        self._steps.put(DecodingBlock(block, decoder.decode_ahead(self._pool, view, block.begin)))

    def _decoder(self, format: Format) -> BlockDecoder:
        """What decodes blocks of a format, made once: a log may change its columns at any record."""
        if format not in self._decoders:
            if len(self._decoders) >= _MOST_DECODERS:
                self._decoders.clear()
            self._decoders[format] = self._job.decoder(format)
        return self._decoders[format]

    def _first_names(self, block: Block, view: U8) -> list[str] | None:
        """The names of the fields of the first event; None if there is none."""
        promise = self._job.punctuation
        needs = {} if promise is None else {promise: Need.PRESENT}
        decoder = decoder_of(block.format, needs)
        events = decoder.decode(view.copy(), block.begin)
        row = events.first_without(promise)
        return None if row is None else decoder.names(padded(events.records_of(np.array([row]))[0]))

    def _found(self, names: list[str]) -> None:
        self._find_time = False
        path = next((name for name in TIME_FIELDS if name in names), None)
        if path is None:
            shown = ", ".join(names[:20]) + (", ..." if len(names) > 20 else "")
            problem = f"the first event has none of {', '.join(TIME_FIELDS)}"
            hint = f"name one of its fields: {shown}" if shown else "it has no fields at all"
            raise UsageError("--time", problem, hint)
        self._job = with_time(self._job, path)
        self._decoders.clear()
        self._steps.put(TimeFound(path))
