"""What expressions ask of a block besides its fields, and what they tell of it besides their values: event times, and
values of which `number(x)` and its like made nothing."""

from collections.abc import Iterator

import numpy as np

from streamstat import kernels
from streamstat.engine.columns import Columns
from streamstat.engine.strategy import READING, Halted
from streamstat.event_time.clock import Clock, EventTimes
from streamstat.event_time.fields import OCCURRED, TimeFields, instants
from streamstat.expressions import Expression, Times
from streamstat.plan.job import Job
from streamstat.values.columns import I64, U8, Mask, arrays_of


def give_times(columns: Columns, clock: Clock, fields: TimeFields, read: EventTimes, job: Job) -> None:
    """From here on expressions over these columns know the event times that the clock has read."""
    events = columns.events  # what holds the columns themselves would keep the block alive in a circle
    dated = np.ones(len(read.times), np.bool_) if read.missing is None else ~read.missing

    def of_field(path: str) -> tuple[I64, Mask]:
        is_event_time = clock.time == (path,)  # then its years are known
        return fields.field(OCCURRED, clock.time).moments if is_event_time else moments(*events.times(path))

    def moments(times: I64, kinds: U8) -> tuple[I64, Mask]:
        return instants(times, kinds, clock.input_zone).moments

    columns.times = Times(
        (read.times, dated),
        of_field,
        lambda values: moments(*kernels.read_times(job.times, *arrays_of(values))),
        job.zone,
    )


def mark_unread(columns: Columns, job: Job, counted: Mask) -> None:
    """Note, of the events that count, the values of which a call made nothing."""
    for expression, rows in _asked(columns, job, counted):
        columns.mark_unread(expression, rows)


def first_unread(columns: Columns, job: Job, counted: Mask) -> Halted | None:
    """The first of the events that count with a value of which a call made nothing; None: there is none."""
    found: Halted | None = None
    for expression, rows in _asked(columns, job, counted):
        columns.evaluate(expression)
        for name, mask in columns.unread(expression).items():
            unread = np.flatnonzero(mask & rows)
            if len(unread) and (found is None or unread[0] < found.row):
                found = Halted(int(unread[0]), (READING, name))
    return found


def _asked(columns: Columns, job: Job, counted: Mask) -> Iterator[tuple[Expression, Mask]]:
    """The expressions of a job, and the events that each is asked for."""
    always = (job.where, *(group.by for group in job.groups), *(each.condition for each in job.measures))
    yield from ((expression, counted) for expression in always if expression is not None)
    for measure in job.measures:
        if measure.argument is not None:
            holds = None if measure.condition is None else columns.condition(measure.condition)
            yield measure.argument, counted if holds is None else counted & holds
