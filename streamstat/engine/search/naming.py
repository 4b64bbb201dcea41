"""Queries by their names, and the order of rows of one event, which is that of names."""

from collections.abc import Mapping, Sequence

import numpy as np

from streamstat.engine.search.held import HeldQueries
from streamstat.expressions.forms import QueryReader
from streamstat.plan.searching import in_order
from streamstat.values.columns import I32, I64, Kind, Texts, Values, take_texts


class NamedQueries:
    """Held queries with their names. counts: how often each was evaluated and hit before, by name."""

    def __init__(
        self, names: Sequence[str], held: HeldQueries, counts: Mapping[str, tuple[int, int]] | None = None
    ) -> None:
        self.names, self.held = names, held
        if counts:
            both = np.array([counts.get(name, (0, 0)) for name in names], np.int64).reshape(-1, 2)
            held.restore(both[:, 0].copy(), both[:, 1].copy())

    @property
    def counts(self) -> dict[str, tuple[int, int]]:
        """How often each was evaluated and hit."""
        both = zip(self.held.evaluated.tolist(), self.held.hit.tolist(), strict=True)
        return dict(zip(self.names, both, strict=True))

    @property
    def figures(self) -> dict[str, dict[str, int]]:
        """The same, as `--stats` has it."""
        return {name: {"evaluated": evaluated, "hit": hit} for name, (evaluated, hit) in self.counts.items()}

    @property
    def always(self) -> list[str]:
        """Those that every event is held against."""
        return [self.names[i] for i in self.held.always.tolist()]


class Order:
    """All queries that are asked, those that came with the events in place of those of the plan."""

    def __init__(self, planned: NamedQueries, came: NamedQueries) -> None:
        muted = planned.held.muted
        pairs = zip(planned.names, planned.held.hit if muted is None else muted, strict=True)
        asked = [name for name, out in pairs if muted is None or not out]
        self.names = in_order([*asked, *came.names])
        ranks = {name: rank for rank, name in enumerate(self.names)}
        self._ranks = [
            np.array([ranks.get(name, -1) for name in part.names], np.int64) for part in (planned, came)
        ]
        spelt = [name.encode("utf-8", "replace") for name in self.names]
        offsets = np.cumsum([0, *map(len, spelt)], dtype=np.int64)
        self._texts = Texts(offsets, np.frombuffer(b"".join(spelt), np.uint8))

    def merged(self, planned: tuple[I64, I32], came: tuple[I64, I32]) -> tuple[I64, I64]:
        """Rows and ranks of hits, by row and then by name."""
        if not len(came[0]):
            return planned[0], self._ranks[0][planned[1]]  # numbers go up as names do
        rows = np.concatenate([planned[0], came[0]])
        pairs = zip(self._ranks, (planned[1], came[1]), strict=True)
        ranks = np.concatenate([of[queries] for of, queries in pairs])
        order = np.lexsort((ranks, rows))
        return rows[order], ranks[order]

    def column(self, ranks: I64) -> Values:
        """The names at these ranks."""
        n = len(ranks)
        return Values(np.full(n, Kind.TEXT, np.uint8), np.zeros(n, np.int64), take_texts(self._texts, ranks))


def nobody() -> NamedQueries:
    """No query at all."""
    return NamedQueries((), HeldQueries([], QueryReader()))
