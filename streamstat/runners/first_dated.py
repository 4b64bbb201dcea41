"""The first event that has a time: what its clocks said, and what became of that at each step."""

import numpy as np

from streamstat.common.record import record
from streamstat.engine.asides import computed_times, give_times
from streamstat.engine.columns import Columns
from streamstat.event_time.devices import DeviceClocks
from streamstat.event_time.fields import OCCURRED, RECEIVED, SENT, TimeFields, TimeSource, Years
from streamstat.expressions import Expression
from streamstat.runners.notes import EventRecord
from streamstat.runners.notes.showing import field_in, shown_value, value_of
from streamstat.runners.sample import Sample


@record
class FirstDated:
    """The first event with a time: where it stands, its times (None: it has none), and its fields as columns."""

    place: str
    occurred: int | None
    sent: int | None
    received: int | None
    time: int
    is_refused: bool  # as too far ahead
    event: EventRecord
    columns: Columns
    row: int

    @property
    def offset(self) -> int | None:
        """What was added to the time of its device."""
        if self.sent is None or self.received is None or self.occurred is None:
            return None
        return self.time - self.occurred

    @property
    def has_jumped(self) -> bool:
        """Whether its clock was set between the two times that it tells."""
        return None not in (self.offset, self.sent) and (self.sent or 0) < (self.occurred or 0)

    def holds(self, condition: Expression) -> bool:
        """Whether a condition holds for it."""
        return bool(self.columns.condition(condition)[self.row])

    def shown(self, expression: Expression) -> str:
        """What a field or an expression is of it."""
        if expression.field is not None:
            return shown_value(*field_in(self.event, expression.field))
        return shown_value(*value_of(self.columns.evaluate(expression), self.row))


def first_dated(sample: Sample) -> FirstDated | None:
    """None where no event of the sample has a time."""
    job = sample.job
    years, devices = Years(job.clock.year), DeviceClocks()
    for block in sample.blocks:
        columns = Columns(block.events(job))
        events = columns.events
        if not events.rows:
            continue
        fields = TimeFields(events, job.clock.input_zone, years, computed_times(columns, job))
        promises = None if job.punctuation is None else events.present(job.punctuation)
        read = job.clock.read(fields, devices, promises)
        give_times(columns, fields, read, job)
        dated = np.ones(events.rows, np.bool_) if read.missing is None else ~read.missing
        rows = np.flatnonzero(dated if promises is None else dated & ~promises)
        if not len(rows):
            continue
        row = int(rows[0])
        return FirstDated(
            f"{block.input}:{block.lines + events.line_of(row) + 1}",
            _time_at(fields, OCCURRED, job.clock.time, row),
            _time_at(fields, SENT, _alone(job.clock.sent), row),
            _time_at(fields, RECEIVED, _alone(job.clock.received), row),
            int(read.times[row]),
            read.future is not None and bool(read.future[row]),
            EventRecord(block.alone, *events.around(row), job.within),
            columns,
            row,
        )
    return None


def _alone(path: str | None) -> tuple[TimeSource, ...]:
    return () if path is None else (path,)


def _time_at(fields: TimeFields, role: int, sources: tuple[TimeSource, ...], row: int) -> int | None:
    if not sources:
        return None
    field = fields.field(role, sources)
    return int(field.times[row]) if field.known[row] else None


def seen_kinds(sample: Sample, path: str) -> list[int]:
    """How many events have a value of each kind in a field, by `Kind`; promises are no events."""
    counts = np.zeros(8, np.int64)
    job = sample.job
    for block in sample.blocks:
        events = block.events(job)
        counts += np.bincount(events.kinds(path)[events.rows_without(job.punctuation)], minlength=8)
    return [int(count) for count in counts]
