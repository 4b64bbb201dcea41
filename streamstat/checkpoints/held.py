"""stdout under a state: rows are held until their commit, and are part of it until they are printed."""

from collections.abc import Callable, Mapping
from typing import Any

from streamstat.output.sinks.files import Bytes, Target


class HeldStream:
    """Rows on their way to a stream: at least once, as nobody can ask a pipe what it has taken.

    `printed` is told when rows are out. A heading goes before the first rows of a run, and not without any. A commit
    holds rows together with their heading, so that the next run can print them whatever it has itself.
    """

    def __init__(self, stream: Target, printed: Callable[[], None]) -> None:
        self._stream, self._printed = stream, printed
        self._heading = bytearray()
        self._owed = b""  # by the run before this one
        self._first = b""  # what this run has printed first
        self._rows = bytearray()
        self._in_heading = False
        self.notes: list[str] = []

    @property
    def size(self) -> int:
        """Bytes that wait for a commit."""
        return len(self._rows)

    def rows(self) -> bytes:
        """What the next commit is to hold: rows under their heading, whether it was printed before or not."""
        return self._owed + self._headed(self._owed) + self._rows

    def hold(self, rows: bytes) -> None:
        """Rows of the last commit that may not have been printed: they come first."""
        self._owed = rows

    def open(self) -> None:
        """A heading may follow."""
        self._in_heading = True

    def heading_done(self) -> None:
        """What is written from now on is rows."""
        self._in_heading = False

    def write(self, data: Bytes) -> None:
        """Keep it until the commit."""
        if self._in_heading:
            self._heading += data
        else:
            self._rows += data

    def check(self, record: Mapping[str, Any]) -> None:
        """Nothing can be wrong with a stream that was not written to."""

    def check_end(self, record: Mapping[str, Any]) -> None:
        """Nor can anything be behind it."""

    def recover(self, record: Mapping[str, Any]) -> None:
        """Nothing: see `hold`."""

    def prepare(self, metadata: Mapping[str, str]) -> dict[str, Any]:
        """Nothing to make durable: the rows are in the checkpoint."""
        return {}

    def publish(self) -> None:
        """Print."""
        if printed := self.waiting():
            self._stream.write(printed)
            self._stream.publish()
            self._first = self._first or printed
            self._owed = b""
            self._rows.clear()
            self._printed()

    def waiting(self) -> bytes:
        """What is to be printed next."""
        return self._owed + self._headed(self._first or self._owed) + self._rows

    def _headed(self, before: bytes) -> bytes:
        """The heading that rows need behind what was printed before them."""
        return bytes(self._heading) if self._rows and not before.startswith(self._heading) else b""

    def discard(self) -> None:
        """What was not committed is not printed."""
        self._rows.clear()

    def close(self) -> None:
        """The stream is not ours to close."""
