"""Which windows an event time falls in: grids of durations and of civil days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from .times import INFINITY, civil_days, duration, local_date_time, midnight, text_time


@dataclass(frozen=True)
class Grid:
    """Windows [start(k), end(k)) for every integer k; civil ones count days of a zone."""

    size: int
    hop: int
    base: int  # of k = 0: microseconds since the epoch, or days since 1970-01-01
    zone: str | None = None

    def start(self, k: int) -> int:
        return self._edge(self.base + k * self.hop)

    def end(self, k: int) -> int:
        return self._edge(self.base + k * self.hop + self.size)

    def _edge(self, at: int) -> int:
        return at if self.zone is None else midnight(date(1970, 1, 1) + timedelta(days=at), self.zone)

    def last_start(self, time: int) -> int:
        """The k of the newest window that starts at or before `time`."""
        at = time if self.zone is None else (local_date_time(time, self.zone).date() - date(1970, 1, 1)).days
        k = (at - self.base) // self.hop + 2
        while self.start(k) > time:
            k -= 1
        return k

    def windows(self, time: int) -> list[int]:
        """Every k whose window holds `time`, oldest first; none in a gap."""
        found, k = [], self.last_start(time)
        while self.end(k) > time:
            found.append(k)
            k -= 1
        return found[::-1]

    def ended(self, since: int, limit: int | float) -> Iterator[int]:
        """Every k from `since` on whose end is at or before `limit`."""
        k = since
        while self.end(k) <= limit:
            yield k
            k += 1


@dataclass(frozen=True)
class Window:
    """A window specification: kind, grid of tumbling and hopping, size of sliding or gap of session."""

    kind: str
    grid: Grid | None = None
    size: int = 0


def parse_window(spec: str, timezone: str, origin: str | None) -> Window:
    """`hopping:5m/1m` and its like as a Window."""
    kind, _, rest = spec.partition(":")
    if kind == "all":
        return Window(kind)
    if kind in ("sliding", "session"):
        size = duration(rest)
        assert isinstance(size, int)
        return Window(kind, size=size)
    size_text, _, hop_text = rest.partition("/")
    if (kind == "hopping") != bool(hop_text) or kind not in ("tumbling", "hopping"):
        raise ValueError(f"not a window: {spec}")
    return Window(kind, _grid(size_text, hop_text or size_text, timezone, origin))


def _grid(size_text: str, hop_text: str, timezone: str, origin: str | None) -> Grid:
    civil_size, civil_hop = civil_days(size_text), civil_days(hop_text)
    if (civil_size is None) != (civil_hop is None):
        raise ValueError("size and hop are both civil or neither")
    if civil_size is not None and civil_hop is not None:
        monday = 4 if civil_hop[1] else 0  # 1970-01-05
        return Grid(civil_size[0], civil_hop[0], monday, timezone)
    size, hop = duration(size_text), duration(hop_text)
    base = 0 if origin is None else text_time(origin, "UTC")
    if size == INFINITY or hop == INFINITY or base is None:
        raise ValueError("a grid needs finite sizes and a readable origin")
    return Grid(int(size), int(hop), base)
