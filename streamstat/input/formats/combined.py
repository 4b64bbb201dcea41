"""Access logs of Apache and nginx in the form called combined, which is also common with more behind it."""

from collections.abc import Sequence
from typing import ClassVar

from streamstat.common.record import record
from streamstat.input.events import decode_bytes, decoder_of
from streamstat.input.formats import FormatOptions
from streamstat.input.plain_lines import PlainLines
from streamstat.kernels import AccessDecoder, BlockDecoder, TimeReader


@record
class Combined(PlainLines):
    """The format of access logs that have a referer and an agent, or end before them."""

    noun: ClassVar[str] = "a line of a combined access log"
    hint: ClassVar[str] = (
        'a line is like 192.0.2.7 - ann [10/Oct/2025:13:55:36 -0700] "GET /a HTTP/1.1" 200 2326 "-" "curl/8"; '
        "another log_format of nginx can be given as --input '$remote_addr [$time_local] \"$request\" ...'"
    )

    @classmethod
    def asked(cls, text: str, options: FormatOptions) -> "Combined":
        """It takes no options."""
        options.refuse("combined")
        return cls()

    @classmethod
    def fitting(cls, lines: Sequence[bytes]) -> "Combined | None":
        """Whether the first record is an access line."""
        return cls() if lines and decode_bytes(decoder_of(cls(), {}), lines[0]).rows else None

    def native(self, fields: list[tuple[str, int]], times: TimeReader) -> BlockDecoder:
        """What decodes fields by their names."""
        return AccessDecoder.combined(fields, times)
