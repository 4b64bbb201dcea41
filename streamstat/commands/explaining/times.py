"""How event time is found, and the first event at each step of that."""

from collections.abc import Iterator

import numpy as np

from streamstat.commands.explaining.layout import enumerated
from streamstat.common.units import counted, format_time
from streamstat.engine.ledger import Ledger
from streamstat.event_time.fields import TimeSource
from streamstat.plan.job import Job
from streamstat.plan.plan import Plan
from streamstat.runners.first_dated import FirstDated


def time_sentences(plan: Plan, job: Job, ledger: Ledger) -> Iterator[str]:
    """Where the time of an event comes from, and how many have one."""
    clock = job.clock
    names = [_named(source) for source in clock.time]
    if len(names) > 1:
        yield f"The time is the first of {enumerated(names)} that is there and can be read."
    elif plan.time:
        yield f"The time is {names[0]}, as --time says."
    elif job.names_time:
        yield f"The time is in {names[0]}, the first known name that an event has."
    else:
        yield "The time is in the first field with a name that streamstat help times lists."
    if plan.time_format:
        yield f"It is read by {enumerated([repr(each) for each in plan.time_format], 'or')}, then as usual."
    if plan.time_unit != "auto":
        yield f"A number is a time in {plan.time_unit}."
    if plan.input_timezone != "UTC":
        yield f"A text that names no zone is in {plan.input_timezone}."
    yield from _correction(plan, ledger)
    yield from _bounds(plan, job)
    if ledger.no_time:
        yield f"Without a time that can be read: {ledger.no_time:,} of {counted(ledger.events, 'event')}."
    if ledger.future:
        yield f"Refused: {ledger.future:,} of {counted(ledger.events, 'event')}."


def _correction(plan: Plan, ledger: Ledger) -> Iterator[str]:
    if plan.sent is None:
        yield "No clock is corrected: that takes --sent and --received."
        return
    yield f"Clocks are corrected: the offset {plan.received} - {plan.sent} is added to the time."
    if ledger.uncorrected:
        yield f"Where one of these times is missing, what there is counts: {counted(ledger.uncorrected, 'event')}."
    if ledger.clock_jumps:
        jumped = counted(ledger.clock_jumps, "event")
        yield f"Where the clock was set before {plan.sent}, {plan.received} counts: {jumped}."
    if plan.offset_by is not None:
        yield f"The offset is the least within an hour of the same {plan.offset_by}, so time in transit does not count."


def _bounds(plan: Plan, job: Job) -> Iterator[str]:
    if plan.earliest is not None:
        instead = f"takes {plan.received}" if plan.received is not None else "has no time"
        yield f"An event before {plan.earliest} {instead}."
    if job.clock.max_ahead_us is not None:
        than = plan.received if plan.received is not None else "now"
        yield f"An event more than {plan.max_ahead or '1h'} later than {than} is refused, as future."


def _named(source: TimeSource) -> str:
    return source if isinstance(source, str) else source.text


def step_rows(first: FirstDated, job: Job) -> Iterator[tuple[str, ...]]:
    """The times of the first event, as they become its event time."""

    def told(time: int | None) -> str:
        if time is None:
            return "none"
        return format_time(time, int(job.zone.offsets(np.array([time], np.int64))[0]))

    yield "place", first.place
    yield "occurred", told(first.occurred)
    if job.clock.sent is not None:
        yield "sent", told(first.sent)
    if job.clock.received is not None:
        yield "received", told(first.received)
    if first.has_jumped:
        yield "clock", "was set between occurred and sent, so the time is when it was received"
    elif first.offset is not None:
        yield "offset", f"{first.offset / 1e6:+,.6f}".rstrip("0").rstrip(".") + " s"
    yield "event time", told(first.time)
    if first.is_refused:
        yield "refused", "it is later than --max-ahead allows"
