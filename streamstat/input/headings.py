"""The names of columns that a heading tells: as they are kept, asked for, and written again. Knows no format."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from streamstat.kernels import MOST_COLUMNS

_MARKS = ('"', "\n", "\r", "\ufeff")  # in a cell without quotes they would be read as something else


def kept_names(record: Mapping[str, Any], key: str) -> tuple[str, ...] | None:
    """The names under this key of a format's record, None if none are known; ValueError for anything else."""
    names = record[key]
    if names is None:
        return None
    if not isinstance(names, list) or not 0 < len(names) <= MOST_COLUMNS:
        raise ValueError(f"no names of columns: {str(names)[:40]}")
    return checked_names(names)


def asked_names(names: Sequence[str] | None) -> tuple[str, ...] | None:
    """The names that were asked for; ValueError if there cannot be such columns.

    >>> asked_names(("ts", "status"))
    ('ts', 'status')
    """
    if names is None:
        return None
    if not 0 < len(names) <= MOST_COLUMNS:
        raise ValueError(
            f"from 1 to {MOST_COLUMNS:,} columns can be named, for example --columns ts,status,ms"
        )
    return checked_names(names)


def checked_names(names: Iterable[Any]) -> tuple[str, ...]:
    """Names that UTF-8 can hold; ValueError for anything else."""
    found = tuple(names)
    for name in found:
        if not isinstance(name, str):
            raise ValueError(f"no name of a column: {name!r}")
        name.encode()
    return found


def quoted_heading(names: Sequence[str], separator: str) -> bytes:
    r"""The line of CSV that names these columns.

    >>> quoted_heading(("ts", "a,b", "c"), ",")
    b'ts,"a,b",c\n'
    """
    cells = [_quoted(name) if any(mark in name for mark in (separator, *_MARKS)) else name for name in names]
    if len(cells) == 1 and not cells[0].strip():
        cells = [_quoted(cells[0])]  # else the line would be blank
    return (separator.join(cells) + "\n").encode()


def escaped_heading(names: Sequence[str]) -> bytes:
    r"""The line of TSV that names these columns.

    >>> escaped_heading(("ts", "a\tb"))
    b'ts\ta\\tb\n'
    """
    cells = (name.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n") for name in names)
    return ("\t".join(cells) + "\n").encode()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
