"""What formats have in common whose records are lines that tell nothing of each other."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from streamstat.input.blocks.lines import LineRecords


class PlainLines:
    """A base of formats without settings; one that has some overrides `from_record` and `as_record`."""

    __slots__ = ()

    heading: ClassVar[bytes] = b""

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """See `Format.from_record`."""
        return cls()

    def as_record(self) -> dict[str, Any]:
        """There is nothing to be kept."""
        return {}

    def records(self) -> LineRecords:
        """A record is a line."""
        return LineRecords()

    def after(self, content: memoryview) -> Self:
        """Nothing in a line tells of the next one."""
        return self
