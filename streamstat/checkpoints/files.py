"""The system calls behind `--state`, one a function: all that touches a state folder or its outputs is here.

Names are always relative to an open directory and links are never followed, so nobody can move what is meant.
Nothing is tried twice: after a failed fsync the kernel has forgotten what it could not write.
"""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from streamstat.common.errors import CannotCreateError, ReadWriteError
from streamstat.common.terminal import printable

READ_BYTES = 1 << 24
BUFFER_BYTES = 1 << 18
OWN = 0o600
CANNOT_CREATE = {
    getattr(errno, name)
    for name in "EACCES EPERM EROFS ENOENT ENOTDIR ELOOP EISDIR EEXIST ENAMETOOLONG".split()
}
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class File:
    """An open regular file that is appended to, and cut."""

    def __init__(self, descriptor: int, place: str) -> None:
        self._descriptor, self.place = descriptor, place

    def size(self) -> int:
        """Bytes in the file."""
        with reported(self.place):
            return os.fstat(self._descriptor).st_size

    def identity(self) -> tuple[int, int]:
        """Device and inode."""
        with reported(self.place):
            status = os.fstat(self._descriptor)
        return status.st_dev, status.st_ino

    def read(self, begin: int, end: int) -> bytes:
        """The bytes [begin, end), fewer if the file ends before."""
        parts = []
        while begin < end:
            with reported(self.place):
                part = os.pread(self._descriptor, min(end - begin, READ_BYTES), begin)
            if not part:
                break
            parts.append(part)
            begin += len(part)
        return b"".join(parts)

    def write(self, data: bytes | bytearray | memoryview, begin: int) -> None:
        """Put the bytes at `begin`."""
        left = memoryview(data)
        while left:
            with reported(self.place):
                written = os.pwrite(self._descriptor, left, begin)
            left, begin = left[written:], begin + written

    def cut(self, size: int) -> None:
        """Keep the first `size` bytes only."""
        with reported(self.place):
            os.ftruncate(self._descriptor, size)

    def permit(self, mode: int) -> None:
        """Who may read and write it, as those bits of a mode say."""
        with reported(self.place):
            os.fchmod(self._descriptor, mode & 0o777)

    def sync(self) -> None:
        """Return when the content is on disk."""
        with reported(self.place):
            os.fsync(self._descriptor)

    def lock(self) -> bool:
        """Take the lock that ends with the process; False if another process has it."""
        try:
            with reported(self.place):
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except ReadWriteError as error:
            if isinstance(error.__cause__, BlockingIOError):
                return False
            raise
        return True

    def close(self) -> None:
        """Close it; a failure is one of writing."""
        with reported(self.place):
            os.close(self._descriptor)


class Writer:
    """Puts many small pieces behind one another with few calls."""

    def __init__(self, file: File, size: int = 0) -> None:
        self.size = size  # what was given to write, and what the file had before
        self._file, self._written = file, size
        self._buffer = bytearray()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Append."""
        self._buffer += data
        self.size += len(data)
        if len(self._buffer) >= BUFFER_BYTES:
            self.flush()

    def flush(self) -> None:
        """All of it is with the system when this returns; after a failure there is nothing left to write."""
        data, self._buffer = self._buffer, bytearray()
        if data:
            self._file.write(data, self._written)
            self._written += len(data)


class Directory:
    """An open directory; all names are those of entries in it."""

    def __init__(self, descriptor: int, path: Path) -> None:
        self._descriptor, self.path = descriptor, path

    def place(self, name: str) -> str:
        """The entry as a message names it."""
        return printable(self.path / name)

    def status(self) -> os.stat_result:
        """Who owns the directory, and who may write."""
        with reported(printable(self.path)):
            return os.fstat(self._descriptor)

    def names(self) -> list[str]:
        """All entries, sorted."""
        with reported(printable(self.path)):
            return sorted(os.listdir(self._descriptor))  # noqa: PTH208 - a path cannot name it

    def entry(self, name: str) -> os.stat_result | None:
        """What is there under this name, a link itself; None: nothing."""
        with reported(self.place(name)):
            try:
                return os.stat(name, dir_fd=self._descriptor, follow_symlinks=False)
            except FileNotFoundError:
                return None

    def create(self, name: str, mode: int = OWN) -> File:
        """A new file; CannotCreateError if there is something under this name."""
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        with creating(self.place(name)):
            return File(os.open(name, flags, mode, dir_fd=self._descriptor), self.place(name))

    def open(self, name: str, flags: int = os.O_RDWR, mode: int = OWN) -> File | None:
        """An existing file (with O_CREAT: or a new one); None if there is none."""
        flags |= os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK  # so that a pipe of this name stops nobody
        with reported(self.place(name)):
            try:
                return File(os.open(name, flags, mode, dir_fd=self._descriptor), self.place(name))
            except FileNotFoundError:
                return None

    def rename(self, old: str, new: str) -> None:
        """Give an entry a new name, over what has it."""
        with reported(self.place(new)):
            os.rename(old, new, src_dir_fd=self._descriptor, dst_dir_fd=self._descriptor)

    def remove(self, name: str) -> None:
        """Remove a file, if it is there."""
        with reported(self.place(name)):
            try:
                os.unlink(name, dir_fd=self._descriptor)
            except FileNotFoundError:
                return

    def sync(self) -> None:
        """Return when its entries are on disk."""
        with reported(printable(self.path)):
            os.fsync(self._descriptor)

    def close(self) -> None:
        """Close it."""
        with reported(printable(self.path)):
            os.close(self._descriptor)


def make_directory(path: Path, mode: int) -> bool:
    """Make the directory; False if there is something already."""
    with creating(printable(path)):
        try:
            os.mkdir(path, mode)  # noqa: PTH102 - one call, as this module has it
        except FileExistsError:
            return False
    return True


def open_directory(path: Path, *, follow: bool) -> Directory:
    """Open a directory; `follow`: its last part may be a symbolic link."""
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | (0 if follow else os.O_NOFOLLOW)
    with creating(printable(path)):
        return Directory(os.open(path, flags), path)


@contextmanager
def reported(place: str) -> Iterator[None]:
    """Failures of the system as ReadWriteError."""
    try:
        yield
    except OSError as error:
        raise ReadWriteError(place, reason(error), _hint(error)) from error


@contextmanager
def creating(place: str) -> Iterator[None]:
    """The same, but what cannot be there at all is CannotCreateError."""
    try:
        yield
    except OSError as error:
        kind = CannotCreateError if error.errno in CANNOT_CREATE else ReadWriteError
        raise kind(place, reason(error), _hint(error)) from error


def reason(error: OSError) -> str:
    """What the system says, as part of a sentence."""
    text = error.strerror or str(error)
    return text[:1].lower() + text[1:]


def _hint(error: OSError) -> str:
    if error.errno in FULL:
        return "free some room and run it again; the last commit stands"
    if error.errno in (errno.ELOOP, errno.ENOTDIR):
        return "name a directory itself, not a file or a symbolic link"
    if error.errno == errno.ENOENT:
        return "create the directory it is in first"
    return "name a place you may write to" if error.errno in (errno.EACCES, errno.EROFS, errno.EPERM) else ""
