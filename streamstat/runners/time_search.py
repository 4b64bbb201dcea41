"""Which field holds the time, where none is named: of the first so many events the first with a known one decides.

Events before it have none of them, whatever blocks they come in; so they need not wait until it is found.
"""

import numpy as np

from streamstat.common.errors import UsageError
from streamstat.common.terminal import printable
from streamstat.input.blocks.items import Block
from streamstat.input.events import Events, decoder_of
from streamstat.input.formats import Format
from streamstat.kernels import PADDING
from streamstat.plan.clocks import TIME_FIELDS
from streamstat.plan.job import Job, with_time
from streamstat.runners.found import TimeFound
from streamstat.runners.notes import EventRecord
from streamstat.runners.notes.insides import inside_hint
from streamstat.values.columns import Kind, Need

MOST_EVENTS = 100
_MOST_NAMES, _MOST_TEXT, _MOST_HEAD = 20, 80, 1 << 16


class TimeSearch:
    """Looks at blocks until it has found the field. seen: events so far, also of runs before this one."""

    def __init__(self, job: Job, seen: int = 0) -> None:
        self._job = job
        self.seen = seen
        self._first: EventRecord | None = None
        self._beginning: tuple[bytes, Format] | None = None  # of the block that has it
        self._names: dict[str, None] = {}  # of events that have no known one, in their order

    def look(self, block: Block) -> str | None:
        """The field; None if no event so far has one. UsageError if there were too many of those, unless
        the job may lack one."""
        if self._job.may_lack_time and self.seen >= MOST_EVENTS:
            return None
        found = self._among(block, *self._first_events(block))
        if found is None and self.seen >= MOST_EVENTS:
            self._refuse(f"none of the first {MOST_EVENTS} events has a known time field")
        return found

    def told(self, found: str, job: Job, stream: int) -> tuple[Job, TimeFound]:
        """The job reads event time from this field."""
        return with_time(job, found, stream), TimeFound(found, stream)

    def end(self) -> None:
        """All has been read: UsageError if this run had events, and none so far had a known field."""
        if self._first is not None:
            many = "the only event" if self.seen == 1 else f"none of {self.seen} events"
            has = "has no known time field" if self.seen == 1 else "has a known time field"
            self._refuse(f"{many} {has}")

    def _first_events(self, block: Block) -> tuple[Events, list[int]]:
        """The events that are still to be looked at, and their rows."""
        promise, changes = self._job.punctuation, self._job.changes
        fields = (*TIME_FIELDS, *(path for path in (promise, changes) if path is not None))
        decoder = decoder_of(block.format, dict.fromkeys(fields, Need.PRESENT), within=self._job.within)
        events = decoder.decode(block.buffer[: block.size + PADDING].copy(), block.begin)
        rows = events.rows_without(promise)
        if changes is not None:
            rows = rows[events.kinds(changes)[rows] == Kind.NULL]
        return events, rows[: MOST_EVENTS - self.seen].tolist()

    def _among(self, block: Block, events: Events, rows: list[int]) -> str | None:
        if not rows:
            return None
        known = np.array([events.present(path)[rows] for path in TIME_FIELDS])
        have = np.flatnonzero(known.any(axis=0))
        if len(have):
            return TIME_FIELDS[int(np.argmax(known[:, have[0]]))]
        self.seen += len(rows)
        for row in rows:
            event = EventRecord(block.alone, *events.around(row), self._job.within)
            self._first = self._first or event
            self._beginning = self._beginning or (block.tobytes()[block.begin : _MOST_HEAD], block.format)
            self._names |= dict.fromkeys(event.names())
        return None

    def _refuse(self, problem: str) -> None:
        if self._job.may_lack_time:
            return
        from streamstat.input.appearance import of_another_format  # only errors need it

        names = [printable(name, _MOST_TEXT) for name in self._names]
        shown = ", ".join(names[:_MOST_NAMES]) + (", ..." if len(names) > _MOST_NAMES else "")
        whose = "its" if self.seen == 1 else "their"
        hint = f"name one of {whose} fields: {shown}" if shown else "there are no fields at all"
        if self._first is not None and (inside := inside_hint(self._first, TIME_FIELDS)):
            hint = inside
        elif self._beginning is not None and (other := of_another_format(*self._beginning)):
            hint = f"{other}; fields: {shown}"
        raise UsageError("--time", problem, hint)
