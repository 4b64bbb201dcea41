"""Archives among the files that are named: they are left aside and told, for part of one must never be counted."""

from collections.abc import Callable

from streamstat.common.terminal import quoted
from streamstat.input.archives import archive_in
from streamstat.input.logs.disk import Identity, Moved, Seen, Unreadable, opened
from streamstat.input.sources.archives import TELLING_BYTES, Archive


class Aside:
    """Tells archives from files that can be read; `note` is told of each archive, once."""

    def __init__(self, note: Callable[[str], None]) -> None:
        self._note = note
        self._archives: dict[Identity, tuple[int, int]] = {}  # with their size and last change
        self._others: set[Identity] = set()  # whose first bytes are known, and of no archive

    def holds(self, seen: Seen) -> bool:
        """Whether a file is an archive."""
        if seen.identity in self._others:
            return False
        if self._archives.get(seen.identity) == seen.stamp:
            return True
        try:
            with opened(seen) as descriptor:
                archive = archive_in(descriptor, seen.name)
        except (Moved, Unreadable, OSError):
            return False
        self._keep(seen, archive)
        return archive is not None

    def _keep(self, seen: Seen, archive: Archive | None) -> None:
        self._archives.pop(seen.identity, None)
        if archive is not None:
            self._archives[seen.identity] = seen.stamp
            self._note(
                f"{seen.name}: is a {archive.name}, and left aside; {archive.unpacks} {quoted(seen.name)} unpacks it"
            )
        elif seen.size >= TELLING_BYTES:
            self._others.add(seen.identity)
