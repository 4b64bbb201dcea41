"""Archives among inputs, found before anything is read of them."""

import os
import stat
from collections.abc import Iterable

from streamstat.common.errors import StreamstatError
from streamstat.input.sources import Input
from streamstat.input.sources.archives import (
    TELLING_BYTES,
    Archive,
    archive_error,
    archive_of,
    may_begin_archive,
)
from streamstat.input.sources.codecs import codecs_that_begin, is_begun
from streamstat.input.sources.compressed import CompressedSource
from streamstat.input.sources.descriptors import RegularSource
from streamstat.input.sources.inputs import STDIN_NAME


def refuse_archives(inputs: Iterable[Input]) -> None:
    """ArchiveError for the first of the files that is an archive; of other inputs their first bytes will tell."""
    for one in inputs:
        archive = None if one.identity is None or one.name == STDIN_NAME else _archive_at(one.name)
        if archive is not None:
            raise archive_error(one.name, archive)


def _archive_at(path: str) -> Archive | None:
    """Which archive a file is; None also of what is no regular file, or cannot be read, which is told when it is."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # noqa: PTH116
            return None
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        return archive_in(descriptor, path)
    finally:
        os.close(descriptor)


def archive_in(descriptor: int, name: str) -> Archive | None:
    """Which archive a regular file is, also when it is compressed; its place in the file may change."""
    head = os.pread(descriptor, TELLING_BYTES, 0)
    codec = next((each for each in codecs_that_begin(head) if is_begun(each, head)), None)
    if codec is None:
        return archive_of(head)
    os.lseek(descriptor, 0, os.SEEK_SET)
    source = CompressedSource(RegularSource(descriptor, owned=False), codec, name)
    inside = b""
    try:
        while len(inside) < TELLING_BYTES and (not inside or may_begin_archive(inside)):
            piece = memoryview(bytearray(TELLING_BYTES - len(inside)))
            if not (n := source.read_now(piece)):
                break
            inside += piece[:n]
    except StreamstatError:
        pass  # what is damaged is told when it is read
    return archive_of(inside)
