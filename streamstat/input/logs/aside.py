"""Archives among the files that are named: they are left aside and told, for part of one must never be counted."""

from collections.abc import Callable, Iterable

from streamstat.common.terminal import quoted
from streamstat.input.archives import archive_in
from streamstat.input.logs.disk import Identity, Moved, Seen, Unreadable, opened
from streamstat.input.sources.archives import TELLING_BYTES


class Aside:
    """Tells archives from files that can be read; `note` is told of each archive, once.

    known: files that were read before, and need no look.
    """

    def __init__(self, note: Callable[[str], None], known: Iterable[Identity]) -> None:
        self._note = note
        # By file its size and last change when it was looked at, and whether it was an archive.
        self._seen: dict[Identity, tuple[tuple[int, int], bool]] = dict.fromkeys(
            known, ((TELLING_BYTES, 0), False)
        )

    def holds(self, seen: Seen) -> bool:
        """Whether a file is an archive. What begins as none stays none; an archive may be replaced."""
        stamp, is_archive = self._seen.get(seen.identity, ((0, 0), False))
        if stamp == seen.stamp or (not is_archive and stamp[0] >= TELLING_BYTES):
            return is_archive
        try:
            with opened(seen) as descriptor:
                archive = archive_in(descriptor, seen.name)
        except (Moved, Unreadable, OSError):
            return False
        self._seen[seen.identity] = seen.stamp, archive is not None
        if archive is not None:
            unpacks = f"{archive.unpacks} {quoted(seen.name)} unpacks it"
            self._note(f"{seen.name}: is a {archive.name}, and left aside; {unpacks}")
        return archive is not None
