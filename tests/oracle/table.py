"""The rows of windows: how they are made of events, and what is written of them when."""

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby
from typing import TypeAlias

from .aggregates import Aggregate, Event, order_of
from .completeness import Completeness
from .lines import Value
from .questions import Questions, Row
from .times import INFINITY, SECOND

Group: TypeAlias = tuple[Value, ...]
Published: TypeAlias = tuple["Pane", int, Row]


@dataclass(eq=False)
class Pane:
    """One window of one group; it fires when W reaches `last`, or passes it if `inclusive`."""

    group: Group
    start: int
    end: int
    last: int | float
    inclusive: bool = False
    events: list[Event] = field(default_factory=list)
    revision: int | None = None  # as last published, also of the sessions that became part of this one
    row: Row | None = None  # as it stands published
    changed: bool = True
    absorbed: list[Published] = field(
        default_factory=list
    )  # sessions that became part of this and stand published

    def ended(self, watermark: int | float, lateness: int | float = 0) -> bool:
        if watermark == INFINITY:
            return True
        limit = self.last + lateness
        return watermark > limit if self.inclusive else watermark >= limit

    def span(self) -> tuple[int, int]:
        return self.end, self.start

    def order(self) -> tuple[object, ...]:
        return *self.span(), [order_of(value) for value in self.group]


class Table:
    """The columns, and the two outputs."""

    def __init__(
        self,
        group_names: list[str],
        aggregates: list[Aggregate],
        completeness: Completeness,
        questions: Questions,
        late: str,
    ) -> None:
        self.group_names, self.aggregates, self.completeness = group_names, aggregates, completeness
        self.questions, self.late = questions, late
        self.changelog: list[Row] = []
        self.report: list[Row] = []

    def row(self, pane: Pane) -> Row:
        seconds = Fraction(pane.end - pane.start, SECOND)
        events = sorted(pane.events, key=lambda event: event.sequence)
        row: Row = {"window_start": pane.start, "window_end": pane.end}
        row |= zip(self.group_names, pane.group, strict=True)
        for aggregate in self.aggregates:
            row[aggregate.name] = aggregate.value(events, seconds) if events else aggregate.empty()
        return row | self.completeness.cells(pane.start, pane.end, pane.last, pane.inclusive)

    def publish(self, panes: list[Pane]) -> None:
        """Write what is to be seen of panes that are new or have changed, in their order."""
        if self.late == "drop":
            for _, window in groupby(panes, key=Pane.span):
                self._publish_once(list(window))
        for pane in panes:
            if self.late != "drop":
                self._publish_again(pane)
            pane.changed = False

    def _publish_once(self, window: list[Pane]) -> None:
        """All rows of a window, which has closed."""
        answer = self.questions.answer([self.row(pane) for pane in window])
        self.changelog += answer
        self.report += answer

    def _publish_again(self, pane: Pane) -> None:
        """The row of a pane, if it passes, after what it takes back."""
        row = self.row(pane)
        passes = bool(self.questions.answer([row]))
        for _, revision, taken in sorted(pane.absorbed, key=lambda published: published[0].order()):
            self._write(taken, revision, "retraction")
        if pane.row is not None and pane.revision is not None and (self.late == "retract" or not passes):
            self._write(pane.row, pane.revision, "retraction")
        pane.row, pane.absorbed = None, []
        if passes:
            pane.row, pane.revision = row, 0 if pane.revision is None else pane.revision + 1
            self._write(row, pane.revision, "correction" if pane.revision else "result")

    def close(self, pane: Pane) -> None:
        """Write a pane to the report, if its row stands published."""
        assert not pane.changed
        if pane.row is not None:
            self.report.append(pane.row | {"revision": pane.revision})

    def _write(self, row: Row, revision: int, kind: str) -> None:
        self.changelog.append(row | {"revision": revision, "kind": kind})
