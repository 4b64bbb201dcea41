"""The ledger: every line of input ends in exactly one bucket, and the sum is checked."""

from dataclasses import dataclass, fields, replace

from streamstat.common.errors import ReadWriteError
from streamstat.common.units import format_time
from streamstat.values.columns import MINUS_INFINITY, PLUS_INFINITY
from streamstat.values.packing import Packed, Packer, Unpacker

BUCKETS = (
    "blank",
    "bad",
    "punctuation",
    "queries",
    "no_time",
    "future",
    "filtered",
    "duplicate",
    "unassigned",
    "late",
    "counted",
)
OF_THE_PROCESS = (
    "seconds",
    "interrupted",
    "has_queries",
    "has_changes",
    "numbered",
)  # not of the stream, so in no snapshot
UNTOLD = ("has_queries", "has_changes", "numbered")
OF_QUERIES = ("queries", "bad_queries")  # where queries come with the events
OF_CHANGES = ("stale", "refused")  # where events are changes
OF_A_REPORT = (
    *("filtered", "duplicate", "unassigned", "late", "counted"),
    *("late_assignments", "rows", "corrections", "retractions", "undecided"),
)
OF_A_RUN = (
    *("lines", "blank", "bad", "punctuation", "no_time", "future"),
    *("max_lateness", "uncorrected", "clock_jumps", "bytes", "seconds", "interrupted"),
)
OF_SOME_VERBS = ("undecided",)  # told only where there are any
FIGURES = ("max_lateness_us", "watermark")  # of the stream, but do not add up


@dataclass(slots=True)
class Ledger:
    """Counts of lines by what became of them, and figures of the run.

    >>> ledger = Ledger(lines=3, blank=1, counted=2)
    >>> ledger.check()
    """

    lines: int = 0
    blank: int = 0
    bad: int = 0
    punctuation: int = 0
    queries: int = 0
    no_time: int = 0
    future: int = 0
    filtered: int = 0
    duplicate: int = 0
    unassigned: int = 0
    late: int = 0
    counted: int = 0
    late_assignments: int = 0
    max_lateness_us: int = 0
    uncorrected: int = 0
    clock_jumps: int = 0
    bad_values: int = 0
    bad_queries: int = 0
    rows: int = 0
    corrections: int = 0
    retractions: int = 0
    undecided: int = 0
    stale: int = 0
    refused: int = 0
    watermark: int = MINUS_INFINITY
    bytes: int = 0
    seconds: float = 0.0
    interrupted: bool = False
    has_queries: bool = False
    has_changes: bool = False
    numbered: int = (
        0  # below this are the numbers that events have in the stream, where they are not those of lines
    )

    def check(self) -> None:
        """The equation of the ledger; ReadWriteError names both sides if it does not hold."""
        total = self._sum()
        if self.lines != total:
            raise ReadWriteError(
                "ledger", f"{self.lines} lines, but {total} in its buckets", "please report this"
            )

    @property
    def numbers(self) -> int:
        """Below this are the numbers that events have in the stream."""
        return self.numbered or self.lines

    @property
    def events(self) -> int:
        """Lines that hold an event, whatever became of it."""
        return self.lines - self.blank - self.bad - self.punctuation - self.queries

    @property
    def is_fruitless(self) -> bool:
        """Whether there were events or bad lines, and none of them could be read or none had a time.

        >>> [Ledger(lines=2, bad=1, no_time=1).is_fruitless, Ledger(lines=2, bad=1, late=1).is_fruitless]
        [True, False]
        """
        return self.bad + self.events > 0 and self.events == self.no_time

    def _sum(self) -> int:
        return sum(getattr(self, name) for name in BUCKETS)

    @property
    def buckets(self) -> dict[str, int]:
        """How many lines are in each."""
        return {name: getattr(self, name) for name in BUCKETS if name in self._kept()}

    def _kept(self) -> list[str]:
        without = (*(() if self.has_queries else OF_QUERIES), *(() if self.has_changes else OF_CHANGES))
        return [name for name in counts() if name not in without]

    def snapshot(self) -> Packed:
        """The counts."""
        packer = Packer()
        for name in self._kept():
            packer.integer(name, getattr(self, name))
        return packer.packed()

    def restore(self, snapshot: Packed, /) -> None:
        """The counts as they were."""
        unpacker = Unpacker(snapshot)
        for name in self._kept():
            setattr(self, name, unpacker.integer(name))
        unpacker.end()
        if self.lines != self._sum() or min(getattr(self, name) for name in BUCKETS) < 0:
            raise ValueError("counts that do not add up")

    def since(self, before: "Ledger") -> "Ledger":
        """What was added to the counts since a ledger was `before`; the other figures as they are.

        >>> Ledger(lines=5, counted=5, rows=2).since(Ledger(lines=3, counted=3)).lines
        2
        """
        added = (name for name in counts() if name not in FIGURES)
        return replace(self, **{name: getattr(self, name) - getattr(before, name) for name in added})

    def as_dict(self) -> dict[str, object]:
        """What `--stats` and the metadata of a report hold."""
        told = [*self._kept(), *(name for name in OF_THE_PROCESS if name not in UNTOLD)]
        ordered: dict[str, object] = {name.removesuffix("_us"): getattr(self, name) for name in told}
        ordered["max_lateness"] = self.max_lateness_us / 1_000_000
        ordered["watermark"] = watermark_text(self.watermark)
        ordered["seconds"] = round(self.seconds, 6)
        return {name: value for name, value in ordered.items() if value or name not in OF_SOME_VERBS}


def of_report(run: Ledger, own: Ledger, watermark: int) -> Ledger:
    """The ledger that a report would have in a run of its own; `own` counts the events that were left for it."""
    told = {name: getattr(own, name) for name in OF_A_REPORT}
    return replace(run, **told, bad_values=run.bad_values + own.bad_values, watermark=watermark)


def counts() -> tuple[str, ...]:
    """The fields that a stream decides."""
    return tuple(each.name for each in fields(Ledger) if each.name not in OF_THE_PROCESS)


def watermark_text(watermark: int) -> str | None:
    """ISO 8601, "inf" at the end of input, None before there is one."""
    if watermark == MINUS_INFINITY:
        return None
    return "inf" if watermark == PLUS_INFINITY else format_time(watermark)
