"""What an event has where its time is looked for: in fields, and in what is computed from some."""

from collections.abc import Iterable

from streamstat.common.terminal import printable
from streamstat.engine.asides import computed_times
from streamstat.engine.columns import Columns
from streamstat.event_time.clock import Clock
from streamstat.event_time.fields import TimeSource
from streamstat.plan.job import Job
from streamstat.runners.notes import EventRecord
from streamstat.runners.notes.showing import MOST_SHOWN, field_in, value_of
from streamstat.values.columns import Kind, Need


def sources_of(clock: Clock) -> list[TimeSource]:
    """Where an event can have its time from."""
    corrected = clock.received if clock.sent is not None else None
    return [source for source in (*clock.time, corrected) if source is not None]


def list_sources(sources: Iterable[TimeSource]) -> str:
    """The names of fields, and expressions as they were written.

    >>> list_sources(["ts", "time"])
    "'ts' or 'time'"
    """
    return " or ".join(
        repr(words_of(source)) if isinstance(source, str) else f"a value of {words_of(source)}"
        for source in sources
    )


def words_of(source: TimeSource) -> str:
    """A source as it was written, cut to a part of a line."""
    return printable(source if isinstance(source, str) else source.text, MOST_SHOWN)


def paths_of(sources: Iterable[TimeSource]) -> list[str]:
    """The fields that they read."""
    return [
        path for source in sources for path in ([source] if isinstance(source, str) else [*source.fields])
    ]


def value_at(event: EventRecord, source: TimeSource, job: Job) -> tuple[Kind, str]:
    """What an event has there: its kind, and its text or spelling."""
    if isinstance(source, str):
        return field_in(event, source)
    columns = Columns(event.decoded(job.needs, job.times))
    computed_times(columns, job)  # so that expressions know how times are read
    return value_of(columns.evaluate(source), event.row)


def time_kind(event: EventRecord, source: TimeSource, job: Job) -> int:
    """Whether that can be read as a time, as the decoder tells it."""
    if isinstance(source, str):
        return int(event.decoded({source: Need.TIME}, job.times).times(source)[1][event.row])
    columns = Columns(event.decoded(job.needs, job.times))
    return int(computed_times(columns, job)[source.text][1][event.row])
