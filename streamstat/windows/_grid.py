"""Windows that lie on a grid of times: edges by duration from an origin, or by civil days of a zone.

Window k is [start(k), end(k)); both grow with k. Shared by `tumbling` and `hopping`.
"""

from typing import ClassVar, Self

import numpy as np

from streamstat import kernels
from streamstat.common.record import record
from streamstat.common.units import parse_size
from streamstat.common.zones import Zone
from streamstat.values.columns import I64, Mask
from streamstat.windows import Grid, Placement

FIRST_MONDAY = 4  # 1970-01-05

# No event is outside years 1 to 9999; watermarks may be infinite and are brought back to here.
EARLIEST_EDGE, LATEST_EDGE = -62_135_596_800_000_000 - 2**59, 253_402_300_800_000_000 + 2**59
_DAYS_LOOKED_AT = 70 * 365  # from 1970 on
LONGEST_DAYS = 3_000_000
MOST_WINDOWS_AN_EVENT = 100_000


@record
class Durations:
    """Edges at origin + k * hop and size later, in microseconds."""

    size: int
    hop: int
    origin: int = 0

    def start(self, k: I64) -> I64:
        return self.origin + k * self.hop

    def end(self, k: I64) -> I64:
        return self.origin + k * self.hop + self.size

    def cell(self, times: I64) -> tuple[I64, I64]:
        """Start and end of the last window that starts at or before each time."""
        start = kernels.cell_starts(times, self.origin, self.hop)
        return start, start + self.size

    def begun(self, times: I64) -> I64:
        """Index of the last window that starts at or before each time."""
        return kernels.quotients(times, self.origin, self.hop)

    def ended(self, times: I64) -> I64:
        """Index of the last window that ends at or before each time."""
        return kernels.quotients(
            np.clip(times, EARLIEST_EDGE, LATEST_EDGE), self.origin + self.size, self.hop
        )

    def may_make(self, other: Grid) -> bool:
        """Of civil days those of some decades are looked at: a zone may have changed its clocks at any time."""
        if isinstance(other, CivilDays):
            days = np.arange(_DAYS_LOOKED_AT)
            return not ((other.zone.midnights(days) - self.origin) % self.hop).any()
        if not isinstance(other, Durations):
            return True
        return not (other.size % self.hop or other.hop % self.hop or (other.origin - self.origin) % self.hop)


@record
class CivilDays:
    """Edges at local midnights; size and hop in days, counted from day `anchor` (0 is 1970-01-01)."""

    size: int
    hop: int
    anchor: int
    zone: Zone

    def start(self, k: I64) -> I64:
        return self.zone.midnights(self.anchor + k * self.hop)

    def end(self, k: I64) -> I64:
        return self.zone.midnights(self.anchor + k * self.hop + self.size)

    def cell(self, times: I64) -> tuple[I64, I64]:
        k = self.begun(times)
        return self.start(k), self.end(k)

    def begun(self, times: I64) -> I64:
        return (self._days(times) - self.anchor) // self.hop

    def ended(self, times: I64) -> I64:
        return (self._days(np.clip(times, EARLIEST_EDGE, LATEST_EDGE)) - self.anchor - self.size) // self.hop

    def _days(self, times: I64) -> I64:
        """Day numbers; cheap where all times are of one day."""
        if len(times) > 64:
            ends = self.zone.day_numbers(np.array([times.min(), times.max()]))
            if ends[0] == ends[1]:
                return np.full(len(times), ends[0])
        return self.zone.day_numbers(times)

    def may_make(self, other: Grid) -> bool:
        """Of durations each row has to be looked at."""
        if not isinstance(other, CivilDays) or other.zone != self.zone:
            return True
        return not (other.size % self.hop or other.hop % self.hop or (other.anchor - self.anchor) % self.hop)


Edges = Durations | CivilDays


