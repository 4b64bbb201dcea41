"""Workers: all results in order, every task once, and the first error once all are at rest."""

import threading
from collections.abc import Callable
from queue import SimpleQueue

import pytest

from streamstat.common.workers import Workers


@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("tasks", [0, 1, 2, 30])
def test_every_task_is_run_once_and_results_keep_their_order(threads: int, tasks: int) -> None:
    run: list[int] = []

    def task(number: int) -> Callable[[], int]:
        def work() -> int:
            run.append(number)
            return number * number

        return work

    with Workers(threads) as workers:
        for _ in range(3):
            assert workers.run([task(number) for number in range(tasks)]) == [n * n for n in range(tasks)]
    assert sorted(run) == sorted(list(range(tasks)) * 3)


def test_tasks_run_side_by_side() -> None:
    met = threading.Barrier(3, timeout=60)
    with Workers(3) as workers:
        assert sorted(workers.run([met.wait] * 3)) == [0, 1, 2]


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_an_error_reaches_the_caller_and_the_threads_go_on(threads: int) -> None:
    def fail() -> int:
        raise KeyError("this one")

    with Workers(threads) as workers:
        for _ in range(3):
            with pytest.raises(KeyError, match="this one"):
                workers.run([lambda: 1, fail, lambda: 2, lambda: 3])
            assert workers.run([lambda: 4] * 6) == [4] * 6


def test_an_error_is_raised_once_all_are_at_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    met, asked, at_rest = threading.Barrier(2, timeout=60), threading.Semaphore(0), threading.Event()
    caller = threading.current_thread()

    class Ends(SimpleQueue[object]):
        def get(self, block: bool = True, timeout: float | None = None) -> object:
            asked.release()
            return super().get(block, timeout)

    def task() -> None:
        met.wait()  # so that each thread has one
        if threading.current_thread() is caller:
            raise KeyError
        for _ in range(2):  # the caller knows of its error when it asks for the second end
            assert asked.acquire(timeout=60)
        at_rest.set()

    with Workers(2) as workers, pytest.raises(KeyError):
        monkeypatch.setattr("streamstat.common.workers.SimpleQueue", Ends)
        workers.run([task] * 2)
    assert at_rest.is_set()


def test_a_thread_that_cannot_begin_is_told_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", start)
    with pytest.raises(RuntimeError, match="can't start"), Workers(2) as workers:
        workers.run([lambda: 1] * 2)


def test_threads_begin_when_needed_and_end_at_the_close() -> None:
    before = threading.active_count()
    workers = Workers(4)
    workers.run([lambda: 1])
    assert threading.active_count() == before
    workers.run([lambda: 1] * 2)
    assert threading.active_count() == before + 1
    workers.close()
    workers.close()
    assert threading.active_count() == before
    assert workers.run([lambda: 1] * 2) == [1, 1]
    workers.close()
