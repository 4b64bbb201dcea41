"""`tumbling:SIZE`: windows one after the other; every event is in exactly one, so a piece is a window."""

from typing import ClassVar

import numpy as np

from streamstat.common.record import record
from streamstat.values.columns import I64, Mask
from streamstat.windows import Placement
from streamstat.windows import _grid as grid


@record
class Tumbling:
    """Windows [start, end) between neighbouring edges; size and hop of the edges are equal."""

    edges: grid.Edges
    shape: ClassVar[str] = "panes"
    grows: ClassVar[bool] = False
    overlaps: ClassVar[bool] = False
    has_gaps: ClassVar[bool] = False

    @classmethod
    def parse(cls, text: str, placement: Placement) -> "Tumbling":
        return cls(grid.parse(text, text, placement))

    @property
    def one_size(self) -> bool:
        return isinstance(self.edges, grid.Durations)  # civil days have 23 to 25 hours

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
