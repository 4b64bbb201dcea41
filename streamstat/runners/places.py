"""How far each input was read: for those who keep it, and for those who are told where a bad line stands."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from streamstat.common.errors import InputError
from streamstat.input.sources import Input
from streamstat.input.sources.marks import Mark
from streamstat.runners import BadPlace

if TYPE_CHECKING:
    from streamstat.input.logs.tracking import Tracking


class Places:
    """Of each input the place behind the last line that was taken in; `tracking`, where they are from, is told."""

    def __init__(self, inputs: Sequence[Input], tracking: "Tracking | None") -> None:
        self._inputs, self._tracking = inputs, tracking
        self._lines: dict[int, int] = {}
        self.positions: dict[int, int] = {}

    def clock(self, number: int) -> int:
        """What the engine knows an input by."""
        return number if self._tracking is None else self._tracking.clock(number)

    def end(self, number: int) -> int | None:
        """An input has ended; what the engine need not wait for any more."""
        return number if self._tracking is None else self._tracking.end(number)

    def taken(self, number: int, lines: int, mark: Mark) -> None:
        """So many lines of an input were taken in, up to the mark."""
        self._lines[number] = self._lines.get(number, 0) + lines
        self.positions[number] = mark.position
        if self._tracking is not None:
            self._tracking.taken(number, mark)

    def bad(self, number: int, line: int, column: int, reason: str) -> BadPlace:
        """A bad line, `line` lines behind those that were taken in; counted from where reading began."""
        one = self._inputs[number]
        name = f"{one.name} from byte {one.mark.position}" if one.mark.position else one.name
        return BadPlace(name, self._lines.get(number, 0) + line + 1, column, reason)


def strict_error(place: BadPlace) -> InputError:
    """What `--strict` ends with."""
    where, _, reason = str(place).rpartition(": ")
    return InputError(where, reason, "without --strict such lines are counted, and --bad-file F keeps them")
