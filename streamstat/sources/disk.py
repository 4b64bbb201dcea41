"""Regular files as they are found: by name, in a folder, or open; and what is inside of them, decompressed."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple, TypeAlias

from streamstat.errors import StreamstatError
from streamstat.sources import Source, Stop
from streamstat.sources.codecs import codecs_that_begin, is_begun
from streamstat.sources.compressed import DetectingSource
from streamstat.sources.descriptors import RegularSource
from streamstat.sources.marks import Fingerprint, Mark
from streamstat.sources.names import series

_PIECE_BYTES = 1 << 18


Identity: TypeAlias = tuple[int, int]  # device and inode


class Seen(NamedTuple):
    """A regular file: its name in messages, absolute path, identity, bytes as stored, and last change."""

    name: str
    path: str
    identity: Identity
    size: int
    changed_ns: int

    @property
    def base(self) -> str:
        """The last part of its path."""
        return base_of(self.path)

    @property
    def stamp(self) -> tuple[int, int]:
        """What changes whenever it is written to."""
        return self.size, self.changed_ns


def absolute(name: str) -> str:
    """A path, or a glob, as it would be given in the root folder."""
    if name.startswith(".") or "/." in name or "//" in name or not name:
        return os.path.abspath(name)  # noqa: PTH100  (Path.absolute leaves the `..`)
    return name if name.startswith("/") else f"{os.getcwd()}/{name}"  # noqa: PTH109


def base_of(path: str) -> str:
    """The last part of a path."""
    return os.path.basename(path)  # noqa: PTH119  (Path would take a tenth of the time of a look)


def folder_of(path: str) -> str:
    """All but the last part of a path."""
    return os.path.dirname(path)  # noqa: PTH120


def joined(folder: str, base: str) -> str:
    """The path of a file in a folder."""
    return os.path.join(folder, base)  # noqa: PTH118


def file_at(name: str) -> Seen | None:
    """The regular file of this name, if there is one that can be asked for."""
    try:
        status = os.stat(name)  # noqa: PTH116  (to Path, "" is the working directory)
    except (OSError, ValueError):
        return None
    return seen_as(name, status)


def seen_as(name: str, status: os.stat_result) -> Seen | None:
    """A file of this name and status, if it is a regular one."""
    if not stat.S_ISREG(status.st_mode):
        return None
    return Seen(name, absolute(name), (status.st_dev, status.st_ino), status.st_size, status.st_mtime_ns)


class Folders:
    """Listings of folders, each read once."""

    def __init__(self) -> None:
        self._files: dict[str, list[Seen]] = {}
        self._logs: dict[str, dict[str, list[Seen]]] = {}

    def files(self, folder: str) -> list[Seen]:
        """The regular files there, links left out; none if it cannot be read."""
        if folder not in self._files:
            try:
                with os.scandir(folder) as entries:
                    names = [entry.path for entry in entries if entry.is_file(follow_symlinks=False)]
            except OSError:
                names = []
            self._files[folder] = [seen for name in sorted(names) if (seen := file_at(name)) is not None]
        return self._files[folder]

    def of_log(self, folder: str, log: str) -> list[Seen]:
        """Those of one log, rotated files and all."""
        if folder not in self._logs:
            logs: dict[str, list[Seen]] = {}
            for seen in self.files(folder):
                logs.setdefault(series(seen.base), []).append(seen)
            self._logs[folder] = logs
        return self._logs[folder].get(log, [])


@contextmanager
def opened(seen: Seen) -> Iterator[int | None]:
    """A descriptor of just this file; None if it is another one by now, or may not be read."""
    descriptor = open_same(seen.path, seen.identity)
    try:
        yield descriptor
    finally:
        if descriptor is not None:
            os.close(descriptor)


def open_same(path: str, identity: Identity) -> int | None:
    """A descriptor of the file with this path and identity, if both still belong together."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY)
    except OSError:
        return None
    status = os.fstat(descriptor)
    if (status.st_dev, status.st_ino) == identity:
        return descriptor
    os.close(descriptor)
    return None


def is_packed(descriptor: int) -> bool:
    """Whether the file is compressed."""
    head = os.pread(descriptor, 16, 0)
    return any(is_begun(codec, head) for codec in codecs_that_begin(head))


def read_mark(descriptor: int, wanted: Fingerprint, max_expansion: int) -> Mark:
    """The mark at the place of a fingerprint, or at the end of the content where that comes first.

    A compressed file that is cut off or damaged ends there. Raises OSError.
    """
    if not is_packed(descriptor):
        size = os.fstat(descriptor).st_size
        if size < max(wanted.position, wanted.head_size):
            return Mark(size)
        head = os.pread(descriptor, wanted.head_size, 0)
        tail = os.pread(descriptor, wanted.tail_size, wanted.position - wanted.tail_size)
        return Mark(wanted.position, head, tail)
    content = _Content(descriptor, max_expansion)
    head = content.take(wanted.head_size)
    if len(head) < wanted.head_size:
        return Mark(content.position, head)
    if not content.skip(wanted.position - wanted.tail_size - len(head)):
        return Mark(content.position, head)
    known = (head + content.take(wanted.position - content.position))[: wanted.position]
    return Mark(min(content.position, wanted.position), head, known[len(known) - wanted.tail_size :])


def first_bytes(descriptor: int, size: int, max_expansion: int) -> bytes:
    """The first bytes of the content, `size` at most; fewer where it ends, is cut off or damaged."""
    return _Content(descriptor, max_expansion).take(size)


class _Content:
    """What is in a file, from its beginning, decompressed; what fails is the end."""

    def __init__(self, descriptor: int, max_expansion: int) -> None:
        os.lseek(descriptor, 0, os.SEEK_SET)
        self._source: Source = DetectingSource(RegularSource(descriptor, owned=False), "", max_expansion)
        self.position = 0

    def take(self, size: int) -> bytes:
        piece = bytearray(max(size, 0))
        filled = 0
        while filled < size and (n := self._read(memoryview(piece)[filled:])):
            filled += n
        return bytes(piece[:filled])

    def skip(self, size: int) -> bool:
        """Whether there were so many bytes to skip."""
        target = memoryview(bytearray(max(min(size, _PIECE_BYTES), 0)))
        while size > 0 and (n := self._read(target[:size])):
            size -= n
        return size <= 0

    def _read(self, target: memoryview) -> int:
        try:
            n = self._source.read_now(target) or 0
        except StreamstatError:
            n = 0
        self.position += n
        return n


class EmptySource:
    """Nothing: what is left of a file that is gone."""

    bytes_read = 0

    def read_now(self, target: memoryview) -> int | None:
        return 0

    def wait(self) -> None:
        return

    def close(self) -> None:
        return


def nothing(stop: Stop) -> Source:
    """Opens an input that has nothing."""
    return EmptySource()
