"""What expressions ask of a block besides its fields, and what they tell of it besides their values: event times, and
values of which `number(x)` and its like made nothing."""

import numpy as np

from streamstat import kernels
from streamstat.engine.columns import Columns
from streamstat.event_time.clock import Clock, EventTimes
from streamstat.event_time.fields import OCCURRED, TimeFields, instants
from streamstat.expressions import Times
from streamstat.plan.job import Job
from streamstat.values.columns import I64, U8, Mask, arrays_of


def give_times(columns: Columns, clock: Clock, fields: TimeFields, read: EventTimes, job: Job) -> None:
    """From here on expressions over these columns know the event times that the clock has read."""
    dated = np.ones(len(read.times), np.bool_) if read.missing is None else ~read.missing

    def of_field(path: str) -> tuple[I64, Mask]:
        is_event_time = clock.time == (path,)  # then its years are known
        return (
            fields.field(OCCURRED, clock.time).moments
            if is_event_time
            else moments(*columns.events.times(path))
        )

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
    always = (job.where, *(group.by for group in job.groups), *(each.condition for each in job.measures))
    for expression in always:
        if expression is not None:
            columns.mark_unread(expression, counted)
    for measure in job.measures:
        if measure.argument is not None:
            asked = True if measure.condition is None else columns.condition(measure.condition)
            columns.mark_unread(measure.argument, counted & asked)
