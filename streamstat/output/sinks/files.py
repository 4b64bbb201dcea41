"""Where bytes go: a report that appears whole under its name or not at all, or a stream as it is."""

import errno
import os
import re
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Protocol, TypeAlias

from streamstat.common.errors import CannotCreateError, ReadWriteError
from streamstat.common.terminal import printable

Bytes: TypeAlias = bytes | memoryview

OWN_DESCRIPTOR = re.compile(r"(?:/dev/fd|/proc/self/fd)/([0-9]+)")
NAMED_DESCRIPTORS = {"/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2}
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
LONGEST_NAME = 255  # bytes, on every file system in use


class Target(Protocol):
    """What a sink writes bytes to."""

    def open(self) -> None:
        """Make ready; CannotCreateError if that cannot be."""

    def write(self, data: Bytes) -> None:
        """Append; ReadWriteError if that fails, BrokenPipeError if nobody reads any more."""

    def publish(self) -> None:
        """Make what was written visible, for good."""

    def discard(self) -> None:
        """Take it all back, where that is possible; harmless at any time."""


class NamedTarget(Target, Protocol):
    """A target with a name, and room beside it for blocks that wait."""

    path: Path

    def directory(self) -> Path | None:
        """Where there is room beside the report; None for a device."""


class Stream:
    """An open unbuffered binary stream, such as stdout: every write is out when it returns.

    before: called before each write, as by whoever has something else on the same terminal.
    """

    def __init__(
        self, file: BinaryIO, name: str = "stdout", before: Callable[[], None] | None = None
    ) -> None:
        self._file, self._name, self._before = file, name, before

    def open(self) -> None:
        """Nothing to do: whoever opened the stream closes it."""

    def write(self, data: Bytes) -> None:
        if self._before is not None:
            self._before()
        with reported(self._name):
            _write_all(self._file, data)
            self._file.flush()

    def publish(self) -> None:
        with reported(self._name):
            self._file.flush()

    def discard(self) -> None:
        """What is out is out."""


class Report:
    """A file written aside under a hidden name and renamed over `path` when published.

    A symbolic link stays and its target is replaced; a file that is replaced keeps its permissions.
    A device, a FIFO or a descriptor (/dev/stdout) has no aside: it is written directly.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._name = printable(path)
        self._file: BinaryIO | None = None
        self._aside: Path | None = None
        self._final = self.path

    def open(self) -> None:
        with creating(self._name):
            self._open()

    def write(self, data: Bytes) -> None:
        if self._file is None:
            raise ReadWriteError(self._name, "is not open")
        with reported(self._name):
            self._file.write(data)
            if self._aside is None:
                self._file.flush()

    def publish(self) -> None:
        try:
            with reported(self._name):
                self._publish()
        except BaseException:
            self.discard()
            raise

    def discard(self) -> None:
        aside = self._aside
        if aside is not None:
            with suppress(OSError):
                aside.unlink()
            self._aside = None  # not before: a signal in between ends the process, and the file would stay
        file, self._file = self._file, None
        if file is not None:
            with suppress(OSError, RuntimeError):  # a signal handler may come in the middle of a write
                file.close()

    def directory(self) -> Path | None:
        """Where there is room beside the report; None for a device."""
        return None if self._aside is None else self._aside.parent

    def _open(self) -> None:
        descriptor = _descriptor_named(self.path)
        if descriptor is not None:
            self._file = os.fdopen(os.dup(descriptor), "wb")
            return
        mode = _existing_mode(self.path)
        if mode is not None and stat.S_ISDIR(mode):
            raise IsADirectoryError(0, "is a directory")
        if mode is not None and not stat.S_ISREG(mode):
            self._file = os.fdopen(os.open(self.path, os.O_WRONLY | os.O_NOCTTY), "wb")
            return
        self._final = Path(os.path.realpath(self.path))
        if mode is not None and not os.access(self._final, os.W_OK):
            raise PermissionError(0, "is write-protected")
        self._open_aside(mode)

    def _open_aside(self, mode: int | None) -> None:
        aside = self._final.with_name(_hidden_name(self._final.name))
        self._aside = aside  # before it is there: a signal may end the process at once
        try:
            descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o666)
        except OSError:
            self._aside = None
            raise
        self._file = os.fdopen(descriptor, "wb", buffering=1 << 17)
        if mode is not None:
            with suppress(OSError):
                os.fchmod(descriptor, stat.S_IMODE(mode) & 0o777)

    def _publish(self) -> None:
        if self._file is None:
            raise ReadWriteError(self._name, "is not open")
        self._file.flush()
        if self._aside is not None:
            os.fsync(self._file.fileno())
        self._file.close()
        self._file = None
        if self._aside is not None:
            self._aside.replace(self._final)
            self._aside = None
            _sync_directory(self._final.parent)


@contextmanager
def reported(name: str) -> Iterator[None]:
    """Turns failures of the system into ReadWriteError, but for a pipe that nobody reads any more."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise ReadWriteError(name, _reason(error), _hint(error)) from error


@contextmanager
def creating(name: str) -> Iterator[None]:
    """Turns failures of the system into CannotCreateError."""
    try:
        yield
    except OSError as error:
        raise CannotCreateError(name, _reason(error), _hint(error)) from error


def _write_all(file: BinaryIO, data: Bytes) -> None:
    left = memoryview(data)
    while left:
        # An unbuffered stream may take a part; None is what one set not to block gives when it is full.
        written = file.write(left)
        if written is None:
            raise BlockingIOError(0, "is non-blocking and full")
        left = left[written:]


def _descriptor_named(path: Path) -> int | None:
    """The number in /dev/fd/3 or /dev/stdout: opening the name anew would lose the place in the file."""
    plain = os.path.abspath(path)  # noqa: PTH100 - Path.absolute keeps the dots, Path.resolve follows the link
    match = OWN_DESCRIPTOR.fullmatch(plain)
    return int(match[1]) if match else NAMED_DESCRIPTORS.get(plain)


def _existing_mode(path: Path) -> int | None:
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        return None


def _hidden_name(name: str) -> str:
    ending = f".{os.urandom(8).hex()}.tmp"
    kept = os.fsencode(name)[: LONGEST_NAME - len(ending) - 1]
    return f".{os.fsdecode(kept)}{ending}"


def _sync_directory(directory: Path) -> None:
    """Makes the rename itself durable, where the file system has a way to."""
    with suppress(OSError):
        descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _reason(error: OSError) -> str:
    reason = error.strerror or str(error)
    return reason[:1].lower() + reason[1:]


def _hint(error: OSError) -> str:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return "create the directory first, or name another"
    if isinstance(error, IsADirectoryError):
        return "name a file in it, for example report.csv"
    if error.errno in (errno.ENAMETOOLONG, errno.ELOOP):
        return "choose another name, for example report.csv"
    if isinstance(error, PermissionError):
        return "name a place you may write to"
    return "free some room, or name another place" if error.errno in FULL else ""
