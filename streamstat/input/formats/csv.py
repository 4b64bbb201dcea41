"""CSV as in RFC 4180, with any separator: what its native decoder is told, and what messages say of it."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from streamstat.common.record import record
from streamstat.input.events import padded
from streamstat.input.formats import FormatOptions
from streamstat.input.headings import asked_names, kept_names, quoted_heading
from streamstat.kernels import BlockDecoder, DelimitedDecoder, QuotedRecords, TimeReader

_LEAST_CELLS = 3  # of a record that is taken for CSV
_IN_NUMBERS = "+-."


@record
class Csv:
    """The format of cells behind separators, where quotes may hold newlines.

    names: of the columns; None as long as the heading has not come. headed: whether it is the input that names them.
    """

    noun: ClassVar[str] = "a CSV record"
    hint: ClassVar[str] = (
        "the first record names the columns, for example ts,status,ms; all others have as many cells"
    )

    separator: str = ","
    names: tuple[str, ...] | None = None
    headed: bool = True

    @classmethod
    def asked(cls, text: str, options: FormatOptions) -> "Csv":
        """The format by the options; ValueError if they do not fit it."""
        separator = "," if options.separator is None else separator_of(options.separator)
        return cls(separator, asked_names(options.columns), options.columns is None)

    @classmethod
    def fitting(cls, lines: Sequence[bytes]) -> "Csv | None":
        """The format if the first record has three cells or more and the second one as many.

        >>> Csv.fitting([b"ts;status;ms", b"1;200;3,5"])
        Csv(separator=';', names=None, headed=True)
        """
        content = b"\n".join(lines)
        return next((cls(separator) for separator in ",;" if _is_table(content, separator)), None)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Csv":
        """See `Format.from_record`."""
        return cls(separator_of(record["separator"]), kept_names(record, "names"), record["headed"] is True)

    def as_record(self) -> dict[str, Any]:
        """See `Format.as_record`."""
        names = None if self.names is None else list(self.names)
        return {"separator": self.separator, "names": names, "headed": self.headed}

    @property
    def heading(self) -> bytes:
        """The line that names the columns, if the input has one."""
        return quoted_heading(self.names, self.separator) if self.headed and self.names is not None else b""

    def records(self) -> QuotedRecords:
        """A record ends at a newline that is not in quotes."""
        return QuotedRecords(self.separator)

    def after(self, content: memoryview) -> "Csv":
        """The first record that can be read names the columns."""
        if self.names is not None:
            return self
        names = _decoder(self.separator, None).heading(padded(bytes(content)), 0)
        return self if names is None else Csv(self.separator, tuple(names))

    def native(self, fields: list[tuple[str, int]], times: TimeReader) -> BlockDecoder:
        """See `Format.native`."""
        names = None if self.names is None else list(self.names)
        return DelimitedDecoder(fields, times, self.separator, True, names)


def separator_of(text: object) -> str:
    r"""What was asked for as separator; ValueError if it cannot be one.

    >>> separator_of("\\t") == separator_of("\t") == "\t"
    True
    """
    separator = "\t" if text == "\\t" else text
    if not isinstance(separator, str) or len(separator) != 1 or not separator.isascii():
        raise ValueError(f"{text!r} is not one ASCII character, as ';' is")
    if separator.isalnum() or separator in '"\r\n\0' or separator in _IN_NUMBERS:
        raise ValueError(f"{text!r} may stand in a cell: ',', ';', '|' and '\\t' are separators")
    return separator


def _is_table(content: bytes, separator: str) -> bool:
    """Whether two records have as many cells; of a second one that goes on behind the content, no more."""
    first, second = (*_decoder(separator, None).widths(padded(content), 0, 2), 0, 0)[:2]
    if first < _LEAST_CELLS:
        return False
    if second:
        return first == second
    closed = _decoder(separator, None).widths(padded(content + b'"'), 0, 2)
    return len(closed) == 2 and 0 < closed[1] <= first


def _decoder(separator: str, names: list[str] | None) -> DelimitedDecoder:
    return DelimitedDecoder([], TimeReader(), separator, True, names)
