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
    hint: ClassVar[str] = (
        'a line is one JSON object, for example {"ts": "2026-01-01T00:00:00Z", "status": 200}'
    )

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
