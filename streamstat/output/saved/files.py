"""The files of saved reports: what they are written as is told by their first bytes, also how they are compressed."""

import bz2
import gzip
import io
import lzma
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from streamstat.common.errors import InputError, MissingInputError, ReadWriteError
from streamstat.common.terminal import printable
from streamstat.output.saved.cells import Cell
from streamstat.output.saved.records import NoReportError, of_parquet, of_text

PARQUET = b"PAR1"
PART_NAMES = "part-*.parquet"  # in the folder of a report that grows from run to run
_OF_A_RUN = "streamstat."  # what a run tells of itself


def files_of(name: str) -> list[str]:
    """The file, or the parts of a folder in their order; MissingInputError where there is none."""
    path = Path(name)
    if name == "-" or (path.exists() and not path.is_dir()):
        return [name]
    parts = sorted(map(str, path.glob(PART_NAMES)))
    if parts:
        return parts
    problem = "holds no part of a report" if path.is_dir() else "there is no such file"
    raise MissingInputError(printable(name), problem, "name a report, such as report.csv")


def metadata_of(name: str) -> dict[str, str]:
    """What the run tells of itself that wrote a Parquet file; nothing of other files."""
    if name == "-":
        return {}
    with _told(name), _opened(name) as file:
        if not _begins(file, PARQUET):
            return {}
        import pyarrow.parquet as pq

        found = pq.read_metadata(file).metadata or {}
    texts = {key.decode(): value.decode() for key, value in found.items()}
    return {key: value for key, value in texts.items() if key.startswith(_OF_A_RUN)}


def records_of(name: str) -> Iterator[Mapping[str, Cell]]:
    """The rows of a file, each by the names of its columns; InputError for what is no report."""
    with _told(name), _opened(name) as file:
        if _begins(file, PARQUET):
            yield from of_parquet(file)
        else:
            yield from of_text(io.TextIOWrapper(_unpacked(file), "utf-8", newline=""))


@contextmanager
def saved_file(name: str, hint: str) -> Iterator[Any]:
    """The file, to be read as one likes; what goes wrong in there is one line about it, with this hint."""
    with _told(name, hint), _opened(name) as file:
        yield file


@contextmanager
def _opened(name: str) -> Iterator[Any]:
    """The file, with bytes that can be looked at before they are read."""
    if name == "-":
        yield sys.stdin.buffer
        return
    with Path(name).open("rb") as file:
        yield file


def _begins(file: Any, magic: bytes) -> bool:
    return bool(file.peek(len(magic))[: len(magic)] == magic)


def _unpacked(file: Any) -> Any:
    for magic, opened in _OPENERS.items():
        if _begins(file, magic):
            return opened(file)
    return file


def _zstd(file: Any) -> Any:
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    return zstd.open(file)


_OPENERS: Mapping[bytes, Callable[[Any], Any]] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ": lzma.open,
    b"\x28\xb5\x2f\xfd": _zstd,
}


@contextmanager
def _told(name: str, hint: str = "draw a .csv, .ndjson or .parquet") -> Iterator[None]:
    """Turns what goes wrong with a file into one line about it."""
    place = "stdin" if name == "-" else printable(name)
    try:
        yield
    except NoReportError as error:
        raise InputError(place, error.problem, error.hint) from None
    except (OSError, EOFError, lzma.LZMAError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ReadWriteError(place, reason[:1].lower() + reason[1:]) from error
    except (ValueError, RecursionError) as error:  # of pyarrow and of zstd, too
        raise InputError(place, "is no report that can be read", hint) from error
