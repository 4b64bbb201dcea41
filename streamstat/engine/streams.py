"""A stream of events: when each happened, and how far it has come. Mostly a job has one; a join has two."""

from dataclasses import dataclass, replace

from streamstat.engine.asides import computed_times
from streamstat.engine.columns import Columns
from streamstat.engine.ledger import Ledger
from streamstat.engine.triage import Triage, sorted_out
from streamstat.event_time.devices import DeviceClocks
from streamstat.event_time.fields import TimeFields, Years
from streamstat.event_time.watermark import Watermark
from streamstat.input.events import Events
from streamstat.plan.job import Job
from streamstat.values.columns import MINUS_INFINITY
from streamstat.values.packing import Packer, Part, Unpacker


class EventStream:
    """One of the streams of a job, which this job is as its events see it. Nothing of it depends on the others."""

    def __init__(self, number: int, job: Job) -> None:
        self.number, self.job = number, job
        self.years, self.devices = Years(job.clock.year), DeviceClocks()
        self.watermark = Watermark(job.clock, job.producer, job.punctuation, job.delay_us, job.idle_us)
        self.place = Position()

    @property
    def parts(self) -> dict[str, Part]:
        """All that is state, in the order in which it is restored."""
        parts: dict[str, Part] = {"place": self.place, "years": self.years, "devices": self.devices}
        return parts | {"watermark": self.watermark}

    def begin_input(self, number: int, others_to_come: bool) -> None:
        """The blocks that follow are of this input; others come later, of which nothing is known yet."""
        self.years.begin_input(number)
        self.watermark.begin_input(number, others_to_come)

    def end_input(self, number: int) -> None:
        """No more will come of this input."""
        self.years.end_input(number)
        self.watermark.end_input(number)

    def tell_time(self, job: Job, path: str) -> None:
        """Event time is in this field, from the first event on; the job says so."""
        self.place.time = path
        self.become(job)

    def become(self, job: Job) -> None:
        """The job is known to be this one, from the first event on."""
        self.job, self.watermark.clock = job, job.clock

    def sorted_out(
        self, events: Events, ledger: Ledger, now_us: int | None, others: int
    ) -> tuple[Columns, Triage]:
        """A block as columns, with the rows that are left for reports. others: how far all other streams have come."""
        columns = Columns(events)
        self.watermark.clock = replace(self.job.clock, now_us=now_us)
        computed = computed_times(columns, self.job)
        fields = TimeFields(events, self.watermark.clock.input_zone, self.years, computed)
        return columns, sorted_out(self, ledger, fields, columns, others)

    def taken(self, events: Events) -> None:
        """All reports have had the block."""
        self.place.sequence += events.rows
        self.place.newest = max(self.place.newest, self.watermark.newest)


@dataclass(slots=True)
class Position:
    """Where a stream stands: how many events there were, the latest time of an event or a promise, and the field that
    was found to hold the time."""

    sequence: int = 0
    newest: int = MINUS_INFINITY
    time: str | None = None

    def snapshot(self) -> bytes:
        """All of it."""
        packer = Packer().integer("sequence", self.sequence).integer("newest", self.newest)
        packer.flag("found", self.time is not None)
        return packer.blob("time", (self.time or "").encode()).packed()

    def restore(self, snapshot: bytes, /) -> None:
        """As it was."""
        unpacker = Unpacker(snapshot)
        self.sequence, self.newest = unpacker.integer("sequence"), unpacker.integer("newest")
        found, time = unpacker.flag("found"), unpacker.blob("time").decode()
        self.time = time if found else None
        unpacker.end()
