"""Windows with their events, and when rows are written."""

from collections.abc import Iterable

from .aggregates import Event
from .table import Group, Pane, Table
from .times import INFINITY
from .windows import Window


class State:
    """All panes of a run; panes and events are kept to the end, for the sake of plainness."""

    def __init__(
        self, window: Window, lateness: int | float, fill: bool, table: Table, promises: bool
    ) -> None:
        self.window, self.lateness, self.fill, self.table = window, lateness, fill, table
        self.promises = promises
        self.panes: list[Pane] = []
        self.reported: set[Pane] = set()
        self.events: list[Event] = []
        self.fired_to: int | float = -INFINITY  # the last finite W

    def place(self, event: Event, watermark: int | float) -> tuple[str, int]:
        """(bucket, windows that missed the event); the event is added to every window that takes it."""
        if self.window.kind == "sliding":
            return self._place_sliding(event, watermark)
        if self.window.kind == "session":
            return self._place_session(event, watermark)
        if self.window.kind == "all":
            return self._place_all(event)
        assert self.window.grid is not None
        ks = self.window.grid.windows(event.time)
        if not ks:
            return "unassigned", 0
        closed = [k for k in ks if watermark >= self.window.grid.end(k) + self.lateness]
        if len(closed) == len(ks):
            return "late", 0
        for k in ks[len(closed) :]:
            self._add(self._grid_pane(event.group, k), event)
        return "counted", len(closed)

    def _grid_pane(self, group: Group, k: int) -> Pane:
        assert self.window.grid is not None
        start, end = self.window.grid.start(k), self.window.grid.end(k)
        return self._pane(group, start, end) or self._new(Pane(group, start, end, end))

    def _pane(self, group: Group, start: int, end: int) -> Pane | None:
        found = [p for p in self.panes if (p.group, p.start, p.end) == (group, start, end)]
        return found[0] if found else None

    def _new(self, pane: Pane) -> Pane:
        self.panes.append(pane)
        return pane

    def _add(self, pane: Pane, event: Event) -> None:
        pane.events.append(event)
        pane.changed = True

    def _place_all(self, event: Event) -> tuple[str, int]:
        found = [pane for pane in self.panes if pane.group == event.group]
        self._add(found[0] if found else self._new(Pane(event.group, 0, 0, INFINITY)), event)
        self.events.append(event)
        for pane in self.panes:
            pane.start, pane.end = min(e.time for e in self.events), max(e.time for e in self.events)
        return "counted", 0

    def _place_sliding(self, event: Event, watermark: int | float) -> tuple[str, int]:
        if event.time < watermark - self.lateness:
            return "late", 0
        self.events.append(event)
        start, end = event.time - self.window.size, event.time
        if self._pane(event.group, start, end) is None:
            self._new(Pane(event.group, start, end, end, inclusive=True))
        for pane in self.panes:
            if pane.group == event.group and pane.start <= event.time <= pane.end:
                pane.events = [
                    e for e in self.events if e.group == pane.group and pane.start <= e.time <= pane.end
                ]
                pane.changed = True
        return "counted", 0

    def _place_session(self, event: Event, watermark: int | float) -> tuple[str, int]:
        gap, time = self.window.size, event.time
        if self.promises and time < self.due(watermark):
            return "late", 0
        near = [
            pane
            for pane in self.panes
            if pane.group == event.group
            and not pane.ended(watermark, self.lateness)
            and pane.start - gap <= time <= pane.end
        ]
        start, end = min([time, *(p.start for p in near)]), max([time + gap, *(p.end for p in near)])
        if len(near) == 1 and (near[0].start, near[0].end) == (start, end):
            self._add(near[0], event)
            return "counted", 0
        merged = Pane(event.group, start, end, end, inclusive=True)
        if merged.ended(watermark, self.lateness):
            return "late", 0
        for pane in near:
            merged.events += pane.events
            merged.absorbed += pane.absorbed
            if pane.revision is not None:
                merged.revision = max(pane.revision, merged.revision or 0)
                if pane.row is not None:
                    merged.absorbed.append((pane, pane.revision, pane.row))
            self.panes.remove(pane)
        self._add(self._new(merged), event)
        return "counted", 0

    def promised(self, watermark: int | float) -> int | float:
        """The time before which no later row begins: what is due, but for changes that wait for the next firing."""
        owed = [pane.start for pane in self.panes if pane.changed and pane.ended(watermark, self.lateness)]
        return min([self.due(watermark), *owed])

    def due(self, watermark: int | float) -> int | float:
        """What is to be promised; -INFINITY for nothing."""
        if self.window.kind == "session":
            return min([watermark, *(p.start for p in self.panes if not p.ended(watermark, self.lateness))])
        closed = watermark - self.lateness
        if closed in (-INFINITY, INFINITY) or self.window.kind == "all":
            return -INFINITY
        if self.window.kind == "sliding":
            return closed - self.window.size
        grid = self.window.grid
        assert grid is not None and isinstance(closed, int)
        k = grid.last_start(closed)
        while grid.end(k) > closed:
            k -= 1
        return grid.start(next(each for each in range(k, k + 1_000_000) if grid.end(each) > closed))

    def advance(self, before: int | float, now: int | float) -> None:
        """Publish and close, if W in going from `before` to `now` fires a window."""
        if now == before:
            return
        filled = self._filled(before, now) if self.fill else False
        fires = any(p.ended(now) and not p.ended(before) for p in self.panes)
        if fires or filled or now == INFINITY:
            due = sorted((p for p in self.panes if p.ended(now)), key=Pane.order)
            self.table.publish([pane for pane in due if pane.changed])
            closed = [pane for pane in due if pane.ended(now, self.lateness) and pane not in self.reported]
            for pane in closed:
                self.table.close(pane)
                self.reported.add(pane)

    def _filled(self, before: int | float, now: int | float) -> bool:
        """Add the windows without events that are due, from each group's first counted one; is one new?"""
        grid = self.window.grid
        assert grid is not None
        counted = [pane for pane in self.panes if pane.events]
        if now == INFINITY:
            now = max([before, *(pane.end for pane in counted)])
        newly = False
        for group in _groups(counted):
            first = min(pane.start for pane in counted if pane.group == group)
            for k in grid.ended(grid.last_start(first), now):
                newly |= grid.end(k) > before
                self._grid_pane(group, k)
        return newly


def _groups(panes: Iterable[Pane]) -> list[Group]:
    return list(dict.fromkeys(pane.group for pane in panes))
