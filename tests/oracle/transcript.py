"""Transcripts: what goes in, how far the watermark comes, what comes out, step by step.

A file holds `about`, `command` (options, no inputs), `since` (the part it needs, where that came later),
`[[step]]`s with `input` (lines), `file` (a new name begins the next input), `watermark` (after the step;
"-inf" before anything) and `expect` (the changelog's rows of this step, CSV without header), and `[end]`
with `expect`, `report` and `ledger`. Fed one by one or all together, steps give the same rows in order.
"""

import json
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

_CELL = re.compile(r'(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)')


@dataclass(frozen=True)
class Step:
    input: str
    file: str = "-"
    watermark: str | None = None
    expect: str = ""

    @property
    def data(self) -> bytes:
        return self.input.encode()


@dataclass(frozen=True)
class End:
    expect: str = ""
    report: str | None = None
    ledger: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Transcript:
    name: str
    about: str
    command: list[str]
    steps: list[Step]
    end: End
    since: str | None = None

    @property
    def inputs(self) -> list[bytes]:
        """The bytes of each input, in order."""
        names = list(dict.fromkeys(step.file for step in self.steps))
        return [b"".join(step.data for step in self.steps if step.file == name) for name in names]

    @property
    def rows(self) -> str:
        """All rows of the changelog."""
        return "".join(step.expect for step in self.steps) + self.end.expect


def load(path: Path) -> Transcript:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    steps = [Step(**step) for step in data.pop("step")]
    return Transcript(path.stem, steps=steps, end=End(**data.pop("end")), **data)


def load_all(folder: Path) -> list[Transcript]:
    return [load(path) for path in sorted(folder.glob("*.toml"))]


def cells(text: str) -> list[list[object]]:
    """CSV rows for comparison: null is None, lists are parsed, everything else is its text.

    >>> cells('a,,"",[1.0]\\n')
    [['a', None, '', [1.0]]]
    """
    rows: list[list[object]] = []
    row: list[object] = []
    for match in _CELL.finditer(text):
        quoted, plain, end = match.groups()
        cell = plain or None if quoted is None else quoted.replace('""', '"')
        row.append(json.loads(cell) if cell is not None and cell.startswith("[") else cell)
        if end == "\n":
            rows.append(row)
            row = []
    return rows
