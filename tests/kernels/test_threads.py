"""Objects that threads share: one call after the other, and none waits for ever."""

import sys
import threading
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from streamstat.kernels import Counts, ExactSums
from streamstat.values.columns import I32, Kind

ROWS = 1 << 16  # from here on a kernel gives the interpreter's lock away
TIMES = 40
ONE: I32 = np.zeros(1, np.int32)
SLOTS: I32 = np.zeros(ROWS, np.int32)


@pytest.fixture(autouse=True)
def _threads_change_often() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


def at_once(*works: Callable[[], object]) -> None:
    threads = [threading.Thread(target=work, daemon=True) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)


def test_no_update_of_two_threads_is_lost() -> None:
    counts, sums = Counts(), ExactSums(squares=False)
    counts.resize(1)
    sums.resize(1)
    kinds, ones = np.full(ROWS, Kind.DOUBLE, np.uint8), np.full(ROWS, 0.5).view(np.int64)

    def update() -> None:
        for _ in range(TIMES):
            counts.update(SLOTS)
            sums.update(SLOTS, kinds, ones)

    at_once(update, update, update)
    assert counts.values(ONE).tolist() == [3 * TIMES * ROWS]
    assert sums.sums(ONE)[1].view(np.float64).tolist() == [3 * TIMES * ROWS / 2]


def test_two_tables_that_absorb_each_other_do_not_wait_for_ever() -> None:
    one, other = Counts(), Counts()
    for table in (one, other):
        table.resize(1)
    nothing: I32 = np.zeros(0, np.int32)

    def absorb(into: Counts, source: Counts) -> Callable[[], None]:
        def work() -> None:
            for _ in range(20_000):
                into.absorb(source, nothing, nothing)

        return work

    at_once(absorb(one, other), absorb(other, one), absorb(one, one))
    assert one.values(ONE).tolist() == other.values(ONE).tolist() == [0]
