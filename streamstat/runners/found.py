"""What the first records of a stream tell of a job, while blocks are read: the contract of who looks for it."""

from typing import Protocol, TypeAlias

from streamstat.common.record import record
from streamstat.input.blocks.items import Block
from streamstat.plan.job import Job


@record
class TimeFound:
    """The time field of a stream is known from here on."""

    path: str
    stream: int


@record
class ChangesFound:
    """The format of the log of changes is known from here on."""

    changes: str


Finding: TypeAlias = TimeFound | ChangesFound


class FirstLook(Protocol):
    """Looks at the blocks of a stream until it has found something."""

    def look(self, block: Block) -> str | None:
        """What it looks for; None if nothing so far has told it."""

    def told(self, found: str, job: Job, stream: int) -> tuple[Job, Finding]:
        """The job that knows it, and what the run is to be told."""

    def end(self) -> None:
        """All has been read; UsageError where that cannot be without it."""
