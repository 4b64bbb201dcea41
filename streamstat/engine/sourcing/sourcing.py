"""The strategy of event sourcing: of each entity what aggregates make of its events. No watermark is waited for."""

from collections.abc import Iterator, Mapping

import numpy as np

from streamstat.engine.keys import Keys
from streamstat.engine.shaping import Shaping
from streamstat.engine.sizes import Sizes
from streamstat.engine.sourcing.changes import EventChangelog
from streamstat.engine.sourcing.entities import Entities
from streamstat.engine.sourcing.intake import DECIDED_TOGETHER, SourcedIntake
from streamstat.engine.sourcing.judging import Judge
from streamstat.engine.sourcing.rows import EntityRows
from streamstat.engine.store import Store
from streamstat.engine.strategy import Candidates, Publication
from streamstat.plan.job import Job
from streamstat.plan.sourcing import Sourced, fields_of_changes
from streamstat.values.columns import I32, I64, MINUS_INFINITY, PLUS_INFINITY, Mask, ResultField


class Sourcing:
    """Events are added in input order, commands after their checks have seen what was added before."""

    def __init__(self, job: Job, keys: Keys, store: Store, shaping: Shaping, sizes: Sizes) -> None:
        assert isinstance(job.kept, Sourced)
        self._job, self._sourced, self._keys = job, job.kept, keys
        self._entities = Entities(store)
        self._is_new = True  # whether rows may be others than those that were published last
        self._rows = EntityRows(job, job.kept, keys, sizes.published_at_once)
        self._judge = Judge(job, job.kept, DECIDED_TOGETHER) if job.kept.checks else None
        self._changes = EventChangelog(job, self._rows, DECIDED_TOGETHER) if job.kept.changelog else None

    @property
    def fields(self) -> tuple[tuple[ResultField, ...], tuple[ResultField, ...]]:
        """The columns of changes, or of rows, and of the report."""
        fields = self._job.fields
        return (fields_of_changes(fields) if self._sourced.changelog else fields), fields

    def live(self) -> I32:
        """The slots of entities that have an event."""
        return self._entities.live()

    def snapshot(self) -> bytes:
        """Which entities there are."""
        return self._entities.snapshot()

    def restore(self, snapshot: bytes, /) -> None:
        """As they were; after the keys. What was published of them still stands."""
        self._is_new = False
        self._entities.restore(snapshot, len(self._keys))

    def closing(self, times: I64) -> I64:
        """An event of any time counts, whenever it comes."""
        return np.full(len(times), PLUS_INFINITY, np.int64)

    def outside(self, times: I64) -> Mask | None:
        """Every time is as good as another."""
        return None

    def begin(self, candidates: Candidates) -> SourcedIntake:
        """A block comes."""
        self._is_new = True
        parts = (self._judge, self._changes, self._job.as_of_us)
        return SourcedIntake(self._entities, *parts, candidates)

    def still_open(self, watermark: int) -> Mapping[str, int]:
        """Nothing waits."""
        return {}

    @property
    def fired_by(self) -> int:
        """There is nothing to fire."""
        return MINUS_INFINITY

    def promised(self, watermark: int) -> int:
        """Rows of changes have the times of their events."""
        return watermark

    def advance(self, since: int, until: int) -> Iterator[Publication]:
        """No row waits for the watermark."""
        return iter(())

    def finish(self, since: int, newest: int) -> Iterator[Publication]:
        """No row waits for the end of input."""
        return iter(())

    def whole(self, *, last: bool) -> Iterator[Publication]:
        """The rows of all entities; stdout has them at the end, unless it has the changes."""
        shows, anew = last and not self._sourced.changelog, self._is_new
        self._is_new = False
        if not (shows or anew):
            return
        first = True
        for rows in self._rows.of_all(self._entities):
            yield Publication(rows if shows else None, rows if anew else None, replaces=anew and first)
            first = False

    def close(self, watermark: int) -> Iterator[Publication]:
        """No row waits for the end."""
        return iter(())
