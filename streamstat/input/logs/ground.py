"""What one look sees of the disk: files that are named, folders, each listed once, and what was found out by now."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

from streamstat.input.logs.disk import Folders, Identity, Seen, Unreadable, opened
from streamstat.input.logs.inside import Inside
from streamstat.input.logs.names import series
from streamstat.input.logs.tracked import Content, Tracked

Named: TypeAlias = Sequence[tuple[str, list[Seen]]]  # the files of each argument


class Ground:
    """`named` are the files that arguments name, each once, in their order, with the argument.

    claimed: the files of which it is known what they are. notes: what could not be exact. unreadable: files that cannot
    be opened, and why.
    """

    def __init__(self, named: Iterable[tuple[str, Seen]], inside: Inside) -> None:
        self.named, self.inside = list(named), inside
        self.named_by = {seen.identity: (argument, seen) for argument, seen in self.named}
        self._of_log: dict[str, list[Seen]] = {}
        for _, seen in self.named:
            self._of_log.setdefault(series(seen.base), []).append(seen)
        self.folders = Folders()
        self.claimed: set[Identity] = set()
        self.notes: list[str] = []
        self.unreadable: list[tuple[Seen, str]] = []

    def named_of_log(self, log: str) -> list[Seen]:
        """The named files of a log, whatever their folder."""
        return self._of_log.get(log, [])

    def content(self, file: Tracked, seen: Seen) -> Content | None:
        """What is in the file that was seen, if what was read of the other one stands in it; raises Moved."""
        try:
            with opened(seen) as descriptor:
                return file.content_in(descriptor, seen, self.inside)
        except Unreadable:
            return None


class Claim(NamedTuple):
    """A tracked file was found. content: what is in it, if somebody looked; gone: it is held open, and has no name;
    shut: it cannot be opened; named: the argument that leads to it."""

    file: Tracked
    seen: Seen
    content: Content | None = None
    gone: bool = False
    shut: bool = False
    named: str | None = None


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
