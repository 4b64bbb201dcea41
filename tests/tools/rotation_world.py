"""A folder of logs that are written, rotated, copied and deleted, and what is read of them from look to look.

Lines are no records of any format, so that a run hands each of them back, byte for byte. Files change at times that a
counter gives.
"""

import gzip
import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Semaphore
from types import ModuleType
from typing import Any, TypeAlias

from streamstat.common.errors import InputError
from streamstat.input.blocks.items import Pause
from streamstat.input.detection import asked, choice
from streamstat.input.feed import Limits
from streamstat.input.formats import FormatOptions
from streamstat.input.logs.feed import Logs
from streamstat.input.logs.tracking import PATIENCE_FOLLOWING, Tracking
from streamstat.input.sources import Stop
from streamstat.plan.meaning import job_of
from streamstat.plan.plan import Plan
from streamstat.runners import BadPlace
from streamstat.runners.local import LocalRunner
from tools.engine_run import Seen
from tools.packers import zstd
from tools.written_formats import WRITTEN

PACKERS: dict[str, Callable[[bytes], bytes]] = {".gz": gzip.compress, ".zst": zstd.compress}
Scenario: TypeAlias = Callable[["World"], Iterator[None]]
GLOB = ("app.log*",)
SECOND_NS = 10**9
JOB = job_of(Plan(window="all", time="ts", delay="10s"))


@dataclass
class World:
    """Logs in a folder. `written` are the lines that somebody wrote and that can be read."""

    folder: Path
    arguments: tuple[str, ...] = ("app.log",)
    written: list[str] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    records: list[dict[str, Any]] = field(default_factory=list)
    interrupts: Callable[[], int] | None = None  # after how many lines a run is stopped
    clock_ns: int = 1_700_000_000 * SECOND_NS
    format: str = "ndjson"

    def path(self, name: str) -> Path:
        return self.folder / name

    def add(self, name: str, count: int = 3, *, end: bytes = b"\n", text: str | None = None) -> None:
        """Append lines, each different, or all of one text; `end` b"" leaves the last one half-written."""
        lines = [text or f"line {len(self.written) + i}" for i in range(count)]
        self.written += lines
        self.append(name, "\n".join(lines).encode() + end)

    def append(self, name: str, content: bytes) -> None:
        """Behind what is there; a file that has nothing yet begins with the heading that its format has."""
        with self.path(name).open("ab") as file:
            file.write(content if file.tell() else WRITTEN[self.format].heading.encode() + content)
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
        tracking = Tracking(self.paths, self.records)
        reader = Reader(self)
        runner = LocalRunner(JOB, Logs(tracking, self.limits), reader)
        if self.interrupts is not None:
            reader.stop, reader.lines_left = runner.stop, self.interrupts()
        with suppress(InputError):  # as the lines here are no events
            runner.run()
        self.remember(tracking, runner)

    @property
    def limits(self) -> Limits:
        """Small blocks of the format."""
        choose = choice(asked(WRITTEN[self.format].input, FormatOptions()), growing=True)
        return Limits(block_bytes=64, choose=choose)

    @property
    def paths(self) -> list[str]:
        return [str(self.path(name)) for name in self.arguments]

    def remember(self, tracking: Tracking, runner: LocalRunner) -> None:
        """Keep what the next run is given."""
        self.notes += tracking.notes
        self.records = json.loads(json.dumps(tracking.records(runner.positions)))


class Reader(Seen):
    """A watcher that hands the lines to a world."""

    def __init__(self, world: World) -> None:
        super().__init__("UTC")
        self._world = world
        self.lines_left = 0
        self.stop: Callable[[], object] = world.folder.exists

    def bad_line(self, place: BadPlace, line: bytes) -> None:
        self.lines_left -= 1
        if self.lines_left == 0:
            self.stop()
        self._world.read.append(line.decode().rstrip("\n"))


class Following(LocalRunner):
    """A run that tells when it has taken in all that was read before a pause."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.paused = Semaphore(0)

    def _pause(self, pause: Pause) -> None:
        super()._pause(pause)
        self.paused.release()


class Script:
    """Makes the steps of a scenario where a run that follows would wait for something to happen."""

    def __init__(self, scenario: Iterator[None], more_rounds: int) -> None:
        self.scenario, self._more_rounds = scenario, more_rounds
        self.failure: BaseException | None = None
        self.runner: Following

    def wait(self, stop: Stop, descriptors: Sequence[int], seconds: float) -> None:
        """The next step, once all is taken in; after the last one a few rounds of silence, then the stop."""
        assert self.runner.paused.acquire(timeout=60)
        try:
            if next(self.scenario, self) is self:
                self._more_rounds -= 1
        except BaseException as failure:
            self.failure, self._more_rounds = failure, -1
        if self._more_rounds < 0:
            stop.ask()


def by_following(world: World, scenario: Scenario) -> None:
    """One run that follows, with a step of the scenario before each look, and silence at the end."""
    script = Script(scenario(world), PATIENCE_FOLLOWING + 4)
    next(script.scenario, None)
    tracking = Tracking(world.paths, follow=True)
    feed = Logs(tracking, world.limits, script.wait)
    script.runner = Following(JOB, feed, Reader(world))
    script.runner.run()
    if script.failure is not None:
        raise script.failure
    world.remember(tracking, script.runner)


def by_cron(world: World, scenario: Scenario) -> None:
    """A run at each step, and two more at the end, with nothing new."""
    for _ in scenario(world):
        world.run()
    world.interrupts = None
    for _ in range(3):
        world.run()


MODES = {"cron": by_cron, "following": by_following}


def scenarios_of(module: ModuleType) -> dict[str, Scenario]:
    """All functions written in a module, by name."""
    return {
        name: each
        for name, each in vars(module).items()
        if getattr(each, "__module__", "") == module.__name__
    }
