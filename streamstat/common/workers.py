"""Threads for parts of a piece of work that do not depend on one another: what comes out never depends on them."""

from collections.abc import Callable, Sequence
from queue import SimpleQueue
from threading import Thread
from typing import Self, TypeVar

T = TypeVar("T")


class Workers:
    """Runs tasks side by side, in the calling thread and `threads` - 1 more; with one thread, one after the other.

    The others begin when they are first needed. concurrent.futures would load logging, 3 ms of each start.

    >>> with Workers(2) as workers:
    ...     workers.run([lambda: 1, lambda: 2, lambda: 3])
    [1, 2, 3]
    """

    def __init__(self, threads: int = 1) -> None:
        self.threads = max(threads, 1)
        self._helpers: list[Thread] = []
        self._work: SimpleQueue[Callable[[], None] | None] = SimpleQueue()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run(self, tasks: Sequence[Callable[[], T]]) -> list[T]:
        """The results of all tasks, in their order; worth it where each takes more than some 50 microseconds.

        Tasks must not call it in their turn: they would wait for threads that wait for them.
        """
        helpers = min(self.threads, len(tasks)) - 1
        if helpers < 1:
            return [task() for task in tasks]
        results: dict[int, T] = {}
        left = iter(range(len(tasks)))  # its `next` is atomic: each task is taken once
        ends: SimpleQueue[BaseException | None] = SimpleQueue()

        def work() -> None:
            error: BaseException | None = None
            try:
                for number in left:
                    results[number] = tasks[number]()
            except BaseException as raised:  # raised again by the calling thread
                error = raised
            ends.put(error)

        self._begin(helpers)
        for _ in range(helpers):
            self._work.put(work)
        work()
        for error in [ends.get() for _ in range(helpers + 1)]:
            if error is not None:
                raise error
        return [results[number] for number in range(len(tasks))]

    def close(self) -> None:
        """End the threads; none of them is at work."""
        for _ in self._helpers:
            self._work.put(None)
        for helper in self._helpers:
            helper.join()
        self._helpers.clear()

    def _begin(self, helpers: int) -> None:
        while len(self._helpers) < helpers:
            helper = Thread(target=self._help, name="work", daemon=True)
            helper.start()
            self._helpers.append(helper)

    def _help(self) -> None:
        while (work := self._work.get()) is not None:
            work()


ALONE = Workers()
