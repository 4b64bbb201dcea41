"""The strategy of views: changes are applied as they come, and the rows are told as they stand."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from streamstat.changes import Changes
from streamstat.common.terminal import printable
from streamstat.common.units import counted
from streamstat.engine.columns import Columns
from streamstat.engine.keys import Keys
from streamstat.engine.shaping import Shaping
from streamstat.engine.sizes import Sizes
from streamstat.engine.store import Store
from streamstat.engine.strategy import Candidates, Publication
from streamstat.engine.views.batches import (
    EMPTY,
    ChangeBatch,
    batch_of,
    cut_batch,
    distinct_records,
    joined_batches,
    pack_batch,
    taken_batch,
    unpack_batch,
)
from streamstat.engine.views.compaction import Compaction, check_whole
from streamstat.engine.views.grouped import GroupedRows
from streamstat.engine.views.intake import ViewIntake
from streamstat.engine.views.kept import Applied, RowsByKey, first_events
from streamstat.engine.views.present import MOST_ROW_NAMES, check_row_names, no_rows, rows_as_they_are
from streamstat.engine.views.reading import LogOfChanges
from streamstat.engine.views.shown import Shown
from streamstat.engine.views.telling import CHANGE_HEAD, ChangeTeller
from streamstat.engine.views.unknown import unknown_values
from streamstat.plan.job import Job
from streamstat.plan.viewing import OWN_COLUMNS, View, check_compactable, check_key, with_changes
from streamstat.values.columns import I32, I64, MINUS_INFINITY, PLUS_INFINITY, Mask, ResultField, Rows
from streamstat.values.packing import Packer, Unpacker


class Viewing:
    """The last row of each key."""

    def __init__(self, job: Job, keys: Keys, store: Store, shaping: Shaping, sizes: Sizes) -> None:
        assert isinstance(job.kept, View)
        self.job, self._view, self._sizes, self._workers = job, job.kept, sizes, store.workers
        self.kept = RowsByKey(not (job.kept.columns or job.kept.is_grouped), sizes)
        self._grouped: GroupedRows | None = None
        self._log: LogOfChanges | None = None
        self._held = EMPTY
        self._is_new = True  # the report is not as it was told last
        self._has_told = False
        self._compaction = (
            Compaction(job.kept.drops_tombstones, job.kept.log.key is None) if job.kept.compacts else None
        )
        self._made: tuple[tuple[str, tuple[str, ...]], Shown] | None = None
        self._cut = 0  # changes of transactions whose end did not come
        self._forced = (
            0  # changes of a transaction that is not whole, and were applied at the end all the same
        )
        if not job.finds_changes:
            self.tell_changes(job)

    @property
    def fields(self) -> tuple[tuple[ResultField, ...], tuple[ResultField, ...]]:
        """Columns come with the rows."""
        return (), ()

    @property
    def changes(self) -> str | None:
        """The format of the log; None while it is not known."""
        return None if self._log is None else self._view.changes

    def tell_changes(self, job: Job) -> None:
        """It is known by now, and the job says it."""
        assert isinstance(job.kept, View)
        self.job, self._view = job, job.kept
        if self._log is None:
            self._log = LogOfChanges(job)
        if self._view.is_grouped and self._grouped is None:
            self._grouped = GroupedRows(job, self.kept, self._sizes)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader of the rows should know."""
        found = () if self._log is None else self._log.warnings
        if self._forced:
            problem = f"the log ends within a transaction: {counted(self._forced, 'change')} of it"
            found = (
                *found,
                f"{problem} {'was' if self._forced == 1 else 'were'} applied; --state waits for its end",
            )
        if self._cut:
            problem = f"{counted(self._cut, 'change')} of transactions that were broken off"
            found = (
                *found,
                f"{problem} {'was' if self._cut == 1 else 'were'} left out; a log that goes on tells them again",
            )
        grouped = self._grouped
        said = self._shown.warnings(self.kept.names) if grouped is None else grouped.warnings
        if self._view.log.table is not None and not self.kept.key_names:
            said = (*said, f"no change is of the table {printable(self._view.log.table)!r}")
        return (*found, *said, *unknown_values(self.kept, self._view, self.job).warnings)

    @property
    def figures(self) -> dict[str, Any]:
        """What `--stats` has beside the ledger."""
        return {"unknown_values": unknown_values(self.kept, self._view, self.job).number}

    def live(self) -> I32:
        """No slot of the store is in use."""
        return np.empty(0, np.int32)

    def closing(self, times: I64) -> I64:
        """No change is ever too late."""
        return np.full(len(times), PLUS_INFINITY, np.int64)

    def outside(self, times: I64) -> Mask | None:
        """Every time is as good as another."""
        return None

    def begin(self, candidates: Candidates) -> ViewIntake:
        """A block comes."""
        if self._compaction is not None:
            self._compaction.begin(
                candidates.columns.events, candidates.sequence, self._view.changes == "kcat"
            )
        return ViewIntake(self, candidates)

    def still_open(self, watermark: int) -> Mapping[str, int]:
        """Changes of a transaction that is not whole."""
        return {"changes": len(self._held)}

    @property
    def fired_by(self) -> int:
        """There is nothing to fire."""
        return MINUS_INFINITY

    def promised(self, watermark: int) -> int:
        """Rows of the changelog have the times of their changes."""
        return watermark

    def advance(self, since: int, until: int) -> Iterator[Publication]:
        """No row waits for the watermark."""
        return iter(())

    def close(self, watermark: int) -> Iterator[Publication]:
        """A transaction that is not whole waits for its end."""
        return iter(())

    def finish(self, since: int, newest: int) -> Iterator[Publication]:
        """The end of a transaction that is not whole does not come any more."""
        held, self._held = self._held, EMPTY
        self._forced += len(held)
        yield from self._apply(held)

    def read(self, candidates: Candidates, left: Mask) -> tuple[Changes, ChangeBatch] | None:
        """The changes of these rows of a block; None while the format of the log is not known."""
        if self._log is None:
            return None
        changes = self._log.read(candidates.columns, left, self._view.changelog)
        if self._compaction is not None and len(changes):
            check_compactable(self._view.changes, self._log.inner)
        names = self._log.key_names
        if len(changes) and names is not None:
            check_key(names, [name for name, _ in self._view.columns])
            self.kept.begin(names)
        return changes, batch_of(changes, self.kept.keys, candidates, self.job)

    def first_unreadable(self, columns: Columns, left: Mask | None) -> tuple[int, str] | None:
        """The first of these rows of a block that is no record of the log, and why."""
        return None if self._log is None else self._log.first_unreadable(columns, left)

    def take(self, batch: ChangeBatch, whole: int, cut: I64) -> Iterator[Publication]:
        """Changes come, of transactions of which those below `whole` are whole, but for those that were cut."""
        waiting = joined_batches([self._held, batch])
        if len(cut):
            is_cut = np.isin(waiting.groups, cut)
            lost = taken_batch(waiting, np.flatnonzero(is_cut))
            waiting = taken_batch(waiting, np.flatnonzero(~is_cut))
            self._cut += len(lost)
            yield Publication(None, None, filtered=distinct_records(lost, slice(None)))
        place = int(np.searchsorted(waiting.groups, whole))
        ready, self._held = cut_batch(waiting, place)
        yield from self._apply(ready)
        if self._log is not None:
            self._log.end_block()

    def _apply(self, batch: ChangeBatch) -> Iterator[Publication]:
        """Apply changes in order."""
        if not len(batch):
            return
        grouped = self._grouped
        wanted = (self._view.changelog,) * 2 if grouped is None else grouped.wants(batch)
        applied = self.kept.apply(batch, *wanted)
        self._is_new |= len(applied) > 0
        if self._compaction is not None:
            check_whole(batch, applied, self.kept)
            self._compaction.take(batch, applied)
        filtered = distinct_records(batch, slice(None)) - distinct_records(batch, ~applied.stale)
        yield Publication(None, None, stale=int(np.count_nonzero(applied.stale)), filtered=filtered)
        if grouped is not None:
            yield from self._counted(grouped, batch, applied)
        elif self._view.changelog:
            yield from self._told(batch, first_events(applied, self._wrong_name()))
        if self._view.changelog or len(self.kept.names) > MOST_ROW_NAMES:
            check_row_names(self.kept.names)

    def _counted(self, grouped: GroupedRows, batch: ChangeBatch, applied: Applied) -> Iterator[Publication]:
        for publication in (grouped.tell if self._view.changelog else grouped.take)(batch, applied):
            self._has_told |= publication.changelog is not None
            yield publication

    def _told(self, batch: ChangeBatch, applied: Applied) -> Iterator[Publication]:
        telling = ChangeTeller(self.kept, self._shown, self._sizes, self.job.promises)
        for publication in telling.rows(batch, applied):
            self._has_told = True
            yield publication

    @property
    def _shown(self) -> Shown:
        """What is shown of rows, which remembers what it has seen; made anew when more is known of the log."""
        known = (self._view.changes, self.kept.key_names)
        if self._made is None or self._made[0] != known:
            names = self.kept.key_names or self._view.log.key or ()
            self._made = known, Shown(self.job, names)
        return self._made[1]

    def _wrong_name(self) -> int | None:
        """The place of the first name of a column that no column can have."""
        names = self.kept.names
        return next((i for i, name in enumerate(names) if name in OWN_COLUMNS or i >= MOST_ROW_NAMES), None)

    def whole(self, *, last: bool) -> Iterator[Publication]:
        """The rows as they are, by key."""
        prints = last and not self._view.changelog
        if self._is_new or prints:
            is_first = True
            for rows in self._rows():
                report = rows if self._is_new else None
                yield Publication(rows if prints else None, report, replaces=is_first and self._is_new)
                is_first = False
            self._is_new = False
        if last and self._compaction is not None:
            yield Publication(None, None, log=self._compaction.lines())
        if last and self._view.changelog and not self._has_told:
            yield Publication(no_rows(self._told_fields()), None)

    def _told_fields(self) -> tuple[ResultField, ...]:
        if self._view.is_grouped:
            return (*CHANGE_HEAD, *(self.job.columns or ()))
        telling = ChangeTeller(self.kept, self._shown, self._sizes, self.job.promises)
        return telling.fields(len(self.kept.names))

    def _rows(self) -> Iterator[Rows]:
        """All rows, some at a time; at least one part, which may be empty."""
        if not self._view.is_grouped:
            return rows_as_they_are(self.kept, self._shown, self._sizes, self._workers)
        if self._grouped is None:
            return iter([no_rows(self.job.columns or ())])
        return self._grouped.rows()

    def snapshot(self) -> bytes:
        """The rows, the reader of the log, and changes that wait for the end of their transaction."""
        packer = Packer().flag("known", self._log is not None).flag("new", self._is_new)
        packer.blob("changes", self._view.changes.encode())
        packer.blob("reader", b"" if self._log is None else self._log.snapshot())
        return pack_batch(self.kept.pack(packer), self._held).packed()

    def restore(self, snapshot: bytes, /) -> None:
        """As they were."""
        unpacker = Unpacker(snapshot)
        is_known, self._is_new = unpacker.flag("known"), unpacker.flag("new")
        changes, reader = unpacker.blob("changes").decode(), unpacker.blob("reader")
        if is_known:
            self.tell_changes(_told_again(self.job, changes))
            assert self._log is not None
            self._log.restore(reader)
        self.kept.unpack(unpacker)
        if self._grouped is not None:
            self._grouped.restored()
        self._held = unpack_batch(unpacker, len(self.kept.keys) if self.kept.key_names else 0)
        unpacker.end()


def _told_again(job: Job, changes: str) -> Job:
    """The job whose log is written in this way; ValueError if there is no such one."""
    try:
        return with_changes(job, changes)
    except KeyError:
        raise ValueError("changes: there is no such format") from None
