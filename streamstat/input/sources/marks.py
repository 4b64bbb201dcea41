"""What tells that a file is still the one that was read: its first bytes, and those before the place reached.

Knows nothing of files: bytes come from whoever reads; and of formats only that they go with a place.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple, Self

from streamstat.common.record import record
from streamstat.input.formats import Format, format_from_record, format_record

HEAD_BYTES = 4096
TAIL_BYTES = 256
BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # at the start of an input it is no part of a record


class Mark(NamedTuple):
    """A place in an input, in uncompressed bytes; the first bytes of the input, and the last ones before the place.

    The first ones may reach beyond the place. Both are shorter where an over-long line was skipped without a look.
    format: that of the records from here on; None as long as nothing has told it.

    >>> Mark().after(memoryview(b"one\\n")).after(memoryview(b"two\\n"))
    Mark(position=8, head=b'one\\ntwo\\n', tail=b'one\\ntwo\\n', format=None)
    """

    position: int = 0
    head: bytes = b""
    tail: bytes = b""
    format: Format | None = None

    def after(self, content: memoryview, format: Format | None = None) -> "Mark":
        """The mark behind these bytes, which are records that stand at this one; the format there, if it is known."""
        mark = self.skipping_nuls(content)
        if format is None and self.format is not None:
            begin = len(BYTE_ORDER_MARK) if self.position == 0 and content[:3] == BYTE_ORDER_MARK else 0
            format = self.format.after(content[begin:])
        return mark._replace(format=format)

    def skipping_nuls(self, content: memoryview) -> "Mark":
        """The mark behind these bytes, which are no record."""
        head = self.head
        if self.position <= len(head) < HEAD_BYTES:
            head += bytes(content[len(head) - self.position : HEAD_BYTES - self.position])
        tail = bytes(content[-TAIL_BYTES:])
        if len(tail) < TAIL_BYTES:
            tail = (self.tail + tail)[-TAIL_BYTES:]
        return Mark(self.position + len(content), head, tail, self.format)

    def skipping(self, size: int) -> "Mark":
        """The mark behind `size` bytes that nobody looked at."""
        return Mark(self.position + size, self.head, format=self.format)


@record
class Fingerprint:
    """A mark as hashes: what is kept of a file between runs.

    >>> mark = Mark().after(memoryview(b"one\\n"))
    >>> Fingerprint.of(mark) == Fingerprint.from_record(Fingerprint.of(mark).as_record())
    True
    """

    position: int
    head_size: int
    head: str
    tail_size: int
    tail: str
    format: Format | None = None

    @classmethod
    def of(cls, mark: Mark) -> Self:
        """The fingerprint of a mark."""
        return cls(
            mark.position, len(mark.head), digest(mark.head), len(mark.tail), digest(mark.tail), mark.format
        )

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """From what `as_record` gave; ValueError for anything else."""
        try:
            (head_size, head), (tail_size, tail) = record["head"], record["tail"]
            found = cls(
                int(record["position"]),
                int(head_size),
                str(head),
                int(tail_size),
                str(tail),
                format_from_record(record.get("format")),
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"no fingerprint: {error!r}") from None
        tail_fits = 0 <= found.tail_size <= min(found.position, TAIL_BYTES)
        if not tail_fits or not 0 <= found.head_size <= HEAD_BYTES:
            raise ValueError("no fingerprint: sizes that cannot be")
        return found

    def as_record(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return {
            "position": self.position,
            "head": [self.head_size, self.head],
            "tail": [self.tail_size, self.tail],
            "format": format_record(self.format),
        }


def digest(content: bytes) -> str:
    """128 bits, as hexadecimal digits."""
    from hashlib import blake2b

    return blake2b(content, digest_size=16).hexdigest()
