"""Files of lines that a run keeps, byte for byte: late events, lines that cannot be read, and all that are lost."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import IO, BinaryIO, Protocol

from streamstat.common.record import record
from streamstat.common.terminal import printable
from streamstat.output.sinks.files import creating, reported


class Lines(Protocol):
    """A file of lines, byte for byte."""

    def write(self, data: bytes | memoryview, /) -> None:
        """Add a line."""

    def publish(self) -> None:
        """All lines are where they belong, or ReadWriteError."""

    def discard(self) -> None:
        """Take them back, where that is possible; harmless at any time."""


class HeadedLines:
    """A file of lines that has their heading first, and again where lines of another heading follow.

    is_empty: whether nothing is in the file yet; one that grows from run to run has its heading from the first.
    lines: how many the run has added, headings apart.
    """

    def __init__(self, file: Lines, is_empty: Callable[[], bool]) -> None:
        self._file, self._is_empty = file, is_empty
        self._written: bytes | None = None
        self.heading = b""  # of the lines that follow; empty: they have none
        self.lines = 0

    def add(self, line: bytes) -> None:
        """Add a line."""
        self.lines += 1
        self.write(line)

    def write(self, data: bytes | memoryview, /) -> None:
        """Add a part of a line."""
        if self.heading and self.heading != self._written:
            if self._written is not None or self._is_empty():
                self._file.write(self.heading)
            self._written = self.heading
        self._file.write(data)

    def publish(self) -> None:
        """See `Lines.publish`."""
        self._file.publish()

    def discard(self) -> None:
        """See `Lines.discard`."""
        self._file.discard()


@record
class LineFiles:
    """Where a run keeps the late lines of each report, its bad and all its lost lines, commands by what became of
    them, and the log without what is outdated; None: nowhere."""

    late: tuple[HeadedLines | None, ...]
    bad: HeadedLines | None = None
    lost: HeadedLines | None = None
    accepted: HeadedLines | None = None
    refused: HeadedLines | None = None
    compact: HeadedLines | None = None
    of_log: str = ""  # an option that writes records to a log of their own, if there is one

    @property
    def all(self) -> list[HeadedLines]:
        """Those that are there."""
        files = (*self.late, self.bad, self.lost, self.accepted, self.refused, self.compact)
        return [file for file in files if file is not None]

    def under(self, heading: bytes) -> None:
        """The lines that follow have this heading."""
        for file in self.all:
            file.heading = heading


class GrowingLines:
    """A file of lines that can be read while the run goes on, as those who follow a log want to."""

    def __init__(self, path: str) -> None:
        self._path, self._name = path, printable(path)
        self._file: BinaryIO | None = None

    def open(self) -> None:
        """Begin the file."""
        with creating(self._name):
            self._file = open(self._path, "wb")  # noqa: PTH123, SIM115

    def write(self, data: bytes | memoryview, /) -> None:
        """Add a line."""
        assert self._file is not None
        with reported(self._name):
            self._file.write(data)

    def publish(self) -> None:
        """All lines are on disk, or ReadWriteError."""
        if self._file is not None:
            with reported(self._name):
                self._file.close()

    def discard(self) -> None:
        """What is written is written."""
        if self._file is not None:
            with suppress(OSError, RuntimeError):
                self._file.close()


class Spool:
    """Bytes of over-long lines on their way from the reading thread to the file of bad lines, in order, on disk."""

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None
        self._taken = 0

    def put(self, piece: memoryview) -> None:
        """Add bytes, newlines included; from the reading thread."""
        with reported(tempfile.gettempdir()):
            if self._file is None:
                self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115
            left = piece
            while left:
                left = left[self._file.write(left) :]

    def take(self, size: int) -> Iterator[bytes]:
        """The next line of `size` bytes, without the newline that it may have."""
        assert self._file is not None
        descriptor, end = self._file.fileno(), self._taken + size
        while self._taken < end:
            piece = os.pread(descriptor, min(1 << 20, end - self._taken), self._taken)
            self._taken += len(piece)
            yield piece
        self._taken += os.pread(descriptor, 1, end) == b"\n"
