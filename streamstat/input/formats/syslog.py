"""Syslog lines, RFC 5424 and 3164: what their native decoder is told, and what messages say of them."""

from collections.abc import Sequence
from typing import ClassVar

from streamstat.common.record import record
from streamstat.input.formats import FormatOptions
from streamstat.input.plain_lines import PlainLines
from streamstat.kernels import BlockDecoder, SyslogDecoder, TimeReader


@record
class Syslog(PlainLines):
    """The format of syslog, a message a line."""

    noun: ClassVar[str] = "a syslog line"
    hint: ClassVar[str] = (
        "a line is like <34>1 2026-01-01T00:00:00Z host app 42 - - words, or Jan  1 00:00:00 host app: words"
    )

    @classmethod
    def asked(cls, text: str, options: FormatOptions) -> "Syslog":
        """It takes no options."""
        options.refuse("syslog")
        return cls()

    @classmethod
    def fitting(cls, lines: Sequence[bytes]) -> "Syslog | None":
        """Whether the first line is one; where nothing but an ISO time tells of it, it must name its app.

        >>> [Syslog.fitting([b"2026-01-01T00:00:00Z " + line]) is not None for line in (b"host cron: x", b"INFO x")]
        [True, False]
        """
        from streamstat.input.events import decode_bytes, decoder_of
        from streamstat.values.columns import Kind, Need

        events = decode_bytes(decoder_of(cls(), {"app": Need.TEXT}), b"".join(lines[:1]))
        if not events.rows or (lines[0][4:5] == b"-" and events.highest_kind("app") == Kind.NULL):
            return None
        return cls()

    def native(self, fields: list[tuple[str, int]], times: TimeReader) -> BlockDecoder:
        """What decodes fields by their names."""
        return SyslogDecoder(fields, times)
