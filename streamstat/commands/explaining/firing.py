"""When rows come, what is late, and what is kept until then; and in which window an event is."""

from collections.abc import Iterator
from typing import cast

import numpy as np

from streamstat.commands.settings import Settings
from streamstat.common.units import format_time
from streamstat.plan.job import Job
from streamstat.plan.plan import Plan
from streamstat.windows import PaneWindow, SessionWindow, TrailingWindow

_FIRES = {  # by shape: when a row comes, if the watermark does
    "panes": "A row comes when the watermark reaches the end of its window.",
    "sessions": "A row comes when the watermark has passed the last event of its session and the gap.",
    "trailing": "A row comes when the watermark has passed its event.",
}
_KEPT = {
    "panes": "In memory there is a state for each group and window that is open.",
    "sessions": "In memory there is a state for each session that is open.",
    "trailing": "In memory there are the events of one window, with those that may still be late.",
}


def firing_sentences(plan: Plan, job: Job, chosen: Settings) -> Iterator[str]:
    """What moves the watermark, and what that does."""
    has_end = job.kept.shape != "panes" or cast(PaneWindow, job.kept).edges is not None
    moves = plan.delay not in (None, "inf") or job.punctuation is not None
    if not has_end:
        yield "Rows come at the end of the input, since their window has no end before that."
    elif not moves:
        yield "All rows come at the end of the input: nothing else moves the watermark. --delay 10s would."
    else:
        yield from _watermark(plan)
        yield _FIRES[job.kept.shape]
    yield from _end(chosen, moves)
    if has_end and moves:
        yield from _late(plan, job)
    yield _KEPT[job.kept.shape]


def _end(chosen: Settings, moves: bool) -> Iterator[str]:
    if chosen.state is not None:
        flushed = "is published, as --flush says" if chosen.flush else "waits in the state for the next run"
        yield f"What is open at the end {flushed}."
    elif moves:
        yield "Windows that are open at the end of the input have their rows then."
    if chosen.follow:
        yield "The input is followed, so it ends with INT or TERM."
    if chosen.idle_flush is not None:
        yield f"Open windows come, too, when nothing has come for {chosen.idle_flush}."


def _watermark(plan: Plan) -> Iterator[str]:
    if plan.delay not in (None, "inf"):
        behind = "is at" if plan.delay == "0s" else f"stays {plan.delay} behind"
        yield f"The watermark {behind} the newest event time."
    if plan.producer is not None:
        idle = f"; one that is {plan.idle} behind the newest no longer counts" if plan.idle else ""
        yield f"Each {plan.producer} has its own, and the least counts{idle}."
    if plan.punctuation is not None:
        yield f"A record with {plan.punctuation} is a promise: it moves the watermark to that time."


def _late(plan: Plan, job: Job) -> Iterator[str]:
    if job.corrects:
        late = f"An event that is late by up to {plan.allowed_lateness}"
        old = "its old row and then " if plan.late == "retract" else ""
        yield f"{late} brings {old}its row again, with a new revision."
    yield "An event whose windows are closed is late: it is counted as such and left out."


def windows_of(job: Job, time: int) -> list[str]:
    """The windows that an event of this time is in, or begins."""
    shape = job.kept.shape
    if shape == "sessions":
        return [_window(job, time, time + cast(SessionWindow, job.kept).gap_us, "]", " if it is alone")]
    if shape == "trailing":
        return [_window(job, time - cast(TrailingWindow, job.kept).size_us, time, "]")]
    window = cast(PaneWindow, job.kept)
    if window.edges is None:
        return ["the one over everything"]
    lo, hi, outside = window.cut(np.array([time], np.int64))
    if outside is not None and outside[0]:
        return ["none: it is in a gap between two"]
    _, starts, ends = window.close(lo, hi, time, int(window.last_end(lo)[0]))
    order = np.argsort(starts)
    return [_window(job, int(starts[i]), int(ends[i]), ")") for i in order]


def _window(job: Job, start: int, end: int, closing: str, more: str = "") -> str:
    start_text, end_text = (
        format_time(each, int(job.zone.offsets(np.array([each], np.int64))[0])) for each in (start, end)
    )
    return f"[{start_text}, {end_text}{closing}{more}"
