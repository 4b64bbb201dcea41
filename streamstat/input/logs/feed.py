"""Logs as a runner takes them in: once from where the last run left them, or as they grow."""

from collections.abc import Mapping, Sequence
from typing import Any

from streamstat.common.record import record
from streamstat.input.blocks.reader import Reader
from streamstat.input.feed import Limits
from streamstat.input.logs.tracking import Tracking
from streamstat.input.sources import Input, Stop, Wait
from streamstat.input.sources.inputs import Inputs
from streamstat.input.sources.marks import Mark


@record
class Logs:
    """The files of a tracking. `wait` comes between two looks at what is followed."""

    tracking: Tracking
    limits: Limits = Limits()
    wait: Wait = Stop.wait_for_any

    @property
    def inputs(self) -> Inputs:
        """Files and what is read once, as they are found."""
        return self.tracking.inputs

    @property
    def is_live(self) -> bool:
        """What is read from run to run is written meanwhile."""
        return True

    @property
    def goes_on(self) -> bool:
        """Whether they are followed."""
        return self.tracking.follow

    @property
    def unrepeatable(self) -> Sequence[Input]:
        """Pipes, terminals and devices."""
        return self.tracking.others

    def open(self) -> Reader:
        """In turns as they grow, or each up to its present end."""
        if not self.tracking.follow:
            return self.limits.open(self.tracking.inputs, self.tracking.others_to_come)
        from streamstat.input.logs.following import FollowReader

        limits = self.limits
        return FollowReader(
            self.tracking,
            limits.block_bytes,
            limits.max_line_bytes,
            limits.max_expansion,
            limits.over_long_sink,
            limits.choose,
            self.wait,
            limits.streams,
        )

    def clock(self, number: int) -> int:
        """That of the log, which keeps it when it is rotated."""
        return self.tracking.clock(number)

    def taken(self, number: int, mark: Mark) -> None:
        """From here the next run goes on."""
        self.tracking.taken(number, mark)

    def end(self, number: int) -> int | None:
        """None as long as the log goes on in another file."""
        return self.tracking.end(number)

    def records(self, positions: Mapping[int, int]) -> list[dict[str, Any]]:
        """See `Tracking.records`."""
        return self.tracking.records(positions)
