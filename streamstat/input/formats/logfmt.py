"""logfmt: lines of key=value."""

import re
from collections.abc import Sequence
from typing import ClassVar

from streamstat.common.record import record
from streamstat.input.events import decode_bytes, decoder_of
from streamstat.input.formats import FormatOptions
from streamstat.input.plain_lines import PlainLines
from streamstat.kernels import BlockDecoder, LogfmtDecoder, TimeReader

_TELLING_PAIRS = 3
_KEY_AND_VALUE = re.compile(rb'[^\0- =]+=(?:"(?:[^"\\]|\\.)*"|[^\0- ]*)')


@record
class Logfmt(PlainLines):
    """The format of key=value, as many as a line has."""

    noun: ClassVar[str] = "a line of key=value"
    hint: ClassVar[str] = 'a line is like time=2026-01-01T00:00:00Z level=info msg="took long" ms=12.5'

    @classmethod
    def asked(cls, text: str, options: FormatOptions) -> "Logfmt":
        """It takes no options."""
        options.refuse("logfmt")
        return cls()

    @classmethod
    def fitting(cls, lines: Sequence[bytes]) -> "Logfmt | None":
        """Whether the first record has pairs enough to be no other text."""
        if not lines or len(_KEY_AND_VALUE.findall(lines[0])) < _TELLING_PAIRS:
            return None
        return cls() if decode_bytes(decoder_of(cls(), {}), lines[0]).rows else None

    def native(self, fields: list[tuple[str, int]], times: TimeReader) -> BlockDecoder:
        """What decodes fields by their names."""
        return LogfmtDecoder(fields, times)
