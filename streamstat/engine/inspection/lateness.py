"""How far events come behind the newest of their producer, and what a delay of the watermark would lose."""

from typing import Any

import numpy as np

from streamstat import kernels
from streamstat.engine.strategy import Candidates
from streamstat.input.events import Events
from streamstat.values.columns import I64, U8, U64, Kind, Mask, Texts

DELAYS_US = (0, 1_000_000, 10_000_000, 60_000_000, 600_000_000, 3_600_000_000)
FIRST_EVENTS = 100
LATEST_TOLD = 5
ONLY = np.zeros(1, np.int32)  # slot


class Lateness:
    """Counts events by how far they are behind. producer: the field that names who sent one; None: the one of `evident`
    that the first event with any of them has."""

    def __init__(self, producer: str | None, evident: tuple[str, ...]) -> None:
        self.producer, self._evident = producer, evident
        self._looks_for_one = producer is None
        self._seen = 0
        self._input = -1
        self._all, self._by_producer = kernels.Disorder(), kernels.Disorder()
        self._below = np.zeros(len(DELAYS_US), np.int64)
        self._spread = kernels.HdrStates()
        self._spread.resize(1)

    def add(self, candidates: Candidates, dated: Mask | None) -> None:
        """A block; `dated` are its events that have a time (None: all)."""
        events, n = candidates.columns.events, len(candidates.times)
        self._begin(candidates.input)
        self._look(events, n)
        marks = None if dated is None else dated.view(np.uint8)
        lateness = self._all.take(candidates.times, marks)
        if self.producer is not None or self._seen < FIRST_EVENTS:
            own = self._by_producer.take(candidates.times, marks, *self._named(events, n))
            lateness = lateness if self._looks_for_one else own
        behind = lateness[lateness > 0]
        self._spread.update(
            np.zeros(len(behind), np.int32), np.full(len(behind), Kind.INTEGER, np.uint8), behind
        )
        for i, delay in enumerate(DELAYS_US):
            behind = behind[behind > delay]
            self._below[i] += len(behind)

    def _begin(self, number: int) -> None:
        if number != self._input:
            self._input = number
            self._all.begin_input()
            self._by_producer.begin_input()

    def _look(self, events: Events, n: int) -> None:
        """Find who is evidently a producer, by the first event that names one."""
        first = min(n, FIRST_EVENTS - self._seen)
        if self.producer is not None or first <= 0:
            return
        named = np.array([events.kinds(path)[:first] != Kind.NULL for path in self._evident])
        naming = np.flatnonzero(named.any(axis=0))
        if len(naming):
            self.producer = self._evident[int(np.argmax(named[:, naming[0]]))]
        self._seen += first

    def _named(self, events: Events, n: int) -> tuple[U64, I64, U8]:
        """The producers of the first rows: hashes, and texts."""
        if self.producer is None:  # nobody knows yet who is one
            return np.zeros(n, np.uint64), np.zeros(n + 1, np.int64), np.empty(0, np.uint8)
        names = events.texts(self.producer)
        return events.hashes(self.producer)[:n], names.offsets[: n + 1], names.data

    def told(self) -> dict[str, Any]:
        """What is known by now."""
        counted = self._by_producer if self.producer is not None and not self._looks_for_one else self._all
        events, behind, furthest = (
            each.sum() if i < 2 else each.max(initial=0) for i, each in enumerate(counted.producers())
        )
        delays = [
            {"delay_s": us / 1e6, "below": int(n)} for us, n in zip(DELAYS_US, self._below, strict=True)
        ]
        return {
            "events": int(events),
            "out_of_order": int(behind),
            "delays": delays,
            "delay_that_loses_none_s": int(furthest) / 1e6,
            "delay_that_loses_a_thousandth_s": self._losing_a_thousandth(int(events)) / 1e6,
            "producer": self.producer,
            **self._producers(),
        }

    def _losing_a_thousandth(self, events: int) -> float:
        """The least delay by which one event in a thousand is late at most, in microseconds, a thousandth too long."""
        behind, allowed = int(self._below[0]), events // 1000
        if behind <= allowed:
            return 0.0
        return float(self._spread.quantile(ONLY, behind - allowed, behind)[1][0])

    def _producers(self) -> dict[str, Any]:
        if self.producer is None:
            return {}
        events, behind, furthest = self._by_producer.producers()
        worst = np.lexsort((-behind, -furthest))
        worst = worst[events[worst] > 0][:LATEST_TOLD]
        texts = Texts(*self._by_producer.names(worst))
        told = [
            {
                "producer": texts[i].decode("utf-8", "replace"),
                "events": int(events[at]),
                "out_of_order": int(behind[at]),
                "furthest_s": int(furthest[at]) / 1e6,
            }
            for i, at in enumerate(worst.tolist())
        ]
        return {"producers": int(np.count_nonzero(events)), "latest_producers": told}
