"""Inputs that tasks on other machines can open: files by path, and what `pyarrow.fs` opens by a URL."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from streamstat.common.errors import MissingInputError, ReadWriteError, UsageError
from streamstat.input.sources import Input, Source, Stop
from streamstat.input.sources.descriptors import RegularSource
from streamstat.input.sources.inputs import STDIN_NAME, Inputs, expand

_URL = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_OTHER_NAMES = {"s3a": "s3", "s3n": "s3"}  # what Hadoop calls the schemes that pyarrow.fs knows


class OpenFile(Protocol):
    """A file of bytes, wherever it lies."""

    def readinto(self, target: memoryview, /) -> int: ...
    def seek(self, position: int, /) -> int: ...
    def close(self) -> None: ...


class RangeSource(RegularSource):
    """A file up to some byte (None: to the end that it has by then). What it begins with can be looked at before the
    place is sought from which it is read."""

    def __init__(self, file: OpenFile, end: int | None = None) -> None:
        self.bytes_read = 0
        self._file, self._end, self._at = file, end, 0

    def read_now(self, target: memoryview) -> int | None:
        room = len(target) if self._end is None else min(len(target), max(self._end - self._at, 0))
        n = self._file.readinto(target[:room]) if room else 0
        self._at += n
        self.bytes_read += n
        return n

    def seek(self, position: int) -> None:
        self._file.seek(position)
        self._at, self.bytes_read = position, 0

    def close(self) -> None:
        self._file.close()


def is_url(argument: str) -> bool:
    """Whether an argument names something that is no file of this machine.

    >>> [is_url(each) for each in ("s3a://logs/a.gz", "logs/a.gz")]
    [True, False]
    """
    return _URL.match(argument) is not None


def remote_inputs(arguments: Sequence[str]) -> Inputs:
    """The inputs that arguments name, as `expand` has it, and URLs; UsageError for what no other machine can open."""
    if not arguments or STDIN_NAME in arguments:
        problem = "is read by one process, and not by the tasks of Spark"
        raise UsageError("stdin", problem, "name files, or leave --runner spark out")
    found: list[Input] = []
    for argument in dict.fromkeys(arguments):
        found += [_url_input(argument)] if is_url(argument) else expand([argument])
    for one in found:
        if one.size is None:
            problem = "is no regular file, so no task can read its part of it"
            raise UsageError(one.name, problem, "name files, or leave --runner spark out")
    return Inputs(found)


def place_of(one: Input) -> str:
    """Where a task finds it, whatever folder it runs in."""
    return one.name if is_url(one.name) else str(Path(one.name).absolute())


def open_at(place: str) -> OpenFile:
    """Open a file by its path or URL; OSError if it cannot be had."""
    if not is_url(place):
        return Path(place).open("rb", buffering=0)
    files, path = _file_system(place)
    file: OpenFile = files.open_input_file(path)
    return file


def _url_input(url: str) -> Input:
    from pyarrow.fs import FileType

    try:
        files, path = _file_system(url)
        info = files.get_file_info(path)
    except (OSError, ValueError) as error:
        raise ReadWriteError(url, f"cannot be opened: {_first_line(error)}") from None
    if info.type != FileType.File:
        is_folder = info.type == FileType.Directory
        problem = "is a folder" if is_folder else "no such file"
        raise MissingInputError(url, problem, "name each file: a URL is no glob")

    def opened(_: Stop) -> Source:
        return RangeSource(open_at(url))

    return Input(url, opened, size=info.size)


def _file_system(url: str) -> tuple[Any, str]:
    from pyarrow.fs import FileSystem

    scheme, _, rest = url.partition("://")
    files, path = FileSystem.from_uri(f"{_OTHER_NAMES.get(scheme.lower(), scheme)}://{rest}")
    return files, str(path)


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
