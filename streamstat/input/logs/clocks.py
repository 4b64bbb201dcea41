"""Which files share an event time: those of one log, one after the other; the watermark knows it by one number."""

from collections.abc import Iterable, Sequence

from streamstat.input.logs.newcomers import Glimpse
from streamstat.input.logs.tracked import Tracked


class Clocks:
    """The files of each clock, in the order in which they are read."""

    def __init__(self) -> None:
        self._mates: dict[int, list[Tracked]] = {}

    def regroup(self, files: Iterable[Tracked]) -> None:
        """These are all the files there are."""
        self._mates = {}
        for file in files:
            self._mates.setdefault(file.clock, []).append(file)

    def hand_down(self) -> None:
        """Let each file know that one of its log was read before, lest that is forgotten with the other."""
        for mates in self._mates.values():
            if any(mate.heir or mate.begun or mate.taken.position for mate in mates):
                for mate in mates:
                    mate.heir = True

    def end(self, file: Tracked) -> int | None:
        """The same for one whose end is taken in; its clock, if no other file goes on with it."""
        mates = self._of(file)
        for mate in mates:
            mate.heir = True
        goes_on = any(not mate.ended and mate is not file for mate in mates)
        return None if goes_on else file.clock

    def is_fresh(self, file: Tracked) -> bool:
        """Whether nothing is known of its times."""
        mates = self._of(file)
        return not file.lost and not any(mate.heir or mate.begun or mate.taken.position for mate in mates)

    def _of(self, file: Tracked) -> Sequence[Tracked]:
        """Those that share its clock; of one that was parted with there may be none."""
        return self._mates.get(file.clock, ())


def clocks_of(new: Sequence[Glimpse], files: Sequence[Tracked]) -> list[int]:
    """A number for each new file: that of its log, or one that no file has.

    A log that was read to its end, and comes back, is a new one to the watermark.
    """
    logs = {
        file.home: file.clock
        for file in files
        if not file.ended and (not file.stray or file.path != file.home)
    }
    taken = {file.clock for file in files}
    unused = iter(number for number in range(len(files) + len(new)) if number not in taken)
    numbers = []
    for found in new:
        if found.alone:
            numbers.append(next(unused))
        elif found.home in logs:
            numbers.append(logs[found.home])
        else:
            numbers.append(logs.setdefault(found.home, next(unused)))
    return numbers
