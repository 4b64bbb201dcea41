"""The watermark as it stood before each event: producers, promises, inputs."""

from dataclasses import dataclass

import numpy as np

from streamstat import kernels
from streamstat.batch import I32, I64, U8, Mask
from streamstat.clock import Clock, EventTimes, promised
from streamstat.decode import Events
from streamstat.job import Job
from streamstat.packing import Packer, Unpacker, within

STILL, EVENT, PROMISE, PROMISE_FOR_ALL = range(4)  # roles, as the watermark kernel numbers them


@dataclass(frozen=True, slots=True)
class Moves:
    """before int64[n]: the watermark before each row; how many promises could not be read."""

    before: I64
    unreadable: int


class Progress:
    """Moves the watermark, event by event. Producers are told apart by input."""

    def __init__(self, job: Job) -> None:
        self.clock: Clock = job.clock
        self._producer, self._punctuation = job.producer, job.punctuation
        self._kernel = kernels.Watermark(job.delay_us, job.idle_us)
        self._names = kernels.KeyTable()

    @property
    def watermark(self) -> int:
        """W after all that has been seen."""
        return int(self._kernel.watermark)

    @property
    def max_lateness(self) -> int:
        """The delay that would have lost nothing, in microseconds."""
        return int(self._kernel.max_lateness)

    def begin_input(self, others_to_come: bool) -> None:
        """Another input begins, and those before it are at their end; inputs to come hold the watermark."""
        self._kernel.begin_input()
        self._kernel.held = others_to_come
        self._names = kernels.KeyTable()

    def finish(self) -> None:
        """The end of all inputs."""
        self._kernel.finish()

    def snapshot(self) -> bytes:
        """Where the watermark and each producer stand."""
        return (
            Packer().blob("watermark", self._kernel.snapshot()).blob("names", self._names.snapshot()).packed()
        )

    def restore(self, snapshot: bytes, /) -> None:
        """As they stood."""
        unpacker = Unpacker(snapshot)
        self._kernel.restore(unpacker.blob("watermark"))
        self._names.restore(unpacker.blob("names"))
        unpacker.end()
        codes, _, _ = self._kernel.producers()
        within("producers", codes, 1 if self._producer is None else len(self._names))

    def advance(self, events: Events, read: EventTimes, promises: Mask | None) -> Moves:
        """Take in a block; `promises` are the rows that are punctuation."""
        roles = np.full(events.rows, EVENT, np.uint8)
        for still in (read.missing, read.future):
            if still is not None:
                roles[still] = STILL
        times, unreadable = read.times, 0
        if promises is not None and promises.any():
            times = times.copy()
            unreadable = self._promise(events, np.flatnonzero(promises), times, roles)
        producers = None if self._producer is None else self._codes(events, self._producer)
        return Moves(self._kernel.advance(times, producers, roles), unreadable)

    def _promise(self, events: Events, rows: I64, times: I64, roles: U8) -> int:
        assert self._punctuation is not None
        promise, readable, accepted = promised(self.clock, events, self._punctuation, rows)
        times[rows] = promise
        role = np.full(len(rows), PROMISE, np.uint8)
        if self._producer is not None:
            role[events.kinds(self._producer)[rows] == 0] = PROMISE_FOR_ALL
        roles[rows] = np.where(accepted, role, STILL)
        return int(np.count_nonzero(~readable))

    def _codes(self, events: Events, producer: str) -> I32:
        kinds, texts = events.dictionary(producer)
        codes: I32 = self._names.intern(kinds, texts.offsets, texts.data)[events.codes(producer)]
        return codes
