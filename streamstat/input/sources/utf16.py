"""UTF-16 on the way to UTF-8: a source around a source, told by a byte-order mark, in constant memory."""

import codecs

from streamstat.common.errors import ReadWriteError
from streamstat.input.sources import Source

MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_WIDE_BYTES = 1 << 17


def utf16_codec(head: bytes) -> str | None:
    """What decodes an input that begins like this, None if it does not begin with a byte-order mark of UTF-16."""
    return MARKS.get(head[:2])


def may_begin_utf16(head: bytes) -> bool:
    """Whether a longer head could have a byte-order mark of UTF-16."""
    return len(head) < 2 and any(mark.startswith(head) for mark in MARKS)


class Utf16Source:
    """The text of a source behind its byte-order mark as UTF-8; a surrogate without its other half is U+FFFD.

    What ends within a character raises once all that precedes it was given; where more will be written
    (`growing`) it is an end like any other.
    """

    def __init__(self, source: Source, name: str, codec: str, growing: bool) -> None:
        self._source, self._name, self._growing = source, name, growing
        self._decoder = codecs.getincrementaldecoder(codec)("replace")
        self._read_buffer = memoryview(bytearray(_WIDE_BYTES))
        self._ready = memoryview(b"")

    @property
    def bytes_read(self) -> int:
        return self._source.bytes_read

    def read_now(self, target: memoryview) -> int | None:
        while not self._ready:
            n = self._source.read_now(self._read_buffer)
            if n is None:
                return None
            if n == 0:
                return self._end()
            self._ready = memoryview(self._decoder.decode(self._read_buffer[:n]).encode())
        n = min(len(self._ready), len(target))
        target[:n] = self._ready[:n]
        self._ready = self._ready[n:]
        return n

    def wait(self) -> None:
        self._source.wait()

    def close(self) -> None:
        self._source.close()

    def _end(self) -> int:
        unfinished, _ = self._decoder.getstate()
        if unfinished and not self._growing:
            hint = "everything before that was read; iconv -f UTF-16 FILE tells more"
            raise ReadWriteError(self._name, "truncated UTF-16 data", hint)
        return 0