@record
class Apart:
    """Windows that are each kept by themselves: a piece is a window, and a time is in the last that begins by then.

    Where windows overlap, only times at which one begins may be asked about.
    """

    edges: Edges
    shape: ClassVar[str] = "panes"
    grows: ClassVar[bool] = False
    overlaps: ClassVar[bool] = False
    has_gaps: ClassVar[bool] = False

    @property
    def apart(self) -> Self:
        """They are."""
        return self

    @property
    def one_size(self) -> bool:
        return isinstance(self.edges, Durations)  # civil days have 23 to 25 hours

    def cut(self, times: I64) -> tuple[I64, I64, Mask | None]:
        return *self.edges.cell(times), None

    def first_end(self, lo: I64) -> I64:
        return self.edges.end(self.edges.begun(lo))

    last_end = first_end

    def ended(self, watermarks: I64) -> I64:
        return self.edges.ended(watermarks)

    def close(self, lo: I64, hi: I64, since: int, until: int) -> tuple[I64, I64, I64]:
        pieces = np.flatnonzero((since < hi) & (hi <= until))
        return pieces, lo[pieces], hi[pieces]

    def missed(self, lo: I64, closed: I64) -> I64:
        return np.zeros(len(lo), np.int64)


def parse(size_text: str, hop_text: str, placement: Placement) -> Edges:
    """Edges of windows of a size that begin every hop; ValueError where they cannot be."""
    size, hop = parse_size(size_text), parse_size(hop_text)
    if not size.microseconds or not hop.microseconds:
        raise ValueError("a window of no length holds nothing; for example 1m")
    for text, each in ((size_text, size), (hop_text, hop)):
        if each.microseconds > LONGEST_DAYS * 86_400_000_000:
            raise ValueError(
                f"{text} is longer than {LONGEST_DAYS} days; for example 1m, or all for everything"
            )
    if size.microseconds // hop.microseconds > MOST_WINDOWS_AN_EVENT:
        raise ValueError(
            f"{size_text}/{hop_text}: an event would be in more than 100,000 windows; for example 1h/1m"
        )
    if bool(size.civil_days) != bool(hop.civil_days):
        raise ValueError(
            f"{size_text}/{hop_text} mixes days of the calendar with durations; for example 24h/1h or 2d/1d"
        )
    if not size.civil_days:
        return Durations(size.microseconds, hop.microseconds, placement.origin_us or 0)
    anchor = FIRST_MONDAY if hop.weeks else 0
    if placement.origin_us is not None:
        anchor = int(placement.zone.day_numbers(np.array([placement.origin_us]))[0])
    return CivilDays(size.civil_days, hop.civil_days, anchor, placement.zone)


def cut(edges: Edges, times: I64) -> tuple[I64, I64, Mask | None]:
    """Pieces between neighbouring edges, whatever they are edges of."""
    begun, ended = edges.begun(times), edges.ended(times)
    lo = np.maximum(edges.start(begun), edges.end(ended))
    hi = np.minimum(edges.start(begun + 1), edges.end(ended + 1))
    outside = ended >= begun
    return lo, hi, outside if outside.any() else None


def close(edges: Edges, lo: I64, since: int, until: int) -> tuple[I64, I64, I64]:
    """A row per piece and window of it that ends in (since, until]."""
    bounds = edges.ended(np.array([since, until], np.int64))
    first = np.maximum(edges.ended(lo), bounds[0]) + 1
    last = np.minimum(edges.begun(lo), bounds[1])
    counts = np.maximum(last - first + 1, 0)
    pieces = np.repeat(np.arange(len(lo)), counts)
    k = np.arange(len(pieces)) - np.repeat(np.cumsum(counts) - counts, counts) + first[pieces]
    return pieces, edges.start(k), edges.end(k)


def missed(edges: Edges, lo: I64, closed: I64) -> I64:
    """How many windows that hold each piece end at or before `closed`."""
    return np.clip(np.minimum(edges.ended(closed), edges.begun(lo)) - edges.ended(lo), 0, None)
