"""What an event has where its time is looked for: in fields, and in what is computed from some."""

from collections.abc import Iterable

from streamstat.common.terminal import printable
from streamstat.engine.asides import computed_times, read_time
from streamstat.engine.columns import Columns
from streamstat.event_time.clock import Clock
from streamstat.event_time.fields import TimeSource
from streamstat.plan.job import Job
from streamstat.runners.notes import EventRecord
from streamstat.runners.notes.showing import MOST_SHOWN, field_in, shown_value, value_of
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
    return value_of(_columns(event, job).evaluate(source), event.row)


def time_kind(event: EventRecord, source: TimeSource, job: Job) -> int:
    """Whether that can be read as a time, as the decoder tells it."""
    return int(read_time(_columns(event, job), source, job)[1][event.row])


def held_for(event: EventRecord, sources: Iterable[TimeSource]) -> str:
    """What an event has in the fields that expressions read, as these gave nothing; empty if there are none."""
    paths = dict.fromkeys(path for source in sources if not isinstance(source, str) for path in source.fields)
    present = event.decoded(dict.fromkeys(paths, Need.PRESENT))
    return ", ".join(
        f"{printable(path, MOST_SHOWN)} {shown_value(*field_in(event, path))}"
        if present.present(path)[event.row]
        else f"no {printable(path, MOST_SHOWN)!r}"
        for path in paths
    )


def _columns(event: EventRecord, job: Job) -> Columns:
    columns = Columns(event.decoded(job.needs, job.times))
    computed_times(columns, job)  # from here on expressions know how times are read
    return columns
