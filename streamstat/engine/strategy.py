"""How windows of a shape are kept and published: the contract between the engine and its strategies."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol, TypeAlias, runtime_checkable

from streamstat.common.record import record
from streamstat.engine.columns import Columns
from streamstat.plan.job import Job
from streamstat.values.columns import I32, I64, Mask, ResultField, Rows
from streamstat.values.packing import Part


@record
class Judged:
    """Commands of a block: rows that became events, rows that were refused, and which of the checks each of these
    failed."""

    accepted: I64
    refused: I64
    failed: I32
    checks: tuple[str, ...]


@record
class Publication:
    """Rows for the changelog (stdout) and for report files, which get each window once, closed; None: none.

    of: the number of the report that gives them, among those of the engine. undecided: what the end of input has left
    open, and no row tells. replaces: the report begins anew with these rows, and what it had is void. stale, refused:
    changes that were not applied, of records that were taken by now. filtered: how many of these records gave nothing.
    log: lines of a log that is written anew. judged: what became of commands of the block at hand. bad_values: values
    of rows that are no good for what is asked of them.
    """

    changelog: Rows | None
    report: Rows | None
    corrections: int = 0
    retractions: int = 0
    of: int = 0
    undecided: int = 0
    replaces: bool = False
    stale: int = 0
    refused: int = 0
    filtered: int = 0
    log: Iterator[bytes] | None = None
    judged: Judged | None = None
    bad_values: int = 0


@record
class Refused:
    """Rows of a block whose times are too far ahead, and these times."""

    rows: I64
    times: I64


@record
class Late:
    """Rows of a block that came too late for any window of a report."""

    rows: I64
    of: int = 0


@record
class UnreadableRecords:
    """Records of a block that are none of the log, and of each which of the reasons."""

    rows: I64
    codes: I32
    reasons: tuple[str, ...]
    of: int = 0


READING = ""  # in place of an argument: what follows is a call such as number(x) that made nothing of a value
UNREADABLE_PROMISE: tuple[str, str | None] = ("--punctuation", None)  # in place of a call


@record
class Halted:
    """The row of a block before which a strict engine has stopped. `call`: the argument and the condition of the
    aggregates that its value is no good for; None: it has no time, or it is no record of the log for this reason. of:
    the report that has the call."""

    row: int
    call: tuple[str, str | None] | None
    of: int = 0
    reason: str = ""


@record
class Examined:
    """A block behind its way through the engine: what was made of its columns, and who was asked for what.

    undated: rows that have no event time. dated: rows that have one which is not refused; asked: those of them that
    `--where` was asked for; kept: those behind it that may be in a window (None: all). promises: rows of those that
    cannot be read. of: the report that was asked. refused: rows that were to change what is asked, and why they do not.
    stream: which one it is of.
    """

    columns: Columns
    undated: I64
    dated: Mask | None
    asked: Mask | None
    kept: Mask | None
    promises: I64
    of: int = 0
    refused: tuple[tuple[int, str], ...] = ()
    stream: int = 0


# What comes of a block: what fires, in order, then the rows that count nowhere and that somebody may ask for, and
# the block itself, for those who tell of it; of a strict engine, `Halted` in place of these.
Outcome: TypeAlias = Publication | Refused | Late | UnreadableRecords | Examined | Halted


@record
class Candidates:
    """The rows of a block: time int64[n], key int32[n], the watermark before each int64[n], which may be counted
    (None: all), and the number of the first row in the stream; which of several streams and inputs that is. undated:
    which have no time (None: all have one); that of a job that takes them."""

    columns: Columns
    times: I64
    keys: I32
    before: I64
    left: Mask | None
    sequence: int
    stream: int = 0
    undated: Mask | None = None
    input: int = 0


@record
class Taken:
    """What became of rows [begin, end): which are late (None: none), and (event, window) pairs missed by the others.

    published: what they give at once, whatever the watermark. refused: rows that were to change what is asked, and
    why they do not. unreadable: those that are no records of the log.
    """

    end: int
    late: Mask | None = None
    missed: int = 0
    published: Iterable[Publication] = ()
    refused: tuple[tuple[int, str], ...] = ()
    unreadable: UnreadableRecords | None = None


class Intake(Protocol):
    """One block on its way into what is kept. It lives as long as the block is being taken in."""

    @property
    def outside(self) -> Mask | None:
        """Where the events are that fall in no window (None: nowhere)."""
        ...

    def take(self, begin: int) -> Taken:
        """Add rows from `begin` on, up to where a window must fire first. The watermark stands before row `begin`."""
        ...


class Strategy(Part, Protocol):
    """Keeps the state of windows of one shape, and publishes them as the watermark moves."""

    @property
    def fields(self) -> tuple[tuple[ResultField, ...], tuple[ResultField, ...]]:
        """The columns of the changelog and of reports."""
        ...

    def live(self) -> I32:
        """The slots of the store that are in use, ascending."""
        ...

    def closing(self, times: I64) -> I64:
        """From which watermark on no event of each time is counted any more."""
        ...

    def outside(self, times: I64) -> Mask | None:
        """Which times are in no window (None: nowhere)."""
        ...

    def begin(self, candidates: Candidates) -> Intake:
        """A block comes: what takes its rows, each once, from the first on."""
        ...

    def still_open(self, watermark: int) -> Mapping[str, int]:
        """How much of what waits for the watermark, by what it is: `{"windows": 2}` hold events and have not fired."""
        ...

    def promised(self, watermark: int) -> int:
        """The time before which no row begins any more, MINUS_INFINITY if there may always be one; never goes back.

        Asked of jobs with `promises`, and of those that listen to producers.
        """
        ...

    @property
    def fired_by(self) -> int:
        """The watermark that fires every window that is open, MINUS_INFINITY if none is."""
        ...

    def advance(self, since: int, until: int) -> Iterator[Publication]:
        """The watermark moved from `since` to `until`: publish what fires."""
        ...

    def finish(self, since: int, newest: int) -> Iterator[Publication]:
        """All input has ended, with the watermark at `since`: what else fires. newest: the latest time of an event or
        a promise."""
        ...

    def close(self, watermark: int) -> Iterator[Publication]:
        """Nothing more fires for now: publish what else would come with the next firing, as at the end of input."""
        ...


@runtime_checkable
class Telling(Protocol):
    """What a strategy can tell beside its rows."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader of the rows should know."""
        ...

    @property
    def figures(self) -> dict[str, Any]:
        """What `--stats` has of it."""
        ...


