"""TSV, cells behind tabs: what its native decoder is told, and what messages say of it."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from streamstat.common.record import record
from streamstat.input.blocks.lines import LineRecords
from streamstat.input.events import padded
from streamstat.input.formats import FormatOptions
from streamstat.input.headings import asked_names, escaped_heading, kept_names
from streamstat.kernels import BlockDecoder, DelimitedDecoder, TimeReader

_LEAST_TABS = 2  # of a record that is taken for TSV


@record
class Tsv:
    """The format of cells behind tabs, in which a backslash escapes tabs, newlines and itself.

    names: of the columns; None as long as the heading has not come. headed: whether it is the input that names them.
    """

    noun: ClassVar[str] = "a TSV record"
    hint: ClassVar[str] = "the first line names the columns, with tabs between; all others have as many cells"

    names: tuple[str, ...] | None = None
    headed: bool = True

    @classmethod
    def asked(cls, text: str, options: FormatOptions) -> "Tsv":
        """The format by the options; ValueError if they do not fit it."""
        if options.separator is not None:
            raise ValueError("tsv has tabs between cells: for another separator write -i csv --separator ';'")
        return cls(asked_names(options.columns), options.columns is None)

    @classmethod
    def fitting(cls, lines: Sequence[bytes]) -> "Tsv | None":
        """The format if the first record has two tabs or more."""
        return cls() if lines and lines[0].count(b"\t") >= _LEAST_TABS else None

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Tsv":
        """See `Format.from_record`."""
        return cls(kept_names(record, "names"), record["headed"] is True)

    def as_record(self) -> dict[str, Any]:
        """See `Format.as_record`."""
        return {"names": None if self.names is None else list(self.names), "headed": self.headed}

    @property
    def heading(self) -> bytes:
        """The line that names the columns, if the input has one."""
        return escaped_heading(self.names) if self.headed and self.names is not None else b""

    def records(self) -> LineRecords:
        """A record is a line."""
        return LineRecords()

    def after(self, content: memoryview) -> "Tsv":
        """The first record that can be read names the columns."""
        if self.names is not None:
            return self
        decoder = DelimitedDecoder([], TimeReader(), "\t", False, None)
        names = decoder.heading(padded(bytes(content)), 0)
        return self if names is None else Tsv(tuple(names))

    def native(self, fields: list[tuple[str, int]], times: TimeReader) -> BlockDecoder:
        """See `Format.native`."""
        names = None if self.names is None else list(self.names)
        return DelimitedDecoder(fields, times, "\t", False, names)
