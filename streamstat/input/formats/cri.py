"""Lines of containers under Kubernetes: what their native decoder is told, and what messages say of them."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from streamstat.common.record import record
from streamstat.input.formats import FormatOptions
from streamstat.kernels import BlockDecoder, CriDecoder, CriRecordEnds, TimeReader


@record
class Cri:
    """The format of container runtimes: a time, a stream, whether more of the message follows, the message."""

    noun: ClassVar[str] = "a container line"
    heading: ClassVar[bytes] = b""
    hint: ClassVar[str] = 'a line is like 2026-01-01T00:00:00.5Z stdout F {"level": "info"}'

    @classmethod
    def asked(cls, text: str, options: FormatOptions) -> "Cri":
        """It takes no options."""
        options.refuse("cri")
        return cls()

    @classmethod
    def fitting(cls, lines: Sequence[bytes]) -> "Cri | None":
        """Whether the first line is one.

        >>> [Cri.fitting([b"2026-01-01T00:00:00Z " + line]) is not None for line in (b"stderr P a", b"stderr a")]
        [True, False]
        """
        from streamstat.input.events import decode_bytes, decoder_of

        return cls() if decode_bytes(decoder_of(cls(), {}), b"".join(lines[:1])).rows else None

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Cri":
        """See `Format.from_record`."""
        return cls()

    def as_record(self) -> dict[str, Any]:
        """There is nothing to be kept: where a block ends, no message is open."""
        return {}

    def records(self) -> "CriRecords":
        """A record is all parts of a message."""
        return CriRecords()

    def after(self, content: memoryview) -> "Cri":
        """Nothing in a message tells of the next one."""
        return self

    def native(self, fields: list[tuple[str, int]], times: TimeReader) -> BlockDecoder:
        """What decodes fields by their paths; ValueError also for a path with too many dots."""
        return CriDecoder(fields, times)


class CriRecords:
    """Finds the lines behind which no message lacks parts, in the bytes of an input as they come.

    >>> CriRecords().end(memoryview(b"2026-01-01T00:00:00Z stdout F a\\n2026-01-01T00:00:01Z stdout P b\\n"))
    32
    """

    __slots__ = ("_native",)

    def __init__(self) -> None:
        self._native = CriRecordEnds()

    def end(self, content: memoryview) -> int:
        """See `Records.end`."""
        return self._native.end(content)

    def forced_end(self, content: memoryview) -> int:
        """The last line: what has come of a message stands for it, and holds up no more."""
        return self._native.forced_end(content)

    def taken(self, size: int) -> None:
        """See `Records.taken`."""
        self._native.taken(size)
