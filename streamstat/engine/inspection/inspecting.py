"""The strategy that looks at a stream and keeps nothing of it but what it tells: no window, no row."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from streamstat import kernels
from streamstat.engine.inspection.lateness import Lateness
from streamstat.engine.inspection.offsets import ClockOffsets
from streamstat.engine.inspection.silences import Silences
from streamstat.engine.inspection.time_fields import TimesFound
from streamstat.engine.keys import Keys
from streamstat.engine.shaping import Shaping
from streamstat.engine.sizes import Sizes
from streamstat.engine.store import Store
from streamstat.engine.strategy import Candidates, Publication, Taken
from streamstat.plan.inspecting import Inspected
from streamstat.plan.job import Job
from streamstat.values.columns import I32, I64, MINUS_INFINITY, PLUS_INFINITY, Mask, ResultField

MOST_FIELDS = 1000
MOST_SILENCES = 3
MOST_HEAD = 1 << 16
WRITTEN_AT_ONCE = 4096  # each may have much around it that others have, too


class Inspecting:
    """A `Strategy` whose `figures` are what it is for. It is asked for by a run that has no state and no rows."""

    def __init__(self, job: Job, keys: Keys, store: Store, shaping: Shaping, sizes: Sizes) -> None:
        assert isinstance(job.kept, Inspected)
        self._workers = store.workers
        self.profiles = kernels.FieldProfiles(MOST_FIELDS, job.times, WRITTEN_AT_ONCE)
        self.times = TimesFound(job.kept.times)
        self.lateness, self.silences = Lateness(job.producer, job.kept.producers), Silences()
        corrects = job.clock.sent is not None and job.clock.received is not None
        self.offsets = ClockOffsets(job.clock) if corrects else None
        self._head: bytes | None = None

    @property
    def fields(self) -> tuple[tuple[ResultField, ...], tuple[ResultField, ...]]:
        """There are no rows."""
        return (), ()

    @property
    def warnings(self) -> tuple[str, ...]:
        """Names beyond those that are told."""
        n = self.profiles.left_out
        return (f"more than {MOST_FIELDS:,} fields: {n:,} values of others are not looked at",) if n else ()

    @property
    def figures(self) -> dict[str, Any]:
        """All that is told of the stream."""
        told: dict[str, Any] = {
            "head": self._head or b"",
            "events": self.profiles.rows,
            "time_fields": self.times.told(),
            "span": self.silences.span,
            "silences": self.silences.longest(MOST_SILENCES),
            "order": self.lateness.told(),
            "fields": self.profiles.fields(),
        }
        return told if self.offsets is None else told | {"clocks": self.offsets.told()}

    def tell_time(self, job: Job) -> None:
        """The field that holds the time is known by now."""
        if self.offsets is not None:
            self.offsets.clock = job.clock

    def take(self, candidates: Candidates) -> None:
        """Look at a block, all threads together: at its fields, and beside them at its times."""
        events = candidates.columns.events
        if self._head is None:
            self._head = events.block[:MOST_HEAD].tobytes()
        beside: list[Callable[[], None]] = [lambda: self._time(candidates)]
        for _ in events.find_values(self.profiles, candidates.left):
            self._workers.run([*beside, *[self.profiles.take] * self._workers.threads])
            beside = []
        for task in beside:
            task()

    def _time(self, candidates: Candidates) -> None:
        left = candidates.left
        dated = left if candidates.undated is None else _both(left, ~candidates.undated)
        self.times.add(candidates.columns.events, left)
        self.silences.add(candidates.times if dated is None else candidates.times[dated])
        self.lateness.add(candidates, dated)
        if self.offsets is not None:
            self.offsets.add(candidates.columns, left)

    def begin(self, candidates: Candidates) -> "InspectionIntake":
        """A block comes."""
        return InspectionIntake(self, candidates)

    def live(self) -> I32:
        """No slot of the store is in use."""
        return np.empty(0, np.int32)

    def closing(self, times: I64) -> I64:
        """No event comes too late to be looked at."""
        return np.full(len(times), PLUS_INFINITY, np.int64)

    def outside(self, times: I64) -> Mask | None:
        """Every time is as good as another."""
        return None

    def still_open(self, watermark: int) -> Mapping[str, int]:
        """Nothing waits."""
        return {}

    @property
    def fired_by(self) -> int:
        """There is nothing to fire."""
        return MINUS_INFINITY

    def promised(self, watermark: int) -> int:
        """No row comes."""
        return watermark

    def advance(self, since: int, until: int) -> Iterator[Publication]:
        """No row waits for the watermark."""
        return iter(())

    def finish(self, since: int, newest: int) -> Iterator[Publication]:
        """Nor for the end of input."""
        return iter(())

    def close(self, watermark: int) -> Iterator[Publication]:
        """Nor for the end."""
        return iter(())

    def snapshot(self) -> bytes:
        """Nothing goes on from what was seen once."""
        raise NotImplementedError("an inspection has no state")

    def restore(self, snapshot: bytes, /) -> None:
        """Nor does it begin anywhere but at the beginning."""
        raise NotImplementedError("an inspection has no state")


class InspectionIntake:
    """An `Intake` that looks at a block once."""

    def __init__(self, inspecting: Inspecting, candidates: Candidates) -> None:
        self._inspecting, self._candidates = inspecting, candidates

    @property
    def outside(self) -> Mask | None:
        """Events are in no windows."""
        return None

    def take(self, begin: int) -> Taken:
        """Look at all rows."""
        self._inspecting.take(self._candidates)
        return Taken(len(self._candidates.times))


def _both(left: Mask | None, right: Mask) -> Mask:
    return right if left is None else left & right
