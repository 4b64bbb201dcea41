"""Where the tracked files are by now: each is looked for by its identity first, then by what was read of it."""

import os
from collections.abc import Iterable, Sequence

from streamstat.input.logs.birth import born_at, born_ns
from streamstat.input.logs.disk import Seen, Unreadable, base_of, file_at, folder_of, opened, seen_as
from streamstat.input.logs.ground import Claim, Ground
from streamstat.input.logs.names import series
from streamstat.input.logs.tracked import Content, Tracked


class Known:
    """The tracked files on some ground. claims: those that were found, lost: those that are nowhere."""

    def __init__(self, files: Sequence[Tracked], ground: Ground) -> None:
        self._ground = ground
        self._rewritten: set[Tracked] = set()  # still there, with other content
        self.claims: dict[Tracked, Claim] = {}
        lost = [file for file in files if not self._find_same(file)]
        self.lost = [file for file in lost if not self._find_content(file)]

    def was_rewritten(self, file: Tracked) -> bool:
        """Whether a lost file was truncated or written anew, rather than deleted."""
        return file in self._rewritten

    def _claim(self, claim: Claim) -> bool:
        identity = claim.seen.identity
        named, _ = self._ground.named_by.get(identity, (None, None))
        self._ground.claimed.add(identity)
        self.claims[claim.file] = claim._replace(named=named)
        return True

    def _find_same(self, file: Tracked) -> bool:
        """By device and inode: a rename keeps them. A file that was written anew in place is not the same."""
        seen = self._by_name(file)
        if seen is None:
            return self._is_held_open(file)
        if file.is_unchanged(seen):
            return self._claim(Claim(file, seen))
        try:
            with opened(seen) as descriptor:
                content = file.content_in(descriptor, seen, self._ground.inside)
                if content is not None:
                    return self._claim(Claim(file, seen, content))
                if born_ns(descriptor) == file.born_ns:
                    self._rewritten.add(file)
        except Unreadable as problem:
            if born_at(seen.path) == file.born_ns:
                self._ground.unreadable.append((seen, str(problem)))
                return self._claim(Claim(file, seen, shut=True))
        return False

    def _is_held_open(self, file: Tracked) -> bool:
        """Whether it can be read although no name leads to it, and no copy of it has taken its name."""
        if file.descriptor is None:
            return False
        at_its_place = file_at(file.path)
        if (
            file.mark.position
            and at_its_place is not None
            and self._ground.content(file, at_its_place) is not None
        ):
            return False
        seen = seen_as(file.path, os.fstat(file.descriptor))
        assert seen is not None
        if (
            not file.is_unchanged(seen)
            and file.content_in(file.descriptor, seen, self._ground.inside) is None
        ):
            self._rewritten.add(file)
            return False
        return self._claim(Claim(file, seen, gone=True))

    def _by_name(self, file: Tracked) -> Seen | None:
        """The file with this identity, under whatever name."""
        if file.identity in self._ground.named_by:
            return self._ground.named_by[file.identity][1]
        for path in (file.path, file.real):
            if (seen := file_at(path)) is not None and seen.identity == file.identity:
                return seen
        near = () if file.ended else self._near(file)
        found = (self._ground.folders.with_identity(folder, file.identity) for folder in near)
        return next((seen for seen in found if seen is not None), None)

    def _near(self, file: Tracked) -> Iterable[str]:
        """The folders where files made of this one would be."""
        return dict.fromkeys(folder_of(path) for path in (file.path, file.home, file.real))

    def _find_content(self, file: Tracked) -> bool:
        """By what was read of it: to compress or to copy makes another file of it."""
        if file.wanted.head_size == 0:
            return False
        for seen in self._alike(file):
            if (content := self._ground.content(file, seen)) is not None:
                self._explain(file, seen, content)
                return self._claim(Claim(file, seen, content))
        return False

    def _alike(self, file: Tracked) -> list[Seen]:
        """Files of the same log that nobody has claimed: the one of the same name, then the newest first."""
        log = series(base_of(file.home))
        near = [seen for folder in self._near(file) for seen in self._ground.folders.of_log(folder, log)]
        named = self._ground.named_of_log(log)
        alike = {seen.path: seen for seen in (named if file.ended else [*named, *near])}
        free = [seen for seen in alike.values() if seen.identity not in self._ground.claimed]
        return sorted(free, key=lambda seen: (seen.path != file.path, -seen.changed_ns))

    def _explain(self, file: Tracked, seen: Seen, content: Content) -> None:
        if file in self._rewritten:
            self._ground.notes.append(
                f"{file.name}: copied to {seen.name} and truncated; lines written between copy and truncation are lost"
            )
        elif seen.path != file.path and not content.packed and seen.identity[0] == file.identity[0]:
            self._ground.notes.append(
                f"{file.name}: copied to {seen.name} and gone; lines written after the copy are lost"
            )
        elif seen.path == file.path and seen.identity[1] != file.identity[1]:
            self._ground.notes.append(
                f"{file.name}: another file than before, but it begins with what was read: "
                f"reading goes on at byte {file.wanted.position}"
            )
