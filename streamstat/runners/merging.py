"""Merges saved reports: rows are read in the order of their windows, and windows fire when no row of theirs is to come.

So open windows are kept and nothing else, however much the reports hold.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import cast

import numpy as np

from streamstat.common.errors import InputError, StreamstatError
from streamstat.common.record import record
from streamstat.common.units import format_time
from streamstat.common.workers import Workers
from streamstat.engine.ledger import Ledger
from streamstat.engine.reports import ReportEngine
from streamstat.engine.sizes import SIZES
from streamstat.engine.strategy import Publication
from streamstat.output.saved.stated import ReportReader, SavedBatch, StatedReport
from streamstat.plan.job import Job
from streamstat.runners import Watcher
from streamstat.runners.merged_rows import (
    ExactRows,
    RowStates,
    SketchedRows,
    StatedRows,
    has_edges,
    rows_at,
)
from streamstat.values.columns import MINUS_INFINITY, PLUS_INFINITY, Mask
from streamstat.windows import PaneWindow


@record
class MergedReport:
    """A report to be merged, and how many events of the whole stand before its first."""

    report: StatedReport
    later: int


class MergeRunner:
    """Merges reports into what one run over all their events gives; `ledger` is of these."""

    def __init__(
        self, job: Job, sources: Sequence[MergedReport], ledger: Ledger, watcher: Watcher, workers: Workers
    ) -> None:
        self._sources, self._watcher, self._workers, self.ledger = sources, watcher, workers, ledger
        self._engine = ReportEngine(0, job, ledger, workers, SIZES)
        exact = all(each.report.has_states for each in sources)
        self._states: RowStates = (ExactRows if exact else SketchedRows)(job, self._engine.pieces)
        self._grid = cast(PaneWindow, job.kept) if has_edges(job) else None
        self._newest = MINUS_INFINITY  # where the last of all windows so far ends
        self._stopped = False

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader of the rows should know of them."""
        return self._engine.warnings

    def stop(self) -> None:
        """End at a row; from any thread or signal handler."""
        self._stopped = True

    def run(self) -> None:
        """Merge; InputError for what is no state, or cannot be merged after all."""
        self._watcher.opened(0, *self._engine.fields)
        readers = [self._reader(each.report) for each in self._sources]
        with Workers(min(self._workers.threads, 2)) as ahead:
            now = _next_of(readers)
            batch = None if now is None else readers[now].read()
            while now is not None and batch is not None and not self._stopped:
                bound, following = min(each.bound for each in readers), _next_of(readers)
                take = partial(self._take, self._sources[now], batch)
                read = (lambda: None) if following is None else partial(_read, readers[following])
                _, found = ahead.run([take, read])
                if isinstance(found, StreamstatError):
                    raise found
                if following is not None:  # else all that is left fires at the end
                    self._publish(self._engine.advance(min(bound, self._newest)))
                now, batch = following, found
        if self._stopped:
            self.ledger.interrupted = True
            return
        self._publish(self._engine.finish(self._newest))
        self.ledger.check()

    def _reader(self, report: StatedReport) -> ReportReader:
        for name in self._states.needed:
            if name not in report.columns:
                raise InputError(report.place, f"has no column {name}", "make it anew with --states")
        return ReportReader(report, self._states.columns)

    def _take(self, source: MergedReport, batch: SavedBatch) -> None:
        """Rows of a report."""
        place = source.report.place
        try:
            rows = self._within(place, self._states.rows(batch))
            column = self._engine.pieces.absorb(rows.pieces, source.later)
        except (ValueError, OverflowError) as error:
            raise InputError(place, f"has states that cannot be read: {error}", "make it anew") from None
        if column is not None:
            problem = f"{column} has more values in a window than it counts exactly"
            raise InputError(place, problem, "make reports without it, or run over all inputs")
        self._newest = max(self._newest, int(rows.ends.max(initial=MINUS_INFINITY)))

    def _within(self, place: str, rows: StatedRows) -> StatedRows:
        """The rows that are in windows, each with all of its events."""
        if self._grid is None:
            return rows
        begins, ends, outside = self._grid.cut(rows.starts)
        within: Mask = (begins <= rows.starts) & (rows.ends <= ends)
        if outside is not None:
            lost = int(rows.events[outside].sum())
            self.ledger.counted -= lost
            self.ledger.unassigned += lost
        if not within.all():
            row = int(np.argmin(within))
            first, last = (format_time(int(each[row])) for each in (rows.starts, rows.ends))
            problem = f"its window from {first} to {last} is not within one of those that are wanted"
            raise InputError(place, problem, "--window names windows that are made of these")
        return rows if outside is None else rows_at(rows, np.flatnonzero(~outside))

    def _publish(self, publications: Iterator[Publication]) -> None:
        for each in publications:
            self._watcher.published(each)


def _next_of(readers: Sequence[ReportReader]) -> int | None:
    """The report whose next rows begin first; None if all has been read."""
    first = min(range(len(readers)), key=lambda i: (readers[i].bound, i))
    return None if readers[first].bound == PLUS_INFINITY else first


def _read(reader: ReportReader) -> SavedBatch | StreamstatError:
    """The next rows, while those before are taken in; what goes wrong is for whoever asks for them."""
    try:
        return reader.read()
    except StreamstatError as error:
        return error
