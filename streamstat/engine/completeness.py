"""`--completeness`: whether a row was final, how many producers were heard from in its window, and who was silent.

What a row says is what had come by the time at which it is published, so a block is cut there.
"""

from typing import cast

import numpy as np

from streamstat.engine.hearing import Heard
from streamstat.engine.sizes import Sizes
from streamstat.engine.triage import Triage
from streamstat.event_time.watermark import EVENT, PROMISE
from streamstat.input.events import Events
from streamstat.plan.job import Job
from streamstat.values.columns import (
    I64,
    MINUS_INFINITY,
    PLUS_INFINITY,
    Kind,
    Mask,
    Rows,
    Texts,
    Values,
    integers,
    json_values,
    take_texts,
)
from streamstat.values.packing import Packer, Unpacker
from streamstat.windows import PaneWindow

MOST_SILENT = 100  # are named in a row
CELLS = 1 << 20  # of windows and producers, looked at together


class Completeness:
    """The columns of a report whose job has them."""

    def __init__(self, job: Job, sizes: Sizes) -> None:
        self._job, self._producer = job, job.producer
        self._is_endless = job.kept.shape == "panes" and cast(PaneWindow, job.kept).edges is None
        self._has_end = (
            job.kept.shape == "sessions"
        )  # its end is part of a window, which the watermark has to pass
        self._heard = Heard(job.kept, sizes)
        self._watermark = MINUS_INFINITY

    def snapshot(self) -> bytes:
        """How far events have brought the stream, and who was heard from."""
        return Packer().integer("watermark", self._watermark).blob("heard", self._heard.snapshot()).packed()

    def restore(self, snapshot: bytes, /) -> None:
        """As it was."""
        unpacker = Unpacker(snapshot)
        self._watermark = unpacker.integer("watermark")
        self._heard.restore(unpacker.blob("heard"))
        unpacker.end()

    def reached(self, watermark: int) -> None:
        """Events and promises have brought the watermark here."""
        self._watermark = max(self._watermark, watermark)

    def take(self, events: Events, triage: Triage, begin: int, end: int) -> None:
        """Rows [begin, end) of a block come: events, whatever becomes of them, and promises of a producer."""
        if self._producer is None:
            return
        roles = triage.roles[begin:end]
        rows = np.flatnonzero((roles == EVENT) | (roles == PROMISE)) + begin
        times = triage.spoken[rows]
        counts = np.ones(len(rows), np.bool_)
        if self._job.since_us is not None:
            counts &= times >= self._job.since_us
        if self._job.until_us is not None:
            counts &= times < self._job.until_us
        self._heard.add(events, self._producer, rows, times, counts)

    def forget(self, before: int) -> None:
        """No row that is to come has a window that begins before this time."""
        self._heard.forget(before)

    def columns(self, rows: Rows) -> list[Values]:
        """What rows get, in the order of the job's fields. They are in row order, or in any other."""
        starts, ends = rows.columns[0].numbers, rows.columns[1].numbers
        final = self._final(ends)
        told = [
            Values(np.where(final, Kind.TRUE, Kind.FALSE).astype(np.uint8), np.zeros(len(rows), np.int64))
        ]
        if self._producer is None:
            return told
        return [*told, *self._producers(starts, ends)]

    def _final(self, ends: I64) -> Mask:
        if self._is_endless:
            return np.zeros(len(ends), np.bool_)
        return ends < self._watermark if self._has_end else ends <= self._watermark

    def _producers(self, starts: I64, ends: I64) -> tuple[Values, Values]:
        """How many were heard from in each window, and those that were not."""
        begins = np.ones(len(starts), np.bool_)
        begins[1:] = (starts[1:] != starts[:-1]) | (ends[1:] != ends[:-1])
        first, last = starts[begins], ends[begins] - (0 if self._has_end else 1)
        if self._is_endless:
            first, last = np.full_like(first, MINUS_INFINITY), np.full_like(last, PLUS_INFINITY)
        order, names = self._heard.ordered
        counts, lists = np.zeros(len(first), np.int64), list[bytes]()
        step = max(CELLS // max(len(order), 1), 1)
        for lo in range(0, len(first), step):
            heard = self._heard.within(first[lo : lo + step], last[lo : lo + step])[:, order]
            counts[lo : lo + step] = heard.sum(axis=1)
            lists += _lists(~heard, names)
        of: I64 = np.cumsum(begins) - 1
        return integers(counts[of]), json_values(take_texts(_texts(lists), of))


def _lists(silent: Mask, names: list[bytes]) -> list[bytes]:
    """For each row of a matrix the names where it is true, as a JSON list; most rows are alike."""
    known: dict[bytes, bytes] = {}
    found = []
    for row, mark in zip(silent, map(bytes, np.packbits(silent, axis=1)), strict=True):
        if mark not in known:
            some = np.flatnonzero(row)[:MOST_SILENT]
            known[mark] = b"[" + b",".join(names[i] for i in some.tolist()) + b"]"
        found.append(known[mark])
    return found


def _texts(lists: list[bytes]) -> Texts:
    offsets = np.zeros(len(lists) + 1, np.int64)
    np.cumsum([len(each) for each in lists], out=offsets[1:])
    return Texts(offsets, np.frombuffer(b"".join(lists), np.uint8))
