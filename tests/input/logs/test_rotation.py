"""Logs that are rotated by whatever scheme: every line is read once and in order, and nothing is told."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from random import Random

import pytest
from tools import rotation_contents, rotation_names
from tools.rotation_world import GLOB, MODES, Scenario, World, by_cron, scenarios_of

FORMATS = ("ndjson", "csv", "tsv", "cri", "logfmt")  # with and without a heading, of lines and of more
EXACT = scenarios_of(rotation_names) | scenarios_of(rotation_contents)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", EXACT)
def test_every_line_is_read_once_and_in_order(name: str, mode: str, format: str, tmp_path: Path) -> None:
    world = World(tmp_path, format=format)
    MODES[mode](world, EXACT[name])
    assert (world.read, world.notes) == (world.written, [])


def history(random: Random) -> Scenario:
    """Forty things that happen to a log: lines, halves of lines, rotation of every kind, and looks at any moment."""

    def rotate(world: World) -> None:
        """Shift the numbers; compress at once, one rotation later, or never."""
        numbers = range(9, 0, -1)
        for number, suffix in product(numbers, ("", ".gz")):
            if world.path(f"app.log.{number}{suffix}").exists():
                world.move(f"app.log.{number}{suffix}", f"app.log.{number + 1}{suffix}")
        world.move("app.log", "app.log.1")
        compressed = random.choice([None, 1, 2])
        if compressed is not None and world.path(f"app.log.{compressed}").exists():
            world.pack(f"app.log.{compressed}")

    def scenario(world: World) -> Iterator[None]:
        world.arguments = random.choice([("app.log",), GLOB])
        whole = True
        world.add("app.log")
        yield
        for _ in range(40):
            happens = random.choice(["lines", "lines", "half", "rotate", "look", "look"])
            if happens == "look":
                yield
            elif happens == "rotate" and whole:
                rotate(world)
                if random.random() < 0.3:
                    yield
                world.add("app.log")
            elif not whole:
                world.append("app.log", b"\n")
                whole = True
            else:
                whole = happens != "half"
                world.add("app.log", random.randrange(1, 40), end=b"\n" if whole else b"")
        if not whole:
            world.append("app.log", b"\n")
        yield

    return scenario


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("seed", range(30))
def test_histories(seed: int, mode: str, tmp_path: Path) -> None:
    world = World(tmp_path)
    MODES[mode](world, history(Random(seed)))
    assert (world.read, world.notes) == (world.written, [])


@pytest.mark.parametrize("seed", range(30))
def test_histories_of_runs_that_are_interrupted(seed: int, tmp_path: Path) -> None:
    random = Random(seed)
    world = World(tmp_path, interrupts=lambda: random.randrange(1, 60))
    by_cron(world, history(Random(1000 + seed)))
    assert sorted(world.read) == sorted(world.written)
    assert world.notes == []
