"""The rotated files of a log that nobody asks for, known again whatever becomes of their names, and of clocks."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, Self

from streamstat.input.logs.disk import Seen
from streamstat.input.logs.names import is_packed_name, unpacked_name
from streamstat.input.logs.tracked import Tracked

_SECOND_NS = 10**9


class Leftover(NamedTuple):
    """Inode, last change and size of a file that is written to no more."""

    inode: int
    changed_ns: int
    size: int


class Leftovers:
    """What was there and was left out, or was read through.

    A file keeps its last change when it is renamed, compressed, or copied with its times. So what is like none of these
    has come since, even if its own time is older, as a clock may have been set back.
    """

    def __init__(self, files: Iterable[Leftover] = ()) -> None:
        self._files = frozenset(files)
        self._inodes = {(each.inode, each.changed_ns) for each in self._files}
        self._times = {(each.changed_ns, each.size) for each in self._files}

    @classmethod
    def of(cls, seen: Iterable[Seen]) -> Self:
        """Of files as they are on the disk."""
        return cls(Leftover(each.identity[1], each.changed_ns, each.size) for each in seen)

    @classmethod
    def from_record(cls, record: Any) -> Self:
        """From what `as_record` gave; ValueError for anything else."""
        try:
            return cls(Leftover(*map(int, each)) for each in record)
        except TypeError as error:
            raise ValueError(f"no record of files: {error!r}") from None

    def as_record(self) -> list[list[int]]:
        """As JSON can hold it."""
        return sorted(map(list, self._files))

    def with_files(self, files: Iterable[Tracked]) -> "Leftovers":
        """These, and tracked files as they were at the last look."""
        return Leftovers(
            self._files | {Leftover(file.identity[1], file.stamp[1], file.stamp[0]) for file in files}
        )

    def explain(self, seen: Seen, siblings: Sequence[Seen]) -> bool:
        """Whether a file is one of these, or was made of one; `siblings` are the files of its log by now."""
        if self._is_one(seen) or (seen.changed_ns, seen.size) in self._times:
            return True
        if not is_packed_name(seen.base):
            return False
        here = {(each.identity[1], each.changed_ns) for each in siblings}
        original = unpacked_name(seen.base)
        in_the_making = any(each.base == original and self._is_one(each) for each in siblings)
        return in_the_making or any(
            each.changed_ns // _SECOND_NS == seen.changed_ns // _SECOND_NS
            and (each.inode, each.changed_ns) not in here
            for each in self._files
        )

    def _is_one(self, seen: Seen) -> bool:
        """Whether it is just such a file; the number of an inode is soon given to another one."""
        return (seen.identity[1], seen.changed_ns) in self._inodes
