"""A folder of logs that are written, rotated, copied and deleted, and what is read of them from look to look.

Lines are no JSON, so that a run hands each of them back, byte for byte. Files change at times that a counter gives.
"""

import gzip
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from engine_run import Seen

from streamstat.errors import MissingInputError
from streamstat.plan import Plan
from streamstat.runners.local import LocalRunner
from streamstat.sources.tracking import Tracking

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PACKERS: dict[str, Callable[[bytes], bytes]] = {".gz": gzip.compress, ".zst": zstd.compress}
Scenario: TypeAlias = Callable[["World"], Iterator[None]]
SECOND_NS = 10**9


@dataclass
class World:
    """Logs in a folder. `written` are the lines that somebody wrote and that can be read."""

    folder: Path
    arguments: tuple[str, ...] = ("app.log",)
    written: list[str] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    records: list[dict[str, Any]] = field(default_factory=list)
    clock_ns: int = 1_700_000_000 * SECOND_NS

    def path(self, name: str) -> Path:
        return self.folder / name

    def add(self, name: str, count: int = 3, *, end: bytes = b"\n", text: str | None = None) -> None:
        """Append lines, each different, or all of one text; `end` b"" leaves the last one half-written."""
        lines = [text or f"line {len(self.written) + i}" for i in range(count)]
        self.written += lines
        self.append(name, "\n".join(lines).encode() + end)

    def append(self, name: str, content: bytes) -> None:
        with self.path(name).open("ab") as file:
            file.write(content)
        self.touch(name)

    def touch(self, name: str) -> None:
        """It was changed a second after the last change of any file."""
        self.clock_ns += SECOND_NS
        os.utime(self.path(name), ns=(self.clock_ns, self.clock_ns))

    def move(self, name: str, to: str) -> None:
        self.path(name).rename(self.path(to))

    def pack(self, name: str, to: str | None = None, suffix: str = ".gz", *, keep: bool = False) -> None:
        """Compress as gzip and zstd do: the time of the last change is kept, the original deleted at the end."""
        target, status = self.path(to or name + suffix), self.path(name).stat()
        target.write_bytes(PACKERS[suffix](self.path(name).read_bytes()))
        os.utime(target, ns=(status.st_mtime_ns, status.st_mtime_ns))
        if not keep:
            self.path(name).unlink()

    def copy(self, name: str, to: str) -> None:
        shutil.copyfile(self.path(name), self.path(to))
        self.touch(to)

    def truncate(self, name: str) -> None:
        os.truncate(self.path(name), 0)
        self.touch(name)

    def lose(self, count: int) -> None:
        """The last lines written are in no file any more."""
        del self.written[-count:]

    def delete(self, name: str) -> None:
        self.path(name).unlink()

    def run(self) -> None:
        """One run as cron starts it: from where the one before ended."""
        arguments = [str(self.path(name)) for name in self.arguments]
        tracking = Tracking(arguments, self.records)
        watcher = Seen("UTC")
        plan = Plan(window="all", time="ts", delay="10s")
        runner = LocalRunner(plan.job(), tracking.inputs, watcher, tracking=tracking, block_bytes=64)
        runner.run()
        self.read += [line.decode().rstrip("\n") for line in watcher.bad_lines]
        self.notes += tracking.notes
        self.records = json.loads(json.dumps(tracking.records(runner.positions)))


def by_cron(world: World, scenario: Scenario) -> None:
    """A run at each step, and two more at the end, with nothing new."""
    for _ in scenario(world):
        world.run()
    with suppress(MissingInputError):  # where the last log was deleted
        for _ in range(3):
            world.run()
