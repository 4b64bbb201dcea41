"""Work in a thread of its own, so that a signal can end it: while the main thread waits for Spark it would not."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")
_LOOK_EVERY_S = 0.1


class Beside(Generic[T]):
    """A call in another thread.

    >>> Beside(lambda: 7).result(lambda: None)
    7
    """

    def __init__(self, call: Callable[[], T]) -> None:
        self._call, self._results, self._errors = call, list[T](), list[BaseException]()
        self._thread = threading.Thread(target=self._work, name="spark", daemon=True)
        self._thread.start()

    def result(self, look: Callable[[], None]) -> T:
        """What it gives, or raises; `look` is called again and again meanwhile, in this thread."""
        while self._thread.is_alive():
            self._thread.join(_LOOK_EVERY_S)
            look()
        if self._errors:
            raise self._errors[0]
        return self._results[0]

    def _work(self) -> None:
        try:
            self._results.append(self._call())
        except BaseException as error:  # raised again by the thread that waits
            self._errors.append(error)
