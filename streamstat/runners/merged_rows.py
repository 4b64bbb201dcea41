"""Rows of saved reports as pieces of a stream: by their exact states, or by the standard sketches beside them."""

from typing import Protocol, cast

import numpy as np

from streamstat.common.record import record
from streamstat.engine.partial import Divided, Partial
from streamstat.kernels import Counts, Extents
from streamstat.output.saved.stated import SavedBatch
from streamstat.plan.job import Job
from streamstat.values.columns import I64, Kind, Mask, Texts, Values, arrays, no_texts, take, take_texts
from streamstat.values.exact import group_column, spelling_of, state_column
from streamstat.windows import PaneWindow, SessionWindow

NEGATIVE = "_negative"  # of values below 0, of which there mostly are none


@record
class StatedRows:
    """n rows that have events: where the window of each begins and ends, and the pieces.

    events: how many each is of, int64[n], where some may be in no window of those that are wanted; else zeros.
    """

    events: I64
    starts: I64
    ends: I64
    pieces: Partial


class RowStates(Protocol):
    """How the state of rows is read."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Those that are looked at, beside the edges of windows."""
        ...

    @property
    def needed(self) -> tuple[str, ...]:
        """Those of them that must be there."""
        ...

    def rows(self, batch: SavedBatch) -> StatedRows:
        """The rows of a batch; ValueError for bytes that are no states."""
        ...


class ExactRows:
    """Rows that have all states, as `--states` writes them."""

    def __init__(self, job: Job, pieces: Divided) -> None:
        self._job, self._names = job, tuple(map(state_column, pieces.states))
        self._groups = tuple(map(group_column, job.group_names))
        self._counts, self._spans = (state_column(name) for name, _ in job.row_states)
        self._reads_counts = has_edges(job) and cast(PaneWindow, job.kept).has_gaps
        read = [*([self._counts] if self._reads_counts else []), *([] if has_edges(job) else [self._spans])]
        self.columns = self.needed = tuple(dict.fromkeys([*self._groups, *self._names, *read]))

    def rows(self, batch: SavedBatch) -> StatedRows:
        """What has no states is of no events."""
        empty: Mask = batch.columns[self._names[0]].kinds == Kind.NULL
        places = np.flatnonzero(~empty)

        def texts(name: str) -> Texts:
            values = batch.columns[name]
            if ((values.kinds == Kind.NULL) != empty).any():
                raise ValueError(f"{name} is missing in some rows")
            chosen = values if len(places) == len(batch) else take(values, places)
            return chosen.texts or no_texts(len(chosen))

        starts, ends = batch.starts[places], batch.ends[places]
        lo, hi = (starts, ends) if has_edges(self._job) else _reach(starts, ends, texts(self._spans))
        groups = tuple(spelling_of(texts(name)) for name in self._groups)
        events = _counted(texts(self._counts)) if self._reads_counts else np.zeros(len(places), np.int64)
        return StatedRows(events, starts, ends, Partial(groups, lo, hi, tuple(map(texts, self._names))))


class SketchedRows:
    """Rows with standard sketches, of any program. How many events they are of is not known, nor when these were."""

    def __init__(self, job: Job, pieces: Divided) -> None:
        self._written = pieces.written
        self._gap_us = cast(SessionWindow, job.kept).gap_us if job.kept.shape == "sessions" else 0
        self._groups = job.group_names
        self.columns = tuple(
            dict.fromkeys([*self._groups, *(name for _, names in self._written for name in names)])
        )
        self.needed = tuple(name for name in self.columns if not name.endswith(NEGATIVE))

    def rows(self, batch: SavedBatch) -> StatedRows:
        """All rows."""
        texts = []
        for state, names in self._written:
            offsets, data = state.reread(
                tuple(batch.columns.get(name) or _nulls(len(batch)) for name in names)
            )
            texts.append(Texts(offsets, data))
        groups = tuple(batch.columns[name] for name in self._groups)
        pieces = Partial(groups, batch.starts, batch.ends - self._gap_us, tuple(texts))
        return StatedRows(np.zeros(len(batch), np.int64), batch.starts, batch.ends, pieces)


def _reach(starts: I64, ends: I64, spans: Texts) -> tuple[I64, I64]:
    """From the first to the last event of each row."""
    extents, slots = Extents(), _slots(len(starts))
    extents.resize(len(slots))
    extents.restore(slots, *arrays(spans))
    lo, hi = extents.values(slots)
    if not ((starts <= lo) & (lo <= hi) & (hi <= ends)).all():
        raise ValueError("events of a row that are not of its window")
    return lo, hi


def has_edges(job: Job) -> bool:
    """Whether windows lie on a grid, whatever events there are."""
    return job.kept.shape == "panes" and cast(PaneWindow, job.kept).edges is not None


def rows_at(rows: StatedRows, places: I64) -> StatedRows:
    """These of the rows."""
    pieces = rows.pieces
    groups = tuple(take(each, places) for each in pieces.groups)
    states = tuple(take_texts(each, places) for each in pieces.states)
    chosen = Partial(groups, pieces.lo[places], pieces.hi[places], states)
    return StatedRows(rows.events[places], rows.starts[places], rows.ends[places], chosen)


def _nulls(n: int) -> Values:
    return Values(np.full(n, Kind.NULL, np.uint8), np.zeros(n, np.int64))


def _counted(events: Texts) -> I64:
    """How many events each row is of."""
    counts, slots = Counts(), _slots(len(events))
    counts.resize(len(slots))
    counts.restore(slots, *arrays(events))
    found: I64 = counts.values(slots)
    return found


def _slots(n: int) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return np.arange(n, dtype=np.int32)
