"""The rows of saved reports, as their format has them. Knows no files."""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import IO, Any

from streamstat.output.saved.cells import Cell, Spelt

_LONGEST_CELL = 64 << 20
_CALCULATED = ("=", "+", "-", "@", "\t", "\r")  # by a spreadsheet, so that a quote stands in front
_ESCAPED_LETTER = re.compile(r"\\(.)")
_PROMISE = {"watermark"}
_NO_NAMES = ("has no line of names", "make it without --no-header, or as .parquet")
_OTHER = ("is no report that can be read", "draw a .csv, .ndjson or .parquet")


class NoReportError(Exception):
    """A file that is no report: what is wrong with it, and what helps."""

    def __init__(self, problem: str, hint: str) -> None:
        self.problem, self.hint = problem, hint
        super().__init__(problem)


def of_text(lines: IO[str]) -> Iterator[Mapping[str, Cell]]:
    """Rows of CSV, TSV, NDJSON or of one JSON array, told by the first line."""
    first = next((line for line in lines if line.strip()), "")
    rest = chain([first], lines)
    if first.startswith("{"):
        yield from _objects(rest)
    elif first.startswith("["):
        yield from _objects(_entries(rest))
    elif "\t" in first:
        yield from _table(list(map(_unescaped, line.rstrip("\r\n").split("\t"))) for line in rest)
    elif first:
        csv.field_size_limit(_LONGEST_CELL)
        yield from _table([_unquoted(cell) for cell in row] for row in csv.reader(rest, strict=True))


def of_parquet(file: Any) -> Iterator[Mapping[str, Cell]]:
    """Rows of Parquet: times as such, `histogram` and `top` as lists of lists."""
    import pyarrow.parquet as pq

    for batch in pq.ParquetFile(file).iter_batches():
        for row in batch.to_pylist():
            yield {name: _plain(cell) for name, cell in row.items() if not isinstance(cell, bytes)}


def _objects(lines: Iterable[str]) -> Iterator[Mapping[str, Cell]]:
    for line in lines:
        if line.strip():
            found = json.loads(line)
            if not isinstance(found, dict):
                raise NoReportError(*_OTHER)
            if found.keys() != _PROMISE:
                yield found


def _entries(lines: Iterable[str]) -> Iterator[str]:
    """The objects of an array that has one a line, as this program writes it."""
    for line in lines:
        text = line.strip().rstrip(",")
        if text not in ("[", "]", "[]"):
            yield text


def _table(rows: Iterator[list[str]]) -> Iterator[Mapping[str, Cell]]:
    names = next(rows)
    if len(set(names)) < len(names) or not all(name and not name[0].isdigit() for name in names):
        raise NoReportError(*_NO_NAMES)
    for row in rows:
        if len(row) != len(names):
            raise NoReportError(*_OTHER)
        yield {name: Spelt(cell) if cell else None for name, cell in zip(names, row, strict=True)}


def _unquoted(cell: str) -> str:
    """Without the quote that keeps a spreadsheet from calculating.

    >>> _unquoted("'=1+1"), _unquoted("'tis")
    ('=1+1', "'tis")
    """
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_CALCULATED) else cell


def _unescaped(cell: str) -> str:
    r"""A cell of TSV as the text that it is.

    >>> _unescaped(r"a\tb\\n")
    'a\tb\\n'
    """
    return _ESCAPED_LETTER.sub(lambda found: {"t": "\t", "n": "\n", "r": "\r"}.get(found[1], found[1]), cell)


def _plain(cell: Cell) -> Cell:
    """A list of structs as a list of lists; all else as it is."""
    if isinstance(cell, list):
        return [list(entry.values()) if isinstance(entry, dict) else entry for entry in cell]
    return cell
