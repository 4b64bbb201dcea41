"""`hopping:SIZE/HOP`: a window of that size begins every hop; they overlap, or leave gaps where the hop is longer."""

from typing import ClassVar

from streamstat.common.record import record
from streamstat.values.columns import I64, Mask
from streamstat.windows import Placement
from streamstat.windows import _grid as grid


@record
class Hopping:
    """Windows [start, end) on a grid of edges. An event falls in one piece, between two neighbouring edges."""

    edges: grid.Edges
    shape: ClassVar[str] = "panes"
    grows: ClassVar[bool] = False

    @classmethod
    def parse(cls, text: str, placement: Placement) -> "Hopping":
        size, slash, hop = text.partition("/")
        if not slash:
            raise ValueError(f"hopping:{text} has no hop; for example hopping:5m/1m")
        return cls(grid.parse(size, hop, placement))

    @property
    def apart(self) -> grid.Apart:
        return grid.Apart(self.edges)

    @property
    def overlaps(self) -> bool:
        return self.edges.size > self.edges.hop

    @property
    def one_size(self) -> bool:
        return isinstance(self.edges, grid.Durations)  # civil days have 23 to 25 hours

    @property
    def has_gaps(self) -> bool:
        return self.edges.size < self.edges.hop

    def cut(self, times: I64) -> tuple[I64, I64, Mask | None]:
        return grid.cut(self.edges, times)

    def first_end(self, lo: I64) -> I64:
        return self.edges.end(self.edges.ended(lo) + 1)

    def last_end(self, lo: I64) -> I64:
        return self.edges.end(self.edges.begun(lo))

    def ended(self, watermarks: I64) -> I64:
        return self.edges.ended(watermarks)

    def close(self, lo: I64, hi: I64, since: int, until: int) -> tuple[I64, I64, I64]:
        return grid.close(self.edges, lo, since, until)

    def missed(self, lo: I64, closed: I64) -> I64:
        return grid.missed(self.edges, lo, closed)
