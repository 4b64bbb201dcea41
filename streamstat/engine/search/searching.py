"""The strategy of stored queries: what holds for an event is told as soon as the event has been read."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from streamstat.common.errors import UsageError
from streamstat.common.terminal import printable
from streamstat.engine.keys import Keys
from streamstat.engine.search.changes import Change, Changes
from streamstat.engine.search.held import HeldQueries
from streamstat.engine.search.intake import SearchIntake
from streamstat.engine.search.naming import NamedQueries, Order, nobody
from streamstat.engine.shaping import Shaping
from streamstat.engine.sizes import Sizes
from streamstat.engine.store import Store
from streamstat.engine.strategy import Candidates, Publication
from streamstat.expressions.forms import QueryReader
from streamstat.plan.job import Job
from streamstat.plan.searching import Queries, in_order
from streamstat.values.columns import I32, I64, MINUS_INFINITY, PLUS_INFINITY, Mask, Need, ResultField
from streamstat.values.packing import Packer, Unpacker


class Searching:
    """Queries of the plan behind an index that never changes, and those that came with the events behind another."""

    def __init__(self, job: Job, keys: Keys, store: Store, shaping: Shaping, sizes: Sizes) -> None:
        assert isinstance(job.kept, Queries)
        self.job, self.kept, self.most_hits = job, job.kept, sizes.published_at_once
        self.planned = NamedQueries(tuple(each.name for each in self.kept.queries), self._held(self.kept))
        self.came = nobody()
        self.came_needs: Mapping[str, Need] = {}
        self._changes = Changes(frozenset(self.planned.names))
        self._anew: set[str] = set()  # what has changed since `came` was made
        self.order = Order(self.planned, self.came)

    @staticmethod
    def _held(kept: Queries) -> HeldQueries:
        return HeldQueries([each.stored for each in kept.queries], kept.reader)

    @property
    def fields(self) -> tuple[tuple[ResultField, ...], tuple[ResultField, ...]]:
        """The columns of rows, which are told once."""
        return self.job.fields, self.job.fields

    @property
    def warnings(self) -> tuple[str, ...]:
        """How many queries every event is held against, and one of them."""
        self.refresh()
        always = in_order({*self.planned.always, *self.came.always} & {*self.order.names})
        if not always:
            return ()
        which = f"{len(always):,} of {len(self.order.names):,}, for example {printable(always[0], 60)}"
        return (
            f"queries of which nothing can be looked up, so that every event is held against them: {which}",
        )

    @property
    def figures(self) -> dict[str, Any]:
        """Of each query, how often it was evaluated and hit."""
        self.refresh()
        found = self.planned.figures | self.came.figures
        return {"query": {name: found[name] for name in self.order.names}}

    def live(self) -> I32:
        """No slot of the store is in use."""
        return np.empty(0, np.int32)

    def closing(self, times: I64) -> I64:
        """An event of any time is held against the queries, whenever it comes."""
        return np.full(len(times), PLUS_INFINITY, np.int64)

    def outside(self, times: I64) -> Mask | None:
        """Every time is as good as another."""
        return None

    def begin(self, candidates: Candidates) -> SearchIntake:
        """A block comes."""
        return SearchIntake(self, candidates)

    def still_open(self, watermark: int) -> Mapping[str, int]:
        """Nothing waits."""
        return {}

    @property
    def fired_by(self) -> int:
        """There is nothing to fire."""
        return MINUS_INFINITY

    def promised(self, watermark: int) -> int:
        """Rows have the times of their events."""
        return watermark

    def advance(self, since: int, until: int) -> Iterator[Publication]:
        """No row waits for the watermark."""
        return iter(())

    def finish(self, since: int, newest: int) -> Iterator[Publication]:
        """No row waits for the end of input."""
        return iter(())

    def close(self, watermark: int) -> Iterator[Publication]:
        """No row waits for the end."""
        return iter(())

    def change(self, change: Change) -> None:
        """From the next row on queries are others."""
        if self._changes.put(change):
            self._anew.add(change.name)

    def refresh(self) -> None:
        """Queries are what the changes say. Made when a row is to be held against them, not with each change."""
        if not self._anew:
            return
        counts = {name: each for name, each in self.came.counts.items() if name not in self._anew}
        self._anew.clear()
        self._make_came(counts)

    def _make_came(self, counts: Mapping[str, tuple[int, int]]) -> None:
        by_name = self._changes.by_name
        stored = {name: where for name, where in by_name.items() if where is not None}
        names = tuple(in_order(stored))
        reader = QueryReader()
        held = HeldQueries([reader.read(stored[name], name) for name in names], reader)
        self.came, self.came_needs = NamedQueries(names, held, counts), reader.needs
        if by_name:
            self.planned.held.muted = np.array([name in by_name for name in self.planned.names], np.uint8)
        self.order = Order(self.planned, self.came)

    def snapshot(self) -> bytes:
        """The queries that came with the events, and how often each query was evaluated and hit."""
        self.refresh()
        packer = Packer()
        for part in (self.planned, self.came):
            packer.array("evaluated", part.held.evaluated).array("hit", part.held.hit)
        return self._changes.packed(packer).packed()

    def restore(self, snapshot: bytes, /) -> None:
        """As they were."""
        unpacker = Unpacker(snapshot)
        n = len(self.planned.names)
        self.planned.held.restore(*(_counts(unpacker, name, n) for name in ("evaluated", "hit")))
        counts = [_counts(unpacker, name) for name in ("evaluated", "hit")]
        self._changes.restore(unpacker)
        unpacker.end()
        try:
            self._make_came({})
        except UsageError as error:
            raise ValueError(f"changes: a query that cannot be read: {error}") from None
        if not len(counts[0]) == len(counts[1]) == len(self.came.names):
            raise ValueError("changes: not as many queries as were counted")
        self.came.held.restore(*counts)


def _counts(unpacker: Unpacker, name: str, size: int | None = None) -> I64:
    counts = unpacker.array(name, np.int64, size)
    if counts.min(initial=0) < 0:
        raise ValueError(f"{name}: less than none")
    return counts
