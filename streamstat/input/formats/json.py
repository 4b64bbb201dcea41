"""JSON in any layout: elements of an array, or objects that follow each other, however they are spread over lines."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from streamstat.common.record import record
from streamstat.input.formats import FormatOptions
from streamstat.kernels import BlockDecoder, JsonRecordEnds, LayoutDecoder, TimeReader

_LARGEST = 1 << 62


@record
class Json:
    """How the records from a place on are read.

    inside: in an array at the top level. column: the characters of its line before the place. seeking: a bad record
    that began at this column has no end yet; -1: there is none.
    """

    noun: ClassVar[str] = "a JSON object"
    heading: ClassVar[bytes] = b""
    hint: ClassVar[str] = (
        'for example [{"ts": "2026-01-01T00:00:00Z", "status": 200}, ...], or objects in a row'
    )

    inside: bool = False
    column: int = 0
    seeking: int = -1

    @classmethod
    def asked(cls, text: str, options: FormatOptions) -> "Json":
        """It takes no options."""
        options.refuse("json")
        return cls()

    @classmethod
    def fitting(cls, lines: Sequence[bytes]) -> "Json | None":
        """Whether the first line begins an array or an object."""
        return cls() if lines and lines[0].lstrip(b" \t")[:1] in (b"[", b"{") else None

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Json":
        """See `Format.from_record`."""
        inside, column, seeking = record["inside"], record["column"], record["seeking"]
        numbers = type(column) is int and type(seeking) is int
        if (
            type(inside) is not bool
            or not numbers
            or not 0 <= column < _LARGEST
            or not -1 <= seeking < _LARGEST
        ):
            raise ValueError("no place in JSON")
        return cls(inside, column, seeking)

    def as_record(self) -> dict[str, Any]:
        """See `Format.as_record`."""
        return {"inside": self.inside, "column": self.column, "seeking": self.seeking}

    def records(self) -> "JsonRecords":
        """A record is an object, or what stands for one."""
        return JsonRecords(self)

    def after(self, content: memoryview) -> "Json":
        """See `Format.after`. `JsonRecords.taken` knows it without a look, also behind a record that was cut off."""
        from streamstat.input.events import padded

        records, size = self.records(), len(content) + 1
        records.end(padded(bytes(content) + b" ").data[:size])  # a number ends where something follows it
        behind = records.taken(size)
        return Json(behind.inside, max(behind.column - 1, 0), behind.seeking)

    def native(self, fields: list[tuple[str, int]], times: TimeReader) -> BlockDecoder:
        """What decodes fields by their paths; ValueError also for a path with too many dots."""
        return LayoutDecoder(fields, times, (self.inside, self.column, self.seeking))


class JsonRecords:
    """Finds the ends of objects in the bytes of an input as they come.

    >>> from streamstat.input.events import padded
    >>> JsonRecords(Json()).end(padded(b'[{"a": {}}, {"a":').data[:17])
    12
    """

    __slots__ = ("_native",)

    def __init__(self, format: Json) -> None:
        self._native = JsonRecordEnds((format.inside, format.column, format.seeking))

    def end(self, content: memoryview) -> int:
        """See `Records.end`; what separates records belongs to those before it."""
        return self._native.end(content)

    def forced_end(self, content: memoryview) -> int:
        """Where reading goes on behind a record that is too long, or all there is: then it is looked for."""
        return self._native.forced_end(content)

    def taken(self, size: int) -> Json:
        """See `Records.taken`."""
        return Json(*self._native.taken(size))
