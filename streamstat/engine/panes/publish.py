"""What is published of panes when the watermark moves, with `--late drop`: each window once, when it fires."""

from collections.abc import Iterator

import numpy as np

from streamstat.engine.panes.many import are_many, batches, due
from streamstat.engine.panes.pieces import LivePanes, pack_fill, restore_fill
from streamstat.engine.strategy import Publication
from streamstat.values.columns import I32, PLUS_INFINITY, ResultField
from streamstat.values.packing import Packer, Unpacker


class Once:
    """A window is published when it fires, which is when it closes."""

    def __init__(self, panes: LivePanes) -> None:
        self._panes = panes
        self._fill = panes.fill()

    @property
    def fields(self) -> tuple[tuple[ResultField, ...], tuple[ResultField, ...]]:
        """The same for both."""
        return self._panes.results.fields, self._panes.results.fields

    def snapshot(self) -> bytes:
        """What windows without events need."""
        return pack_fill(Packer(), self._fill).packed()

    def restore(self, snapshot: bytes, /) -> None:
        """As it was."""
        unpacker = Unpacker(snapshot)
        restore_fill(unpacker, self._fill)
        unpacker.end()

    @property
    def owed_from(self) -> int:
        """What is closed has been published."""
        return PLUS_INFINITY

    def touched(self, slots: I32, watermark: int) -> None:
        """Events were added to these pieces, some of whose windows have fired."""
        self._panes.touched(slots, watermark)

    def advance(self, since: int, until: int) -> Iterator[Publication]:
        """Publish the windows that end in (since, until]."""
        panes = self._panes
        passed = panes.window.ended(np.array([since, until], np.int64))
        if passed[0] == passed[1]:
            return
        if panes.window.overlaps:
            live = panes.live()
        else:
            slots = due(panes.pieces, panes.window, until, panes.sizes)
            if self._fill is None and are_many(slots, panes.keys, panes.sizes):
                yield from self._in_batches(slots, since, until)
                return
            live = panes.at(slots)
        windows = panes.fired(live, since, until)
        parts = [windows] if self._fill is None else self._fill.between(windows, since, until)
        for part in parts:
            for each in part.split(panes.sizes.published_at_once):
                rows = panes.rows(each)
                yield Publication(rows, rows)
        panes.drop(live, until)

    def close(self, watermark: int) -> Iterator[Publication]:
        """All has been published."""
        return iter(())

    def _in_batches(self, slots: I32, since: int, until: int) -> Iterator[Publication]:
        panes = self._panes
        for some in batches(slots, panes.pieces, panes.keys, panes.sizes):
            rows = panes.rows(panes.windows(*panes.at(some), since, until))
            yield Publication(rows, rows)
            panes.forget(some)
