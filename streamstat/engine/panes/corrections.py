"""What is published of panes when the watermark moves, with `--late update` and `retract`: windows again when changed.

All of it happens when a window fires: what fires, and what changed in published windows since, in row order. A window
that closes while it has changes keeps them until then; reports get it then too.
"""

from collections.abc import Iterator

import numpy as np

from streamstat.engine.changelog import Changelog
from streamstat.engine.panes.pieces import LivePanes, pack_fill, restore_fill
from streamstat.engine.results import Windows
from streamstat.engine.shaping import Shaping
from streamstat.engine.strategy import Publication
from streamstat.values.columns import I32, MINUS_INFINITY, PLUS_INFINITY, ResultField, Rows
from streamstat.values.packing import Packer, Unpacker
from streamstat.windows import behind


class Again:
    """Windows are published when they fire, and again, whole, when they have changed."""

    def __init__(self, panes: LivePanes, shaping: Shaping) -> None:
        self._panes = panes
        self._lateness = panes.job.lateness_us
        retract = panes.job.late == "retract"
        self._changelog = Changelog(panes.keys, shaping, panes.results.fields, retract)
        self._settled: list[
            tuple[I32, Rows]
        ] = []  # changed rows of windows that closed before the next firing
        self._fill = panes.fill()

    @property
    def fields(self) -> tuple[tuple[ResultField, ...], tuple[ResultField, ...]]:
        """Those of the changelog, and those of reports."""
        return self._changelog.fields

    def snapshot(self) -> bytes:
        """What was published of windows that are not closed, and what changed since."""
        packer = Packer().blob("changelog", self._changelog.snapshot())
        for numbers, rows in self._settled:
            packer.flag("settled", True).array("numbers", numbers).rows("rows", rows)
        return pack_fill(packer.flag("settled", False), self._fill).packed()

    def restore(self, snapshot: bytes, /) -> None:
        """As it was."""
        unpacker = Unpacker(snapshot)
        self._changelog.restore(unpacker.blob("changelog"))
        while unpacker.flag("settled"):
            numbers = self._changelog.known(unpacker.array("numbers", np.int32))
            rows = unpacker.rows("rows", self._panes.results.fields, len(numbers))
            self._settled.append((numbers, rows))
        restore_fill(unpacker, self._fill)
        unpacker.end()

    @property
    def owed_from(self) -> int:
        """Of the closed windows whose changes wait for the next firing."""
        return min((int(rows.columns[0].numbers.min()) for _, rows in self._settled), default=PLUS_INFINITY)

    def touched(self, slots: I32, watermark: int) -> None:
        """Events were added to these pieces while the watermark stood at `watermark`."""
        if watermark == MINUS_INFINITY or not len(slots):
            return
        self._panes.touched(slots, watermark)
        keys, lo, hi = self._panes.pieces.at(slots)
        closed = behind(watermark, self._lateness)
        windows = self._panes.windows(slots, keys, lo, hi, closed, watermark)
        if len(windows):
            self._changelog.mark(self._changelog.admit(windows))
            if self._fill is not None:
                self._changelog.mark_new(self._changelog.admit(self._fill.late(windows, watermark)))

    def advance(self, since: int, until: int) -> Iterator[Publication]:
        """Publish what fires in (since, until], with the changes since the last time; or keep them."""
        lateness, window = self._lateness, self._panes.window
        marks = np.array([since, until, behind(since, lateness), behind(until, lateness)], np.int64)
        passed = window.ended(marks)
        if passed[0] != passed[1]:
            fired = self._panes.fired(self._panes.live(), since, until)
            parts = [fired] if self._fill is None else list(self._fill.between(fired, since, until))
            if any(len(part) for part in parts) or until == PLUS_INFINITY:
                yield self._publish(parts, since, until)
        if passed[2] != passed[3]:
            self._settle(until)
            self._panes.drop(self._panes.live(), behind(until, lateness))

    def close(self, watermark: int) -> Iterator[Publication]:
        """Publish the changes, and the rows of windows that are closed, as if one fired."""
        yield self._publish([], watermark, watermark)

    def _publish(self, parts: list[Windows], since: int, until: int) -> Publication:
        changed, numbers = self._changed(since)
        fresh = [(numbers, self._panes.rows(changed))] if len(changed) else []
        fresh += [(self._changelog.admit(part), self._panes.rows(part)) for part in parts if len(part)]
        fresh += self._settled
        self._settled = []
        return self._changelog.publish(fresh, behind(until, self._lateness))

    def _settle(self, until: int) -> None:
        """Read changed windows that close now, before their pieces get events that are not theirs."""
        windows, numbers = self._changed(behind(until, self._lateness))
        if len(windows):
            self._settled.append((numbers, self._panes.rows(windows)))
            self._changelog.unmark(numbers)

    def _changed(self, until: int) -> tuple[Windows, I32]:
        """Published windows that changed and end at or before `until`."""
        numbers, keys, starts, ends = self._changelog.changed(until)
        if not len(numbers):
            none = np.empty(0, np.int64)
            return Windows(keys, starts, ends, none, none.astype(np.int32)), numbers
        slots, piece_keys, lo, hi = self._panes.live()
        if self._panes.spans is not None:
            return self._panes.spans.made_of(slots, piece_keys, lo, keys, starts, ends), numbers
        place = np.full(self._changelog.capacity + 1, -1, np.int64)  # the last stands for none
        place[numbers] = np.arange(len(numbers))
        pieces, piece_starts, _ = self._panes.window.close(lo, hi, int(ends.min()) - 1, until)
        of = place[self._changelog.find(piece_keys[pieces], piece_starts)]
        return Windows(keys, starts, ends, of[of >= 0], slots[pieces][of >= 0]), numbers
