"""What expressions ask of a block besides its fields, and what they tell of it besides their values: event times, and
values of which `number(x)` and its like made nothing."""

from functools import partial

import numpy as np

from streamstat import kernels
from streamstat.engine.columns import Columns
from streamstat.event_time.clock import Clock, EventTimes
from streamstat.expressions import Times
from streamstat.plan.job import Job
from streamstat.values.columns import Mask, arrays_of


def give_times(columns: Columns, clock: Clock, read: EventTimes, job: Job) -> None:
    """From here on expressions over these columns know the event times that the clock has read."""
    dated = np.ones(len(read.times), np.bool_) if read.missing is None else ~read.missing
    columns.times = Times(
        (read.times, dated),
        partial(clock.field, columns.events),
        lambda values: clock.instants(*kernels.read_times(job.times, *arrays_of(values))),
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
