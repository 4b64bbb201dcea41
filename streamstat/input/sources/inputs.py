"""From arguments to inputs: files, globs, `-`; what is missing is found here, before any row."""

import glob
import os
import stat
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path

from streamstat.common.errors import MissingInputError, ReadWriteError, StreamstatError, UsageError
from streamstat.common.nearby import hint_for_file
from streamstat.common.terminal import printable, quoted
from streamstat.input.sources import Input
from streamstat.input.sources.file import file_input
from streamstat.input.sources.memory import bytes_input, pieces_input, stream_input
from streamstat.input.sources.stdin import NAME as STDIN_NAME
from streamstat.input.sources.stdin import stdin_input

__all__ = [
    "STDIN_NAME",
    "Inputs",
    "bytes_input",
    "expand",
    "file_input",
    "input_of",
    "pieces_input",
    "stdin_input",
    "stream_input",
]


class NamedBefore:
    """Tells what was named before: by device and inode, or as stdin."""

    def __init__(self) -> None:
        self._seen: dict[object, int] = {}  # the stream of each

    def has(self, name: str, identity: tuple[int, int] | None, stream: int) -> bool:
        """Whether an input was named before, and from now on it was; UsageError if it was for another stream."""
        key = name if identity is None and name == STDIN_NAME else identity
        if key is None:
            return False
        is_new = key not in self._seen
        if self._seen.setdefault(key, stream) != stream:
            what = "stdin" if name == STDIN_NAME else printable(name)
            problem = "is read once, and not for both sides"
            raise UsageError(what, problem, "name it alone, and use --side NAME=EXPR, twice")
        return not is_new


class Inputs(list[Input]):
    """Inputs in the order they are read, and the names that were left out as they are the same file again."""

    def __init__(self, found: Iterable[Input] = ()) -> None:
        super().__init__()
        self.duplicates: list[str] = []
        seen = NamedBefore()
        for one in found:
            if seen.has(one.name, one.identity, one.stream):
                self.duplicates.append(one.name)
            else:
                self.append(one)

    @property
    def size(self) -> int | None:
        """Bytes of all, as stored; None where one of them has no end that is known."""
        sizes = [one.size for one in self]
        return sum(size for size in sizes if size is not None) if None not in sizes else None


def expand(arguments: Sequence[str], streams: Sequence[int] = ()) -> Inputs:
    """The inputs that the arguments name, in their order, globs in name order; none means stdin.

    An argument that exists is that file, whatever its characters; else it is a glob, where `**` is any depth.
    The same file (device and inode) is read once, however often it is named; see `Inputs.duplicates`. Raises
    MissingInputError for what is not there, is a directory or matches nothing, ReadWriteError for what may
    not be read. streams: where there are several, of each argument the one it belongs to.
    """
    pairs = zip_longest(arguments or [STDIN_NAME], streams, fillvalue=0)
    return Inputs(
        replace(one, stream=stream) if stream else one
        for argument, stream in pairs
        for one in _expand_one(str(argument))
    )


def input_of(thing: object, name: str | None = None) -> Input:
    """What a Python caller may give: an `Input`, a path, bytes, a binary stream, an iterable of bytes."""
    if isinstance(thing, Input):
        return thing
    if isinstance(thing, str | os.PathLike):
        return _checked_file(os.fspath(thing))
    if isinstance(thing, bytes | bytearray | memoryview):
        return bytes_input(thing, name or "<bytes>")
    if hasattr(thing, "read"):
        return stream_input(thing, name)
    if isinstance(thing, Iterable):
        return pieces_input(thing, name or "<pieces>")
    raise TypeError(
        f"an input is a path, bytes, a binary stream or an iterable of bytes, not {type(thing).__name__}"
    )


def _expand_one(argument: str) -> list[Input]:
    if argument == STDIN_NAME:
        return [stdin_input()]
    if not glob.has_magic(argument) or os.path.lexists(argument):
        return [_checked_file(argument)]
    # os.fsencode: by bytes, as `LC_ALL=C ls` does, so that the order is the same everywhere.
    matches = sorted(glob.glob(argument, recursive=True), key=os.fsencode)  # noqa: PTH207
    files = [match for match in matches if not Path(match).is_dir()]
    if not files:
        problem = "matches only directories" if matches else "matches no file"
        raise MissingInputError(argument, problem, _hint_for_glob(argument))
    return [_checked_file(match) for match in files]


def _checked_file(path: str) -> Input:
    """The file as an input, if it is there and may be read."""
    try:
        status = os.stat(path)  # noqa: PTH116  (to Path, "" is the working directory)
        if stat.S_ISDIR(status.st_mode):
            raise MissingInputError(path, "is a directory", f"for example {_glob_inside(path)}")
        _try_to_open(path, status)
    except (OSError, ValueError) as error:
        raise _open_error(path, error) from error
    return file_input(path, status)


def _try_to_open(path: str, status: os.stat_result) -> None:
    if stat.S_ISREG(status.st_mode):
        os.close(os.open(path, os.O_RDONLY | os.O_CLOEXEC))
    elif not os.access(path, os.R_OK):
        # Not opened: closing a FIFO again would break its writer's pipe.
        raise PermissionError(13, "Permission denied")


def _open_error(path: str, error: OSError | ValueError) -> StreamstatError:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return MissingInputError(path or '""', "no such file", hint_for_file(path))
    if isinstance(error, PermissionError):
        return ReadWriteError(path, "permission denied", f"ls -l {quoted(path)} shows who may read it")
    reason = error.strerror if isinstance(error, OSError) else "not a possible file name"
    return MissingInputError(path[:200], f"cannot be opened: {reason}")


def _hint_for_glob(pattern: str) -> str:
    """The longest part that exists is where to look."""
    root = Path(pattern)
    while glob.has_magic(str(root)) or not root.exists():
        root = root.parent
    return f"ls {quoted(root)} shows what is there"


def _glob_inside(directory: str) -> str:
    pattern = "*.ndjson" if any(Path(directory).glob("*.ndjson")) else "*"
    return f"'{Path(directory, pattern)}'"
