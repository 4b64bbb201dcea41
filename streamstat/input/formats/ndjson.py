"""JSON, an object a line: what its native decoder is told, and what messages say of it."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from streamstat.common.record import record
from streamstat.input.blocks.lines import LineRecords
from streamstat.input.formats import FormatOptions
from streamstat.kernels import BlockDecoder, JsonDecoder, TimeReader


@record
class Ndjson:
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

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Ndjson":
        """See `Format.from_record`."""
        return cls()

    def as_record(self) -> dict[str, Any]:
        """There is nothing to be kept."""
        return {}

    def records(self) -> LineRecords:
        """A record is a line."""
        return LineRecords()

    def after(self, content: memoryview) -> "Ndjson":
        """Nothing in a line tells of the next one."""
        return self

    def native(self, fields: list[tuple[str, int]], times: TimeReader) -> BlockDecoder:
        """What decodes fields by their paths; ValueError also for a path with too many dots."""
        return JsonDecoder(fields, times)
