"""NULs between lines, as in a log that was truncated under its writer or has lost power: skipped, and told of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from streamstat.common.terminal import printable
from streamstat.input.blocks.items import Block, OverLongLine
from streamstat.input.events import Events
from streamstat.input.sources import Input


@dataclass(slots=True)
class Hole:
    """What was skipped of an input: bytes, in how many places, and where the first one begins."""

    first: int
    nuls: int = 0
    places: int = 0


@dataclass(slots=True)
class Holes:
    """The holes of all inputs, by number; a block or line is shown to it before it is given back."""

    _found: dict[int, Hole] = field(default_factory=dict)

    def in_block(self, block: Block, events: Events) -> None:
        """Those of a block, and the one in front of it, which may go on in it."""
        holes, begin = events.holes, block.position - block.size
        goes_on = holes.number > 0 and holes.first == 0
        places = holes.number + (block.nuls > 0 and not goes_on)
        if places:
            place = begin - block.nuls if block.nuls else begin + holes.first
            self._add(block.input, place, holes.nuls + block.nuls, places)

    def before(self, line: OverLongLine) -> None:
        """One that ends at a line over the limit."""
        if line.nuls:
            self._add(line.input, line.begin - line.nuls, line.nuls, 1)

    def _add(self, number: int, place: int, nuls: int, places: int) -> None:
        hole = self._found.setdefault(number, Hole(place))
        hole.nuls += nuls
        hole.places += places

    def told(self) -> list[tuple[int, int, int, int]]:
        """Of each input that has any: its number, where the first one is, bytes and places."""
        return [(number, each.first, each.nuls, each.places) for number, each in self._found.items()]

    def absorb(self, told: Sequence[Sequence[int]]) -> None:
        """Those behind the ones that are known."""
        for each in told:
            self._add(*each)

    def notes(self, inputs: Sequence[Input]) -> Iterator[str]:
        """What is said of each input that has any."""
        for number, hole in sorted(self._found.items()):
            what = f"{hole.nuls} NULs at byte {hole.first}"
            if hole.places > 1:
                what = f"{hole.nuls} NULs in {hole.places} places, first at byte {hole.first}"
            elif hole.first == 0:
                what = f"begins with {hole.nuls} NULs"
            yield f"{printable(inputs[number].name)}: {what}, as if truncated under its writer: skipped"
