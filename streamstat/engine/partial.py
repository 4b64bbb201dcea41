"""The state of a stream in pieces that can leave the process, and be put together again elsewhere.

The law: absorbing the state of a stream equals updating with that stream. So streams may be cut anywhere, and their
pieces come in any order.
"""

import numpy as np

from streamstat.common.record import record
from streamstat.engine.keys import Keys
from streamstat.engine.store import Store
from streamstat.engine.strategy import Divisible, Strategy
from streamstat.states import Rereads
from streamstat.values.columns import I32, I64, Texts, Values


@record
class Partial:
    """n pieces: group columns, numbers with their spelling; where each begins and ends, int64[n] in microseconds; and
    of each state of the store its bytes.

    A piece reaches over a pane, or from the first to the last event of a session. Of a window that grows with all of
    its events each reaches over these.
    """

    groups: tuple[Values, ...]
    lo: I64
    hi: I64
    states: tuple[Texts, ...]

    def __len__(self) -> int:
        return len(self.lo)


class Divided:
    """The pieces of a report, which its strategy keeps with its keys and states."""

    def __init__(self, strategy: Strategy, keys: Keys, store: Store) -> None:
        self._strategy, self._keys, self._store = strategy, keys, store

    @property
    def states(self) -> tuple[str, ...]:
        """The names of the states of a piece, each of one kind and of one argument."""
        return self._store.as_bytes.names

    @property
    def written(self) -> list[tuple[Rereads, tuple[str, ...]]]:
        """The states that have a standard form, with the columns of each."""
        return self._store.as_bytes.written

    def partial(self) -> Partial:
        """All that is kept, between two blocks."""
        slots, keys, lo, hi = self._divisible.pieces()
        return Partial(self._keys.columns(keys), lo, hi, self._store.as_bytes.snapshots(slots))

    def absorb(self, partial: Partial, later: int = 0) -> str | None:
        """Add pieces of elsewhere. later: how many events of the whole stand before the first of theirs.

        Gives the column of which some values are other than those of one run by now, None if there is none.
        ValueError for states that are none of this store.
        """
        keys: I32 = np.zeros(len(partial), np.int32)
        if partial.groups:
            keys = self._keys.intern(partial.groups)
        slots = self._divisible.admit(keys, partial.lo, partial.hi)
        self._store.as_bytes.absorb(slots, partial.states, later)
        return self._store.as_bytes.out_of_range(slots)

    @property
    def _divisible(self) -> Divisible:
        assert isinstance(self._strategy, Divisible)
        return self._strategy
