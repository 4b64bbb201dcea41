"""THE lateness rule of windows with fixed edges, and where it makes a block be cut."""

import numpy as np

from streamstat.common.record import record
from streamstat.plan.job import Job
from streamstat.values.columns import I64, Mask
from streamstat.windows import PaneWindow, all_behind


@record
class Verdict:
    """late: events that no window takes; overtaken: whether some are taken that not all of their windows take; missed:
    (event, window) pairs that counted events miss; stops: rows before which windows must fire, because the row could
    change what they hold, or what is said of them."""

    late: Mask | None
    overtaken: bool
    missed: int
    stops: list[int]


def judge(job: Job, window: PaneWindow, lo: I64, before: I64, taken: Mask | None) -> Verdict:
    """THE lateness rule: late for a window if it is closed on arrival, late if no window is left that takes it."""
    n = len(before)
    closed = all_behind(before, job.lateness_us)
    late, overtaken = None, np.zeros(0, np.bool_)
    # Watermarks and the ends of windows never go back: the last and the least tell whether any can be behind.
    if n and int(window.first_end(lo.min(keepdims=True))[0]) <= int(closed[-1]):
        overtaken = window.first_end(lo) <= closed
        late = window.last_end(lo) <= closed if window.overlaps else overtaken.copy()
        if taken is not None:
            late &= taken
            overtaken &= taken
        overtaken &= ~late
        late = late if late.any() else None
    missed, is_overtaken = 0, bool(overtaken.any())
    if is_overtaken:
        missed = int(window.missed(lo[overtaken], closed[overtaken]).sum())
    stops: list[int] = []
    if job.corrects or job.listens or is_overtaken:
        passed = window.ended(before)
        changes = passed[1:] != passed[:-1]
        if job.lateness_us:
            passed = window.ended(closed)
            changes |= passed[1:] != passed[:-1]
        stops = (np.flatnonzero(changes) + 1).tolist()
    return Verdict(late, is_overtaken, missed, stops)
