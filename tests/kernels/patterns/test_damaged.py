"""A damaged snapshot that is restored all the same goes on without harm: matches are of its own groups and names."""

import numpy as np
import pytest
from tools.pattern_tables import END, table_of

from streamstat.kernels import PatternTable

PATTERNS: dict[str, dict[str, str]] = {
    "!c -> a -> b{2}": {},
    "[a{2} b]": {},
    "a{2} -> !b": {},
    "a -> !b": {"b": "a"},
    "a -> b -> c": {"b": "a"},
}
GROUPS = np.array([0, 1, 0, 1, 1, 0, 0, 1], np.int32)
MASKS = np.array([5, 1, 2, 1, 3, 1, 4, 2], np.uint64)


def work(table: PatternTable, sequence: int, until: int) -> tuple[set[int], set[int]]:
    """Push events and work on those before a time; the groups of the matches, and the bits of what they took."""
    n = len(MASKS)
    table.push(np.arange(n), GROUPS, np.arange(n) * 10 + sequence, MASKS, sequence)
    table.due(until, END)
    try:
        _, places, numbers = table.tuples(1, 0, END)
    except ValueError:  # no condition looks at others
        pass
    else:
        table.allow(1, places, numbers, np.ones(len(places), np.uint8))
    groups, _, _, offsets, numbers, bits = table.work(until, until)
    assert offsets[-1] == len(numbers) == len(bits)
    return set(groups.tolist()), set(bits.tolist())


@pytest.mark.parametrize("text", PATTERNS)
def test_what_was_restored_goes_on(text: str) -> None:
    table = table_of(text, 100, references=PATTERNS[text])
    work(table, 0, 60)
    good, restored = table.snapshot(), 0
    damaged = [
        good[:place] + bytes([good[place] ^ 1 << bit]) + good[place + 1 :]
        for place in range(len(good))
        for bit in range(8)
    ]
    for bad in damaged:
        table = table_of(text, 100, references=PATTERNS[text])
        try:
            table.restore(bad, 2)
        except ValueError:
            continue
        restored += 1
        groups, bits = work(table, 100, END)
        assert groups <= {0, 1}
        assert bits <= {0, 1, 2}
        table.kept(), table.open(), table.oldest(100), table.latest()
    assert 0 < restored < len(damaged)
