"""One file that is read from run to run: where it is, how far it was read, and how much of that is over."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from streamstat.errors import StreamstatError
from streamstat.sources.birth import born_ns
from streamstat.sources.disk import Seen, opened
from streamstat.sources.inside import Inside, is_packed
from streamstat.sources.marks import HEAD_BYTES, TAIL_BYTES, Fingerprint, Mark


@dataclass(slots=True)
class Tracked:
    """A file, known by device, inode, birth and what was read of it; changes in place as it is read and looked at.

    home: the path at which an argument found it; a file that is elsewhere now was rotated away. clock: the number of
    the event time it belongs to, which the next file at its home takes over. stray: it was a rotated file when it was
    found. stamp: size and last change at the last look; newest_ns: the latest change of any file of its log that was
    there by then. quiet: looks since it was rotated away or compressed at which nothing was new. ended: read through,
    and it was closed. number: of its input in this run.
    """

    argument: str
    home: str
    path: str
    real: str
    identity: tuple[int, int]
    born_ns: int
    clock: int
    stamp: tuple[int, int]
    newest_ns: int
    stray: bool = False
    packed: bool = False
    quiet: int = 0
    ended: bool = False
    past: bool = False  # it is gone for good, and kept so that the next file of its log is known by it
    gone: bool = False  # no name leads to it
    lost: bool = False  # it cannot be read any more, or nobody asks for it; its end is to be told
    known: Fingerprint | None = None  # of a former run, until the file was found again
    mark: Mark = field(default_factory=Mark)  # what was read
    taken: Mark = field(default_factory=Mark)  # what was taken in
    name: str = ""
    number: int | None = None
    descriptor: int | None = None  # where it is followed
    begun: bool = False  # it had its turn
    read_stamp: tuple[int, int] | None = None  # at the end of its last turn
    skipped: int = 0  # bytes behind the mark, of an over-long line without end
    error: StreamstatError | None = None  # of its last turn
    closing: bool = False  # its end was told
    hole: int = 0  # NULs before its first byte, found in this run
    hollow: bool = False  # there is nothing but NULs yet

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """From what `as_record` gave; ValueError for anything else."""
        known = Fingerprint.from_record(record)
        try:
            file = cls(
                str(record["argument"]),
                str(record["home"]),
                str(record["path"]),
                str(record["real"]),
                (int(record["device"]), int(record["inode"])),
                int(record["born_ns"]),
                int(record["clock"]),
                (int(record["size"]), int(record["changed_ns"])),
                int(record["newest_ns"]),
                bool(record["stray"]),
                bool(record["packed"]),
                int(record["quiet"]),
                bool(record["ended"]),
                bool(record["past"]),
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"no record of a file: {error!r}") from None
        file.known, file.name = known, file.path
        file.mark = file.taken = Mark(known.position)
        return file

    def as_record(self) -> dict[str, Any]:
        """What the next run needs, as JSON can hold it."""
        known = Fingerprint.of(self.taken) if self.known is None else self.known
        return {
            "argument": self.argument,
            "home": self.home,
            "path": self.path,
            "real": self.real,
            "device": self.identity[0],
            "inode": self.identity[1],
            "born_ns": self.born_ns,
            "clock": self.clock,
            "size": self.stamp[0],
            "changed_ns": self.stamp[1],
            "newest_ns": self.newest_ns,
            "stray": self.stray,
            "packed": self.packed,
            "quiet": self.quiet,
            "ended": self.ended,
            "past": self.past,
            **known.as_record(),
        }

    @property
    def wanted(self) -> Fingerprint:
        """What a file must have to be this one."""
        return Fingerprint.of(self.mark) if self.known is None else self.known

    @property
    def rotated(self) -> bool:
        """Whether another file has its name, or may have it."""
        return self.stray or self.gone or self.path != self.home

    @property
    def is_steady(self) -> bool:
        """Whether nothing is to be found out of it as long as the files that are named stay as they are."""
        return not self.past and (self.ended or not (self.rotated or self.packed or self.lost))

    def is_in(self, seen: Seen, inside: Inside) -> bool:
        """Whether what was read stands in the file that was seen."""
        if (self.known is None or self.ended) and (self.stamp, self.identity) == (seen.stamp, seen.identity):
            return True
        return self.is_read_in(seen, inside)

    def is_read_in(self, seen: Seen, inside: Inside) -> bool:
        """The same by a look inside, whatever is known of the file; if so, its mark has its bytes again."""
        with opened(seen) as descriptor:
            if descriptor is None:
                return False
            born = born_ns(descriptor)
            if seen.identity == self.identity and born != self.born_ns:
                return False
            try:
                mark, packed = inside.mark(descriptor, self.wanted), is_packed(descriptor)
                if Fingerprint.of(mark) != self.wanted:
                    return False
                if self.known is not None:
                    head = inside.first_bytes(descriptor, HEAD_BYTES)
                    self.mark = self.taken = mark._replace(head=head)
                    self.known = None
                self.skip_hole(descriptor, inside)
            except OSError:
                return False
        self.packed, self.born_ns = packed, born
        return True

    def meet(self, descriptor: int, inside: Inside) -> None:
        """The first look: its first bytes tell it even if it is renamed and compressed before they are read."""
        self.born_ns, self.packed = born_ns(descriptor), is_packed(descriptor)
        self.mark = self.taken = Mark(0, inside.first_bytes(descriptor, HEAD_BYTES))
        self.skip_hole(descriptor, inside)

    def skip_hole(self, descriptor: int, inside: Inside) -> None:
        """Begin behind the NULs that a truncated log may begin with."""
        if self.mark.position or self.skipped or self.packed:
            return
        hole = inside.hole(descriptor)
        self.hollow = hole is None
        if hole:
            head = inside.first_bytes(descriptor, HEAD_BYTES)
            self.hole = hole
            self.mark = self.taken = Mark(hole, head, bytes(min(hole, TAIL_BYTES)))

    def found(self, seen: Seen) -> None:
        """It is there; what has changed since the last look."""
        changed = self.stamp != seen.stamp or self.identity != seen.identity
        self.quiet = self.quiet + 1 if (self.rotated or self.packed) and not changed else 0
        if changed or self.path != seen.path:
            self.real = os.path.realpath(seen.path)
        self.path, self.identity, self.stamp, self.gone = seen.path, seen.identity, seen.stamp, False
        self.newest_ns = max(self.newest_ns, seen.changed_ns)
        if changed or not (self.rotated or self.packed):
            self.ended = self.closing = False

    def let_go(self) -> None:
        """Give the descriptor back."""
        if self.descriptor is not None:
            os.close(self.descriptor)
            self.descriptor = None
