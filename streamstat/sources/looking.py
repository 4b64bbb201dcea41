"""One look at the disk: where each tracked file is by now, which files are new, and what cannot be found.

A file is looked for by its identity first, among the files that are named and in its folder, then by its content. What
is neither is a new file. It changes the tracked files in place.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from streamstat.sources.birth import born_ns
from streamstat.sources.disk import (
    Folders,
    Seen,
    base_of,
    file_at,
    first_bytes,
    folder_of,
    is_packed,
    opened,
    read_mark,
    seen_as,
)
from streamstat.sources.names import age, derives, is_dated_alike, series
from streamstat.sources.tracked import Tracked

Note = Callable[[str], None]


class Found(NamedTuple):
    """A new file: the argument that leads to it, the path it is at home, and whether it is a rotated one already."""

    argument: str
    home: str
    seen: Seen
    stray: bool
    newest_ns: int


class Look:
    """`files` as they were at the last look; `named` are the files that arguments name now, in their order.

    After `find`: `lost` are tracked files that are nowhere, `new` the files that were not known.
    """

    def __init__(
        self, files: Sequence[Tracked], named: Iterable[tuple[str, Seen]], max_expansion: int, note: Note
    ) -> None:
        self._files, self._max_expansion, self._note = files, max_expansion, note
        self.named = list(named)
        self._named = {seen.identity: (argument, seen) for argument, seen in self.named}
        self._folders = Folders()
        self._at_home = {file.home for file in files if file.path == file.home and not file.gone}
        self._claimed: set[tuple[int, int]] = set()
        self._rewritten: list[Tracked] = []  # still there, with other content
        self.lost: list[Tracked] = []
        self.new: list[Found] = []

    def find(self) -> None:
        """Find out all of it."""
        lost = [file for file in self._files if not self._find_same(file)]
        self.lost = [file for file in lost if not self._find_content(file)]
        for argument, seen in self._named.values():
            if seen.identity not in self._claimed and not self._is_copy(seen):
                self._add(argument, seen.path, seen, stray=self._is_stray(seen))
        left = {file.home for file in self._files if file in self.lost or file.path != file.home or file.gone}
        returned = {found.home for found in self.new} & {file.home for file in self._files}
        for home in (left & self._at_home) | returned:
            self._add_missed(home)

    def was_rewritten(self, file: Tracked) -> bool:
        """Whether a lost file was truncated or written anew, rather than deleted."""
        return file in self._rewritten

    def _claim(self, file: Tracked, seen: Seen) -> None:
        self._claimed.add(seen.identity)
        if seen.identity in self._named:
            file.argument, file.name = self._named[seen.identity][0], seen.name
        file.found(seen)

    def _find_same(self, file: Tracked) -> bool:
        """By device and inode: a rename keeps them. A file that was written anew in place is not the same."""
        seen = self._by_name(file)
        gone = seen is None and file.descriptor is not None
        if gone:
            seen = seen_as(file.path, os.fstat(file.descriptor or 0))
        if seen is None:
            return False
        if not gone and not file.is_in(seen, self._max_expansion):
            with opened(seen) as descriptor:
                if descriptor is not None and born_ns(descriptor) == file.born_ns:
                    self._rewritten.append(file)
            return False
        self._claim(file, seen)
        file.gone = gone
        return True

    def _by_name(self, file: Tracked) -> Seen | None:
        """The file with this identity, under whatever name."""
        if file.identity in self._named:
            return self._named[file.identity][1]
        for path in (file.path, file.real):
            if (seen := file_at(path)) is not None and seen.identity == file.identity:
                return seen
        near = [] if file.ended else self._near(file)
        return next((seen for seen in near if seen.identity == file.identity), None)

    def _near(self, file: Tracked) -> list[Seen]:
        """The files in the folders where those made of this one would be."""
        folders = dict.fromkeys(folder_of(path) for path in (file.path, file.home, file.real))
        return [seen for folder in folders for seen in self._folders.files(folder)]

    def _find_content(self, file: Tracked) -> bool:
        """By what was read of it: to compress or to copy makes another file of it."""
        if file.wanted.position == 0:
            return False
        for seen in self._alike(file):
            if file.is_in(seen, self._max_expansion):
                self._explain(file, seen)
                file.let_go()
                self._claim(file, seen)
                return True
        return False

    def _alike(self, file: Tracked) -> list[Seen]:
        """Files of the same log that nobody has claimed: the one of the same name, then the newest first."""
        near = [seen for _, seen in self._named.values()] + ([] if file.ended else self._near(file))
        log = series(base_of(file.home))
        alike = {
            seen.path: seen
            for seen in near
            if seen.identity not in self._claimed and series(seen.base) == log
        }
        return sorted(alike.values(), key=lambda seen: (seen.path != file.path, -seen.changed_ns))

    def _explain(self, file: Tracked, seen: Seen) -> None:
        if file in self._rewritten:
            self._note(
                f"{file.name}: copied to {seen.name} and truncated; lines written between the two are in neither"
            )
        elif seen.path == file.path and seen.identity[1] != file.identity[1]:
            self._note(
                f"{file.name}: another file than before, but it begins with what was read: "
                f"reading goes on at byte {file.wanted.position}"
            )

    def _is_copy(self, seen: Seen) -> bool:
        """Whether a file is a copy, perhaps in the making, of one that is there and read already."""
        for file in self._files:
            if file in self.lost or not any(
                derives(seen.base, base_of(path)) and folder_of(seen.path) == folder_of(path)
                for path in ((file.path, file.home) if file.gone else (file.path,))
            ):
                continue
            if self._begins_alike(seen, file):
                self._note(f"{seen.name}: left out, as it is a copy of {file.name}, which is there")
                return True
        return False

    def _begins_alike(self, seen: Seen, file: Tracked) -> bool:
        with opened(seen) as descriptor:
            if descriptor is None:
                return False
            head = file.mark.head
            begin = first_bytes(descriptor, len(head), self._max_expansion)
            if not begin:
                return not seen.size or is_packed(descriptor)
            if len(begin) < len(head):
                return head.startswith(begin)
            mark = read_mark(descriptor, file.wanted, self._max_expansion)
            return begin == head and (mark.position < file.mark.position or mark.tail == file.mark.tail)

    def _is_stray(self, seen: Seen) -> bool:
        """Whether its name says that it was made of another file, which is there."""
        log = series(seen.base)
        return log != seen.base and file_at(os.path.join(folder_of(seen.path), log)) is not None  # noqa: PTH118

    def _add(self, argument: str, home: str, seen: Seen, *, stray: bool) -> None:
        newest = max(
            [
                seen.changed_ns,
                *(other.changed_ns for other in self._made_of(home, os.path.realpath(seen.path))),
            ]
        )
        self.new.append(Found(argument, home, seen, stray, seen.changed_ns if stray else newest))
        self._claimed.add(seen.identity)

    def _made_of(self, home: str, real: str) -> list[Seen]:
        """What rotation has made of the files at a path, which may be a link to dated files."""
        made = [seen for seen in self._folders.files(folder_of(home)) if derives(seen.base, base_of(home))]
        if real != home:
            dated = self._folders.files(folder_of(real))
            made += [seen for seen in dated if is_dated_alike(seen.base, base_of(real))]
        return made

    def _add_missed(self, home: str) -> None:
        """Files that came and were rotated away between two looks: made of this log, and newer than all of it."""
        log = [file for file in self._files if file.home == home]
        newest = max(file.newest_ns for file in log)
        for seen in sorted(
            self._made_of(home, log[-1].real), key=lambda seen: (seen.changed_ns, age(seen.base))
        ):
            known = seen.identity in self._claimed or seen.changed_ns <= newest or not seen.size
            if not known and not self._is_copy(seen):
                self._add(log[-1].argument, home, seen, stray=True)
