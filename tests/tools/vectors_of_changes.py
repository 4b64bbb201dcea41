"""Logs as they are written, and what is read of them: a line for each change."""

from textwrap import dedent

from streamstat.changes import LogOptions
from streamstat.changes.telling import format_told
from tools.change_reading import ReadLog, shown

ID = LogOptions(key=("id",))

NONE = LogOptions()


def read(text: str, options: LogOptions = NONE, told: str | None = None) -> str:
    """All that is read of a log, a line for each change; then the records of which nothing came."""
    lines = [line for line in dedent(text).splitlines() if line]
    name = told or format_told(line.encode() for line in lines)
    assert name is not None
    log = ReadLog(name, options)
    log.block(lines)
    bad = [f"bad {row}: {reason}" for row, reason in zip(log.bad, log.reasons, strict=True)]
    spaces = list(dict.fromkeys(each.space for each in log.changes if each.space >= 0))
    out = [*(shown(each, spaces) for each in log.changes), *(f"filtered {row}" for row in log.filtered), *bad]
    return "\n".join(out)


def is_read(text: str, expected: str, options: LogOptions = NONE, told: str | None = None) -> None:
    assert read(text, options, told) == dedent(expected).strip()
