"""What a format is: how the bytes of an input become records, and those columns. One file a format, found by its name.

Begin with `Format`, what a format must be able to do. A format knows nothing of time zones, windows or aggregates, nor
of another format; and nobody names one: an input has the format that was asked for, or that its first bytes tell.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Protocol

from streamstat.common.record import record
from streamstat.common.registry import load
from streamstat.input.decoding import DecodesBlocks
from streamstat.kernels import TimeReader


class Records(Protocol):
    """Finds where records end in the bytes of one input, as they come: each call is shown more of the same bytes.

    Behind `content` stand PADDING bytes more, which may be written.
    """

    def end(self, content: memoryview) -> int:
        """The byte behind the last whole record of `content`, 0 if none ends in it."""

    def forced_end(self, content: memoryview) -> int:
        """Where a record that is too long, and is all of `content`, is cut off as bad; 0: its line is skipped."""

    def taken(self, size: int) -> "Format | None":
        """The first `size` bytes were taken: those behind them come first from now on.

        How they are read, if that is known by now; else `Format.after` is asked.
        """


@record
class FormatOptions:
    """Options that some formats take. separator: one character; columns: the names of a table without a heading."""

    separator: str | None = None
    columns: tuple[str, ...] | None = None

    def refuse(self, name: str) -> None:
        """For a format that takes none of them."""
        for option, given in (("--separator", self.separator), ("--columns", self.columns)):
            if given is not None:
                raise ValueError(f"{name} takes no {option}; for example --input csv {option} ...")


class Format(Protocol):
    """A format: the first class of a file, the file's name is the name of the format.

    A value that tells all that decides how the records from a place on are read, so also what a heading has told.
    """

    noun: ClassVar[str]  # what a record is, in messages
    hint: ClassVar[str]  # how one looks, in messages

    @property
    def heading(self) -> bytes:
        """The line that stands in front of its records, newline included; empty if there is none."""

    @classmethod
    def asked(cls, text: str, options: FormatOptions) -> "Format":
        """What `--input NAME` means, or `NAME:TEXT` if it takes one; ValueError with a hint for what cannot be."""

    @classmethod
    def fitting(cls, lines: Sequence[bytes]) -> "Format | None":
        """The format of an input whose first records are these lines, without their ends; None if it is another."""

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Format":
        """From what `as_record` gave; ValueError for anything else."""

    def as_record(self) -> dict[str, Any]:
        """What it is made from, as JSON can hold it."""

    def records(self) -> Records:
        """What finds the ends of its records."""

    def after(self, content: memoryview) -> "Format":
        """How the records behind these are read."""

    def native(self, fields: list[tuple[str, int]], times: TimeReader) -> DecodesBlocks:
        """What decodes these fields, each a path and how much is needed of it."""


Choose = Callable[[memoryview, bool], Format | None]
"""The format of an input that begins with these bytes; None if more must be seen.

The second one tells that there is no more, or that no more can be held; then there is an answer.
"""


def format_record(format: Format | None) -> list[Any] | None:
    """A format as JSON can hold it.

    >>> from streamstat.input.formats.ndjson import Ndjson
    >>> format_from_record(format_record(Ndjson())) == Ndjson()
    True
    """
    return None if format is None else [name_of(format), format.as_record()]


def format_from_record(record: Any) -> Format | None:
    """From what `format_record` gave; ValueError for anything else."""
    from streamstat.input import formats

    if record is None:
        return None
    try:
        name, settings = record
        kind: type[Format] = load(formats, name)
        return kind.from_record(settings)
    except (KeyError, TypeError) as error:
        raise ValueError(f"no format: {error!r}") from None


def name_of(format: Format) -> str:
    """The name of a format, which is that of its file."""
    return type(format).__module__.rpartition(".")[2]
