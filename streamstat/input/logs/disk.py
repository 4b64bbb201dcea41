"""Regular files as they are found: by name, in a folder, or open; and what is inside of them, decompressed."""

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple, TypeAlias

from streamstat.input.logs.names import series, without_date
from streamstat.input.sources import Source, Stop

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
    """Listings of folders, each read once, and every file in them asked for once."""

    def __init__(self) -> None:
        self._files: dict[str, list[Seen]] = {}
        self._logs: dict[str, dict[str, list[Seen]]] = {}
        self._dated: dict[str, dict[str, list[Seen]]] = {}
        self._identities: dict[str, dict[Identity, Seen]] = {}
        self._answers: dict[tuple[Callable[..., object], str, object], object] = {}

    def with_identity(self, folder: str, identity: Identity) -> Seen | None:
        """The file that it is."""
        if folder not in self._identities:
            self._identities[folder] = {seen.identity: seen for seen in self._in(folder)}
        found = self._identities[folder].get(identity)
        self._answers[Folders.with_identity, folder, identity] = None if found is None else found.path
        return found

    def of_log(self, folder: str, log: str) -> list[Seen]:
        """Those of one log, rotated files and all."""
        if folder not in self._logs:
            self._logs[folder] = grouped(self._in(folder), series)
        found = self._logs[folder].get(log, [])
        self._answers[Folders.of_log, folder, log] = [(seen.path, seen.identity) for seen in found]
        return found

    def dated_alike(self, folder: str, name: str) -> list[Seen]:
        """Those whose name differs from this one in its date alone."""
        if (undated := without_date(name)) is None:
            return []
        if folder not in self._dated:
            self._dated[folder] = grouped(self._in(folder), lambda base: without_date(base) or "")
        found = [seen for seen in self._dated[folder].get(undated, []) if seen.base != name]
        self._answers[Folders.dated_alike, folder, name] = [(seen.path, seen.identity) for seen in found]
        return found

    def are_as_they_were(self) -> bool:
        """Whether all that was asked has the same answer now; what else happens in a folder is of no concern."""
        now = Folders()
        for question, folder, what in self._answers:
            question(now, folder, what)
        return now._answers == self._answers

    def _in(self, folder: str) -> list[Seen]:
        """The regular files there, links left out; none if it cannot be read."""
        if folder not in self._files:
            try:
                with os.scandir(folder) as entries:
                    names = [entry.path for entry in entries if entry.is_file(follow_symlinks=False)]
            except OSError:
                names = []
            self._files[folder] = [seen for name in sorted(names) if (seen := file_at(name)) is not None]
        return self._files[folder]


def grouped(files: list[Seen], key: Callable[[str], str]) -> dict[str, list[Seen]]:
    """Files by what the last parts of their paths have in common."""
    groups: dict[str, list[Seen]] = {}
    for seen in files:
        groups.setdefault(key(seen.base), []).append(seen)
    return groups


class Moved(Exception):
    """The name leads to another file by now, or to none."""


class Unreadable(Exception):
    """The file is there and cannot be opened; the message says why."""


@contextmanager
def opened(seen: Seen) -> Iterator[int]:
    """A descriptor of just this file; raises what `open_same` does."""
    descriptor = open_same(seen.path, seen.identity)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def open_same(path: str, identity: Identity) -> int:
    """A descriptor of the file with this path and identity; Moved if they belong together no more, Unreadable."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY)
    except (FileNotFoundError, NotADirectoryError):
        raise Moved from None
    except OSError as error:
        raise Unreadable(unreadable(error)) from None
    status = os.fstat(descriptor)
    if (status.st_dev, status.st_ino) == identity:
        return descriptor
    os.close(descriptor)
    raise Moved


def unreadable(error: OSError) -> str:
    """Why a file cannot be opened, as part of a sentence."""
    return (
        "permission denied" if isinstance(error, PermissionError) else f"cannot be opened: {error.strerror}"
    )


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