@runtime_checkable
class Divisible(Protocol):
    """A strategy whose state is made of pieces that can be kept apart and put together again."""

    def pieces(self) -> tuple[I32, I32, I64, I64]:
        """The slot, the key and the first and last time of each, as `admit` takes them."""
        ...

    def admit(self, keys: I32, lo: I64, hi: I64) -> I32:
        """The slots of pieces that come from elsewhere, new or known. Nothing has fired yet that they are part of."""
        ...


@record
class Present:
    """Rows as they would be published now. is_all: there are no more of them."""

    rows: Rows
    is_all: bool


@runtime_checkable
class Shows(Protocol):
    """A strategy whose windows have values before they fire, for those who watch."""

    def present(self, watermark: int, most: int) -> Present:
        """The rows of windows that hold events and have not fired, in row order: of more than `most` the last ones.

        Nothing that is published, now or later, changes by it. Asked between two blocks.
        """
        ...


@runtime_checkable
class Whole(Protocol):
    """A strategy whose report is replaced as a whole, as its rows stand when somebody asks."""

    def whole(self, *, last: bool) -> Iterator[Publication]:
        """The report, if it is not as it was when it was asked for before: the first part of it `replaces`. last: all
        has been read, so that stdout gets it, too."""
        ...


@runtime_checkable
class OfTimes(Protocol):
    """A strategy that looks at the time fields themselves."""

    def tell_time(self, job: Job) -> None:
        """The field that holds the time is known by now, and the job says it."""
        ...


@runtime_checkable
class OfChanges(Protocol):
    """A strategy that reads a log of changes, whose format may have to be found first."""

    @property
    def changes(self) -> str | None:
        """The format; None while it is not known."""
        ...

    def tell_changes(self, job: Job) -> None:
        """It is known by now, and the job says it."""
        ...

    def first_unreadable(self, columns: Columns, left: Mask | None) -> tuple[int, str] | None:
        """The first of these rows of a block that is no record of the log, and why."""
        ...
