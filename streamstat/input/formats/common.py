"""Access logs of Apache in the form called common: lines that end behind the number of bytes."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from streamstat.common.record import record
from streamstat.input.blocks.lines import LineRecords
from streamstat.input.formats import FormatOptions
from streamstat.kernels import AccessDecoder, BlockDecoder, TimeReader


@record
class Common:
    """The format of access logs without referer and agent."""

    noun: ClassVar[str] = "a line of a common access log"
    hint: ClassVar[str] = (
        'a line is like 192.0.2.7 - ann [10/Oct/2025:13:55:36 -0700] "GET /a HTTP/1.1" 200 2326; '
        "--input combined reads lines that go on"
    )

    @classmethod
    def asked(cls, text: str, options: FormatOptions) -> "Common":
        """It takes no options."""
        options.refuse("common")
        return cls()

    @classmethod
    def fitting(cls, lines: Sequence[bytes]) -> "Common | None":
        """Never: what would fit is taken for combined."""
        return None

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Common":
        """See `Format.from_record`."""
        return cls()

    def as_record(self) -> dict[str, Any]:
        """There is nothing to be kept."""
        return {}

    def records(self) -> LineRecords:
        """A record is a line."""
        return LineRecords()

    def after(self, content: memoryview) -> "Common":
        """Nothing in a line tells of the next one."""
        return self

    def native(self, fields: list[tuple[str, int]], times: TimeReader) -> BlockDecoder:
        """What decodes fields by their names."""
        return AccessDecoder.common(fields, times)
