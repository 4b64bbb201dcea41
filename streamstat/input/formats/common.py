"""Access logs of Apache in the form called common: lines that end behind the number of bytes."""

from collections.abc import Sequence
from typing import ClassVar

from streamstat.common.record import record
from streamstat.input.formats import FormatOptions
from streamstat.input.plain_lines import PlainLines
from streamstat.kernels import AccessDecoder, BlockDecoder, TimeReader


@record
class Common(PlainLines):
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

    def native(self, fields: list[tuple[str, int]], times: TimeReader) -> BlockDecoder:
        """What decodes fields by their names."""
        return AccessDecoder.common(fields, times)
