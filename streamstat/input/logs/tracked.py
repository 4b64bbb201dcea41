"""One file that is read from run to run: where it is, how far it was read, and how much of that is over."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

from streamstat.common.errors import StreamstatError
from streamstat.input.logs.birth import born_ns
from streamstat.input.logs.disk import Seen
from streamstat.input.logs.inside import Inside, is_packed, is_wide
from streamstat.input.logs.stage import Move, Stage
from streamstat.input.sources.marks import HEAD_BYTES, TAIL_BYTES, Fingerprint, Mark


class Content(NamedTuple):
    """What a look inside tells of a file. mark: where reading goes on, with the bytes by which it is known.

    hole: the NULs in front of it, if it begins with some; hollow: there is nothing else yet. packed, wide: see Tracked.
    """

    born_ns: int
    packed: bool
    mark: Mark
    hole: int = 0
    hollow: bool = False
    wide: bool = False

    @classmethod
    def of(cls, descriptor: int, inside: Inside) -> Self:
        """Of a file that was never read: its first bytes tell it even if it is renamed and compressed before."""
        born, packed = born_ns(descriptor), is_packed(descriptor)
        hole = 0 if packed else inside.hole(descriptor)
        mark = Mark(hole or 0, first_bytes(descriptor, hole or 0, inside), bytes(min(hole or 0, TAIL_BYTES)))
        return cls(born, packed, mark, hole or 0, hole is None, is_wide(descriptor))


@dataclass(slots=True, eq=False)
class Tracked:
    """A file, known by device, inode, birth and what was read of it; changes in place as it is read and looked at.

    home: the path at which an argument found it; a file that is elsewhere now was rotated away. clock: the number of
    the event time it belongs to, which the next file at its home takes over. stray: it was a rotated file when it was
    found. stamp: size and last change at the last look. quiet: looks since it was rotated away or compressed at which
    nothing was new. stage: what it is at. number: of its input in this run.
    """

    argument: str
    home: str
    path: str
    real: str
    identity: tuple[int, int]
    born_ns: int
    clock: int
    stamp: tuple[int, int]
    stray: bool = False
    packed: bool = False  # what is in it has to be decoded from its beginning
    wide: bool = False  # because it is UTF-16, which may grow, and not because it is compressed
    heir: bool = False  # another file of its clock was read before
    quiet: int = 0
    stage: Stage = Stage.READING
    gone: bool = False  # no name leads to it
    shut: bool = False  # it is there and could not be opened, so that nobody knows what is in it by now
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
    hole: int = 0  # NULs before its first byte, found in this run
    hollow: bool = False  # there is nothing but NULs yet

    @property
    def to_be_read(self) -> int:
        """Bytes, as stored, that were behind the mark at the last look; what is packed is read from its beginning."""
        return max(self.stamp[0] - (0 if self.packed else self.mark.position), 0)

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
                bool(record["stray"]),
                bool(record["packed"]),
                bool(record["wide"]),
                bool(record["heir"]),
                int(record["quiet"]),
                Stage(record["stage"]),
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"no record of a file: {error!r}") from None
        file.known, file.name = known, file.path
        file.mark = file.taken = Mark(known.position, format=known.format)
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
            "stray": self.stray,
            "packed": self.packed,
            "wide": self.wide,
            "heir": self.heir,
            "quiet": self.quiet,
            "stage": self.stage.recorded.value,
            **known.as_record(),
        }

    def move(self, move: Move) -> None:
        """Go on to the stage that this leads to."""
        self.stage = self.stage.after(move)

    @property
    def ended(self) -> bool:
        """Whether it was read through, and closed."""
        return self.stage in (Stage.ENDED, Stage.PAST)

    @property
    def lost(self) -> bool:
        """Whether it cannot be read any more, or nobody asks for it, and its end is not taken in yet."""
        return self.stage in (Stage.LOST, Stage.PARTING)

    @property
    def has_end_to_tell(self) -> bool:
        """Whether its end was not told yet."""
        return self.stage in (Stage.READING, Stage.LOST)

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
        if self.ended:
            return self.stage is not Stage.PAST
        return not (self.rotated or self.packed or self.lost or self.shut)

    @property
    def is_read_through(self) -> bool:
        """Whether a former run has read all that was there at its last look."""
        whole = not self.packed and self.known is not None and self.known.position == self.stamp[0]
        return whole or self.ended

    def is_unchanged(self, seen: Seen) -> bool:
        """Whether what was read surely stands in the file that was seen, and need not be looked for inside."""
        same = (self.stamp, self.identity) == (seen.stamp, seen.identity)
        return same and (self.known is None or self.is_read_through)

    def content_in(self, descriptor: int, seen: Seen, inside: Inside) -> Content | None:
        """What is in a file in which stands what was read of this one; None: it is another one."""
        born = born_ns(descriptor)
        if seen.identity == self.identity and born != self.born_ns:
            return None
        try:
            mark, packed = inside.mark(descriptor, self.wanted), is_packed(descriptor)
            if Fingerprint.of(mark) != self.wanted:
                return None
            if not (mark.position or self.skipped or packed):
                content = Content.of(descriptor, inside)
            elif self.known is None:
                content = Content(born, packed, self.mark, wide=is_wide(descriptor))
            else:
                head = first_bytes(descriptor, mark.position, inside)
                content = Content(born, packed, mark._replace(head=head), wide=is_wide(descriptor))
        except OSError:
            return None
        # Somebody may have written it anew between two reads.
        return content if content.mark.head.startswith(mark.head) else None

    def take_over(self, content: Content) -> None:
        """What was found inside is what is known of it from now on."""
        self.born_ns, self.packed, self.wide = content.born_ns, content.packed, content.wide
        self.hole, self.hollow = content.hole, content.hollow
        if self.known is not None or content.hole:
            self.mark = self.taken = content.mark
            self.known = None

    def found(self, seen: Seen) -> None:
        """It is there; what has changed since the last look."""
        changed = self.stamp != seen.stamp or self.identity != seen.identity
        self.quiet = self.quiet + 1 if (self.rotated or self.packed) and not changed else 0
        if changed or self.path != seen.path:
            self.real = os.path.realpath(seen.path)
        self.path, self.identity, self.stamp = seen.path, seen.identity, seen.stamp
        self.gone = self.shut = False
        if changed or not (self.rotated or self.packed):
            self.move(Move.GROWS)

    def let_go(self) -> None:
        """Give the descriptor back."""
        if self.descriptor is not None:
            os.close(self.descriptor)
            self.descriptor = None


def first_bytes(descriptor: int, position: int, inside: Inside) -> bytes:
    """The bytes by which a file is known.

    NULs behind the position, at the end, are room that a writer has taken beforehand, and will fill.
    """
    head = inside.first_bytes(descriptor, HEAD_BYTES)
    return head[: max(position, len(head.rstrip(b"\0")))]
