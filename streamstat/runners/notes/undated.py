"""Events without a time, by what they have in its place."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

import numpy as np

from streamstat.common.errors import InputError
from streamstat.common.terminal import printable, quoted
from streamstat.common.units import counted, format_time
from streamstat.event_time.clock import Clock
from streamstat.event_time.fields import INSTANT, LOCAL, UNREADABLE, YEARLESS
from streamstat.kernels import TimeReader
from streamstat.plan.job import Job
from streamstat.runners.notes import EventRecord, Note, Sight
from streamstat.runners.notes.showing import MOST_SHOWN, field_in, shown_value
from streamstat.values.columns import I64, Kind, Mask, Need

READABLE = (INSTANT, LOCAL, YEARLESS)
MOST_GUESSES = 24
_LENIENT = "without --strict it is left out and told of at the end"


class UndatedEvents:
    """How many there are of each cause, and the first of each."""

    def __init__(self) -> None:
        self._missing = self._unreadable = self._refused = 0
        self._first_missing = self._first_refused = ""
        self._shown = ""  # the first time that cannot be read, and where it stands
        self._hint = ""

    def look(self, sight: Sight, rows: I64, job: Job) -> None:
        """Those of a block."""
        kinds = {path: sight.events.times(path)[1][rows] for path in times_of(job.clock)}
        readable: Mask = np.zeros(len(rows), np.bool_)
        unreadable: Mask = np.zeros(len(rows), np.bool_)
        for each in kinds.values():
            readable |= (each == INSTANT) | (each == LOCAL)
            unreadable |= (each == UNREADABLE) | (each == YEARLESS)
        unreadable &= ~readable
        missing = ~readable & ~unreadable
        if missing.any() and not self._missing:
            self._first_missing = sight.place(int(rows[missing][0]))
        if readable.any() and not self._refused:
            self._first_refused = sight.place(int(rows[readable][0]))
        if unreadable.any() and not self._unreadable:
            row = int(rows[unreadable][0])
            place = np.flatnonzero(unreadable)[0]
            path = next(path for path, each in kinds.items() if each[place] in (UNREADABLE, YEARLESS))
            self._show(sight, row, path, job)
        self._missing += int(np.count_nonzero(missing))
        self._unreadable += int(np.count_nonzero(unreadable))
        self._refused += int(np.count_nonzero(readable))

    def _show(self, sight: Sight, row: int, path: str, job: Job) -> None:
        event = sight.record(row)
        self._shown = f"{sight.place(row)} with {shown_value(*field_in(event, path))}"
        self._hint = pattern_hint(job, event, path)

    def notes(self, job: Job) -> Iterator[Note]:
        """One for each cause."""
        names = " or ".join(repr(printable(path, MOST_SHOWN)) for path in times_of(job.clock))
        if self._missing:
            problem = (
                f"no_time: {counted(self._missing, 'event')} without {names}, first {self._first_missing}"
            )
            yield Note("--time", problem)
        if self._unreadable:
            what = f"{counted(self._unreadable, 'event')} with a time that cannot be read"
            yield Note("--time", f"no_time: {what}, first {self._shown}", self._hint)
        if self._refused:
            what = f"{counted(self._refused, 'event')} {_refused(job)}"
            yield Note("--time", f"no_time: {what}, first {self._first_refused}")


def times_of(clock: Clock) -> list[str]:
    """The fields that an event can have its time from."""
    corrected = clock.received if clock.sent is not None else None
    return [path for path in (*clock.time, corrected) if path is not None]


def undated_error(job: Job, event: EventRecord, place: str) -> InputError:
    """What a strict run ends with at an event without a time."""
    for path in times_of(job.clock):
        kind, text = field_in(event, path)
        if kind != Kind.NULL and _time_kind(event, path, job.times) in READABLE:
            problem = f"{printable(path, MOST_SHOWN)} is {shown_value(kind, text)}, {_refused(job)}"
            return InputError(place, problem, _LENIENT)
        if kind != Kind.NULL:
            problem = (
                f"{printable(path, MOST_SHOWN)} is {shown_value(kind, text)}, which cannot be read as a time"
            )
            return InputError(place, problem, pattern_hint(job, event, path))
    names = " or ".join(repr(printable(path, MOST_SHOWN)) for path in times_of(job.clock))
    return InputError(place, f"an event without {names}", _LENIENT)


def _time_kind(event: EventRecord, path: str, times: TimeReader) -> int:
    return int(event.decoded({path: Need.TIME}, times).times(path)[1][event.row])


def _refused(job: Job) -> str:
    """What is wrong with a time that can be read."""
    earliest = job.clock.earliest_us
    if earliest is None:
        return "outside of years 1 to 9999 once corrected"
    return f"before --earliest {format_time(earliest)}"


def pattern_hint(job: Job, event: EventRecord, path: str) -> str:
    """What reads the time of an event: the year, or a pattern, which was tried; empty for what is no text."""
    from streamstat.event_time.patterns import likely_patterns  # only who needs one pays for it

    kind, text = field_in(event, path)
    if kind not in (Kind.TEXT, Kind.INTEGER):
        return ""
    if _time_kind(event, path, job.times) == YEARLESS:
        given = job.clock.year is not None
        return "its year has no such day" if given else "--year Y reads times without a year"
    for pattern, _ in zip(likely_patterns(text), range(MOST_GUESSES), strict=False):
        with suppress(ValueError):  # a guess may be no pattern
            tried = replace(job, time_formats=(pattern, *job.time_formats))
            found = _time_kind(event, path, tried.times)
            if found == YEARLESS:
                return f"--time-format {quoted(pattern)} and --year Y read it"
            if found in READABLE:
                return f"--time-format {quoted(pattern)} reads it"
    return "--time-format PATTERN reads other texts"
