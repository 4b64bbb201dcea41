"""The W3C extended log format of IIS and CloudFront: what its native decoder is told, and what messages say of it."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from streamstat.common.record import record
from streamstat.input.blocks.lines import LineRecords
from streamstat.input.formats import FormatOptions
from streamstat.input.headings import asked_names, kept_names
from streamstat.kernels import BlockDecoder, TimeReader, W3cDecoder, last_w3c_names


@record
class W3c:
    """The format of lines whose columns a line `#Fields:` names; `names` are those that hold at a place, if any do."""

    noun: ClassVar[str] = "a line of a W3C log"
    heading: ClassVar[bytes] = b""
    hint: ClassVar[str] = (
        "a line like #Fields: date time sc-status names the columns, and those behind it have as many cells"
    )

    names: tuple[str, ...] = ()

    @classmethod
    def asked(cls, text: str, options: FormatOptions) -> "W3c":
        """The format by the options, with columns as if `#Fields:` had named them; ValueError if they do not fit it."""
        if options.separator is not None:
            raise ValueError(
                "w3c has spaces or tabs between cells: for another separator write -i csv --separator ';'"
            )
        return cls(asked_names(options.columns) or ())

    @classmethod
    def fitting(cls, lines: Sequence[bytes]) -> "W3c | None":
        """The format if the first record begins with #."""
        return cls() if lines and lines[0].startswith(b"#") else None

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "W3c":
        """See `Format.from_record`."""
        return cls(kept_names(record, "names") or ())

    def as_record(self) -> dict[str, Any]:
        """See `Format.as_record`."""
        return {"names": list(self.names) or None}

    def records(self) -> LineRecords:
        """A record is a line."""
        return LineRecords()

    def after(self, content: memoryview) -> "W3c":
        """The last `#Fields:` names the columns."""
        names = last_w3c_names(content)
        return self if names is None or tuple(names) == self.names else W3c(tuple(names))

    def native(self, fields: list[tuple[str, int]], times: TimeReader) -> BlockDecoder:
        """See `Format.native`."""
        return W3cDecoder(fields, times, list(self.names))
