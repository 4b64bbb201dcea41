"""What the first bytes of a source tell: that it is compressed, UTF-16, or an archive; else it is as it stands."""

from streamstat.common.errors import StreamstatError
from streamstat.input.limits import MAX_EXPANSION
from streamstat.input.sources import Source
from streamstat.input.sources.archives import TELLING_BYTES, archive_error, archive_of, may_begin_archive
from streamstat.input.sources.codecs import Codec, codecs_that_begin, is_begun
from streamstat.input.sources.compressed import CompressedSource
from streamstat.input.sources.descriptors import RegularSource
from streamstat.input.sources.utf16 import Utf16Source, may_begin_utf16, utf16_codec


class DetectingSource:
    """A source whose bytes are decompressed if their first ones say so, and then made UTF-8 if they are UTF-16.

    The first `position` bytes of what comes out are skipped. growing: more will be written, so the end may stand
    within a character. An archive raises ArchiveError.
    """

    def __init__(
        self,
        source: Source,
        name: str,
        max_expansion: int = MAX_EXPANSION,
        position: int = 0,
        growing: bool = False,
    ) -> None:
        self._source, self._name, self._max_expansion = source, name, max_expansion
        self._growing = growing
        self._to_skip = position
        self._head = b""
        self._damage: StreamstatError | None = None  # behind the head
        self._unpacked = False
        self._decided: Source | None = None

    @property
    def bytes_read(self) -> int:
        return self._source.bytes_read

    def read_now(self, target: memoryview) -> int | None:
        if self._decided is None:
            self._decided = self._decide()
        if self._decided is None:
            return None
        if self._to_skip:
            if not (n := self._decided.read_now(target[: self._to_skip])):
                return n
            self._to_skip -= n
            return None  # nothing yet, so that who waits for it can be stopped
        return self._decided.read_now(target)

    def wait(self) -> None:
        self._source.wait()

    def close(self) -> None:
        self._source.close()

    def _decide(self) -> Source | None:
        """Read just as many bytes as it takes: the first byte of an object is enough."""
        while True:
            if (codec := self._codec()) is not None:
                packed = _Replayed(self._head, self._source)
                self._source = CompressedSource(packed, codec, self._name, self._max_expansion)
                self._head, self._unpacked = b"", True
            elif (found := self._content()) is not None:
                return found
            n = self._read_head()
            if n is None:
                return None
            if n == 0:
                return self._plain()

    def _codec(self) -> Codec | None:
        """What decompresses the source, once; None also as long as more must be seen."""
        possible = () if self._unpacked else codecs_that_begin(self._head)
        return next((codec for codec in possible if is_begun(codec, self._head)), None)

    def _content(self) -> Source | None:
        """What gives the content; None as long as more must be seen."""
        head = self._head
        if (codec := utf16_codec(head)) is not None:
            text = _Replayed(head[2:], self._source, self._damage)
            return Utf16Source(text, self._name, codec, self._growing)
        if (archive := archive_of(head)) is not None:
            raise archive_error(self._name, archive)
        may_be_packed = not self._unpacked and bool(codecs_that_begin(head))
        undecided = may_be_packed or may_begin_utf16(head) or may_begin_archive(head)
        return None if undecided or not head else self._plain()

    def _read_head(self) -> int | None:
        """More of the first bytes; what fails behind them is the end of them."""
        piece = memoryview(bytearray(TELLING_BYTES - len(self._head)))
        try:
            n = self._source.read_now(piece)
        except StreamstatError as error:
            self._damage = error
            return 0
        self._head += piece[: n or 0]
        return n

    def _plain(self) -> Source:
        """The bytes as they are; a file need not be read up to where its bytes are wanted."""
        if self._to_skip and isinstance(self._source, RegularSource):
            self._source.seek(self._to_skip)
            self._to_skip = 0
            return self._source
        return _Replayed(self._head, self._source, self._damage)


class _Replayed:
    """The first bytes again, then the source they were read from, or what it failed with."""

    def __init__(self, head: bytes, source: Source, damage: StreamstatError | None = None) -> None:
        self._head, self._source, self._damage = head, source, damage

    @property
    def bytes_read(self) -> int:
        return self._source.bytes_read

    def read_now(self, target: memoryview) -> int | None:
        if not self._head:
            if self._damage is not None:
                raise self._damage
            return self._source.read_now(target)
        n = min(len(self._head), len(target))
        target[:n] = self._head[:n]
        self._head = self._head[n:]
        return n

    def wait(self) -> None:
        self._source.wait()

    def close(self) -> None:
        self._source.close()
