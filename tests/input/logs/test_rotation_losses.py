"""Logs that are truncated, copied and deleted: every line that is there is read once, and what is lost is told."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tools.rotation_world import GLOB, MODES, Scenario, World

TOLD: dict[str, tuple[Scenario, tuple[str, ...], bool]] = {}


def told(*notes: str, unless_followed: bool = False) -> Callable[[Scenario], Scenario]:
    """Every line that can be read is, once, and what cannot be exact is said.

    unless_followed: a run that holds the file open knows its end, and has nothing to tell.
    """

    def add(scenario: Scenario) -> Scenario:
        TOLD[scenario.__name__] = scenario, notes, unless_followed
        return scenario

    return add


@told("app.log: truncated or written anew")
def truncated_and_grown(world: World) -> Iterator[None]:
    world.add("app.log", 9)
    yield
    world.truncate("app.log")
    world.add("app.log")
    yield


@told("app.log: truncated or written anew; if more was written behind byte 21")
def truncated_and_grown_beyond_the_place_reached(world: World) -> Iterator[None]:
    world.add("app.log")
    yield
    world.add("app.log", 2)
    world.lose(2)
    world.truncate("app.log")
    world.add("app.log", 90)
    yield


@told("app.log: truncated or written anew")
def truncated_and_grown_to_just_the_same_size(world: World) -> Iterator[None]:
    world.add("app.log")
    yield
    world.truncate("app.log")
    world.add("app.log")
    yield


@told("app.log.1 and truncated; lines written between copy and truncation are lost")
def copied_and_truncated(world: World) -> Iterator[None]:
    world.add("app.log")
    yield
    world.add("app.log")
    world.copy("app.log", "app.log.1")
    world.truncate("app.log")
    world.add("app.log")
    yield


@told("app.log.1 and truncated")
def copied_and_truncated_and_named(world: World) -> Iterator[None]:
    world.arguments = GLOB
    world.add("app.log")
    yield
    world.add("app.log")
    world.copy("app.log", "app.log.1")
    world.truncate("app.log")
    world.add("app.log")
    yield


@told("app.log.1 and truncated", "app.log: begins with 49 NULs, as if truncated under its writer: skipped")
def copied_and_truncated_under_a_writer_that_keeps_its_place(world: World) -> Iterator[None]:
    world.add("app.log")
    yield
    world.add("app.log", 4)
    world.copy("app.log", "app.log.1")
    world.truncate("app.log")
    os.truncate(world.path("app.log"), 49)
    world.add("app.log")
    yield
    world.add("app.log")
    yield


@told("app.log: truncated", "app.log: begins with 5368709120 NULs")
def truncated_under_a_writer_that_keeps_its_place_far_behind(world: World) -> Iterator[None]:
    world.add("app.log")
    yield
    world.truncate("app.log")
    yield
    os.truncate(world.path("app.log"), 5 << 30)
    yield
    world.add("app.log")
    yield


@told("app.log.1: left out, because it is a copy of", "app.log.1 and truncated")
def copied_a_look_before_it_was_truncated(world: World) -> Iterator[None]:
    world.arguments = GLOB
    world.add("app.log")
    yield
    world.add("app.log")
    world.copy("app.log", "app.log.1")
    yield
    world.truncate("app.log")
    yield
    world.add("app.log")
    yield


@told("app.log.2.gz and truncated")
def copied_truncated_and_compressed(world: World) -> Iterator[None]:
    world.add("app.log")
    yield
    world.add("app.log", 200)
    world.copy("app.log", "app.log.2")
    world.pack("app.log.2")
    world.truncate("app.log")
    world.add("app.log")
    yield


@told("app.log: gone; if more was written behind byte 21, it was not read", unless_followed=True)
def deleted(world: World) -> Iterator[None]:
    world.add("app.log")
    yield
    world.delete("app.log")
    yield


@told("app.log: gone", unless_followed=True)
def deleted_and_created(world: World) -> Iterator[None]:
    world.add("app.log")
    yield
    with world.path("app.log").open("rb"):  # which keeps its inode from being given to the new one
        world.delete("app.log")
        world.add("app.log", 5)
    yield


@told("app.log: truncated or written anew")
def deleted_and_created_with_the_same_inode(world: World) -> Iterator[None]:
    """A link keeps the inode, which is the one that the new file gets."""
    world.add("app.log", 5)
    yield
    inode = world.path("app.log").stat().st_ino
    world.path("link").hardlink_to(world.path("app.log"))
    world.delete("app.log")
    world.truncate("link")
    world.move("link", "app.log")
    world.add("app.log", 9)
    assert world.path("app.log").stat().st_ino == inode
    yield


@told("app.log: another file than before, but it begins with what was read: reading goes on at byte 21")
def replaced_by_a_copy_of_itself(world: World) -> Iterator[None]:
    world.add("app.log")
    yield
    world.copy("app.log", "new")
    world.move("new", "app.log")
    world.add("app.log")
    yield


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", TOLD)
def test_every_line_that_is_there_is_read_once_and_the_rest_is_told(
    name: str, mode: str, tmp_path: Path
) -> None:
    world = World(tmp_path)
    scenario, notes, unless_followed = TOLD[name]
    if unless_followed and mode == "following":
        notes = ()
    MODES[mode](world, scenario)
    assert world.read == world.written
    assert len(world.notes) == len(notes)
    assert all(expected in note for expected, note in zip(notes, world.notes, strict=True))
