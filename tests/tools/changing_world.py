"""Logs that change under a reader: an ordinary change of the world before any system call of a look or a turn.

A `Changing` world knows what was written, and in which order; `world_readers` has those who read it.
"""

import gzip
import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

from streamstat.values.columns import PLUS_INFINITY
from tools.rotation_world import World

DELAY_S, WINDOW_S = 5, 10
Change = Callable[["Changing"], None]
# By verb, from which watermark on an event of a time is late.
CLOSED: dict[str, Callable[[int], int]] = {
    "run": lambda time: (time // WINDOW_S + 1) * WINDOW_S,
    "match": lambda time: time + 1,
    "search": lambda time: PLUS_INFINITY,
    "view": lambda time: PLUS_INFINITY,
}


class Changing(World):
    """A world of events: each line has a number of its own and a time that mostly grows."""

    def __init__(self, folder: Path, arguments: tuple[str, ...], random: Random, verb: str = "run") -> None:
        super().__init__(folder, arguments)
        self.random, self.now, self.verb = random, 1000, verb
        self.events: list[tuple[int, int]] = []  # number and time, in the order of writing
        self.lossy = False  # whether something was done that no reader can be sure to have seen through
        self.again: Counter[int] = Counter()  # numbers that may be read once more, and need not
        self.unasked: Counter[int] = Counter()  # in no file that was named when the log was first seen
        self.begun = self.changed_at_first = self.settles = False
        self.seen: dict[tuple[int, int], int] = {}  # files, and how far they were read

    def change(self, change: Change) -> None:
        """Unless the history is about to end: then a reader has to see all of it."""
        if not self.settles:
            self.changed_at_first = self.changed_at_first or not self.begun
            change(self)

    def see(self, records: Sequence[Mapping[str, Any]]) -> None:
        """A reader has read so much; what arguments do not name at the first time, nobody has asked for."""
        read = {record["inode"]: record["position"] for record in records if record["position"]}
        paths = [path for path in self.folder.iterdir() if path.stat().st_ino in read]
        self.seen = {known_by(path): read[path.stat().st_ino] for path in paths}
        if not self.begun:
            self.begun = True
            named = {path for argument in self.arguments for path in self.folder.glob(argument)}
            there = Counter(number for path in named for number in numbers_in(path))
            self.unasked = Counter(number for number, _ in self.events) - there

    def write(self, name: str, count: int = 3) -> None:
        """Append events, some of which come late."""
        lines = []
        for _ in range(count):
            self.now += self.random.randrange(1, 6)
            time = self.now - self.random.choice((0, 0, 0, 3, 40))
            lines.append(f'{{"ts": {time}, "n": {len(self.events)}}}\n')
            self.events.append((len(self.events), time))
        self.append(name, "".join(lines).encode())

    def exists(self, name: str) -> bool:
        return self.path(name).exists()

    @property
    def expected_late(self) -> Counter[int]:
        """What is late where every line is read once, and in order."""
        return late_among(self.events, CLOSED[self.verb])


def late_among(
    events: Sequence[tuple[int, int]], closed: Callable[[int], int] = CLOSED["run"]
) -> Counter[int]:
    """The numbers of those events that are late in a log of them alone."""
    late: Counter[int] = Counter()
    newest = None
    for number, time in events:
        if newest is not None and closed(time) <= newest - DELAY_S:
            late[number] += 1
        newest = time if newest is None else max(newest, time)
    return late


def known_by(path: Path) -> tuple[int, int]:
    """A file and its first event: the number of its inode alone is soon given to the next one."""
    return path.stat().st_ino, next(iter(numbers_in(path)), -1)


def numbers_in(path: Path) -> list[int]:
    content = path.read_bytes()
    lines = (gzip.decompress(content) if path.suffix == ".gz" else content.rstrip(b"\0")).splitlines()
    return [int(line.rpartition(b" ")[2].rstrip(b"}")) for line in lines]


def shift(world: Changing) -> None:
    for number in range(20, 0, -1):
        for suffix in ("", ".gz"):
            if world.exists(f"app.log.{number}{suffix}"):
                world.move(f"app.log.{number}{suffix}", f"app.log.{number + 1}{suffix}")


def rename_chain(world: Changing) -> None:
    """What logrotate does, and the writer goes on in a new file."""
    shift(world)
    if world.exists("app.log"):
        world.move("app.log", "app.log.1")
    world.write("app.log")


def rename_chain_and_gzip(world: Changing) -> None:
    rename_chain(world)
    gzip_rotated(world)


def gzip_rotated(world: Changing) -> None:
    for number in (2, 1):
        name = f"app.log.{number}"
        if world.exists(name) and os.access(world.path(name), os.R_OK):
            world.pack(name)
            return


def created_without_rights(world: Changing) -> None:
    rename_chain(world)
    world.path("app.log").chmod(0)


def forbidden(world: Changing) -> None:
    if world.exists("app.log"):
        world.path("app.log").chmod(0)


def clock_set_back(world: Changing) -> None:
    """An hour, and two rotations."""
    world.clock_ns -= 3600 * 10**9
    rename_chain(world)
    rename_chain(world)


def deleted(world: Changing) -> None:
    """Of a file that came and went between two looks nobody can know."""
    for name in ("app.log.1", "app.log"):
        if world.exists(name) and known_by(world.path(name)) in world.seen:
            world.lossy = True
            world.delete(name)
            return


def copied_and_truncated(world: Changing) -> None:
    if world.exists("app.log"):
        world.lossy = True
        shift(world)
        world.copy("app.log", "app.log.1")
        world.truncate("app.log")
        world.write("app.log")


def replaced_by_a_shorter_one(world: Changing) -> None:
    """In place, by the first half of what was read: that is there again, and what else was written is gone."""
    size = world.seen.get(known_by(world.path("app.log"))) if world.exists("app.log") else None
    if size is not None:
        world.lossy = True
        lines = world.path("app.log").read_bytes()[:size].splitlines(keepends=True)
        world.path("app.log").write_bytes(b"".join(lines[: len(lines) // 2]))
        world.touch("app.log")
        world.again += Counter(numbers_in(world.path("app.log")))


EXACT: tuple[Change, ...] = (
    rename_chain,
    rename_chain_and_gzip,
    gzip_rotated,
    created_without_rights,
    forbidden,
    clock_set_back,
)
LOSSY: tuple[Change, ...] = (deleted, copied_and_truncated, replaced_by_a_shorter_one)
