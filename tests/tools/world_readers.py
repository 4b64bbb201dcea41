"""Readers of a changing world: runs one after another, and one that follows; what they counted, and what is wrong.

The calls that Python makes for a reader go through `os`; while it is at work each of them is told of before it is made.
Files without rights cannot be opened, also by root.
"""

import errno
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from streamstat.common.errors import StreamstatError
from streamstat.engine.ledger import Ledger
from streamstat.engine.strategy import Publication
from streamstat.input.feed import Limits
from streamstat.input.logs.feed import Logs
from streamstat.input.logs.tracking import PATIENCE_FOLLOWING, Tracking
from streamstat.input.sources import Stop
from streamstat.plan.match_options import MatchOptions
from streamstat.plan.meaning import job_of
from streamstat.plan.plan import Plan
from streamstat.plan.search_options import SearchOptions
from streamstat.plan.view_options import ViewOptions
from streamstat.runners import BadPlace, Run
from streamstat.runners.local import LocalRunner
from streamstat.values.columns import ResultField
from tools.changing_world import DELAY_S, WINDOW_S, Changing
from tools.rotation_world import Following, World

CALLS = "stat lstat open fstat close scandir listdir pread readv lseek readlink".split()
PLAN = Plan(window=f"tumbling:{WINDOW_S}s", by=["n"], time="ts", time_unit="s", delay=f"{DELAY_S}s")
EACH = MatchOptions(pattern="each", define="each=True", within=f"{WINDOW_S}s")
# By verb, jobs whose rows have the number of an event and how often it was counted.
ALL = SearchOptions(query="all=True", select=("n=n", "once=1"))
ROWS = ViewOptions(key="n", select="once=1", changelog=True)
JOBS = {
    "run": job_of(PLAN),
    "match": job_of(replace(PLAN, window="tumbling:1m", own=EACH)),
    "search": job_of(replace(PLAN, window="tumbling:1m", by=(), own=ALL)),
    "view": job_of(replace(PLAN, window="tumbling:1m", by=(), agg=(), own=ROWS)),
}


