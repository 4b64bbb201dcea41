"""The watermark as it stood before each event: producers, promises, inputs."""

import numpy as np

from streamstat import kernels
from streamstat.common.record import record
from streamstat.event_time.clock import Clock, EventTimes, promised
from streamstat.event_time.fields import TimeFields
from streamstat.input.events import Events
from streamstat.values.columns import I32, I64, MINUS_INFINITY, U8, Mask, Texts, ones
from streamstat.values.packing import Packer, Unpacker, within

ALL: I32 = np.zeros(1, np.int32)  # the one name, where events name no producer
STILL, EVENT, PROMISE, PROMISE_FOR_ALL = range(4)  # roles, as the watermark kernel numbers them


@record
class Moves:
    """before int64[n]: the watermark before each row; the rows of promises that could not be read; times int64[n], of
    promises, too, and roles uint8[n], what each row was taken for."""

    before: I64
    unreadable: I64
    times: I64
    roles: U8


class Watermark:
    """Moves event by event. Producers are told apart by input; several may be read in turns.

    producer, punctuation: the fields that name one, and that promise a time. delay_us, idle_us: None: for ever.
    """

    def __init__(
        self,
        clock: Clock,
        producer: str | None = None,
        punctuation: str | None = None,
        delay_us: int | None = None,
        idle_us: int | None = None,
    ) -> None:
        self.clock = clock
        self._producer, self._punctuation = producer, punctuation
        self._kernel = kernels.Watermark(delay_us, idle_us)
        self._names = kernels.KeyTable()
        self._members = kernels.TupleTable(2)  # (input, name) of each of the kernel's producers
        self._input = 0

    @property
    def time(self) -> int:
        """W after all that has been seen."""
        return int(self._kernel.watermark)

    @property
    def input(self) -> int:
        """The number of the input whose blocks come."""
        return self._input

    @property
    def newest(self) -> int:
        """The latest time of an event or a promise, of the inputs that count."""
        return int(self._kernel.newest)

    @property
    def producers(self) -> list[tuple[str, int]]:
        """Each producer of each input as it is spelt, and its own watermark; without --producer none."""
        if self._producer is None:
            return []
        codes, _, watermarks = self._kernel.producers()
        _, names_of = self._members.columns(codes)
        offsets, data = self._names.texts(names_of)
        texts = Texts(offsets, data)
        names = [texts[i].decode("utf-8", "replace") for i in range(len(codes))]
        return list(zip(names, watermarks.tolist(), strict=True))

    @property
    def max_lateness(self) -> int:
        """The delay that would have lost nothing, in microseconds."""
        return int(self._kernel.max_lateness)

    def begin_input(self, number: int, others_to_come: bool) -> None:
        """The blocks that follow are of this input, new or known; new ones to come hold the watermark."""
        self._input = number
        self._kernel.held = others_to_come
        self._kernel.forget_promises()

    def end_input(self, number: int) -> None:
        """Its producers no longer count, and no longer hold back the watermark."""
        members = self._members.columns(np.arange(len(self._members), dtype=np.int32))
        left = np.flatnonzero(members[0] != number)
        codes = np.full(len(self._members), -1, np.int32)
        codes[left] = np.arange(len(left))
        self._kernel.renumber(codes)
        inputs, names = (column[left] for column in members)
        if self._producer is not None:
            used = np.zeros(len(self._names), np.uint8)
            used[names] = 1
            names = self._names.retain(used)[names]
        self._members = kernels.TupleTable(2)
        self._members.intern([inputs, names])

    def promise(self, time: int) -> None:
        """No events before this time are expected, from whatever producer."""
        producers = None if self._producer is None else np.zeros(1, np.int32)
        self._kernel.advance(np.array([time]), producers, np.array([PROMISE_FOR_ALL], np.uint8))

    def settle(self, others_to_come: bool) -> None:
        """All that is there has been read: what has begun, but with nothing, holds the watermark no longer."""
        self._kernel.held = others_to_come
        self.promise(MINUS_INFINITY)

    def finish(self) -> None:
        """The end of all inputs."""
        self._kernel.finish()

    def snapshot(self) -> bytes:
        """Where the watermark and each producer stand."""
        packer = Packer().blob("watermark", self._kernel.snapshot()).blob("names", self._names.snapshot())
        return packer.blob("members", self._members.snapshot()).integer("input", self._input).packed()

    def restore(self, snapshot: bytes, /) -> None:
        """As they stood."""
        unpacker = Unpacker(snapshot)
        self._kernel.restore(unpacker.blob("watermark"))
        self._names.restore(unpacker.blob("names"))
        self._members.restore(unpacker.blob("members"))
        self._input = unpacker.integer("input")
        unpacker.end()
        _, names = self._members.columns(np.arange(len(self._members), dtype=np.int32))
        within("names", names, 1 if self._producer is None else len(self._names))
        codes, _, _ = self._kernel.producers()
        within("producers", codes, len(self._members))

    def advance(self, fields: TimeFields, read: EventTimes, promises: Mask | None) -> Moves:
        """Take in a block; `promises` are the rows that are punctuation."""
        events = fields.events
        special = (read.missing, read.future, promises)
        roles = ones(events.rows)  # as EVENT is 1
        if any(each is not None for each in special):
            roles = roles.copy()
        for still in (read.missing, read.future):
            if still is not None:
                roles[still] = STILL
        times, unreadable = read.times, np.empty(0, np.int64)
        if promises is not None and promises.any():
            times = times.copy()
            unreadable = self._promise(fields, np.flatnonzero(promises), times, roles)
        if self._producer is None:
            before = self._kernel.advance(times, None, roles, int(self._codes(ALL)[0]))
        else:
            before = self._kernel.advance(times, self._named(events, self._producer), roles)
        return Moves(before, unreadable, times, roles)

    def _promise(self, fields: TimeFields, rows: I64, times: I64, roles: U8) -> I64:
        assert self._punctuation is not None
        promise, readable, accepted = promised(self.clock, fields, self._punctuation, rows)
        times[rows] = promise
        role = np.full(len(rows), PROMISE, np.uint8)
        if self._producer is not None:
            role[fields.events.kinds(self._producer)[rows] == 0] = PROMISE_FOR_ALL
        roles[rows] = np.where(accepted, role, STILL)
        return rows[~readable]

    def _named(self, events: Events, producer: str) -> I32:
        kinds, texts = events.dictionary(producer)
        names = self._names.intern(kinds, texts.offsets, texts.data)
        return self._codes(names)[events.codes(producer)]

    def _codes(self, names: I32) -> I32:
        """The kernel's producers of these names in the present input."""
        return self._members.intern([np.full(len(names), self._input, np.int32), names])
