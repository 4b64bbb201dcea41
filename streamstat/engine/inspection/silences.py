"""The span of event times, and the longest stretches in it without an event, in bounded memory."""

import numpy as np

from streamstat.values.columns import I64

MOST_OCCUPIED = 1 << 16  # of a day each is about a second long then


class Silences:
    """Stretches of time in which there are events, each with its first and its last; all are as long as they need be.

    That they are not too many decides how long they are, so the answer depends on the times alone, not on their order.
    A silence that is longer than a stretch lies between two of them, and is exact.

    >>> silences = Silences()
    >>> silences.add(np.array([0, 9_000_000, 10_000_000], np.int64))
    >>> silences.span, silences.longest(1)
    ((0, 10000000), [(0, 9000000)])
    """

    def __init__(self) -> None:
        self._shift = 0
        self._first = self._last = np.empty(0, np.int64)

    def add(self, times: I64) -> None:
        """More event times, in any order."""
        if not len(times):
            return
        ordered = np.sort(times)
        first, last = self._joined(ordered, ordered)
        self._merge(first, last)
        while len(self._first) > MOST_OCCUPIED:
            self._shift += 1
            self._first, self._last = self._joined(self._first, self._last)

    def _joined(self, first: I64, last: I64) -> tuple[I64, I64]:
        """One entry a stretch, of entries in their order."""
        numbers = first >> self._shift
        begins = np.concatenate(([0], np.flatnonzero(numbers[1:] != numbers[:-1]) + 1))
        ends = np.concatenate((begins[1:] - 1, [len(first) - 1]))
        return first[begins], last[ends]

    def _merge(self, first: I64, last: I64) -> None:
        """Add entries in their order, one a stretch, to those that there are."""
        numbers = first >> self._shift
        places = np.searchsorted(self._first >> self._shift, numbers)
        known = np.zeros(len(numbers), np.bool_)
        inside = places < len(self._first)
        known[inside] = self._first[places[inside]] >> self._shift == numbers[inside]
        at, new = places[known], ~known
        self._first[at] = np.minimum(self._first[at], first[known])
        self._last[at] = np.maximum(self._last[at], last[known])
        if new.any():
            self._first = np.insert(self._first, places[new], first[new])
            self._last = np.insert(self._last, places[new], last[new])

    @property
    def span(self) -> tuple[int, int] | None:
        """The earliest and the latest time; None if there is none."""
        return (int(self._first[0]), int(self._last[-1])) if len(self._first) else None

    def longest(self, most: int) -> list[tuple[int, int]]:
        """The longest silences, the longest first: the last event before each, and the first behind it."""
        gaps = self._first[1:] - self._last[:-1]
        known = np.flatnonzero(gaps > (1 << self._shift))
        chosen = known[np.argsort(-gaps[known], kind="stable")][:most]
        return [(int(self._last[i]), int(self._first[i + 1])) for i in chosen.tolist()]
