"""The time fields of a block, each read once: where a time comes from, and the years of those that have none."""

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np

from streamstat import kernels
from streamstat.common.errors import UsageError
from streamstat.common.record import record
from streamstat.common.zones import Zone
from streamstat.expressions import Expression
from streamstat.input.events import Events
from streamstat.values.columns import I64, U8, Mask
from streamstat.values.packing import Packer, Unpacker, within

LOWEST, HIGHEST = -62_135_596_800_000_000, 253_402_300_799_999_999  # years 1 to 9999
MISSING, INSTANT, LOCAL, UNREADABLE, YEARLESS = range(5)  # kinds of times as the decoder tells them
OCCURRED, SENT, RECEIVED, PROMISED = range(4)  # roles of time fields
TimeSource: TypeAlias = str | Expression  # a field, by its path, or what is computed from some
ReadTimes: TypeAlias = tuple[I64, U8]  # times and their kinds, as the decoder tells them


@record
class TimeField:
    """times int64[n] in microseconds; where there is one, and where one cannot be read (None: nowhere)."""

    times: I64
    known: Mask
    unreadable: Mask | None

    @property
    def moments(self) -> tuple[I64, Mask]:
        """Times, and where there is one."""
        return self.times, self.known


class Years:
    """The years of times that have none, by what was read before them: in their input, else in the one before it.

    year: of the first time of all; None if such times are not expected.
    """

    def __init__(self, year: int | None) -> None:
        self.year = year
        self._input = 0
        self._last: dict[tuple[int, int], int] = {}  # of each input, by role
        self._newest_read: dict[int, int] = {}  # of whatever input, by role
        self._begun: set[int] = set()  # roles of which a time was read

    def begin_input(self, number: int) -> None:
        """The blocks that follow are of this input, new or known."""
        self._input = number

    def end_input(self, number: int) -> None:
        """Nothing more comes of it."""
        self._last = {key: time for key, time in self._last.items() if key[0] != number}

    def goes_on(self) -> None:
        """Times stand before the first of these, so that none of these is the first of all."""
        self._begun.update((OCCURRED, SENT, RECEIVED))

    def given(self, role: int, times: I64, kinds: U8) -> ReadTimes:
        """The same times, none of them without a year; UsageError if the first time of all would need --year."""
        if self.year is not None:
            key = (self._input, role)
            last = self._last.get(key, self._newest_read.get(role))
            times, kinds, last = kernels.give_years(times, kinds, self.year, last)
            if last is not None:
                self._last[key] = self._newest_read[role] = last
            return times, kinds
        yearless = kinds == YEARLESS
        if yearless.any():
            self._refuse_first(role, kinds)
            kinds = np.where(yearless, np.uint8(UNREADABLE), kinds)
        if role not in self._begun and ((kinds == INSTANT) | (kinds == LOCAL)).any():
            self._begun.add(role)
        return times, kinds

    def _refuse_first(self, role: int, kinds: U8) -> None:
        """Once a time was read, one without a year is one of another kind: it is no reason to end."""
        readable = kinds[(kinds != MISSING) & (kinds != UNREADABLE)]
        if role not in self._begun and readable[0] == YEARLESS:
            raise UsageError(
                "--time", "the times have no year", "for example --year 2026, that of the first event"
            )

    def snapshot(self) -> bytes:
        """The times that the next ones go by."""
        keys = sorted(self._last)
        packer = Packer().integer("input", self._input)
        packer.array("inputs", np.array([number for number, _ in keys], np.int64))
        packer.array("roles", np.array([role for _, role in keys], np.int64))
        packer.array("last", np.array([self._last[key] for key in keys], np.int64))
        packer.array("read", np.array(sorted(self._newest_read), np.int64))
        packer.array(
            "newest", np.array([self._newest_read[role] for role in sorted(self._newest_read)], np.int64)
        )
        return packer.array("begun", np.array(sorted(self._begun), np.int64)).packed()

    def restore(self, snapshot: bytes, /) -> None:
        """As they were."""
        unpacker = Unpacker(snapshot)
        self._input = unpacker.integer("input")
        inputs = unpacker.array("inputs", np.int64)
        roles = within("roles", unpacker.array("roles", np.int64, len(inputs)), PROMISED + 1)
        last = in_calendar("last", unpacker.array("last", np.int64, len(inputs)))
        self._last = dict(zip(zip(inputs.tolist(), roles.tolist(), strict=True), last.tolist(), strict=True))
        read = within("read", unpacker.array("read", np.int64), PROMISED + 1)
        newest = in_calendar("newest", unpacker.array("newest", np.int64, len(read)))
        self._newest_read = dict(zip(read.tolist(), newest.tolist(), strict=True))
        self._begun = set(within("begun", unpacker.array("begun", np.int64), PROMISED + 1).tolist())
        unpacker.end()


class TimeFields:
    """Those of one block. What a time without a year is depends on those before it, so no field is read twice.

    computed: the times that are computed, by the text of their expression.
    """

    def __init__(
        self, events: Events, zone: Zone | None, years: Years, computed: Mapping[str, ReadTimes]
    ) -> None:
        self.events = events
        self._zone, self._years, self._computed = zone, years, computed
        self._columns: dict[int, ReadTimes] = {}
        self._fields: dict[int, TimeField] = {}

    def columns(self, role: int, sources: tuple[TimeSource, ...]) -> ReadTimes:
        """Times and kinds: of each event those of the first source that is there and can be read."""
        known = self._columns.get(role)
        if known is None:
            known = self._columns[role] = self._years.given(role, *self._first_readable(sources))
        return known

    def field(self, role: int, sources: tuple[TimeSource, ...]) -> TimeField:
        """Instants; a time that cannot be read is a missing one."""
        known = self._fields.get(role)
        if known is None:
            known = self._fields[role] = instants(*self.columns(role, sources), self._zone)
        return known

    def _read(self, source: TimeSource) -> ReadTimes:
        return self.events.times(source) if isinstance(source, str) else self._computed[source.text]

    def _first_readable(self, sources: tuple[TimeSource, ...]) -> ReadTimes:
        """An unreadable time rather than none."""
        times, kinds = self._read(sources[0])
        for source in sources[1:]:
            wanting = unread_time(kinds)
            if not wanting.any():
                break
            others, other_kinds = self._read(source)
            better = wanting & (other_kinds != MISSING) & ((other_kinds != UNREADABLE) | (kinds == MISSING))
            times, kinds = np.where(better, others, times), np.where(better, other_kinds, kinds)
        return times, kinds


def unread_time(kinds: U8) -> Mask:
    """Where another source is asked for the time: there is none, or one that cannot be read."""
    unread: Mask = (kinds == MISSING) | (kinds == UNREADABLE)
    return unread


def in_calendar(name: str, times: I64) -> I64:
    """These times, all within years 1 to 9999; ValueError if not."""
    if len(times) and not LOWEST <= int(times.min()) <= int(times.max()) <= HIGHEST:
        raise ValueError(f"{name}: not all within years 1 to 9999")
    return times


def instants(times: I64, kinds: U8, zone: Zone | None) -> TimeField:
    """Times as the decoder gives them, those without a zone read in `zone`, None for UTC."""
    known = kinds == INSTANT
    if known.all():
        return TimeField(times, known, None)
    local, unreadable = kinds == LOCAL, kinds == UNREADABLE
    known |= local
    if zone is not None and local.any():
        times = times.copy()
        times[local] = zone.from_local(times[local])
        outside = local & ((times < LOWEST) | (times > HIGHEST))
        known &= ~outside
        unreadable |= outside
    return TimeField(times, known, unreadable if unreadable.any() else None)
