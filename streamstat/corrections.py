"""What is published when the watermark moves, with `--late update` and `retract`: windows again when they change.

All of it happens when a window fires: what fires, and what changed in published windows since, in row order. A window
that closes while it has changes keeps them until then; reports get it then too.
"""

from collections.abc import Iterator

import numpy as np

from streamstat.batch import (
    I32,
    I64,
    MINUS_INFINITY,
    PLUS_INFINITY,
    ColumnType,
    Kind,
    Mask,
    ResultField,
    Rows,
    Texts,
    Values,
    concatenate_rows,
    integers,
    take_rows,
)
from streamstat.kernels import PieceTable
from streamstat.publish import State
from streamstat.results import Windows
from streamstat.strategy import Publication
from streamstat.windows import behind

WORDS = ("result", "correction", "retraction")
REVISION = ResultField("revision", ColumnType.INTEGER)
KIND = ResultField("kind", ColumnType.LABEL)


class Published:
    """The windows that have fired and not closed, by number: revision (-1: not published yet), row, changes."""

    def __init__(self) -> None:
        self.table = PieceTable()
        self.revision = np.empty(0, np.int64)
        self.row = np.empty(0, np.int64)
        self.changed = np.empty(0, np.bool_)

    def admit(self, windows: Windows) -> I32:
        """The numbers of these windows; new ones have revision -1."""
        take = np.ones(len(windows), np.uint8)
        numbers, created = self.table.admit(windows.keys, windows.starts, windows.ends, take)
        more = self.table.capacity - len(self.revision)
        if more > 0:
            self.revision = np.concatenate([self.revision, np.full(more, -1)])
            self.row = np.concatenate([self.row, np.full(more, -1)])
            self.changed = np.concatenate([self.changed, np.zeros(more, np.bool_)])
        self.revision[created] = -1
        self.changed[created] = False
        return numbers


