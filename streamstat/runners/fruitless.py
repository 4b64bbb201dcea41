"""A run that could use nothing of what it read: an error, so that no report is replaced by an empty one."""

import base64
from collections.abc import Mapping
from typing import Any

from streamstat.common.errors import InputError
from streamstat.common.record import record
from streamstat.common.terminal import printable
from streamstat.common.units import counted
from streamstat.engine.ledger import Ledger
from streamstat.input.decoding import Within
from streamstat.input.events import Events, decoder_of, padded
from streamstat.input.formats import Format, format_from_record, format_record
from streamstat.plan.job import Job
from streamstat.runners import BadPlace
from streamstat.runners.notes import EventRecord
from streamstat.runners.notes.showing import shown_value
from streamstat.runners.notes.spellings import meant_quotient
from streamstat.runners.notes.time_sources import (
    held_for,
    list_sources,
    paths_of,
    sources_of,
    value_at,
)
from streamstat.runners.notes.undated import pattern_hint
from streamstat.values.columns import Kind, Need

MOST_NAMES, MOST_TEXT = 20, 80


@record
class Beginning:
    """The name of an input, and its first bytes, which tell what it looks like."""

    name: str
    head: bytes

    def as_record(self) -> list[str]:
        """As JSON can hold it."""
        return [self.name, base64.b64encode(self.head).decode()]

    @classmethod
    def from_record(cls, record: list[str]) -> "Beginning":
        """From what `as_record` gave."""
        return cls(record[0], base64.b64decode(record[1]))


class Fruitless:
    """Keeps the first bad line and the first event without a time, for an error that shows them."""

    def __init__(self) -> None:
        self._bad: BadPlace | None = None
        self._event: tuple[BadPlace, bytes, int, Format, Beginning] | None = None
        self._format: Format | None = None  # of the first bad record
        self._beginning = Beginning("", b"")  # of the input it is from
        self._lacking: tuple[bytes, Format] | None = None  # a record without the array
        self._has_array = False

    def bad_line(self, place: BadPlace, format: Format | None, beginning: Beginning) -> None:
        """A bad record of an input of this format; the first one is kept."""
        if self._bad is None:
            self._bad, self._format, self._beginning = place, format, beginning

    @property
    def wants_event(self) -> bool:
        """Whether no event was kept yet."""
        return self._event is None

    def event(self, place: BadPlace, record: bytes, row: int, format: Format, beginning: Beginning) -> None:
        """An event without a time: the record it is in, and which one of it."""
        self._event = (place, record, row, format, beginning)

    def arrays(self, events: Events, format: Format) -> None:
        """Whether records have the array whose elements are the events; the first one that has not is kept."""
        self._has_array |= events.has_array
        if self._lacking is None and (record := events.lacking_array) is not None:
            self._lacking = (record, format)

    @property
    def lacks_array(self) -> bool:
        """Whether there were records without the array, and none with it."""
        return self._lacking is not None and not self._has_array

    def told(self) -> dict[str, Any]:
        """What is kept, as JSON can hold it."""
        told: dict[str, Any] = {"has_array": self._has_array}
        if self._bad is not None:
            told["bad"] = [self._bad.as_record(), format_record(self._format), self._beginning.as_record()]
        if self._event is not None:
            place, content, row, format, beginning = self._event
            kept = EventRecord(format, content, row).as_record()
            told["event"] = [place.as_record(), kept, beginning.as_record()]
        if self._lacking is not None:
            told["lacking"] = EventRecord(self._lacking[1], self._lacking[0]).as_record()
        return told

    def absorb(self, told: Mapping[str, Any], within: Within) -> None:
        """What is kept of the records behind those of this one: the first of each kind stays."""
        if self._bad is None and "bad" in told:
            place, format, beginning = told["bad"]
            self._bad, self._format = BadPlace.from_record(place), format_from_record(format)
            self._beginning = Beginning.from_record(beginning)
        if self._event is None and "event" in told:
            place, kept, beginning = told["event"]
            event = EventRecord.from_record(kept, within)
            told_of = event.content, event.row, event.format, Beginning.from_record(beginning)
            self._event = (BadPlace.from_record(place), *told_of)
        if self._lacking is None and "lacking" in told:
            event = EventRecord.from_record(told["lacking"], within)
            self._lacking = event.content, event.format
        self._has_array |= told["has_array"]

    def error(self, ledger: Ledger, job: Job) -> InputError:
        """What the run ends with."""
        if self._lacking is not None and not self._has_array:
            return _without_array(*self._lacking, job)
        if self._event is None:
            assert self._format is not None  # something was read, and no event
            return _unreadable(self._format, ledger.bad, self._bad, self._beginning)
        if not ledger.no_time and self._bad is not None:
            return _useless(ledger.bad, self._bad)
        place, record, row, format, beginning = self._event
        named = list_sources(sources_of(job.clock))
        found, hint = _looked_at(record, row, format, job)
        read_by = _read_by_another(format, beginning)
        problem = f"none of {counted(ledger.no_time, 'event')} has a time in {named}"
        shown = f"{problem}; {printable(place.input)}:{place.line} has {found}"
        if self._bad is not None:
            shown += f"; besides, {counted(ledger.bad, 'bad line')}"
        return InputError("--time", shown, read_by or hint)


