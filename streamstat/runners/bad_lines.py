"""Lines that cannot be used, in the order in which they stand, whoever finds that out."""

from streamstat.input.blocks.items import Block, OverLongLine
from streamstat.input.feed import Feed
from streamstat.runners import BadPlace, Watcher
from streamstat.runners.fruitless import Beginning, Fruitless


class BadLines:
    """Tells of them at once, or, if it holds them, when all of a block are known: those that are none of a log come
    behind those that cannot be decoded."""

    def __init__(self, watcher: Watcher, fruitless: Fruitless, feed: Feed, *, holds: bool) -> None:
        self._watcher, self._fruitless, self._feed, self._holds = watcher, fruitless, feed, holds
        self._held: list[tuple[int, BadPlace, bytes]] = []

    def add(self, block: Block, begin: int, place: BadPlace, line: bytes) -> None:
        """One that begins there in the block."""
        if self._holds:
            self._held.append((begin, place, line))
        else:
            self._tell(block, place, line)

    def tell_held(self, block: Block) -> None:
        """All of the block are known."""
        held, self._held = self._held, []
        for _, place, line in sorted(held, key=lambda each: each[0]):
            self._tell(block, place, line)

    def _tell(self, block: Block, place: BadPlace, line: bytes) -> None:
        self._watcher.bad_line(place, line)
        self._fruitless.bad_line(place, block.format, self.beginning(block))

    def beginning(self, item: Block | OverLongLine) -> Beginning:
        """Of the input that this is from."""
        return Beginning(self._feed.inputs[item.input].name, item.mark.head)
