"""The events of a block as queries look at them: columns of fields, times, and the events as they were written."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import numpy as np

from streamstat.common.record import record
from streamstat.engine.asides import times_of
from streamstat.engine.columns import Columns
from streamstat.expressions import Evaluation, Expression, Moments, Times
from streamstat.input.events import BlockDecoder, Events, decode_bytes
from streamstat.kernels import JsonDecoder
from streamstat.plan.job import Job
from streamstat.values.columns import I64, U8, Need, Texts, Values, arrays_of, take, take_texts

NativeField: TypeAlias = tuple[U8, I64, I64, U8]
NativeTexts: TypeAlias = tuple[I64, U8]


@record
class EventSource:
    """Events, and their rows in the block (None: they are all of it)."""

    events: Events
    times: Times | None
    written: Callable[[], Texts]
    rows: I64 | None = None

    def fields(self, paths: Sequence[str]) -> list[NativeField]:
        """The columns of some fields, as native code takes them."""
        return [_native(self.events.values(path)) for path in paths]

    def written_arrays(self) -> NativeTexts:
        """The events as they were written."""
        texts = self.written()
        return np.ascontiguousarray(texts.offsets), np.ascontiguousarray(texts.data)

    def evaluate(self, expression: Expression, rows: I64) -> Evaluation:
        """An expression over these rows alone."""
        columns = {path: take(self.events.values(path), rows) for path in expression.fields}
        times = None if self.times is None else _times_at(self.times, rows)
        return expression.evaluate(
            columns, len(rows), times, written=lambda: take_texts(self.written(), rows)
        )

    def place(self, row: int) -> int:
        """Where a row of the block, or the first one behind it, is among the events."""
        return row if self.rows is None else int(np.searchsorted(self.rows, row))

    def block_row(self, place: int, stop: int) -> int:
        """The row of the block at a place; `stop` where there is no further one before it."""
        if self.rows is None:
            return place
        return int(self.rows[place]) if place < len(self.rows) else stop

    def block_rows(self, places: I64) -> I64:
        """The rows of the block at these places."""
        return places if self.rows is None else self.rows[places]


def of_block(columns: Columns) -> EventSource:
    """A block as it was decoded."""
    return EventSource(columns.events, columns.times, columns.written)


def read_again(columns: Columns, job: Job, needs: Mapping[str, Need], rows: I64) -> EventSource:
    """Some events of a block, read once more for other fields than the job is known to need.

    A query that comes with the events may name any field, and blocks that were decoded before it did are there
    already. As they were written events hold all of their fields, so that it never matters where blocks end.
    """
    written = columns.events.written_of(rows)
    numeric = Need.NUMERIC if job.numeric_text else Need.NOTHING
    wanted = {
        path: need | numeric | (Need.TIME if path in job.clock.time else 0) for path, need in needs.items()
    }
    fields = [(path, int(need)) for path, need in wanted.items()]
    decoder = BlockDecoder(wanted, JsonDecoder(fields, job.times))
    events = decode_bytes(decoder, b"\n".join(written[i] for i in range(len(written))) + b"\n")
    assert events.rows == len(rows), "an event as it was written is one line that can be read"
    return EventSource(events, _times_again(columns, job, events, rows), lambda: written, rows)


def _times_again(columns: Columns, job: Job, events: Events, rows: I64) -> Times | None:
    if columns.times is None:
        return None
    known = _times_at(columns.times, rows)
    own = times_of(events, job, known.event)

    def of_field(path: str) -> Moments:
        return known.of_field(path) if job.clock.time == (path,) else own.of_field(path)

    return Times(known.event, of_field, own.of_values, known.zone)


def _times_at(times: Times, rows: I64) -> Times:
    def of_field(path: str) -> Moments:
        found, known = times.of_field(path)
        return found[rows], known[rows]

    event, known = times.event
    return Times((event[rows], known[rows]), of_field, times.of_values, times.zone)


def _native(values: Values) -> NativeField:
    kinds, numbers, offsets, data = arrays_of(values)
    return kinds, numbers, offsets, data
