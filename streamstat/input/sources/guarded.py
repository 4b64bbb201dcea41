"""A source whose failures, end and stop have become plain facts, so that what came before is used."""

from collections.abc import Callable

from streamstat.common.errors import ReadWriteError, StreamstatError
from streamstat.input.sources import Source, Stop, Stopped


class GuardedSource:
    """Reads that give 0 instead of raising; `over`, `complete` and `error` say what it means."""

    def __init__(self, source: Source, name: str, stop: Stop) -> None:
        self.over = False  # nothing more will come
        self.complete = False  # because the source was read to its end
        self.error: StreamstatError | None = None  # because reading failed; neither: it was stopped
        self._source, self._name, self._stop = source, name, stop

    def read_present(self, target: memoryview) -> int:
        """Read what is there without waiting; 0: nothing at present, or over."""
        if self.over:
            return 0
        n = self._attempt(lambda: self._source.read_now(target))
        if n == 0 and not self.over:
            self.over = self.complete = True
        return n or 0

    def read_waiting(self, target: memoryview) -> int:
        """Read what comes next; 0: over."""
        while (n := self.read_present(target)) == 0 and not self.over:
            self._attempt(self._source.wait)
        return n

    def _attempt(self, call: Callable[[], int | None]) -> int | None:
        try:
            if self._stop.asked:
                raise Stopped
            return call()
        except Stopped:
            pass
        except StreamstatError as error:
            self.error = error
        except OSError as error:
            self.error = read_error(self._name, error)
        self.over = True
        return None


def read_error(name: str, error: OSError) -> ReadWriteError:
    """A failing system call as an error that names its input."""
    return ReadWriteError(name, f"cannot be read: {error.strerror or error}")
