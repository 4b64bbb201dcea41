"""The states of a store as bytes, which other stores take in."""

from collections.abc import Collection, Sequence
from functools import partial
from typing import Any

from streamstat.common.workers import ALONE, Workers
from streamstat.engine.kept_states import KeptState
from streamstat.engine.sizes import Sizes
from streamstat.states import NeedsAll, Ranged, Rereads
from streamstat.values.columns import I32, Texts, arrays


class StatesAsBytes:
    """Those states of a store that parts of a stream can make up, in its order."""

    def __init__(self, kept: Collection[KeptState], workers: Workers, sizes: Sizes) -> None:
        self._kept = [each for each in kept if not isinstance(each.state, NeedsAll)]
        self._ranged = [(each, each.state) for each in self._kept if isinstance(each.state, Ranged)]
        self._workers, self._sizes = workers, sizes
        self._passages: list[Any] = []

    @property
    def names(self) -> tuple[str, ...]:
        """What each is called after: the first column that is made of it."""
        return tuple(kept.column for kept in self._kept)

    @property
    def written(self) -> list[tuple[Rereads, tuple[str, ...]]]:
        """Those that have a standard form, with the columns of each."""
        return [
            (kept.state, tuple(name.format(kept.name) for name in kept.state.written))
            for kept in self._kept
            if isinstance(kept.state, Rereads)
        ]

    def snapshots(self, slots: I32) -> tuple[Texts, ...]:
        """Each state of these slots."""
        return tuple(Texts(*kept.native.snapshot(slots)) for kept in self._kept)

    def absorb(self, into: I32, states: Sequence[Texts], later: int) -> None:
        """Slot into[i] becomes what it and number i of each of the states are together, in order.

        later: how many events stand before those of the states. ValueError for bytes that are no such states.
        """
        if not self._passages:
            self._passages = [kept.state.create() for kept in self._kept]
            for passage in self._passages:
                passage.resize(1)
        absorbed = [
            partial(kept.native.absorb_snapshots, passage, into, *arrays(texts), later)
            for kept, passage, texts in zip(self._kept, self._passages, states, strict=True)
        ]
        (self._workers if len(into) >= self._sizes.many_absorbed else ALONE).run(absorbed)

    def out_of_range(self, slots: I32) -> str | None:
        """The column of a state that is no longer what updating would have made of it, in some slot; None: of none."""
        for kept, state in self._ranged:
            if not state.in_range(kept.native, slots).all():
                return kept.column
        return None
