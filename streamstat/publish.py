"""What is published of panes when the watermark moves, with `--late drop`: each window once, when it fires."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from streamstat.batch import I32
from streamstat.fill import Fill
from streamstat.job import Job
from streamstat.keys import Keys
from streamstat.kernels import PieceTable
from streamstat.results import Results
from streamstat.store import Store
from streamstat.strategy import Publication


@dataclass(frozen=True, slots=True)
class State:
    """The state that a publisher reads, and drops when no window needs it any more."""

    job: Job
    keys: Keys
    pieces: PieceTable
    store: Store
    results: Results

    def drop(self, until: int) -> None:
        """Forget the pieces whose windows have all ended by `until`."""
        slots, _, lo, _ = self.results.live()
        done = slots[self.job.window.last_end(lo) <= until]
        self.store.clear(done)
        self.pieces.drop(done)

    def fill(self) -> Fill | None:
        """The maker of empty windows, if they are wanted."""
        edges = self.job.window.edges
        return Fill(edges, self.keys) if self.job.fill and edges is not None else None


class Publisher(Protocol):
    """What the engine tells: pieces that were touched while the watermark stood, and that it moves."""

    def touched(self, slots: I32, watermark: int) -> None: ...

    def advance(self, since: int, until: int) -> Iterator[Publication]: ...


class Once:
    """A window is published when it fires, which is when it closes."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._fill = state.fill()

    def touched(self, slots: I32, watermark: int) -> None:
        """Nothing: no event is added to a window that has fired."""

    def advance(self, since: int, until: int) -> Iterator[Publication]:
        """Publish the windows that end in (since, until]."""
        state = self._state
        passed = state.job.window.ended(np.array([since, until], np.int64))
        if passed[0] == passed[1]:
            return
        slots, keys, lo, hi = state.results.live()
        windows = state.results.windows(slots, keys, lo, hi, since, until)
        parts = [windows] if self._fill is None else self._fill.between(windows, since, until)
        for each in parts:
            if len(each):
                rows = state.results.rows(each)
                yield Publication(rows, rows)
        state.drop(until)
