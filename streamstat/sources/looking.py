"""One look at the disk: where each tracked file is by now, which files are new, and what cannot be found.

A file is looked for by its identity first, among the files that are named and in its folder, then by its content. What
is neither is a new file. It changes the tracked files in place.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, TypeAlias

from streamstat.sources.birth import born_ns
from streamstat.sources.disk import (
    Folders,
    Identity,
    Seen,
    base_of,
    file_at,
    folder_of,
    joined,
    opened,
    seen_as,
)
from streamstat.sources.inside import Inside, is_packed
from streamstat.sources.names import age, derives, is_dated_alike, series
from streamstat.sources.tracked import Tracked

Note: TypeAlias = Callable[[str], None]
Named: TypeAlias = Sequence[tuple[str, list[Seen]]]  # the files of each argument
Copies: TypeAlias = dict[
    Identity, tuple[tuple[int, int], Identity]
]  # stamp of a copy, and what it is a copy of


class Found(NamedTuple):
    """A new file: the argument that leads to it, the path it is at home, and whether it is a rotated one already."""

    argument: str
    home: str
    seen: Seen
    stray: bool
    newest_ns: int


class Look:
    """`files` as they were at the last look; `named` are the files that arguments name now, in their order; `copies`
    those that were found to be copies, so that they need not be read again.

    After `find`: `lost` are tracked files that are nowhere, `new` the files that were not known.
    """

    def __init__(
        self,
        files: Sequence[Tracked],
        named: Iterable[tuple[str, Seen]],
        copies: Copies,
        inside: Inside,
        note: Note,
    ) -> None:
        self._files = [file for file in files if not file.past]
        self._copies, self._inside, self._note = copies, inside, note
        self._logs: dict[str, list[Tracked]] = {}
        for file in files:
            if not file.stray or series(base_of(file.home)) == base_of(file.home):
                self._logs.setdefault(file.home, []).append(file)
        self.named = list(named)
        self._named = {seen.identity: (argument, seen) for argument, seen in self.named}
        self._folders = Folders()
        self._at_home = {id(file) for file in files if file.path == file.home and not file.gone}
        self._named_of: dict[str, list[Seen]] = {}
        for _, seen in self.named:
            self._named_of.setdefault(series(seen.base), []).append(seen)
        self._claimed: set[tuple[int, int]] = set()
        self._rewritten: list[Tracked] = []  # still there, with other content
        self.lost: list[Tracked] = []
        self.new: list[Found] = []

    def find(self) -> None:
        """Find out all of it."""
        lost = [file for file in self._files if not self._find_same(file)]
        self.lost = [file for file in lost if not self._find_content(file)]
        self._there = self._by_place()
        for argument, seen in self._named.values():
            if seen.identity not in self._claimed and not self._is_copy(seen):
                log = joined(folder_of(seen.path), series(seen.base))
                stray = log != seen.path and (log in self._logs or file_at(log) is not None)
                self._add(argument, log if stray and log in self._logs else seen.path, seen, stray=stray)
        self._at_home -= {id(file) for file in self.lost}
        for home, files in self._logs.items():
            if not any(id(file) in self._at_home and file.path == home and not file.gone for file in files):
                self._add_missed(home, files)

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
        if seen is None:
            return self._is_held_open(file)
        if not file.is_in(seen, self._inside):
            with opened(seen) as descriptor:
                if descriptor is not None and born_ns(descriptor) == file.born_ns:
                    self._rewritten.append(file)
            return False
        self._claim(file, seen)
        return True

    def _is_held_open(self, file: Tracked) -> bool:
        """Whether it can be read although no name leads to it, and no copy of it has taken its name."""
        at_its_place = file_at(file.path)
        copied = file.mark.position and at_its_place and file.is_in(at_its_place, self._inside)
        if file.descriptor is None or copied:
            return False
        seen = seen_as(file.path, os.fstat(file.descriptor))
        assert seen is not None
        self._claim(file, seen)
        file.gone = True
        return True

    def _by_name(self, file: Tracked) -> Seen | None:
        """The file with this identity, under whatever name."""
        if file.identity in self._named:
            return self._named[file.identity][1]
        for path in (file.path, file.real):
            if (seen := file_at(path)) is not None and seen.identity == file.identity:
                return seen
        near = () if file.ended else self._near(file)
        every = (seen for folder in near for seen in self._folders.files(folder))
        return next((seen for seen in every if seen.identity == file.identity), None)

    def _near(self, file: Tracked) -> Iterable[str]:
        """The folders where files made of this one would be."""
        return dict.fromkeys(folder_of(path) for path in (file.path, file.home, file.real))

    def _find_content(self, file: Tracked) -> bool:
        """By what was read of it: to compress or to copy makes another file of it."""
        if file.wanted.head_size == 0:
            return False
        for seen in self._alike(file):
            if file.is_in(seen, self._inside):
                self._explain(file, seen)
                file.let_go()
                self._claim(file, seen)
                return True
        return False

    def _alike(self, file: Tracked) -> list[Seen]:
        """Files of the same log that nobody has claimed: the one of the same name, then the newest first."""
        log = series(base_of(file.home))
        near = [seen for folder in self._near(file) for seen in self._folders.of_log(folder, log)]
        named = self._named_of.get(log, [])
        alike = {seen.path: seen for seen in (named if file.ended else [*named, *near])}
        free = [seen for seen in alike.values() if seen.identity not in self._claimed]
        return sorted(free, key=lambda seen: (seen.path != file.path, -seen.changed_ns))

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
        for base, file in self._there.get((folder_of(seen.path), series(seen.base)), []):
            if derives(seen.base, base) and self._begins_alike(seen, file):
                return True
        return False

    def _by_place(self) -> dict[tuple[str, str], list[tuple[str, Tracked]]]:
        """The files that are there, by folder and log, each with its name; one that is held open alone has had two."""
        places: dict[tuple[str, str], list[tuple[str, Tracked]]] = {}
        lost = {id(file) for file in self.lost}
        for file in self._files:
            for path in {file.path, file.home} if file.gone else {file.path}:
                if id(file) not in lost:
                    base = base_of(path)
                    places.setdefault((folder_of(path), series(base)), []).append((base, file))
        return places

    def _begins_alike(self, seen: Seen, file: Tracked) -> bool:
        if self._copies.get(seen.identity) == (seen.stamp, file.identity):
            return True
        if file.known is not None and (there := file_at(file.path)) is not None:
            file.is_read_in(there, self._inside)
        with opened(seen) as descriptor:
            if descriptor is None:
                return False
            head = file.mark.head
            begin = self._inside.first_bytes(descriptor, len(head))
            packed = is_packed(descriptor)
            mark = self._inside.mark(descriptor, file.wanted)
        other_end = mark.position == file.mark.position and mark.tail != file.mark.tail
        alike = head.startswith(begin) and not other_end if begin else packed or not seen.size
        if not alike:
            return False
        if not packed and seen.size:
            self._note(f"{seen.name}: left out, as it is a copy of {file.name}, which is there")
        self._copies[seen.identity] = (seen.stamp, file.identity)
        return True

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
        base = base_of(home)
        log = self._folders.of_log(folder_of(home), series(base))
        made = [seen for seen in log if derives(seen.base, base)]
        if real != home:
            dated = self._folders.files(folder_of(real))
            made += [seen for seen in dated if is_dated_alike(seen.base, base_of(real))]
        return made

    def _add_missed(self, home: str, files: list[Tracked]) -> None:
        """Files that came and were rotated away between two looks: made of this log, and newer than all of it."""
        newest = max(file.newest_ns for file in files)
        made = self._made_of(home, files[-1].real)
        for seen in sorted(made, key=lambda seen: (seen.changed_ns, age(seen.base))):
            known = seen.identity in self._claimed or seen.changed_ns <= newest or not seen.size
            if not known and not self._is_copy(seen):
                self._add(files[-1].argument, home, seen, stray=True)


def changed_in_place(before: Named, now: Named) -> list[Seen] | None:
    """The files that were written to, each once; None if not just the same files are there under the same names."""
    changed: dict[Identity, Seen] = {}
    for (_, were), (_, are) in zip(before, now, strict=True):
        if len(were) != len(are):
            return None
        for old, new in zip(were, are, strict=True):
            if old is new:
                continue
            if (old.path, old.identity) != (new.path, new.identity):
                return None
            changed.setdefault(new.identity, new)
    return list(changed.values())
