"""Copies of files that are there and read already, perhaps in the making: they are left out."""

from collections.abc import Collection, Mapping

from streamstat.input.logs.disk import Identity, Seen, Unreadable, base_of, folder_of, joined, opened
from streamstat.input.logs.ground import Claim, Ground
from streamstat.input.logs.inside import is_packed
from streamstat.input.logs.names import derives, series
from streamstat.input.logs.tracked import Tracked
from streamstat.input.sources.marks import Fingerprint


class Copies:
    """What was found to be a copy from look to look, so that it need not be read again."""

    def __init__(self) -> None:
        self._found: dict[Identity, tuple[tuple[int, int], Identity]] = {}  # stamp, and what it is a copy of

    def keep(self, named: Collection[Identity], originals: Collection[Identity]) -> None:
        """Forget all but copies that are named, and those of these files."""
        found = self._found.items()
        self._found = {copy: each for copy, each in found if copy in named or each[1] in originals}

    def note(self, copy: Seen, original: Identity) -> None:
        """It was found to be one."""
        self._found[copy.identity] = copy.stamp, original

    def is_noted(self, copy: Seen, original: Identity) -> bool:
        """Whether it was, and has not changed since."""
        return self._found.get(copy.identity) == (copy.stamp, original)

    @property
    def by_original(self) -> dict[Identity, Identity]:
        """A copy of each file that has one."""
        return {original: copy for copy, (_, original) in self._found.items()}


class CopyFinder:
    """Finds copies of the files that were claimed on some ground."""

    def __init__(self, claims: Mapping[Tracked, Claim], ground: Ground, copies: Copies) -> None:
        self._claims, self._ground, self._copies = claims, ground, copies
        self._there: dict[tuple[str, str], list[tuple[str, Tracked]]] | None = None

    def is_copy(self, seen: Seen) -> bool:
        """Whether a file is a copy of one that is there and read already."""
        if self._there is None:
            self._there = self._by_place()
        for base, file in self._there.get((folder_of(seen.path), series(seen.base)), []):
            if derives(seen.base, base) and self._begins_alike(seen, file):
                return True
        return False

    def _by_place(self) -> dict[tuple[str, str], list[tuple[str, Tracked]]]:
        """The files that are there, by folder and log, each with its name; one that is held open alone has had two."""
        places: dict[tuple[str, str], list[tuple[str, Tracked]]] = {}
        for claim in self._claims.values():
            file, path = claim.file, claim.seen.path
            log = joined(folder_of(path), series(base_of(path)))
            for each in {path, file.home, log} if claim.gone else {path}:
                base = base_of(each)
                places.setdefault((folder_of(each), series(base)), []).append((base, file))
        return places

    def _begins_alike(self, seen: Seen, file: Tracked) -> bool:
        if self._copies.is_noted(seen, file.identity):
            return True
        head = self._head(file)
        try:
            with opened(seen) as descriptor:
                begin = self._ground.inside.first_bytes(descriptor, len(head))
                packed = is_packed(descriptor)
                mark = self._ground.inside.mark(descriptor, file.wanted)
        except Unreadable:
            return False
        there, wanted = Fingerprint.of(mark), file.wanted
        other_end = there.position == wanted.position and there.tail != wanted.tail
        alike = head.startswith(begin) and not other_end if begin else packed or not seen.size
        if not alike:
            return False
        if not packed and seen.size:
            self._ground.notes.append(
                f"{seen.name}: left out, because it is a copy of {file.name}, which is read"
            )
        self._copies.note(seen, file.identity)
        return True

    def _head(self, file: Tracked) -> bytes:
        """The first bytes of a tracked file."""
        claim = self._claims[file]
        if claim.content is not None or file.known is None:
            return file.mark.head if claim.content is None else claim.content.mark.head
        content = self._ground.content(file, claim.seen)
        return b"" if content is None else content.mark.head