class Calls:
    """Tells `act` the number of each call that a reader is about to make for a file in the folder."""

    def __init__(self, folder: Path, act: Callable[[int], None]) -> None:
        self._folder, self._act = str(folder), act
        self._ours: set[int] = set()  # descriptors
        self._inside = False
        self.made = 0

    def _concerns(self, argument: object) -> bool:
        if isinstance(argument, int):
            return argument in self._ours
        return isinstance(argument, str | os.PathLike) and os.fspath(argument).startswith(self._folder)

    def wrapped(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def called(*arguments: Any, **named: Any) -> Any:
            if self._inside or not arguments or not self._concerns(arguments[0]):
                return function(*arguments, **named)
            self._inside = True
            try:
                self.made += 1
                self._act(self.made)
                if name == "open":
                    self._check_rights(arguments[0])
            finally:
                self._inside = False
            result = function(*arguments, **named)
            if name == "open":
                self._ours.add(result)
            elif name == "close":
                self._ours.discard(arguments[0])
            return result

        return called

    def _check_rights(self, path: str) -> None:
        try:
            mode = os.stat(path).st_mode  # noqa: PTH116
        except OSError:
            return
        if not mode & 0o400:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    @contextmanager
    def told(self) -> Iterator[None]:
        originals = {name: getattr(os, name) for name in CALLS}
        for name, function in originals.items():
            setattr(os, name, self.wrapped(name, function))
        try:
            yield
        finally:
            for name, function in originals.items():
                setattr(os, name, function)


@dataclass
class Counted:
    """A watcher that keeps which events were counted, and which were late."""

    counted: Counter[int] = field(default_factory=Counter)
    late: Counter[int] = field(default_factory=Counter)

    def opened(
        self, of: int, changelog: tuple[ResultField, ...], report: tuple[ResultField, ...]
    ) -> None: ...
    def time_found(self, field: str) -> None: ...
    def format_found(self, input: str, format: str) -> None: ...
    def bad_line(self, place: BadPlace, line: bytes) -> None:
        raise AssertionError(f"{place}: {line!r}")

    def over_long_line(self, place: BadPlace, size: int) -> None:
        raise AssertionError(place)

    def late_line(self, of: int, line: bytes) -> None:
        self.late[int(line.rpartition(b" ")[2].rstrip(b"}\n"))] += 1

    def published(self, publication: Publication) -> None:
        rows = publication.changelog
        for i in range(0 if rows is None else len(rows)):
            assert rows is not None
            self.counted[int(rows.columns[2].numbers[i])] += int(rows.columns[3].numbers[i])

    def heading(self, line: bytes) -> None: ...
    def lost_lines(self, lines: Iterator[bytes]) -> None: ...
    def promised(self, of: int, time: int) -> None: ...
    def too_far_ahead(self, places: Iterator[BadPlace]) -> None: ...
    def progress(self, ledger: Ledger) -> None: ...


@dataclass
class Keeper:
    """A committer that keeps all that goes on from run to run."""

    world: World
    parts: Mapping[str, bytes] = field(default_factory=dict)
    tracking: Tracking | None = None

    def due(self, now: float) -> bool:
        return False

    def commit(self, run: Run) -> None:
        assert self.tracking is not None
        self.parts = run.engine.snapshot()
        self.world.records = json.loads(json.dumps(self.tracking.records(run.positions)))

    def end(self, run: Run) -> None:
        self.commit(run)


Steps = Sequence[Callable[[Changing], None]]


def by_cron(world: Changing, steps: Steps, calls: Calls) -> Counted:
    """A run behind each step, which goes on where the one before ended; at the end all that is open fires."""
    counted, keeper = Counted(), Keeper(world)
    for number, step in enumerate(steps):
        step(world)
        world.settles = number + 3 >= len(steps)
        with calls.told():
            try:
                run_once(world, counted, keeper, flush=number + 1 == len(steps))
            except StreamstatError as error:  # it ends with one line, and the next run goes on
                world.notes.append(str(error))
                continue
        world.see(world.records)
    return counted


def run_once(world: Changing, counted: Counted, keeper: Keeper, flush: bool) -> None:
    keeper.tracking = tracking = Tracking(world.paths, world.records, say=world.notes.append)
    feed = Logs(tracking, Limits(block_bytes=64))
    runner = LocalRunner(JOBS[world.verb], feed, counted, committer=keeper, flush=flush)
    if keeper.parts:
        runner.engine.restore(keeper.parts)
    runner.run()


def by_following(world: Changing, steps: Steps, calls: Calls) -> Counted:
    """One run that follows, with a step before each look, and silence at the end."""
    counted, left = Counted(), list(steps)
    silence = [PATIENCE_FOLLOWING + 4]
    failure: list[BaseException] = []

    def wait(stop: Stop, descriptors: Sequence[int], seconds: float) -> None:
        assert runner.paused.acquire(timeout=60)
        calls._inside = True
        try:
            if tracking.inputs:
                world.see(tracking.records(runner.positions))
            if left:
                left.pop(0)(world)
                world.settles = len(left) <= 2
            else:
                silence[0] -= 1
        except BaseException as error:
            failure.append(error)
        finally:
            calls._inside = False
        if failure or silence[0] < 0:
            stop.ask()

    left.pop(0)(world)
    with calls.told():
        tracking = Tracking(world.paths, follow=True, say=world.notes.append)
        runner = Following(JOBS[world.verb], Logs(tracking, Limits(block_bytes=64), wait), counted)
        runner.run()
    if failure:
        raise failure[0]
    return counted


MODES = {"cron": by_cron, "following": by_following}


def problem(world: Changing, counted: Counted) -> str | None:
    """What is wrong with what was read; None: nothing."""
    written = Counter(number for number, _ in world.events)
    read = counted.counted + counted.late
    if twice := read - written - world.again:
        return f"twice: {sorted(twice)}"
    missing = written - world.unasked - read
    if missing and not (world.lossy and world.notes):
        return f"lost: {sorted(missing)}; told: {world.notes}"
    if not (world.lossy or world.changed_at_first) and counted.late != world.expected_late:
        return f"late: {sorted(counted.late)}, expected {sorted(world.expected_late)}"
    false = [note for note in world.notes if "not read" in note or "truncated" in note]
    return f"told: {false}" if false and not world.lossy else None
