"""Where result rows go: the contract of a sink. One file a sink, found by its file name.

Knows rows and their types, not what they count. Begin with `csv`; `files` has the targets that sinks write to.
"""

from collections.abc import Mapping
from typing import Protocol

from streamstat.values.columns import ResultField, Rows


class Sink(Protocol):
    """Takes the rows of one report in order; shows all of them or, a stream apart, nothing.

    The calls are open, write any number of times, then commit or discard; discard may come at any moment
    and more than once. Of a report that is replaced as a whole they come again and again. Failures are
    CannotCreateError from open and ReadWriteError from the others.
    """

    def open(self, fields: tuple[ResultField, ...]) -> None:
        """Begin a report of these columns."""

    def write(self, rows: Rows) -> None:
        """Add rows, whose fields are those of `open`; in NDJSON, where rows name theirs, a promise has another."""

    def commit(self, metadata: Mapping[str, str]) -> None:
        """Finish and publish; formats that can hold the metadata do."""

    def discard(self) -> None:
        """Leave nothing behind."""
