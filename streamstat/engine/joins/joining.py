"""Joins: events wait until the watermark of both sides has passed them; then they meet their partners."""

from collections.abc import Iterator
from typing import cast

import numpy as np

from streamstat.engine.joins.intake import JoinIntake
from streamstat.engine.joins.rows import Found, JoinRows, side_of
from streamstat.engine.keys import Keys
from streamstat.engine.shaping import Shaping
from streamstat.engine.sizes import Sizes
from streamstat.engine.store import Store
from streamstat.engine.strategy import Candidates, Publication
from streamstat.kernels import IntervalJoin, VersionJoin
from streamstat.plan.job import Job
from streamstat.plan.joining import PICKS, Joined
from streamstat.values.columns import I32, I64, MINUS_INFINITY, PLUS_INFINITY, ResultField
from streamstat.values.packing import Packer, Unpacker
from streamstat.windows import all_ahead

ROWS_AT_ONCE = 1 << 16


class Joining:
    """The strategy for joins. The watermark that it is told is the lesser of those of both sides."""

    def __init__(self, job: Job, keys: Keys, store: Store, shaping: Shaping, sizes: Sizes) -> None:
        self._job, self._at_once = job, sizes.worked_at_once
        self._joined = cast(Joined, job.kept)
        self._sides = (side_of(job, self._joined, 0), side_of(job, self._joined, 1))
        self._table = _table(self._joined)
        self._rows = JoinRows(job, self._joined, self._sides)

    def live(self) -> I32:
        """There are no slots."""
        return np.empty(0, np.int32)

    def snapshot(self) -> bytes:
        """The events that wait or can still be met, and what rows want of them."""
        packer = Packer().blob("join", self._table.snapshot())
        for side in self._sides:
            side.kept.pack(packer, self._table.kept(side.number))
        return packer.packed()

    def restore(self, snapshot: bytes, /) -> None:
        """As they were."""
        unpacker = Unpacker(snapshot)
        self._table.restore(unpacker.blob("join"))
        for side in self._sides:
            side.kept.unpack(unpacker)
        unpacker.end()

    @property
    def fields(self) -> tuple[tuple[ResultField, ...], tuple[ResultField, ...]]:
        """The columns of the changelog and of reports."""
        return self._job.fields, self._job.fields

    def closing(self, times: I64) -> I64:
        """When an event is late."""
        return all_ahead(times, 1)

    def outside(self, times: I64) -> None:
        """Every event may have a partner."""

    def begin(self, candidates: Candidates) -> JoinIntake:
        """A block of a side comes."""
        return JoinIntake(self._joined, self._table, self._sides, candidates)

    def still_open(self, watermark: int) -> dict[str, int]:
        """How many events wait, or can still be met."""
        return {"events": int(self._table.open())}

    @property
    def fired_by(self) -> int:
        """Behind the last moment that decides anything."""
        latest = int(self._table.latest())
        return latest if latest in (MINUS_INFINITY, PLUS_INFINITY) else latest + 1

    def promised(self, watermark: int) -> int:
        """The oldest event that may still be told by itself, or whose partner is not chosen; or the watermark."""
        return int(self._table.oldest(watermark))

    def advance(self, since: int, until: int) -> Iterator[Publication]:
        """Tell what is decided before `until`."""
        worked = MINUS_INFINITY
        while worked < until:
            worked, *found = self._table.work(until, self._at_once)
            yield from self._published(Found(*found))
            for side in self._sides:
                if side.kept.is_crowded:
                    side.kept.only(self._table.kept(side.number))

    def finish(self, since: int, newest: int) -> Iterator[Publication]:
        """No side has more: all is decided."""
        yield from self.advance(since, PLUS_INFINITY)

    def close(self, watermark: int) -> Iterator[Publication]:
        """Rows are never corrected."""
        return iter(())

    def _published(self, found: Found) -> Iterator[Publication]:
        for lo in range(0, len(found), ROWS_AT_ONCE):
            rows = self._rows.of(found.part(lo, lo + ROWS_AT_ONCE))
            yield Publication(rows, rows)


def _table(joined: Joined) -> IntervalJoin | VersionJoin:
    itself, kind = bool(joined.conditions), joined.kind
    tells_pairs = kind not in ("semi", "anti")
    tells_left = kind in ("left", "outer", "anti")
    if joined.within is None:
        return VersionJoin(joined.max_age_us, tells_pairs, tells_left, itself)
    least, most = joined.within
    pick = 0 if joined.pick is None else 1 + PICKS.index(joined.pick)
    tells_right = kind in ("right", "outer")
    return IntervalJoin(least, most, pick, tells_pairs, kind == "semi", tells_left, tells_right, itself)
