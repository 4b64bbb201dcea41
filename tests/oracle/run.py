"""A whole run, line by line: every line into one count of the ledger, every window into its rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from .aggregates import Event, calls_of, parse_aggregate
from .bounds import parse_bounds
from .completeness import Completeness
from .expressions import as_written, holds, parse
from .groups import Groups
from .lines import BOM, NULL, BadLine, Value, is_blank, lookup, read_object
from .memory import Memory
from .options import Options
from .questions import parse_questions
from .state import State
from .table import Table
from .text import iso
from .times import FIRST, INFINITY, LAST, SECOND, duration, read_time, text_time
from .watermark import Watermark
from .windows import parse_window

TIME_FIELDS = (
    *(
        "window_start",
        "match_start",
        "occurred_at",
        "timestamp",
        "@timestamp",
        "time",
        "ts",
        "eventTime",
        "@t",
    ),
    *(
        "datetime",
        "time_local",
        "time_iso8601",
        "msec",
        "startTime",
        "_time",
        "ts_ms",
        "__REALTIME_TIMESTAMP",
    ),
)
HOUR = 3600 * SECOND
_BUCKETS = [
    "blank",
    "bad",
    "punctuation",
    "no_time",
    "future",
    "filtered",
    "duplicate",
    "unassigned",
    "late",
    "counted",
]
_COUNTS = ["lines", *_BUCKETS, "late_assignments", "uncorrected", "clock_jumps", "bad_values"]


@dataclass
class Result:
    """changelog: what stdout gets; report: what a report file gets; late, bad: lines for their files."""

    changelog: list[dict[str, object]]
    report: list[dict[str, object]]
    ledger: dict[str, object]
    late: list[bytes] = field(default_factory=list)
    bad: list[bytes] = field(default_factory=list)
    promise: int | float = -INFINITY  # the last one


def run(inputs: Sequence[bytes] | Sequence[Sequence[bytes]], options: Options) -> Result:
    """The result of lines (without their newlines): of one input, or of several in order."""
    several = [list(one) for one in inputs if not isinstance(one, bytes)]
    if not several:
        several = [[line for line in inputs if isinstance(line, bytes)]]
    oracle = Oracle(options)
    for i, lines in enumerate(several):
        oracle.begin_input(is_last=i == len(several) - 1)
        oracle.feed(lines)
    return oracle.finish()


class Oracle:
    """A run that can be watched step by step."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.groups = Groups(options.by, None if options.max_groups is None else int(options.max_groups))
        calls = [call for text in options.agg for call in calls_of(text)]
        self.aggregates = [parse_aggregate(call, i) for i, call in enumerate(calls)]
        self.where = parse(options.where) if options.where else None
        self.times = [parse(text) for text in options.time.split(",")] if options.time else []
        self.earliest = None if options.earliest is None else text_time(options.earliest, options.timezone)
        self.samples: dict[Value, list[tuple[int, int]]] = {}  # of each device received and offset
        self.max_ahead = duration(options.max_ahead or ("1h" if options.received else "inf"))
        lateness = 0 if options.late == "drop" else duration(options.allowed_lateness or "0s")
        self.watermark = Watermark(duration(options.delay or "inf"), duration(options.idle or "inf"))
        self.bounds = parse_bounds(options.since, options.until, options.timezone, options.now)
        questions = parse_questions(
            options.share, options.column, options.having, options.order, options.limit
        )
        self.completeness = Completeness(options.completeness, options.producer is not None, self.bounds)
        table = Table(self.groups.names, self.aggregates, self.completeness, questions, options.late)
        window = parse_window(options.window, options.timezone, options.origin)
        self.memory = Memory(options.unique, options.unique_for, window, lateness)
        self.state = State(window, lateness, options.fill, table, options.promises)
        self.ledger: dict[str, int] = dict.fromkeys(_COUNTS, 0)
        self.late: list[bytes] = []
        self.bad: list[bytes] = []
        self._seen: dict[int, set[Value]] = {
            a.position: set() for a in self.aggregates if a.function == "new"
        }
        self._at_start = True

    def begin_input(self, is_last: bool) -> None:
        self.watermark.begin_input(is_last)
        self._at_start = True

    def feed(self, lines: Iterable[bytes]) -> None:
        for line in lines:
            before = self.watermark.now
            bucket = self._take(line.removeprefix(BOM) if self._at_start else line)
            self._at_start = False
            self.ledger["lines"] += 1
            self.ledger[bucket] += 1
            if bucket in ("late", "bad"):
                (self.late if bucket == "late" else self.bad).append(line)
            self.completeness.reached = self.watermark.now
            self.state.advance(before, self.watermark.now)

    def finish(self) -> Result:
        """The end of all inputs."""
        before, promise = self.watermark.now, self.state.promised(self.watermark.now)
        self.watermark.end()
        self.state.advance(before, self.watermark.now)
        assert self.ledger["lines"] == sum(self.ledger[name] for name in _BUCKETS)
        table = self.state.table
        ledger: dict[str, object] = {
            **self.ledger,
            "max_lateness": self.watermark.largest_lag / SECOND,
            "corrections": sum(row.get("kind") == "correction" for row in table.changelog),
            "retractions": sum(row.get("kind") == "retraction" for row in table.changelog),
            "watermark": self.watermark_text(),
            "interrupted": False,
        }
        return Result(table.changelog, table.report, ledger, self.late, self.bad, promise)

    def watermark_text(self) -> str | None:
        now = self.watermark.now
        return iso(now) if isinstance(now, int) else "inf" if now > 0 else None

    def _take(self, line: bytes) -> str:
        """The bucket of a line, after everything it changes but the rows it lets go."""
        if is_blank(line):
            return "blank"
        try:
            fields = read_object(line)
        except BadLine:
            return "bad"
        if self.options.punctuation is not None and lookup(fields, self.options.punctuation) is not None:
            self._promise(fields, self.options.punctuation)
            return "punctuation"
        time = self._event_time(fields)
        if time is None:
            return "no_time"
        if self._too_far_ahead(fields, time):
            return "future"
        bucket = self._place(fields, time)
        self.watermark.observe(self._producer(fields), time)
        self.completeness.hear(self._producer(fields), time)
        return bucket

    def _place(self, fields: Value, time: int) -> str:
        if not self.bounds.hold(time) or not holds(self.where, fields):
            return "filtered"
        values = self.memory.values(fields)
        if values is not None and self.memory.knows(values, self.watermark.now):
            return "duplicate"
        event = Event(time, self.ledger["lines"], fields, self.groups.of(fields))
        bucket, missed = self.state.place(event, self.watermark.now)
        if bucket == "counted":
            self.ledger["late_assignments"] += missed
            bad = set().union(*(aggregate.bad_fields(fields) for aggregate in self.aggregates))
            self.ledger["bad_values"] += len(bad)
            self._mark_first_values(event)
            if values is not None:
                self.memory.add(values, time)
        return bucket

    def _mark_first_values(self, event: Event) -> None:
        for position, seen in self._seen.items():
            aggregate = self.aggregates[position]
            assert aggregate.argument is not None
            value = as_written(aggregate.argument, event.fields)
            if value.kind != "null" and holds(aggregate.condition, event.fields):
                event.fresh[position] = value not in seen
                seen.add(value)

    def _promise(self, fields: Value, name: str) -> None:
        time = self._read(fields, name)
        if time is None:
            self.ledger["bad_values"] += 1
        elif not self._too_far_ahead(fields, time):
            producer = self._producer(fields)
            if self.options.producer is not None and producer.kind == "null":
                self.watermark.promise_for_all(time)
            else:
                self.watermark.promise(producer, time)
                self.completeness.hear(producer, time)

    def _producer(self, fields: Value) -> Value:
        return NULL if self.options.producer is None else lookup(fields, self.options.producer) or NULL

    def _event_time(self, fields: Value) -> int | None:
        if not self.times:
            present = [name for name in TIME_FIELDS if lookup(fields, name) is not None]
            if not present:
                return None
            self.times = [parse(f"field({present[0]!r})")]
        times = [self._read_value(as_written(each, fields)) for each in self.times]
        occurred = next((time for time in times if time is not None), None)
        received = None if self.options.received is None else self._read(fields, self.options.received)
        time, count = occurred, ""
        if self.options.sent is not None:
            sent = self._read(fields, self.options.sent)
            offset = self._offset(fields, occurred, sent, received)
            time, count = _corrected(occurred, sent, received, offset)
        if time is not None and self.earliest is not None and time < self.earliest:
            is_late_enough = received is not None and received >= self.earliest
            time, count = received if is_late_enough else None, "uncorrected"
        if time is None or not FIRST <= time <= LAST:
            return None
        if count:
            self.ledger[count] += 1
        return time

    def _offset(self, fields: Value, occurred: int | None, sent: int | None, received: int | None) -> int:
        if sent is None or received is None:
            return 0
        device = None if self.options.offset_by is None else lookup(fields, self.options.offset_by)
        if device is None or device.kind == "null":
            return received - sent
        samples = self.samples.setdefault(device, [])
        if occurred is not None and sent < occurred:
            samples.clear()
        samples.append((received, received - sent))
        return min(offset for time, offset in samples if received - HOUR <= time <= received)

    def _too_far_ahead(self, fields: Value, time: int) -> bool:
        received = None if self.options.received is None else self._read(fields, self.options.received)
        return received is not None and self.max_ahead < INFINITY and time > received + self.max_ahead

    def _read(self, fields: Value, path: str) -> int | None:
        return self._read_value(lookup(fields, path))

    def _read_value(self, value: Value | None) -> int | None:
        options = self.options
        return read_time(value, options.time_unit, options.input_timezone, options.time_format)


def _corrected(
    occurred: int | None, sent: int | None, received: int | None, offset: int
) -> tuple[int | None, str]:
    """(event time, what to count) by the clock correction."""
    if occurred is None:
        return received, "uncorrected"
    if sent is None or received is None:
        return occurred, "uncorrected"
    if sent < occurred:
        return received, "clock_jumps"
    return occurred + offset, ""
