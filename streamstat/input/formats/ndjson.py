"""JSON, an object a line: what its native decoder is told, and what messages say of it."""

from collections.abc import Sequence
from typing import ClassVar

from streamstat.common.record import record
from streamstat.input.formats import FormatOptions
from streamstat.input.plain_lines import PlainLines
from streamstat.kernels import BlockDecoder, JsonDecoder, TimeReader


@record
class Ndjson(PlainLines):
    """The format of JSON objects, one a line."""

    noun: ClassVar[str] = "a JSON object"
    hint: ClassVar[str] = 'for example {"ts": 1767225600, "n": 1}'

    @classmethod
    def asked(cls, text: str, options: FormatOptions) -> "Ndjson":
        """It takes no options."""
        options.refuse("ndjson")
        return cls()

    @classmethod
    def fitting(cls, lines: Sequence[bytes]) -> "Ndjson | None":
        """Whether the first record is an object."""
        return cls() if lines and lines[0].lstrip(b" \t")[:1] == b"{" else None

    def native(self, fields: list[tuple[str, int]], times: TimeReader) -> BlockDecoder:
        """What decodes fields by their paths; ValueError also for a path with too many dots."""
        return JsonDecoder(fields, times)
