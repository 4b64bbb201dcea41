"""`all`: one window over everything, from the first to the last event time; it fires at the end of input."""

from typing import ClassVar

import numpy as np

from streamstat.common.record import record
from streamstat.values.columns import I64, PLUS_INFINITY, Mask
from streamstat.windows import Placement


@record
class All:
    """One window; the rows of all groups have the same start and end. No event is ever late for it."""

    edges: ClassVar[None] = None
    one_size: ClassVar[bool] = False
    shape: ClassVar[str] = "panes"
    grows: ClassVar[bool] = True
    overlaps: ClassVar[bool] = False
    has_gaps: ClassVar[bool] = False

    @classmethod
    def parse(cls, text: str, placement: Placement) -> "All":
        if text:
            raise ValueError(f"all:{text} takes no size; for example all")
        return cls()

    @property
    def apart(self) -> "All":
        return self

    def cut(self, times: I64) -> tuple[I64, I64, Mask | None]:
        zeros = np.zeros(len(times), np.int64)
        return zeros, zeros, None

    def first_end(self, lo: I64) -> I64:
        return np.full(len(lo), PLUS_INFINITY, np.int64)

    last_end = first_end

    def ended(self, watermarks: I64) -> I64:
        return np.asarray(watermarks == PLUS_INFINITY, np.int64)

    def close(self, lo: I64, hi: I64, since: int, until: int) -> tuple[I64, I64, I64]:
        if until != PLUS_INFINITY or not len(lo):
            none = np.empty(0, np.int64)
            return none, none, none
        return np.arange(len(lo)), np.full(len(lo), lo.min()), np.full(len(lo), hi.max())

    def missed(self, lo: I64, closed: I64) -> I64:
        return np.zeros(len(lo), np.int64)
