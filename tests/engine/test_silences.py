"""The longest silences of times in any order, in stretches that must be few, against plain Python."""

import random
from itertools import pairwise

import numpy as np
import pytest

from streamstat.engine.inspection import silences
from streamstat.engine.inspection.silences import Silences


@pytest.mark.parametrize("seed", range(60))
def test_silences_are_those_of_sorted_times(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    random_ = random.Random(seed)
    monkeypatch.setattr(silences, "MOST_OCCUPIED", random_.choice([4, 16, 1000]))
    times = [random_.randrange(-50, 10 ** random_.randrange(1, 13)) for _ in range(random_.randrange(1, 300))]
    found, whole, lo = Silences(), Silences(), 0
    while lo < len(times):
        hi = lo + random_.randrange(1, 50)
        found.add(np.array(times[lo:hi], np.int64))
        lo = hi
    whole.add(np.array(times, np.int64))
    assert found.span == whole.span == (min(times), max(times))
    assert found.longest(5) == whole.longest(5)
    gaps = sorted(pairwise(sorted(times)), key=lambda ends: ends[0] - ends[1])
    shown = found.longest(5)
    assert shown == gaps[: len(shown)]
