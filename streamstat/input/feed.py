"""What a runner is given: inputs as one thread reads them, and what the thread that takes them in tells of each.

There are two kinds: inputs that are read once, here, and logs that are read from run to run, in `logs/feed`.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from streamstat.common.record import record
from streamstat.input.blocks.cutting import OverLongSink, forget
from streamstat.input.blocks.reader import Reader
from streamstat.input.blocks.sequential import BLOCK_BYTES, MAX_LINE_BYTES, open_blocks
from streamstat.input.detection import as_ndjson
from streamstat.input.formats import Choose
from streamstat.input.limits import MAX_EXPANSION
from streamstat.input.sources import Input
from streamstat.input.sources.inputs import Inputs
from streamstat.input.sources.marks import Mark


@record
class Limits:
    """How much of an input is held at once, and what is refused; see `open_blocks`.

    streams: how many there are, which are read in turns.
    """

    block_bytes: int = BLOCK_BYTES
    max_line_bytes: int = MAX_LINE_BYTES
    max_expansion: int = MAX_EXPANSION
    over_long_sink: OverLongSink = forget
    choose: Choose = as_ndjson
    streams: int = 1

    def open(self, inputs: Sequence[Input], others_to_come: bool = False) -> Reader:
        """What reads inputs one after another, each up to its present end."""

        def of_stream(stream: int | None) -> Reader:
            return open_blocks(
                inputs,
                self.block_bytes,
                self.max_line_bytes,
                self.max_expansion,
                self.over_long_sink,
                self.choose,
                others_to_come,
                stream,
            )

        if self.streams == 1:
            return of_stream(None)
        from streamstat.input.blocks.turns import TurnReader  # only joins need it

        return TurnReader(inputs, self.streams, of_stream)


class Feed(Protocol):
    """Inputs, each known by its number in `inputs`, to which more may be added while they are read.

    `open` is called once. What it gives is iterated by one thread; all other calls are for the thread that takes the
    lines in.
    """

    @property
    def inputs(self) -> Inputs:
        """The inputs, in the order of their numbers."""

    @property
    def is_live(self) -> bool:
        """Whether its lines are written while runs go on, so that a time far ahead of now cannot be right."""

    @property
    def goes_on(self) -> bool:
        """Whether it waits for more when all that is there has been read."""

    def open(self) -> Reader:
        """What reads the inputs."""

    def clock(self, number: int) -> int:
        """The number of the event time that an input belongs to: parts of one log share it."""

    def taken(self, number: int, mark: Mark) -> None:
        """The lines of an input up to this mark have been taken in."""

    def end(self, number: int) -> int | None:
        """An input has ended; the event time that no input goes on with, None if there is none."""


class RepeatableFeed(Feed, Protocol):
    """Inputs that another run can go on with, from where a checkpoint has them."""

    @property
    def unrepeatable(self) -> Sequence[Input]:
        """The inputs that no run can go on with: what was taken from them cannot be read again."""

    def records(self, positions: Mapping[int, int]) -> list[dict[str, Any]]:
        """What the next run needs to know, as JSON can hold it.

        positions: for each input of which lines were taken in, the bytes up to the end of the last one. ValueError if
        they are not those of the marks that were told.
        """


@record
class ReadOnce:
    """Inputs that are read one after another, each to its end, with an event time each.

    >>> from streamstat.input.sources.memory import bytes_input
    >>> feed = ReadOnce(Inputs([bytes_input(b"{}", "events")]))
    >>> feed.clock(0), feed.end(0)
    (0, 0)
    """

    inputs: Inputs
    limits: Limits = Limits()

    @property
    def is_live(self) -> bool:
        """A file may have been written at any time, by any clock."""
        return False

    @property
    def goes_on(self) -> bool:
        """Each input has an end."""
        return False

    def open(self) -> Reader:
        """One input after another."""
        return self.limits.open(self.inputs)

    def clock(self, number: int) -> int:
        """Each has its own."""
        return number

    def taken(self, number: int, mark: Mark) -> None:
        """No other run goes on from there."""

    def end(self, number: int) -> int:
        """Nothing goes on with its time."""
        return number
