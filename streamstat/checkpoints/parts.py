"""A Parquet report that grows from run to run: a folder of parts, one for each commit that has rows."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from streamstat.checkpoints import files
from streamstat.checkpoints.pending import PendingFile, pending_name
from streamstat.common.errors import CannotCreateError
from streamstat.common.terminal import printable
from streamstat.output.sinks.parquet import ParquetSink
from streamstat.values.columns import ResultField, Rows

ABSENT: dict[str, Any] = {"part": 0, "size": 0, "types": None}
PART = re.compile(r"part-([0-9]{6,})\.parquet")


class PartFolder:
    """A sink. Its record: part, the number of the last part that is committed; size, its bytes; types of its columns.

    A part has a hidden name, which Spark and DuckDB pass over, until the commit that names it stands.
    """

    def __init__(self, path: str | Path, token: str, zone: str, types: Mapping[str, str]) -> None:
        self.path = Path(os.path.abspath(path))  # noqa: PTH100 - Path.absolute keeps the dots
        self.notes: list[str] = []
        self._token, self._zone, self._given = token, zone, types
        self._types: Mapping[str, str] | None = None
        self._fields: tuple[ResultField, ...] = ()
        self._folder: files.Directory | None = None
        self._committed = 0  # number of the last part
        self._size = 0
        self._names_synced = False
        self._part: PendingFile | None = None
        self._sink: ParquetSink | None = None

    def check(self, record: Mapping[str, Any]) -> None:
        """CannotCreateError if there is something that is not ours; nothing is changed."""
        if self.path.is_symlink() or (self.path.exists() and not self.path.is_dir()):
            hint = "under --state a Parquet report is a folder of parts; move it away, or name another"
            raise CannotCreateError(printable(self.path), "is there already and is no folder", hint)
        if not self.path.exists():
            return
        folder = files.open_directory(self.path, follow=False)
        names = folder.names()
        folder.close()
        number = record["part"]
        pending, following = self._pending_name(number), self._pending_name(number + 1)
        named = number - (pending in names)  # parts that have their names
        ours = {pending, following} if number else {following}
        others = [name for name in names if name not in ours and not 1 <= _number(name) <= named]
        if number:  # a folder that we made may hold other things beside
            others = [name for name in others if PART.fullmatch(name)]
        if others:
            problem = f"holds {printable(others[0], 60)}, which this state did not write"
            raise CannotCreateError(printable(self.path), problem, "move it away, or name another folder")

    def check_end(self, record: Mapping[str, Any]) -> None:
        """Nothing is ever behind a part: `check` knows them by their numbers."""

    def recover(self, record: Mapping[str, Any]) -> None:
        """Finish the last commit and remove what a killed run left of the next. After `check`."""
        if files.make_directory(self.path, 0o777) or not record["part"]:
            parent = files.open_directory(self.path.parent, follow=True)
            parent.sync()
            parent.close()
        self._folder = files.open_directory(self.path, follow=False)
        self._committed, self._size, self._types = record["part"], record["size"], record["types"]
        self._folder.remove(self._pending_name(self._committed + 1))
        self._name_part()

    def open(self, fields: tuple[ResultField, ...]) -> None:
        """The columns of every part."""
        self._fields = fields

    def write(self, rows: Rows) -> None:
        """Add rows to the part of the next commit."""
        if self._sink is None:
            assert self._folder is not None
            self._part = PendingFile(self._folder, self._pending_name(self._committed + 1), self.path)
            self._sink = ParquetSink(self._part, self._zone, self._types or self._given)
            self._sink.open(self._fields)
        self._sink.write(rows)

    def prepare(self, metadata: Mapping[str, str]) -> dict[str, Any]:
        """The part is on disk when this returns; the record of the next commit."""
        assert self._folder is not None
        number = self._committed
        if self._sink is not None and self._part is not None:
            self._sink.commit(metadata)
            self._types, self._size, number = self._sink.types, self._part.size, number + 1
            self._names_synced = False
        if not self._names_synced:
            self._folder.sync()
            self._names_synced = True
        return {"part": number, "size": self._size, "types": self._types}

    def publish(self) -> None:
        """The part was committed: it gets its name."""
        if self._sink is not None:
            self._committed += 1
            self._sink = self._part = None
            self._name_part()

    def discard(self) -> None:
        """Leave no part that is not committed."""
        if self._sink is not None:
            self._sink.discard()

    def close(self) -> None:
        """Give back what is held."""
        if self._folder is not None:
            self._folder.close()

    def _pending_name(self, number: int) -> str:
        return pending_name(part_name(number), self._token)

    def _name_part(self) -> None:
        """Give the last committed part its name; a part of that name was read and taken away, or is there already."""
        assert self._folder is not None
        pending, name = self._pending_name(self._committed), part_name(self._committed)
        if self._folder.entry(pending) is None:
            return
        if self._folder.entry(name) is not None:
            problem = "was made by somebody else in the meantime"
            raise CannotCreateError(self._folder.place(name), problem, "move it away and run again")
        self._folder.rename(pending, name)
        self._names_synced = False


def _number(name: str) -> int:
    """Of the part of this name; 0 if it is none."""
    found = PART.fullmatch(name)
    number = int(found[1]) if found else 0
    return number if name == part_name(number) else 0


def part_name(number: int) -> str:
    """The name of a part.

    >>> part_name(12)
    'part-000012.parquet'
    """
    return f"part-{number:06d}.parquet"
