"""Regular files as they are found: by name, in a folder, or open; and what is inside of them, decompressed."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple, TypeAlias

from streamstat.sources import Source, Stop
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

    def is_still(self, status: os.stat_result) -> bool:
        """Whether this is what its name leads to, unchanged."""
        same = (status.st_dev, status.st_ino) == self.identity and status.st_mtime_ns == self.changed_ns
        return same and status.st_size == self.size and stat.S_ISREG(status.st_mode)


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


def file_at(name: str, before: Seen | None = None) -> Seen | None:
    """The regular file of this name, if there is one that can be asked for; `before` itself if nothing has changed."""
    try:
        status = os.stat(name)  # noqa: PTH116  (to Path, "" is the working directory)
    except (OSError, ValueError):
        return None
    if before is not None and before.is_still(status):
        return before
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
