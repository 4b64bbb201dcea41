"""Which fields hold times, and how many of their values can be read."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from streamstat.event_time.fields import MISSING, UNREADABLE
from streamstat.input.events import Events
from streamstat.values.columns import Mask


class TimesFound:
    """Of some fields, how many events have each, and of how many it is a time."""

    def __init__(self, paths: Sequence[str]) -> None:
        self._found = {path: [0, 0] for path in dict.fromkeys(paths)}

    def add(self, events: Events, left: Mask | None) -> None:
        """A block; `left` are its events (None: all)."""
        for path, found in self._found.items():
            if events.seen(path):
                kinds = events.times(path)[1] if left is None else events.times(path)[1][left]
                found[0] += int(np.count_nonzero(kinds != MISSING))
                found[1] += int(np.count_nonzero((kinds != MISSING) & (kinds != UNREADABLE)))

    def told(self) -> list[dict[str, Any]]:
        """Those that some event has."""
        found = self._found.items()
        return [{"field": path, "events": n, "readable": good} for path, (n, good) in found if n]
