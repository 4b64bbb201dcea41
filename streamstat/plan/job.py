"""A plan that has been understood: what the engine runs. No texts of options are left, only parts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import ClassVar, Protocol

from streamstat.aggregates import Aggregate
from streamstat.common.record import record
from streamstat.common.zone_names import zone_names
from streamstat.common.zones import Zone
from streamstat.event_time.clock import Clock
from streamstat.expressions import Expression
from streamstat.input.decoding import Within
from streamstat.input.events import TIME_UNITS, BlockDecoder, decoder_of
from streamstat.input.formats import Format
from streamstat.kernels import TimeReader
from streamstat.plan.asked import Asked
from streamstat.states import State
from streamstat.values.columns import ColumnType, Need, ResultField

MOST_COLUMNS = 4096  # of a group, as the native table of keys has it
OVERFLOW = "overflow"  # the column that tells the group of all groups beyond the first so many


@record
class Group:
    """A group column: its name and what it is grouped by."""

    name: str
    by: Expression


@record
class Measure:
    """An aggregate column: name, call, argument (None: none), condition (None: every event).

    by: the second argument of a call that ranks events by a number.
    """

    name: str
    aggregate: Aggregate
    argument: Expression | None = None
    condition: Expression | None = None
    state_name: str = ""  # what its sketch columns are called after: `x` in hll_x
    text: str = ""  # the call as it was written, without `NAME=`
    by: Expression | None = None

    def only_if(self, condition: Expression) -> "Measure":
        """The same of other events."""
        return Measure(
            self.name, self.aggregate, self.argument, condition, self.state_name, self.text, self.by
        )

    @property
    def arguments(self) -> tuple[Expression, ...]:
        """What is asked of each event, but for the condition."""
        return tuple(each for each in (self.argument, self.by) if each is not None)

    @property
    def numbers(self) -> tuple[Expression, ...]:
        """The arguments that have to be numbers."""
        is_numeric = any(state.numeric for state in self.aggregate.states)
        return tuple(each for each in self.arguments if is_numeric or each is self.by)


@record
class RowShape:
    """What is done with the rows of a window, in this order; columns and orders are known by name.

    completeness: the columns that say how complete a window is. shares: a name, and the column of which it is the row's
    part. order: a column, and whether the largest come first.
    """

    completeness: tuple[ResultField, ...] = ()
    shares: tuple[tuple[str, str], ...] = ()
    columns: tuple[tuple[str, Expression], ...] = ()
    having: Expression | None = None
    order: tuple[tuple[str, bool], ...] = ()
    limit: int | None = None

    @property
    def needs_windows(self) -> bool:
        """Whether all rows of a window are needed at once."""
        return bool(self.shares or self.order or self.limit is not None)

    @property
    def fields(self) -> tuple[ResultField, ...]:
        """The columns that it adds."""
        shares = (ResultField(name, ColumnType.DOUBLE) for name, _ in self.shares)
        columns = (ResultField(name, ColumnType.ANY) for name, _ in self.columns)
        return (*self.completeness, *shares, *columns)


class Kept(Protocol):
    """What is kept of the stream, for as long as it is needed. Windows are; their edges are for those who keep them."""

    shape: ClassVar[str]  # how it is kept: the strategy of the engine that knows the rest

    @property
    def one_size(self) -> bool:
        """Whether all windows take the same time, so that their ends say nothing that their starts do not."""
        ...


@dataclass(frozen=True)
class Job:
    """Everything that decides the result. Times and durations in microseconds; None is infinite or not wanted.

    beside: other reports of the same pass, alike in all that is read and in the watermark; each has a name.
    streams: where there are several, each with a watermark of its own, the job as its events see it; each has a name.
    """

    kept: Kept
    clock: Clock
    groups: tuple[Group, ...] = ()
    measures: tuple[Measure, ...] = ()
    since_us: int | None = None
    until_us: int | None = None
    where: Expression | None = None
    unique: tuple[str, ...] = ()
    unique_for_us: int | None = None
    delay_us: int | None = None
    idle_us: int | None = None
    producer: str | None = None
    punctuation: str | None = None
    late: str = "drop"
    lateness_us: int = 0
    max_groups: int | None = None
    shape: RowShape = RowShape()  # noqa: RUF009  (immutable)
    fill: bool = False
    sketches: bool = False
    states: bool = False  # rows have all states, too
    row_states: tuple[tuple[str, State], ...] = ()  # what is kept beside those of measures
    zone: Zone = field(default_factory=lambda: Zone("UTC"))
    time_unit: str = "auto"
    time_formats: tuple[str, ...] = ()
    numeric_text: bool = False
    within: Within = Within()  # noqa: RUF009  (immutable)
    promises: bool = False  # rows are told how far they have come, and sessions never begin before that
    live: bool = False  # lines come as they are written, or with the next run
    columns: tuple[ResultField, ...] | None = None  # of rows, where these are no windows
    asked: tuple[Asked, ...] = ()
    wanted: Mapping[str, Need] = field(
        default_factory=dict
    )  # what else of events whoever keeps them looks at
    written: bool = False  # whether events are wanted as they were written
    noted: bool = False  # whether the values of all fields are looked at
    changes: str | None = None  # the field of records that are no events, but change what is asked of events
    stores_queries: bool = False  # whether the ledger has a bucket for these
    among: tuple[Expression, ...] = ()  # only events are wanted of which one of these holds
    names_time: bool = True  # whether the clock is told which field has the time
    takes_undated: bool = False  # an event without a time is as good as another
    may_lack_time: bool = False  # and if no field is known to have it, it is not looked for any longer
    counts_changes: bool = False  # whether the ledger counts changes, too
    as_of_us: int | None = None  # what happened behind this time is left out
    replaces: bool = False  # a report is replaced as a whole; its columns are known when its rows are
    tells_changes: bool = False  # stdout gets each change, and not the report
    finds_changes: bool = False  # how changes are written is told by the first of them
    name: str = ""
    beside: "tuple[Job, ...]" = ()
    streams: "tuple[Job, ...]" = ()

    @property
    def each_stream(self) -> "tuple[Job, ...]":
        """The job as the events of each stream see it; mostly there is one."""
        return self.streams or (self,)

    @property
    def reports(self) -> "tuple[Job, ...]":
        """The jobs of the pass."""
        return (self, *self.beside)

    @property
    def moves(self) -> bool:
        """Whether the watermark moves before the end of all inputs."""
        return self.live or self.delay_us is not None or self.punctuation is not None

    @property
    def listens(self) -> bool:
        """Whether rows say which producers were heard from, so that it matters what has come before each."""
        return bool(self.shape.completeness) and self.producer is not None

    @property
    def corrects(self) -> bool:
        """Whether published windows may be published again."""
        return self.late != "drop"

    @cached_property
    def needs(self) -> dict[str, Need]:
        """What to decode: the projection that the pass needs and nothing else."""
        needs: dict[str, Need] = {}

        def want(path: str, need: Need) -> None:
            needs[path] = needs.get(path, Need.NOTHING) | need

        for needed in (job.needs for job in self.beside):
            for field_path, need in needed.items():
                want(field_path, need)

        fields = (source for source in self.clock.time if isinstance(source, str))
        for path in (*fields, self.clock.sent, self.clock.received):
            if path is not None:
                want(path, Need.TIME)
        if self.clock.device is not None:
            want(self.clock.device, Need.HASH)
        for field_path in self.unique:
            want(field_path, Need.HASH | Need.MORE_HASH)
        if self.producer is not None:
            want(self.producer, Need.CODE)
        if self.punctuation is not None:
            want(self.punctuation, Need.TIME | Need.PRESENT)
        for group in self.groups:
            if group.by.field is not None:
                want(group.by.field, Need.CODE)
        for expression in self.computed:
            for path, need in expression.fields.items():
                want(path, need)
        for path, need in self.wanted.items():
            want(path, need)
        for measure in self.measures:
            if measure.argument is not None and measure.argument.field is not None:
                for state in measure.aggregate.states:
                    want(measure.argument.field, state.need)
            if measure.by is not None and measure.by.field is not None:
                want(measure.by.field, Need.NUMBER)
        if self.numeric_text:
            needs = {path: need | Need.NUMERIC for path, need in needs.items()}
        return needs

    @cached_property
    def times(self) -> TimeReader:
        """How the values of time fields are read; ValueError for a pattern by which none can be."""
        by_name = self.clock.input_zone is not None and any("%Z" in each for each in self.time_formats)
        zones = zone_names(self.clock.input_zone) if by_name and self.clock.input_zone is not None else []
        return TimeReader(TIME_UNITS.index(self.time_unit), list(self.time_formats), zones)

    def decoder(self, format: Format) -> BlockDecoder:
        """What decodes blocks of a format."""
        return decoder_of(
            format,
            self.needs,
            self.times,
            self.within,
            self.wants_written,
            self.counts_changes,
            any(job.noted for job in self.reports),
        )

    @property
    def wants_written(self) -> bool:
        """Whether whole events are looked at, as they were written."""
        return any(job.written or any(each.asks_written for each in job.computed) for job in self.reports)

    @property
    def computed(self) -> tuple[Expression, ...]:
        """Expressions that are evaluated, not just fields that are read."""
        arguments = (each for measure in self.measures for each in measure.arguments)
        conditions = (measure.condition for measure in self.measures)
        plain = (*(group.by for group in self.groups), *arguments)
        times = (source for source in self.clock.time if isinstance(source, Expression))
        evaluated = (each for each in plain if each.field is None)
        asked = (each.expression for each in self.asked if each.alone)
        named = (*times, *evaluated, self.where, *self.among, *conditions, *asked)
        return tuple(each for each in named if each is not None)

    @property
    def group_names(self) -> tuple[str, ...]:
        """The columns that tell groups apart."""
        overflow = () if self.max_groups is None else (OVERFLOW,)
        return (*(group.name for group in self.groups), *overflow)

    @property
    def row_fields(self) -> tuple[ResultField, ...]:
        """The columns of a report, with those that are computed from others."""
        return (*self.fields, *self.shape.fields)

    @cached_property
    def fields(self) -> tuple[ResultField, ...]:
        """The columns of a report, without `revision` and `kind`."""
        if self.columns is not None:
            return self.columns
        edges = [ResultField("window_start", ColumnType.TIME), ResultField("window_end", ColumnType.TIME)]
        groups = [ResultField(name, ColumnType.ANY) for name in self.group_names]
        return (*edges, *groups, *(ResultField(each.name, each.aggregate.type) for each in self.measures))


def together(jobs: Sequence[Job]) -> Job:
    """Jobs that are alike in all that is read, as one pass."""
    return replace(jobs[0], beside=tuple(jobs[1:]))


def with_time(job: Job, path: str, stream: int = 0) -> Job:
    """The same job, and those beside it, reading event time from this field; of several streams, that of one."""
    if job.streams:
        streams = (with_time(each, path) if i == stream else each for i, each in enumerate(job.streams))
        return replace(job, streams=tuple(streams))
    beside = tuple(with_time(each, path) for each in job.beside)
    return replace(job, clock=replace(job.clock, time=(path,)), names_time=True, beside=beside)
