"""The lines of a block that are lost, in the order of input, whatever they are lost for."""

import heapq
from collections.abc import Iterator, Sequence

import numpy as np

from streamstat.input.events import Events
from streamstat.values.columns import I64

_AT_ONCE = 4096


def lost_lines(events: Events, lost: Sequence[I64]) -> Iterator[bytes]:
    """Bad lines, and those of rows that are lost, byte for byte; only what is asked for is made."""
    bad = ((each.begin, events.bytes_of(each)) for each in events.bad_records())
    rows = np.unique(np.concatenate(lost)) if lost else np.empty(0, np.int64)
    for _, line in heapq.merge(bad, _lines(events, rows)):
        yield line


def _lines(events: Events, rows: I64) -> Iterator[tuple[int, bytes]]:
    for lo in range(0, len(rows), _AT_ONCE):
        some = rows[lo : lo + _AT_ONCE]
        yield from zip(events.begins_of(some), events.records_of(some), strict=True)