class Again:
    """Windows are published when they fire, and again, whole, when they have changed."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._lateness = state.job.lateness_us
        self._retract = state.job.late == "retract"
        self._published = Published()
        self._rows: Rows | None = None  # as last published
        self._settled: list[
            tuple[I32, Rows]
        ] = []  # changed rows of windows that closed before the next firing
        self._fill = state.fill()

    def touched(self, slots: I32, watermark: int) -> None:
        """Events were added to these pieces while the watermark stood at `watermark`."""
        if watermark == MINUS_INFINITY or not len(slots):
            return
        keys, lo, hi = self._state.pieces.at(slots)
        closed = behind(watermark, self._lateness)
        windows = self._state.windows(slots, keys, lo, hi, closed, watermark)
        if len(windows):
            numbers = self._published.admit(windows)
            self._published.changed[numbers] = True
            if self._fill is not None:
                empty = self._fill.late(windows, watermark)
                numbers = self._published.admit(empty)
                self._published.changed[numbers[self._published.revision[numbers] < 0]] = True

    def advance(self, since: int, until: int) -> Iterator[Publication]:
        """Publish what fires in (since, until], with the changes since the last time; or keep them."""
        lateness, window = self._lateness, self._state.window
        marks = np.array([since, until, behind(since, lateness), behind(until, lateness)], np.int64)
        passed = window.ended(marks)
        if passed[0] != passed[1]:
            slots, keys, lo, hi = self._state.live()
            fired = self._state.windows(slots, keys, lo, hi, since, until)
            parts = [fired] if self._fill is None else list(self._fill.between(fired, since, until))
            if any(len(part) for part in parts) or until == PLUS_INFINITY:
                yield from self._publish(parts, since, until)
        if passed[2] != passed[3]:
            self._settle(until)
            self._state.drop(behind(until, lateness))

    def _settle(self, until: int) -> None:
        """Read changed windows that close now, before their pieces get events that are not theirs."""
        windows, numbers = self._changed(behind(until, self._lateness))
        if len(windows):
            self._settled.append((numbers, self._state.rows(windows)))
            self._published.changed[numbers] = False

    def _changed(self, until: int) -> tuple[Windows, I32]:
        """Published windows that changed and end at or before `until`."""
        numbers, keys, starts, ends = self._published.table.live()
        pick = self._published.changed[numbers] & (ends <= until)
        order = self._order(keys[pick], starts[pick], ends[pick])
        chosen, keys, starts, ends = (
            numbers[pick][order],
            keys[pick][order],
            starts[pick][order],
            ends[pick][order],
        )
        place = np.full(self._published.table.capacity + 1, -1, np.int64)  # the last stands for none
        place[chosen] = np.arange(len(chosen))
        slots, piece_keys, lo, hi = self._state.live()
        pieces, piece_starts, piece_ends = self._state.window.close(lo, hi, MINUS_INFINITY, until)
        wanted = self._find(piece_keys[pieces], piece_starts, piece_ends)
        of = place[wanted]
        return Windows(keys, starts, ends, of[of >= 0], slots[pieces][of >= 0]), chosen

    def _find(self, keys: I32, starts: I64, ends: I64) -> I64:
        """Numbers of published windows; -1 for others."""
        return self._published.table.find(keys, starts).astype(np.int64)

    def _order(self, keys: I32, starts: I64, ends: I64) -> I64:
        ranks = self._state.keys.order(keys)
        return np.lexsort((*reversed(ranks), starts, ends))

    def _publish(self, parts: list[Windows], since: int, until: int) -> Iterator[Publication]:
        changed, numbers = self._changed(since)
        fresh = [(numbers, self._state.rows(changed))] if len(changed) else []
        fresh += [(self._published.admit(part), self._state.rows(part)) for part in parts if len(part)]
        fresh += self._settled
        self._settled = []
        self._published.changed[:] = False
        changelog, corrections, retractions = None, 0, 0
        if fresh:
            changelog, corrections, retractions = self._changelog(fresh)
        report = self._close(behind(until, self._lateness))
        yield Publication(changelog, report, corrections, retractions)

    def _changelog(self, fresh: list[tuple[I32, Rows]]) -> tuple[Rows, int, int]:
        """The rows to publish, sorted, with their revision and kind; they become the rows as last published."""
        numbers = np.concatenate([each for each, _ in fresh])
        rows = concatenate_rows([each for _, each in fresh])
        old = self._published.revision[numbers]
        corrected = old >= 0
        parts, revisions, kinds = [rows], [old + 1], [corrected.astype(np.int64)]
        if self._retract and corrected.any():
            assert self._rows is not None
            parts.append(take_rows(self._rows, self._published.row[numbers[corrected]]))
            revisions.append(old[corrected])
            kinds.append(np.full(int(corrected.sum()), 2))
        keys, starts, ends = self._published.table.at(
            np.concatenate([numbers, numbers[corrected]][: len(parts)])
        )
        revision, kind = np.concatenate(revisions), np.concatenate(kinds)
        ranks = self._state.keys.order(keys)
        order = np.lexsort((kind == 1, *reversed(ranks), starts, ends))
        labelled = take_rows(concatenate_rows(parts), order)
        self._remember(numbers, rows)
        columns = (*labelled.columns, integers(revision[order]), labels(kind[order]))
        counts = int(np.count_nonzero(kind == 1)), int(np.count_nonzero(kind == 2))
        return Rows((*rows.fields, REVISION, KIND), columns), *counts

    def _remember(self, numbers: I32, rows: Rows) -> None:
        published = self._published
        published.revision[numbers] += 1
        held = 0 if self._rows is None else len(self._rows)
        published.row[numbers] = held + np.arange(len(numbers))
        self._rows = rows if self._rows is None else concatenate_rows([self._rows, rows])

    def _close(self, closed: int) -> Rows | None:
        """The rows of windows that end at or before `closed`, for reports; the others are kept."""
        published = self._published
        numbers, keys, starts, ends = published.table.live()
        done: Mask = ends <= closed
        out = None
        if self._rows is not None and done.any():
            order = self._order(keys[done], starts[done], ends[done])
            last = numbers[done][order]
            rows = take_rows(self._rows, published.row[last])
            out = Rows((*rows.fields, REVISION), (*rows.columns, integers(published.revision[last])))
        if self._rows is not None:
            left = numbers[~done]
            self._rows = take_rows(self._rows, published.row[left])
            published.row[left] = np.arange(len(left))
        published.table.drop(numbers[done])
        return out


def labels(codes: I64) -> Values:
    """`kind` as a column."""
    lengths = np.array([len(word) for word in WORDS])
    offsets = np.zeros(len(codes) + 1, np.int64)
    np.cumsum(lengths[codes], out=offsets[1:])
    data = np.frombuffer("".join(WORDS[code] for code in codes.tolist()).encode(), np.uint8)
    return Values(
        np.full(len(codes), Kind.TEXT, np.uint8), np.zeros(len(codes), np.int64), Texts(offsets, data)
    )