def _unreadable(format: Format, lines: int, first: BadPlace | None, beginning: Beginning) -> InputError:
    from streamstat.input.appearance import looks_like  # only errors need it

    appearance = looks_like(beginning.head, beginning.name, format)
    where, reason = "INPUT", ""
    if first is not None:
        where = f"{printable(first.input)}:{first.line}" + (f":{first.column}" if first.column else "")
        reason = f": {first.reason}" if appearance is None else ""
    problem = f"none of {counted(lines, 'line')} is {format.noun}{reason}"
    hints = [] if appearance is None else [str(appearance)]
    if appearance is None or not appearance.remedy:
        hints.append(format.hint)
    return InputError(where, problem, "; ".join(hints))


def _useless(lines: int, first: BadPlace) -> InputError:
    """Records of which each could be read, and none says what was asked for."""
    where = f"{printable(first.input)}:{first.line}"
    several = f"none of {counted(lines, 'line')} can be used: the first one {first.reason}"
    problem = several if lines > 1 else f"the only line {first.reason}"
    return InputError(where, problem, "--bad-file F keeps them")


def _read_by_another(format: Format, beginning: Beginning) -> str:
    """What reads an input whose records could be read, but perhaps as what they are not; empty if nothing does."""
    from streamstat.input.appearance import looks_like

    appearance = looks_like(beginning.head, beginning.name, format)
    return str(appearance) if appearance is not None and appearance.remedy else ""


def _without_array(record: bytes, format: Format, job: Job) -> InputError:
    decoder = decoder_of(format, {}, job.times, job.within)
    names = _listed([printable(name, MOST_TEXT) for name in decoder.names(padded(record))])
    array = repr(printable(job.within.each or "", MOST_TEXT))
    hint = f"the first one has {names}" if names else "the first one has no fields at all"
    return InputError("--each", f"no record has an array {array}", hint)


def _looked_at(record: bytes, row: int, format: Format, job: Job) -> tuple[str, str]:
    """What an event has instead of a time, and what may help."""
    event, sources = EventRecord(format, record, row, job.within), job.clock.time
    paths = paths_of(sources)
    names = [printable(name, MOST_TEXT) for name in event.names() if name not in paths]
    other = f"--time FIELD takes another: {_listed(names)}" if names else ""
    for source in sources:
        kind, text = value_at(event, source, job)
        if kind != Kind.NULL:
            shown = repr(printable(text, MOST_TEXT)) if kind >= Kind.INTEGER else shown_value(kind, text)
            return shown, "; ".join(filter(None, (pattern_hint(job, event, source), other)))
    if held := held_for(event, sources):
        computed = (source.text for source in sources if not isinstance(source, str))
        return held, next(filter(None, (meant_quotient(text, paths) for text in computed)), other)
    present = event.decoded(dict.fromkeys(paths, Need.PRESENT))
    return ("null" if any(present.present(path)[row] for path in paths) else "no such field"), other


def _listed(names: list[str]) -> str:
    return ", ".join(names[:MOST_NAMES]) + (", ..." if len(names) > MOST_NAMES else "")


def first_event(events: Events, job: Job) -> int | None:
    """The first row that is an event, neither a promise nor a change of what is asked; None if there is none."""
    rows = events.rows_without(job.punctuation)
    if job.changes is not None:
        rows = rows[events.kinds(job.changes)[rows] == Kind.NULL]
    return int(rows[0]) if len(rows) else None
