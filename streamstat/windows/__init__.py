"""What a window type is: a description without state, whose methods are pure functions over arrays.

Where windows have fixed edges, every event belongs to one *piece*, a stretch of time in which no window begins
or ends. A window is made of pieces; aggregate state is kept by piece, so an event is added once, however many
windows overlap. Times are int64 microseconds; a piece is known by its `lo`. No window type knows groups, aggregates
or lateness. Begin with `tumbling`.
"""

from typing import ClassVar, Protocol, Self

import numpy as np

from streamstat.common.record import record
from streamstat.common.zones import Zone
from streamstat.values.columns import I64, MINUS_INFINITY, PLUS_INFINITY, Mask


@record
class Placement:
    """Where edges fall: the zone of civil days, and the instant from which durations are laid."""

    zone: Zone
    origin_us: int | None = None


class Grid(Protocol):
    """Windows numbered in the order of their edges: window k is [start(k), end(k))."""

    def start(self, k: I64) -> I64: ...
    def end(self, k: I64) -> I64: ...

    def begun(self, times: I64) -> I64:
        """The last window that starts at or before each time."""
        ...

    def ended(self, times: I64) -> I64:
        """The last window that ends at or before each time."""
        ...

    def may_make(self, other: "Grid") -> bool:
        """False if windows of another grid have edges that are none of these, which have no gaps and do not overlap."""
        ...


class Window(Protocol):
    """A window type. One frozen dataclass a file; the file's name is the name in `--window`."""

    shape: ClassVar[str]  # how its windows are kept: "panes", "sessions" or "trailing"

    @classmethod
    def parse(cls, text: str, placement: Placement) -> Self:
        """From what stands behind the colon in `--window`; ValueError says what is wrong, with an example."""
        ...

    @property
    def one_size(self) -> bool:
        """Whether all windows take the same time."""
        ...

    @property
    def edges(self) -> Grid | None:
        """The grid on which its windows lie, so that those without events are known too; None if there is none."""
        ...


class SessionWindow(Window, Protocol):
    """A window that grows with the events of its group, and ends when no more come."""

    @property
    def gap_us(self) -> int:
        """Events at most this far apart are in one session."""
        ...


class TrailingWindow(Window, Protocol):
    """A window that ends at an event, and reaches back from there."""

    @property
    def size_us(self) -> int:
        """How far back; the event just there is included."""
        ...


class PaneWindow(Window, Protocol):
    """A window with fixed edges, made of pieces in which no window begins or ends."""

    @property
    def grows(self) -> bool:
        """Whether pieces reach from their first to their last event instead of having fixed edges."""
        ...

    @property
    def overlaps(self) -> bool:
        """Whether a piece can be in several windows; they lie on the grid `edges` then."""
        ...

    @property
    def has_gaps(self) -> bool:
        """Whether a time can be in no window."""
        ...

    @property
    def apart(self) -> "PaneWindow":
        """The same windows where each is a piece by itself, as rows of reports are."""
        ...

    def cut(self, times: I64) -> tuple[I64, I64, Mask | None]:
        """The piece [lo, hi) of each event, and a mask of events that fall in no window (None: none do)."""
        ...

    def first_end(self, lo: I64) -> I64:
        """End of the earliest window that holds each piece."""
        ...

    def last_end(self, lo: I64) -> I64:
        """End of the latest window that holds each piece: when W reaches it, the piece's events are late."""
        ...

    def ended(self, watermarks: I64) -> I64:
        """A number that grows exactly when a watermark passes the end of a window."""
        ...

    def close(self, lo: I64, hi: I64, since: int, until: int) -> tuple[I64, I64, I64]:
        """The windows that end in (since, until], a row per piece in them: (index of the piece, start, end)."""
        ...

    def missed(self, lo: I64, closed: I64) -> I64:
        """How many windows that hold each piece end at or before `closed`."""
        ...


def behind(watermark: int, delay: int) -> int:
    """watermark - delay, where infinities stay what they are."""
    if watermark in (MINUS_INFINITY, PLUS_INFINITY):
        return watermark
    return max(watermark - delay, MINUS_INFINITY)


def all_behind(watermarks: I64, delay: int) -> I64:
    """watermarks - delay, element by element, where infinities stay what they are."""
    if delay == 0:
        return watermarks
    low = watermarks < MINUS_INFINITY + delay
    return np.where(low | (watermarks == PLUS_INFINITY), watermarks, watermarks - delay)


def all_ahead(times: I64, delay: int) -> I64:
    """times + delay, element by element; what would be beyond all times is plus infinity, which stays what it is."""
    return np.where(times > PLUS_INFINITY - delay, PLUS_INFINITY, times + delay) if delay else times
