"""What a format makes decoders of fields of: the native ones, and where in a record the events are."""

from typing import Protocol

from streamstat.common.record import record
from streamstat.kernels import Decoded, TimeReader
from streamstat.values.columns import U8, Need


class DecodesBlocks(Protocol):
    """A native decoder, or what stands for one where the interpreter is needed."""

    def decode(self, block: U8, begin: int) -> Decoded:
        """Decode block[begin:-PADDING]."""

    def names(self, block: U8, begin: int) -> list[bytes]:
        """Names at the top level of the first valid record."""

    def names_inside(self, block: U8, begin: int, row: int) -> list[bytes]:
        """Names that a row has of what is inside of its record: see `Within`."""


class Decodes(Protocol):
    """What makes a decoder of fields; a format does."""

    def native(self, fields: list[tuple[str, int]], times: TimeReader) -> DecodesBlocks:
        """What decodes these fields, each a path and how much is needed of it."""


@record
class Within:
    """Where the events are in a record, if it is not one itself.

    unwrap: the field whose text may hold an object; its fields stand beside the others. each: then the path of an
    array; an event is an element of it, with the fields of all that is around it.
    """

    unwrap: str | None = None
    each: str | None = None

    @property
    def fields(self) -> list[tuple[str, int]]:
        """What a native decoder is told."""
        both = ((self.unwrap, Need.UNWRAP), (self.each, Need.EACH))
        return [(path, int(need)) for path, need in both if path is not None]


WHOLE = Within()  # a record is an event
