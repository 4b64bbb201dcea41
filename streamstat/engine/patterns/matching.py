"""Patterns: events wait until the watermark has passed them; then the matches that end with them are rows."""

from collections.abc import Iterator
from typing import cast

import numpy as np

from streamstat.engine.kept import KeptEvents
from streamstat.engine.keys import Keys
from streamstat.engine.patterns.asking import Asking
from streamstat.engine.patterns.intake import PatternIntake
from streamstat.engine.patterns.rows import Matches, MatchRows
from streamstat.engine.patterns.wanted import wanted_of
from streamstat.engine.shaping import Shaping
from streamstat.engine.sizes import Sizes
from streamstat.engine.store import Store
from streamstat.engine.strategy import Candidates, Publication
from streamstat.engine.wanted import rows_of_none
from streamstat.kernels import PatternTable
from streamstat.patterns.sought import Sought
from streamstat.plan.job import Job
from streamstat.values.columns import I32, I64, MINUS_INFINITY, PLUS_INFINITY, ResultField
from streamstat.values.packing import Packer, Unpacker
from streamstat.windows import all_ahead


class Matching:
    """The strategy for patterns."""

    def __init__(self, job: Job, keys: Keys, store: Store, shaping: Shaping, sizes: Sizes) -> None:
        self._job, self._keys, self._store = job, keys, store
        self._sought, self._at_once = cast(Sought, job.kept), sizes.worked_at_once
        self._table = PatternTable(**self._sought.shapes)  # type: ignore[arg-type]
        self._wanted = wanted_of(job, self._sought)
        self._kept = KeptEvents(rows_of_none(job, self._wanted))
        self._asking = Asking(job, self._sought, self._table, self._kept)
        self._rows = MatchRows(job, self._sought, keys, store, self._kept)

    def live(self) -> I32:
        """No slots are in use between two blocks."""
        return np.empty(0, np.int32)

    def snapshot(self) -> bytes:
        """The events that can still be part of a match, and the absences that are not decided."""
        packer = Packer().blob("patterns", self._table.snapshot())
        self._kept.pack(packer, self._table.kept())
        return packer.packed()

    def restore(self, snapshot: bytes, /) -> None:
        """As they were; after the keys."""
        unpacker = Unpacker(snapshot)
        self._table.restore(unpacker.blob("patterns"), len(self._keys))
        self._kept.unpack(unpacker)
        unpacker.end()

    @property
    def fields(self) -> tuple[tuple[ResultField, ...], tuple[ResultField, ...]]:
        """The columns of the changelog and of reports."""
        return self._job.fields, self._job.fields

    def closing(self, times: I64) -> I64:
        """When an event is late."""
        return all_ahead(times, 1)

    def outside(self, times: I64) -> None:
        """Every event may be part of a match."""

    def begin(self, candidates: Candidates) -> PatternIntake:
        """A block comes."""
        return PatternIntake(self._sought, self._table, self._kept, self._wanted, self._store, candidates)

    def still_open(self, watermark: int) -> dict[str, int]:
        """How many events can still be part of a match, and how many absences are not decided."""
        return {"events": int(self._table.open()), "absences": int(self._table.running())}

    @property
    def fired_by(self) -> int:
        """Behind the last event and the last absence that is not decided."""
        latest = int(self._table.latest())
        return latest + 1 if latest != MINUS_INFINITY else MINUS_INFINITY

    def promised(self, watermark: int) -> int:
        """The first event of the oldest match that is still possible, or the watermark."""
        return int(self._table.oldest(watermark))

    def advance(self, since: int, until: int) -> Iterator[Publication]:
        """Work on the events before `until`."""
        yield from self._work(until, until)

    def finish(self, since: int, newest: int) -> Iterator[Publication]:
        """Work on all events. An absence that none has passed is not decided, unless all are to be told."""
        yield from self._work(PLUS_INFINITY, PLUS_INFINITY if self._sought.final else newest)
        if undecided := int(self._table.running()):
            yield Publication(None, None, undecided=undecided)

    def close(self, watermark: int) -> Iterator[Publication]:
        """Rows are never corrected."""
        return iter(())

    def _work(self, until: int, told_until: int) -> Iterator[Publication]:
        """Work on the events before `until`, some after the other, and tell the absences of before `told_until`."""
        worked = MINUS_INFINITY
        while worked < until:
            worked = int(self._table.due(until, self._at_once))
            self._asking.ask()
            matches = Matches(*self._table.work(worked, min(worked, told_until)))
            for rows in self._rows.of(matches) if len(matches) else ():
                yield Publication(rows, rows)
            if self._kept.is_crowded:
                self._kept.only(self._table.kept())
