"""A command run in this process, by itself or by Spark, with all that can be seen of it."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.parquet

from streamstat.commands.configured import settings
from streamstat.commands.parser import parse
from streamstat.commands.run import Command
from streamstat.commands.verbs import VERBS
from streamstat.common.errors import StreamstatError

STATS = "stats-of-the-run.json"
STDIN = "input"  # the file that is read in place of stdin, which tasks could not read


@dataclass
class Outcome:
    """What a run has left: files (but for those that it was given), figures but for seconds, words, and its code."""

    code: int = 0
    said: list[str] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    stats: dict[str, Any] = field(default_factory=dict)


def command_of(words: Sequence[str], say: Callable[[str], None] = print) -> Command:
    """`streamstat run` with these words."""
    found: list[Command] = []

    def of_words(**given: Any) -> int:
        typed = {name: value for name, value in given.items() if value is not None}
        named = typed.get("inputs") or ["-"]
        typed["inputs"] = [STDIN if each == "-" else each for each in named]
        config = typed.pop("config", None)
        found.append(Command(settings(VERBS["run"], typed, config), say, None))
        return 0

    parse(["run", *words], {"run": of_words})
    return found[0]


def run_here(words: Sequence[str], folder: Path) -> Outcome:
    """`streamstat run` with these words in the present folder, whose rows go to files."""
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
    outcome = Outcome()

    try:
        command_of([*words, "--stats", STATS], outcome.said.append).run()
    except StreamstatError as error:
        outcome.code = int(error.exit_code)
        outcome.said.append(str(error))
    for path in sorted(folder.rglob("*")):
        if path.is_file() and before.get(path) != path.stat().st_mtime_ns:
            outcome.files[str(path.relative_to(folder))] = _content(path)
            path.unlink()
    if (stats := outcome.files.pop(STATS, None)) is not None:
        outcome.stats = {name: each for name, each in json.loads(stats).items() if name != "seconds"}
    return outcome


def _content(path: Path) -> bytes:
    """Of a Parquet file its rows: what else is in it tells how it was asked for."""
    if path.suffix != ".parquet":
        return path.read_bytes()
    table = pyarrow.parquet.read_table(path).replace_schema_metadata()
    return str(table.schema).encode() + repr(table.to_pylist()).encode()
