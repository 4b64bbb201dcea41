"""How far each input was read: for those who keep it, and for those who are told where a bad line stands."""

from collections.abc import Iterator

from streamstat.common.errors import InputError
from streamstat.common.terminal import printable
from streamstat.common.units import format_time
from streamstat.engine.strategy import Refused, UnreadableRecords
from streamstat.input.events import Events
from streamstat.input.feed import Feed
from streamstat.input.sources.marks import Mark
from streamstat.runners import BadPlace

STRICT_HINT = "without --strict it is left out; --bad-file F keeps it"


class Places:
    """Of each input the place behind the last line that was taken in; the feed, which they are from, is told."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._lines: dict[int, int] = {}
        self.positions: dict[int, int] = {}

    def taken(self, number: int, lines: int, mark: Mark) -> None:
        """So many lines of an input were taken in, up to the mark."""
        self._lines[number] = self._lines.get(number, 0) + lines
        self.positions[number] = mark.position
        self._feed.taken(number, mark)

    def lines(self, number: int) -> int:
        """How many lines of an input were taken in."""
        return self._lines.get(number, 0)

    def shown(self, number: int, line: int) -> str:
        """A line as a note names it."""
        place = self.bad(number, line, 0, "")
        return f"{printable(place.input)}:{place.line}"

    def bad(self, number: int, line: int, column: int, reason: str) -> BadPlace:
        """A bad line, `line` lines behind those that were taken in; counted from where reading began."""
        one = self._feed.inputs[number]
        name = f"{one.name} from byte {one.mark.position}" if one.mark.position else one.name
        return BadPlace(name, self._lines.get(number, 0) + line + 1, column, reason)

    def ahead(self, number: int, events: Events, refused: Refused) -> Iterator[BadPlace]:
        """Events that are refused for their times, which are told."""
        for row, time in zip(refused.rows.tolist(), refused.times.tolist(), strict=True):
            yield self.bad(number, events.line_of(row), 0, format_time(time))

    def unreadable(
        self, number: int, events: Events, outcome: UnreadableRecords
    ) -> Iterator[tuple[int, BadPlace, bytes]]:
        """Records that are none of the log: where they begin in the block, and byte for byte."""
        told = (outcome.rows.tolist(), outcome.codes.tolist(), events.begins_of(outcome.rows))
        for row, code, begin, each in zip(*told, events.records_of(outcome.rows), strict=True):
            yield begin, self.bad(number, events.line_of(row), 0, outcome.reasons[code]), each


def strict_error(place: BadPlace) -> InputError:
    """What `--strict` ends with."""
    where, _, reason = str(place).rpartition(": ")
    return InputError(
        where,
        reason,
        STRICT_HINT,
    )
