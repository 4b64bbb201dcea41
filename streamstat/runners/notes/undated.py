"""Events without a time, by what they have in its place."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np

from streamstat.common.errors import InputError
from streamstat.common.terminal import quoted
from streamstat.common.units import counted, format_time
from streamstat.engine.asides import read_time
from streamstat.engine.strategy import Examined
from streamstat.event_time.fields import INSTANT, LOCAL, UNREADABLE, YEARLESS, TimeSource
from streamstat.plan.job import Job
from streamstat.runners.notes import EventRecord, Note, Sight
from streamstat.runners.notes.showing import shown_value
from streamstat.runners.notes.time_sources import (
    held_for,
    list_sources,
    sources_of,
    time_kind,
    value_at,
    words_of,
)
from streamstat.values.columns import Kind, Mask

READABLE = (INSTANT, LOCAL, YEARLESS)
MOST_GUESSES = 24
_COUNTED = ("_missing", "_unreadable", "_refused")
_TOLD = ("_first_missing", "_first_refused", "_shown", "_hint", "first", *_COUNTED)
_LENIENT = "without --strict it is left out"


class UndatedEvents:
    """How many there are of each cause, and the first of each."""

    def __init__(self) -> None:
        self._missing = self._unreadable = self._refused = 0
        self._first_missing = self._first_refused = ""
        self._shown = ""  # the first time that cannot be read, and where it stands
        self._hint = ""
        self.first = ""  # where the first of any cause stands

    def look(self, sight: Sight, examined: Examined, job: Job) -> None:
        """Those of a block."""
        rows, sources = examined.undated, sources_of(job.clock)
        self.first = self.first or sight.place(int(rows[0]))
        kinds = [read_time(examined.columns, source, job)[1][rows] for source in sources]
        readable: Mask = np.zeros(len(rows), np.bool_)
        unreadable: Mask = np.zeros(len(rows), np.bool_)
        for each in kinds:
            readable |= (each == INSTANT) | (each == LOCAL)
            unreadable |= (each == UNREADABLE) | (each == YEARLESS)
        unreadable &= ~readable
        missing = ~readable & ~unreadable
        if missing.any() and not self._missing:
            row = int(rows[missing][0])
            held = held_for(sight.record(row), sources)
            self._first_missing = sight.place(row) + (f" with {held}" if held else "")
        if readable.any() and not self._refused:
            self._first_refused = sight.place(int(rows[readable][0]))
        if unreadable.any() and not self._unreadable:
            row = int(rows[unreadable][0])
            place = np.flatnonzero(unreadable)[0]
            found = zip(sources, kinds, strict=True)
            source = next(source for source, each in found if each[place] in (UNREADABLE, YEARLESS))
            self._show(sight, row, source, job)
        self._missing += int(np.count_nonzero(missing))
        self._unreadable += int(np.count_nonzero(unreadable))
        self._refused += int(np.count_nonzero(readable))

    def _show(self, sight: Sight, row: int, source: TimeSource, job: Job) -> None:
        event = sight.record(row)
        self._shown = f"{sight.place(row)} with {shown_value(*value_at(event, source, job))}"
        self._hint = pattern_hint(job, event, source)

    def told(self) -> dict[str, Any]:
        """What is known by now, as JSON can hold it."""
        return {name: getattr(self, name) for name in _TOLD}

    def absorb(self, told: Mapping[str, Any]) -> None:
        """The events behind those that were looked at: counts add up, and of words the first ones stay."""
        if not self._unreadable:
            self._hint = told["_hint"]
        for name in (each for each in _TOLD if each != "_hint"):
            mine, theirs = getattr(self, name), told[name]
            setattr(self, name, mine + theirs if isinstance(mine, int) else mine or theirs)

    def notes(self, job: Job) -> Iterator[Note]:
        """One for each cause."""
        if self._missing:
            what = f"{counted(self._missing, 'event')} without {list_sources(sources_of(job.clock))}"
            yield Note("--time", f"no_time: {what}, first {self._first_missing}")
        if self._unreadable:
            what = f"{counted(self._unreadable, 'event')} with an unreadable time"
            yield Note("--time", f"no_time: {what}, first {self._shown}", self._hint)
        if self._refused:
            what = f"{counted(self._refused, 'event')} {_refused(job)}"
            yield Note("--time", f"no_time: {what}, first {self._first_refused}")


def undated_error(job: Job, event: EventRecord, place: str) -> InputError:
    """What a strict run ends with at an event without a time."""
    sources = sources_of(job.clock)
    for source in sources:
        kind, text = value_at(event, source, job)
        if kind != Kind.NULL:
            found = f"{words_of(source)} is {shown_value(kind, text)}"
            if time_kind(event, source, job) in READABLE:
                return InputError(place, f"{found}, {_refused(job)}", _LENIENT)
            return InputError(
                place, f"{found}, which cannot be read as a time", pattern_hint(job, event, source)
            )
    held = held_for(event, sources)
    what = f"an event without {list_sources(sources)}"
    return InputError(place, f"{what}: it has {held}" if held else what, _LENIENT)


def _refused(job: Job) -> str:
    """What is wrong with a time that can be read."""
    earliest = job.clock.earliest_us
    if earliest is None:
        return "outside of years 1 to 9999 once corrected"
    return f"before --earliest {format_time(earliest)}"


def pattern_hint(job: Job, event: EventRecord, source: TimeSource) -> str:
    """What reads the time of an event: the year, or a pattern, which was tried; empty for what is no text."""
    from streamstat.event_time.patterns import likely_patterns  # only who needs one pays for it

    kind, text = value_at(event, source, job)
    if kind not in (Kind.TEXT, Kind.INTEGER):
        return ""
    if time_kind(event, source, job) == YEARLESS:
        given = job.clock.year is not None
        return "its year has no such day" if given else "--year Y reads times without a year"
    for pattern, _ in zip(likely_patterns(text), range(MOST_GUESSES), strict=False):
        with suppress(ValueError):  # a guess may be no pattern
            tried = replace(job, time_formats=(pattern, *job.time_formats))
            found = time_kind(event, source, tried)
            if found == YEARLESS:
                return f"--time-format {quoted(pattern)} and --year Y read it"
            if found in READABLE:
                return f"--time-format {quoted(pattern)} reads it"
    return "--time-format PATTERN reads it"
