"""The formats that nginx calls log_format: a text in which names with a dollar stand for what a line has there."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from streamstat.common.record import record
from streamstat.input.formats import FormatOptions
from streamstat.input.plain_lines import PlainLines
from streamstat.kernels import BlockDecoder, LogFormatDecoder, TimeReader

_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))", re.ASCII)


@record
class LogFormat(PlainLines):
    """The format of lines written by this log_format, for example `$remote_addr [$time_local] "$request" $status`."""

    text: str

    noun: ClassVar[str] = "a line of the log_format"
    hint: ClassVar[str] = (
        "give it as in nginx.conf: each field ends where the text behind its name stands first, for example "
        "--input '$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent'"
    )

    @classmethod
    def asked(cls, text: str, options: FormatOptions) -> "LogFormat":
        """The text is the log_format; ValueError if it cannot be told where a field ends."""
        options.refuse("a log_format")
        _steps(text)
        return cls(text)

    @classmethod
    def fitting(cls, lines: Sequence[bytes]) -> "LogFormat | None":
        """Never: no line tells by which format it was written."""
        return None

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "LogFormat":
        """See `Format.from_record`."""
        text = record["text"]
        if not isinstance(text, str):
            raise ValueError("a log_format is a text")
        _steps(text)
        return cls(text)

    def as_record(self) -> dict[str, Any]:
        """Its text."""
        return {"text": self.text}

    def native(self, fields: list[tuple[str, int]], times: TimeReader) -> BlockDecoder:
        """What decodes fields by the names in the text; of `request` its four parts."""
        head, steps = _steps(self.text)
        return LogFormatDecoder(head, steps, fields, times)


def _steps(text: str) -> tuple[str, list[tuple[str, str]]]:
    """What stands before the first name; each name and the text behind it.

    >>> _steps("[$time_local] ${status}s")
    ('[', [('time_local', '] '), ('status', 's')])
    """
    head, *found = _VARIABLE.split(text)
    names = [braced or plain for braced, plain in zip(found[::3], found[1::3], strict=True)]
    behind = found[2::3]
    for between in (head, *behind):
        _check_literal(between, text)
    for name, between, following in zip(names, behind, names[1:], strict=False):
        if not between:
            raise ValueError(
                f"{text}: nothing tells where ${name} ends: text must stand between it and ${following}, "
                f"for example a space"
            )
    if not names:
        raise ValueError(f"{text}: a log_format has names in it, for example $remote_addr")
    return head, list(zip(names, behind, strict=True))


def _check_literal(between: str, text: str) -> None:
    if "$" in between:
        raise ValueError(f"{text}: a name must follow each $, for example $status or ${{status}}")
    if "\n" in between or "\r" in between:
        raise ValueError(f"{text}: a record is one line, and so is its log_format: leave out the line break")
    if not between.isascii():
        try:
            between.encode()
        except UnicodeEncodeError:
            raise ValueError(f"{text}: a log_format is written in UTF-8") from None
