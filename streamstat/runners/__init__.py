"""What runs an engine over inputs: the contract between a run and those who watch it.

Knows events only as blocks to hand on, and nothing of reports. Begin with `local`, which feeds an engine on this
machine; `feeder` decodes ahead of it.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from streamstat.common.record import record
from streamstat.engine.engine import Engine
from streamstat.engine.ledger import Ledger
from streamstat.engine.strategy import Publication
from streamstat.values.columns import ResultField


@record
class BadPlace:
    """Where a line stands that is not used: input, line and column from 1 (0: not known), and why it is not."""

    input: str
    line: int
    column: int
    reason: str

    def __str__(self) -> str:
        column = f":{self.column}" if self.column else ""
        return f"{self.input}:{self.line}{column}: {self.reason}"

    def as_record(self) -> list[Any]:
        """As JSON can hold it, with the line behind the input as in texts."""
        return [f"{self.input}:{self.line}", self.column, self.reason]

    @classmethod
    def from_record(cls, record: list[Any]) -> "BadPlace":
        """From what `as_record` gave."""
        input, _, line = record[0].rpartition(":")
        return cls(input, int(line), record[1], record[2])


@record
class Live:
    """What a run tells the time by, in seconds."""

    elapsed: Callable[[], float] = time.monotonic
    now: Callable[[], float] = time.time


class Watcher(Protocol):
    """Is told, in order, what happens in a run; writes rows, lines and messages where they belong."""

    def opened(self, of: int, changelog: tuple[ResultField, ...], report: tuple[ResultField, ...]) -> None:
        """The columns of the changelog and of the file of report number `of`; each once, before any row. None: they
        come with the rows."""

    def time_found(self, field: str) -> None:
        """The time field was chosen from the first events."""

    def format_found(self, input: str, format: str) -> None:
        """An input begins, in this format."""

    def published(self, publication: Publication) -> None:
        """Rows."""

    def promised(self, of: int, time: int) -> None:
        """No later row of report number `of` begins before this time; told if the job is to promise."""

    def heading(self, line: bytes) -> None:
        """The heading of the records whose lines follow, with its newline; empty if they have none."""

    def bad_line(self, place: BadPlace, line: bytes) -> None:
        """An unreadable line, byte for byte."""

    def over_long_line(self, place: BadPlace, size: int) -> None:
        """A line over the limit, of `size` bytes; the bytes themselves went to the sink of the feed as they came."""

    def late_line(self, of: int, line: bytes) -> None:
        """The line of an event that came too late for a report, byte for byte."""

    def judged(self, accepted: Iterator[bytes], refused: Iterator[bytes]) -> None:
        """Lines of commands that became events, byte for byte, and of those that were refused, with the check."""

    def lost_lines(self, lines: Iterator[bytes]) -> None:
        """The lines of a block that count nowhere, byte for byte; those over the limit come by `over_long_line`."""

    def too_far_ahead(self, places: Iterator[BadPlace]) -> None:
        """Events that are refused for their times; only the places that are asked for are found."""

    def progress(self, ledger: Ledger) -> None:
        """A block has been taken in."""


class Run(Protocol):
    """A runner as it stands between two blocks."""

    @property
    def engine(self) -> Engine:
        """The engine, which has taken all that was read so far."""
        ...

    @property
    def positions(self) -> Mapping[int, int]:
        """Number of an input -> bytes of it, uncompressed, up to the last line the engine has taken."""
        ...


class Committer(Protocol):
    """Makes what a run has done last: asked between two blocks, and at the end."""

    def due(self, now: float) -> bool:
        """Whether it is time; seconds by the monotonic clock."""
        ...

    def commit(self, run: Run) -> None:
        """Save the run and publish what it has given."""
        ...

    def end(self, run: Run) -> None:
        """The same, for the last time."""
        ...


class Refresher(Protocol):
    """Has reports that are replaced as a whole shown while a run goes on: asked between two blocks."""

    def due(self, now: float) -> bool:
        """Whether it is time; seconds by the monotonic clock."""
        ...

    def refresh(self, run: Run) -> None:
        """Publish them, and have them shown."""
        ...
