"""What expressions ask of a block besides its fields, and what they tell of it besides their values: event times, and
values of which `number(x)` and its like made nothing."""

from collections.abc import Iterator, Mapping

import numpy as np

from streamstat import kernels
from streamstat.common.record import record
from streamstat.engine.columns import Columns
from streamstat.engine.strategy import READING, Halted
from streamstat.event_time.clock import EventTimes
from streamstat.event_time.fields import OCCURRED, ReadTimes, TimeFields, TimeSource, instants, unread_time
from streamstat.expressions import Expression, Moments, Times
from streamstat.input.events import Events
from streamstat.plan.job import Job
from streamstat.values.columns import I64, U8, Mask, Values, arrays_of


@record
class AskedRows:
    """Rows of a block: its events, those that `--where` was asked for, and those that count."""

    events: Mask
    dated: Mask
    counted: Mask


def computed_times(columns: Columns, job: Job) -> dict[str, ReadTimes]:
    """The times that are computed, by the text of their expression; nobody knows event times yet."""
    expressions = [source for source in job.clock.time if isinstance(source, Expression)]
    if expressions:
        nowhere = np.zeros(columns.events.rows, np.int64), np.zeros(columns.events.rows, np.bool_)
        columns.times = times_of(columns.events, job, nowhere)
    return {each.text: read_time(columns, each, job) for each in expressions}


def read_time(columns: Columns, source: TimeSource, job: Job) -> ReadTimes:
    """The times of one source: those of a field, or values read as such."""
    if isinstance(source, str):
        return columns.events.times(source)
    return _times_in(columns.evaluate(source), job)


def _times_in(values: Values, job: Job) -> ReadTimes:
    return kernels.read_times(job.times, *arrays_of(values))


def give_times(columns: Columns, fields: TimeFields, read: EventTimes, job: Job) -> None:
    """From here on expressions over these columns know the event times that the clock has read."""
    dated = np.ones(len(read.times), np.bool_) if read.missing is None else ~read.missing
    columns.times = times_of(columns.events, job, (read.times, dated), fields)


def times_of(events: Events, job: Job, event: Moments, fields: TimeFields | None = None) -> Times:
    """The times of a block.

    What holds the columns themselves would keep the block alive in a circle, so this holds their events.
    """
    clock = job.clock

    def of_field(path: str) -> Moments:
        if fields is not None and clock.time == (path,):  # then its years are known
            return fields.field(OCCURRED, clock.time).moments
        return moments(*events.times(path))

    def moments(times: I64, kinds: U8) -> Moments:
        return instants(times, kinds, clock.input_zone).moments

    return Times(event, of_field, lambda values: moments(*_times_in(values, job)), job.zone)


def times_of_kept(job: Job, event: I64, columns: Mapping[str, Values]) -> Times:
    """The times that expressions over events that were kept know: their own, and those in values of these columns."""

    def of_values(values: Values) -> Moments:
        return instants(*_times_in(values, job), job.clock.input_zone).moments

    return Times(
        (event, np.ones(len(event), np.bool_)), lambda path: of_values(columns[path]), of_values, job.zone
    )


def mark_unread(columns: Columns, job: Job, asked: AskedRows) -> None:
    """Note the values of which a call made nothing, of the events that it was asked for."""
    for expression, rows in _asked(columns, job, asked):
        columns.mark_unread(expression, rows)


def first_unread(columns: Columns, job: Job, asked: AskedRows) -> Halted | None:
    """The first event with a value of which a call that was asked for it made nothing; None: there is none."""
    found: Halted | None = None
    for expression, rows in _asked(columns, job, asked):
        columns.evaluate(expression)
        for name, mask in columns.unread(expression).items():
            unread = np.flatnonzero(mask & rows)
            if len(unread) and (found is None or unread[0] < found.row):
                found = Halted(int(unread[0]), (READING, name))
    return found


def _asked(columns: Columns, job: Job, asked: AskedRows) -> Iterator[tuple[Expression, Mask]]:
    """The expressions of a job, and the events that each is asked for."""
    without_time = asked.events
    for source in job.clock.time:
        if isinstance(source, Expression):
            yield source, without_time
        without_time = without_time & unread_time(read_time(columns, source, job)[1])
    if job.where is not None:
        yield job.where, asked.dated
    always = (*(group.by for group in job.groups), *(each.condition for each in job.measures))
    yield from ((expression, asked.counted) for expression in always if expression is not None)
    yield from ((each.expression, asked.counted) for each in job.asked if each.alone)
    for measure in job.measures:
        holds = None if measure.condition is None else columns.condition(measure.condition)
        rows = asked.counted if holds is None else asked.counted & holds
        yield from ((argument, rows) for argument in measure.arguments)
