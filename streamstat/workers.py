"""Threads for parts of a piece of work that do not depend on one another: what comes out never depends on them."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Self, TypeVar

T = TypeVar("T")


class Workers:
    """Runs tasks side by side, in the calling thread and `threads` - 1 more; with one thread, one after the other.

    >>> with Workers(2) as workers:
    ...     workers.run([lambda: 1, lambda: 2, lambda: 3])
    [1, 2, 3]
    """

    def __init__(self, threads: int = 1) -> None:
        self.threads = max(threads, 1)
        self._pool = ThreadPoolExecutor(threads - 1, "work") if threads > 1 else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run(self, tasks: Sequence[Callable[[], T]]) -> list[T]:
        """The results of all tasks, in their order; worth it where each takes more than some 50 microseconds."""
        if self._pool is None or len(tasks) < 2:
            return [task() for task in tasks]
        results: dict[int, T] = {}
        left = iter(range(len(tasks)))  # its `next` is atomic: each task is taken once

        def work() -> None:
            for number in left:
                results[number] = tasks[number]()

        helpers = [self._pool.submit(work) for _ in range(min(self.threads, len(tasks)) - 1)]
        try:
            work()
        finally:
            for helper in helpers:
                helper.result()
        return [results[number] for number in range(len(tasks))]

    def close(self) -> None:
        """End the threads; none of them is at work."""
        if self._pool is not None:
            self._pool.shutdown()


ALONE = Workers()
