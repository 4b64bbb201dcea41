"""`tumbling:SIZE`: windows one after the other; every event is in exactly one, so a piece is a window."""

from streamstat.windows import Placement
from streamstat.windows import _grid as grid


class Tumbling(grid.Apart):
    """Windows [start, end) between neighbouring edges; size and hop of the edges are equal."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str, placement: Placement) -> "Tumbling":
        return cls(grid.parse(text, text, placement))
