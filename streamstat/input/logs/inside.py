"""What is inside of files, decompressed: looks at just the bytes that tell whether a file is a known one."""

import errno
import os
from collections.abc import Callable

from streamstat.common.errors import StreamstatError
from streamstat.input.sources import Source, Stopped
from streamstat.input.sources.codecs import codecs_that_begin, is_begun
from streamstat.input.sources.descriptors import RegularSource
from streamstat.input.sources.detecting import DetectingSource
from streamstat.input.sources.marks import Fingerprint, Mark
from streamstat.input.sources.utf16 import utf16_codec

_PIECE_BYTES = 1 << 18


class Inside:
    """Looks into files, each given by its descriptor. A compressed file that is cut off or damaged ends there.

    Raises OSError, and Stopped once `stopped` says so: to decompress a large file takes long.
    """

    def __init__(self, max_expansion: int, stopped: Callable[[], bool]) -> None:
        self._max_expansion, self._stopped = max_expansion, stopped

    def mark(self, descriptor: int, wanted: Fingerprint) -> Mark:
        """The mark at the place of a fingerprint, or at the end of the content where that comes first."""
        if not is_packed(descriptor):
            size = os.fstat(descriptor).st_size
            if size < max(wanted.position, wanted.head_size):
                return Mark(size)
            head = os.pread(descriptor, wanted.head_size, 0)
            tail = os.pread(descriptor, wanted.tail_size, wanted.position - wanted.tail_size)
            return Mark(wanted.position, head, tail, wanted.format)
        content = self._content(descriptor)
        head = content.take(wanted.head_size)
        if len(head) < wanted.head_size:
            return Mark(content.position, head)
        if not content.skip(wanted.position - wanted.tail_size - len(head)):
            return Mark(content.position, head)
        known = (head + content.take(wanted.position - content.position))[: wanted.position]
        tail = known[len(known) - wanted.tail_size :]
        return Mark(min(content.position, wanted.position), head, tail, wanted.format)

    def first_bytes(self, descriptor: int, size: int) -> bytes:
        """The first bytes of the content, `size` at most."""
        return self._content(descriptor).take(size)

    def hole(self, descriptor: int) -> int | None:
        """How many NULs stand in front of the content, None if there is nothing else.

        A log that is truncated while its writer keeps its place has a hole up to there.
        """
        size = os.fstat(descriptor).st_size
        try:
            place = os.lseek(descriptor, 0, os.SEEK_DATA) if size else 0
        except OSError as error:
            if error.errno == errno.ENXIO:  # it is all a hole
                return None
            place = 0  # a file system that knows nothing of holes
        while place < size:
            self._check()
            piece = os.pread(descriptor, _PIECE_BYTES, place)
            content = piece.lstrip(b"\0")
            place += len(piece) - len(content)
            if content or not piece:
                return place
        return None if size else 0

    def _check(self) -> None:
        if self._stopped():
            raise Stopped

    def _content(self, descriptor: int) -> "_Content":
        os.lseek(descriptor, 0, os.SEEK_SET)
        file = RegularSource(descriptor, owned=False)
        source = DetectingSource(file, "", self._max_expansion, growing=True)
        return _Content(source, self._check)


def is_packed(descriptor: int) -> bool:
    """Whether the content is not the bytes of the file as they stand: it is compressed, or UTF-16."""
    head = os.pread(descriptor, 16, 0)
    return utf16_codec(head) is not None or any(is_begun(codec, head) for codec in codecs_that_begin(head))


def is_wide(descriptor: int) -> bool:
    """Whether the file is UTF-16, which may grow as a text does."""
    return utf16_codec(os.pread(descriptor, 2, 0)) is not None


class _Content:
    """What a source gives, from its beginning; what fails is the end."""

    def __init__(self, source: Source, check: Callable[[], None]) -> None:
        self._source, self._check = source, check
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
        self._check()
        try:
            n = self._source.read_now(target) or 0
        except StreamstatError:
            n = 0
        self.position += n
        return n
