"""Which producers are known, and when they were heard from: enough to say who was in the window of a row.

Of each producer a first and a last time is kept for each stretch that no window parts, or, where windows begin
anywhere, that is no longer than any window: so each window holds one of both times, if it holds any in between.
"""

from typing import cast

import numpy as np

from streamstat.engine.keys import distinct
from streamstat.engine.sizes import Sizes
from streamstat.engine.slotted import Slotted
from streamstat.input.events import Events
from streamstat.kernels import Extents, KeyTable, LeastStates, PieceTable, parse_numbers
from streamstat.plan.job import Kept
from streamstat.values.columns import I32, I64, MINUS_INFINITY, Kind, Mask, Texts, take_texts
from streamstat.values.packing import Packer, Unpacker, within
from streamstat.windows import PaneWindow, SessionWindow


class Heard:
    """All producers of a stream; inputs do not matter, one of a name is one. `kept`: panes or sessions."""

    def __init__(self, kept: Kept, sizes: Sizes) -> None:
        self._kept, self._sizes = kept, sizes
        self._names, self._stretches, self._extents = KeyTable(), PieceTable(), Extents()
        self._many = sizes.many_stretches
        self._ordered = np.empty(0, np.int32), list[bytes]()  # as of the names that there were

    def __len__(self) -> int:
        return len(self._names)

    def snapshot(self) -> bytes:
        """The producers and their stretches."""
        packer = Packer().blob("names", self._names.snapshot())
        packer.blob("stretches", self._stretches.snapshot())
        return packer.blob("extents", self._slotted.snapshot()).packed()

    def restore(self, snapshot: bytes, /) -> None:
        """As they were."""
        unpacker = Unpacker(snapshot)
        self._names.restore(unpacker.blob("names"))
        self._stretches.restore(unpacker.blob("stretches"))
        within("stretches", self._stretches.live()[1], len(self))
        self._slotted.restore(unpacker.blob("extents"))
        unpacker.end()

    @property
    def _slotted(self) -> Slotted:
        return Slotted(self._extents, self._reserve, self._stretches.slots)

    def _reserve(self, n: int) -> None:
        if n > len(self._extents):
            self._extents.resize(n + n // 4 + 64)

    def add(self, events: Events, producer: str, rows: I64, times: I64, counts: Mask) -> None:
        """Rows of a block whose producers spoke at these times; where not `counts`, they are known and no more."""
        if not len(rows):
            return
        kinds, texts = events.dictionary(producer)
        codes, places = distinct(events.codes(producer)[rows], len(kinds))
        spelt = take_texts(texts, codes)
        numbers = self._names.intern(kinds[codes], spelt.offsets, spelt.data)[places]
        lo, hi, outside = self._cut(times)
        if outside is not None:
            counts = counts & ~outside
        slots, _ = self._stretches.admit(numbers, lo, hi, counts.view(np.uint8))
        self._reserve(self._stretches.capacity)
        self._extents.update(slots, times)

    def _cut(self, times: I64) -> tuple[I64, I64, Mask | None]:
        if self._kept.shape == "panes":
            return cast(PaneWindow, self._kept).cut(times)
        length = max(cast(SessionWindow, self._kept).gap_us, 1)
        lo = times - times % length
        return lo, lo, None

    def within(self, first: I64, last: I64) -> Mask:
        """Whether each producer, by number, was heard from in [first, last], both ends included: bool[m, len]."""
        slots, members, _, _ = self._stretches.live()
        lows, highs = self._extents.values(slots)
        order = np.argsort(lows)
        members, lows, highs = members[order], lows[order], highs[order]
        longest = int((highs - lows).max(initial=0))
        begins = np.searchsorted(lows, np.maximum(first, MINUS_INFINITY + longest) - longest)
        ends = np.searchsorted(lows, last, "right")
        heard = np.zeros((len(first), len(self)), np.bool_)
        for i, (lo, hi) in enumerate(zip(begins.tolist(), ends.tolist(), strict=True)):
            heard[i, members[lo:hi][highs[lo:hi] >= first[i]]] = True
        return heard

    def forget(self, before: int) -> None:
        """Nobody will ask for a window any more that begins before this time."""
        if len(self._stretches) < self._many or before == MINUS_INFINITY:
            return
        slots = self._stretches.slots()
        done = slots[self._extents.values(slots)[1] < before]
        self._extents.clear(done)
        self._stretches.drop(done)
        self._many = max(2 * len(self._stretches), self._sizes.many_stretches)

    @property
    def ordered(self) -> tuple[I32, list[bytes]]:
        """The numbers of all producers in the order of groups, and each as JSON."""
        if len(self._ordered[1]) != len(self):
            order = np.argsort(self._names.ranks()).astype(np.int32)
            self._ordered = order, self._spelt(order)
        return self._ordered

    def _spelt(self, numbers: I32) -> list[bytes]:
        kinds, texts = self._names.kinds(numbers), Texts(*self._names.texts(numbers))
        alone = LeastStates(1)
        alone.resize(len(numbers))
        slots = np.arange(len(numbers), dtype=np.int32)
        values = parse_numbers(kinds, texts.offsets, texts.data)
        alone.update(slots, kinds, values, texts.offsets, texts.data)
        lists = Texts(*alone.results(slots))
        is_null = (kinds == Kind.NULL).tolist()
        return [b"null" if is_null[i] else lists[i][1:-1] for i in range(len(lists))]
