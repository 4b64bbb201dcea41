"""What a join keeps: the events that the other side can still meet, and no others (vector 17, as Flink cleans up)."""

import numpy as np
import pytest

from streamstat.kernels import IntervalJoin

TIMES = np.arange(1, 6, dtype=np.int64)  # on both sides; an event's number is its time
ALL_AT_ONCE = 1 << 20


def pairs_within(least: int, most: int) -> IntervalJoin:
    """Both sides, of one key."""
    join = IntervalJoin(least, most, 0, True, False, False, False, False)
    n = len(TIMES)
    hashes, keyed = np.zeros(n, np.uint64), np.ones(n, np.uint8)
    for side in (0, 1):
        join.push(side, np.arange(n), TIMES, hashes, hashes, keyed, np.empty(0, np.uint8), 1)
    return join


@pytest.mark.parametrize(
    ("least", "most", "watermark", "left", "right"),
    [
        (-1, 0, 2, [2, 3, 4, 5], [1, 2, 3, 4, 5]),
        (-1, 0, 5, [5], [4, 5]),
        (-1, 0, 7, [], []),
        (0, 1, 2, [1, 2, 3, 4, 5], [2, 3, 4, 5]),
        (0, 1, 5, [4, 5], [5]),
        (0, 1, 7, [], []),
    ],
)
def test_an_event_is_kept_until_nothing_can_meet_it(
    least: int, most: int, watermark: int, left: list[int], right: list[int]
) -> None:
    """Flink's watermarks are one less: there an event at the watermark is late."""
    join = pairs_within(least, most)
    join.work(watermark, ALL_AT_ONCE)
    assert [join.kept(side).tolist() for side in (0, 1)] == [left, right]
    assert join.open() == len(left) + len(right)


def test_what_is_kept_does_not_grow_with_the_stream() -> None:
    """A hundred blocks, each five later: what is behind the window of both is gone."""
    join = pairs_within(-3, 3)
    n = len(TIMES)
    hashes, keyed = np.zeros(n, np.uint64), np.ones(n, np.uint8)
    for block in range(1, 100):
        for side in (0, 1):
            join.push(
                side, np.arange(n), TIMES + 5 * block, hashes, hashes, keyed, np.empty(0, np.uint8), 5 * block
            )
        join.work(5 * block, ALL_AT_ONCE)
        assert join.open() <= 2 * (3 + 1 + n)
