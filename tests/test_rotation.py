"""Logs that are rotated, truncated, copied, compressed and deleted: every line is read once, or its loss is told."""

import os
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from random import Random

import pytest
from rotation_world import Scenario, World, by_cron, by_following

EXACT: dict[str, Scenario] = {}
TOLD: dict[str, tuple[Scenario, tuple[str, ...], bool]] = {}
GLOB = ("app.log*",)


def exact(scenario: Scenario) -> Scenario:
    """Every line is read, in the order in which it was written, and there is nothing to tell."""
    EXACT[scenario.__name__] = scenario
    return scenario


def told(*notes: str, unless_followed: bool = False) -> Callable[[Scenario], Scenario]:
    """Every line that can be read is, once, and what cannot be exact is said.

    unless_followed: a run that holds the file open knows its end, and has nothing to tell.
    """

    def add(scenario: Scenario) -> Scenario:
        TOLD[scenario.__name__] = scenario, notes, unless_followed
        return scenario

    return add


@exact
def growing(world: World) -> Iterator[None]:
    for count in (3, 0, 1, 500):
        world.add("app.log", count) if count else None
        yield


@exact
def half_line_waits_for_its_newline(world: World) -> Iterator[None]:
    world.add("app.log", 2, end=b"")
    yield
    assert world.read == ["line 0"]
    world.append("app.log", b"\n")
    yield
    assert world.read == ["line 0", "line 1"]


@exact
def half_line_in_three_pieces(world: World) -> Iterator[None]:
    world.written.append("one two three")
    for piece in (b"one ", b"two ", b"three\n"):
        world.append("app.log", piece)
        yield


@exact
def renamed_and_created(world: World) -> Iterator[None]:
    world.add("app.log")
    yield
    world.move("app.log", "app.log.1")
    world.add("app.log")
    yield


@exact
def renamed_with_lines_that_were_not_read_yet(world: World) -> Iterator[None]:
    world.add("app.log")
    yield
    world.add("app.log")
    world.move("app.log", "app.log.1")
    world.add("app.log")
    yield


@exact
def written_to_under_its_new_name_until_the_writer_opens_the_log_again(world: World) -> Iterator[None]:
    world.add("app.log")
    yield
    world.move("app.log", "app.log.1")
    world.add("app.log.1")
    yield
    world.add("app.log.1")
    yield
    world.add("app.log")
    yield


@exact
def created_a_look_after_it_was_renamed(world: World) -> Iterator[None]:
    world.add("app.log")
    yield
    world.move("app.log", "app.log.1")
    yield
    world.add("app.log")
    yield


@exact
def renamed_twice_between_two_looks(world: World) -> Iterator[None]:
    world.add("app.log")
    yield
    world.add("app.log")
    world.move("app.log", "app.log.2")
    world.add("app.log.1")
    world.add("app.log")
    yield


@exact
def renamed_five_times_between_two_looks_and_compressed(world: World) -> Iterator[None]:
    world.add("app.log")
    yield
    world.add("app.log")
    for number in (4, 3, 2, 1):
        world.move("app.log", f"app.log.{number}")
        world.pack(f"app.log.{number}")
        world.add("app.log")
    yield


@exact
def older_rotated_files_that_nobody_named_stay_unread(world: World) -> Iterator[None]:
    for name in ("app.log.2", "app.log.1"):
        world.add(name)
    world.written.clear()
    world.add("app.log")
    yield
    world.move("app.log.1", "app.log.2")
    world.move("app.log", "app.log.1")
    world.add("app.log")
    yield


@exact
def named_by_a_glob_with_all_that_was_rotated(world: World) -> Iterator[None]:
    world.arguments = GLOB
    for name in ("app.log.2", "app.log.1", "app.log"):
        world.add(name)
    yield
    for number in (2, 1):
        world.move(f"app.log.{number}", f"app.log.{number + 1}")
    world.add("app.log")
    world.move("app.log", "app.log.1")
    world.add("app.log")
    yield


@exact
def compressed_at_once(world: World) -> Iterator[None]:
    world.add("app.log")
    yield
    world.add("app.log", 500)
    world.move("app.log", "app.log.1")
    world.pack("app.log.1")
    world.add("app.log")
    yield


@exact
def compressed_one_rotation_later(world: World) -> Iterator[None]:
    world.arguments = GLOB
    world.add("app.log")
    yield
    world.move("app.log", "app.log.1")
    world.add("app.log")
    yield
    world.move("app.log.1", "app.log.2")
    world.pack("app.log.2", suffix=".zst")
    world.move("app.log", "app.log.1")
    world.add("app.log")
    yield


@exact
def compressed_while_it_is_still_there(world: World) -> Iterator[None]:
    world.arguments = GLOB
    world.add("app.log", 300)
    yield
    world.move("app.log", "app.log.1")
    world.add("app.log")
    world.pack("app.log.1", keep=True)
    whole = world.path("app.log.1.gz").read_bytes()
    for size in (0, 5, len(whole) // 2, len(whole)):
        world.path("app.log.1.gz").write_bytes(whole[:size])
        world.touch("app.log.1.gz")
        yield
    world.delete("app.log.1")
    yield


@exact
def dated(world: World) -> Iterator[None]:
    world.arguments = ("app*.log*",)
    world.add("app.log")
    yield
    world.add("app.log")
    world.move("app.log", "app-2026-01-01.log")
    world.add("app.log")
    yield
    world.pack("app-2026-01-01.log")
    world.move("app.log", "app-2026-01-02.log")
    world.add("app.log")
    yield


@exact
def dated_behind_a_link(world: World) -> Iterator[None]:
    world.arguments = ("current.log",)
    for day in range(1, 5):
        name = f"app-2026010{day}.log"
        world.add(name)
        world.path("current.log").unlink(missing_ok=True)
        world.path("current.log").symlink_to(name)
        if day != 3:
            yield
            world.add(name)


@exact
def new_files_of_a_glob(world: World) -> Iterator[None]:
    world.arguments = ("*.log",)
    for name in ("a.log", "b.log", "c.log"):
        world.add(name)
        yield


@exact
def empty_for_a_while(world: World) -> Iterator[None]:
    world.append("app.log", b"")
    yield
    world.add("app.log")
    yield


@exact
def empty_until_it_was_rotated(world: World) -> Iterator[None]:
    world.append("app.log", b"")
    yield
    world.add("app.log")
    world.move("app.log", "app.log.1")
    world.append("app.log", b"")
    yield
    world.move("app.log.1", "app.log.2")
    world.pack("app.log.2")
    world.add("app.log")
    yield


@exact
def same_first_64_kib(world: World) -> Iterator[None]:
    world.arguments = GLOB
    head = b"# the same in every file\n" * 3000
    for generation in range(3):
        if generation:
            world.move("app.log", f"app.log.{generation}")
        world.append("app.log", head)
        world.written += ["# the same in every file"] * 3000
        world.add("app.log")
        yield
        world.add("app.log")


@exact
def every_line_the_same(world: World) -> Iterator[None]:
    world.arguments = GLOB
    for name in ("app.log.2", "app.log.1", "app.log"):
        world.add(name, 5, text="the same")
    yield
    world.move("app.log.2", "app.log.3")
    world.move("app.log.1", "app.log.2")
    world.add("app.log", 2, text="the same")
    world.move("app.log", "app.log.1")
    world.add("app.log", 9, text="the same")
    yield


@exact
def every_line_the_same_and_renamed_twice_between_two_looks(world: World) -> Iterator[None]:
    world.add("app.log", 5, text="the same")
    yield
    world.move("app.log", "app.log.2")
    world.add("app.log.1", 7, text="the same")
    world.add("app.log", 9, text="the same")
    yield


@exact
def two_live_files_of_the_same_content(world: World) -> Iterator[None]:
    world.arguments = ("a.log", "b.log")
    for _ in range(2):
        for name in world.arguments:
            world.add(name, 2, text="the same")
        yield


@exact
def carriage_returns_and_a_cut_character_at_the_end(world: World) -> Iterator[None]:
    world.written += ["one\r", "tw€\r"]
    world.append("app.log", "one\r\ntw€".encode()[:-1])
    yield
    world.append("app.log", "€\r\n".encode()[-3:])
    yield


@exact
def half_line_of_a_rotated_file_is_taken_when_nothing_more_comes(world: World) -> Iterator[None]:
    world.add("app.log", end=b"")
    yield
    world.move("app.log", "app.log.1")
    yield
    assert len(world.read) == 2


@exact
def half_line_of_a_compressed_file_is_taken(world: World) -> Iterator[None]:
    world.add("app.log", end=b"")
    yield
    world.move("app.log", "app.log.1")
    world.pack("app.log.1")
    yield


@exact
def moved_into_another_folder_that_is_named(world: World) -> Iterator[None]:
    world.arguments = ("app.log", "old/*")
    world.path("old").mkdir()
    world.add("app.log")
    world.add("old/other.log")
    yield
    world.add("app.log")
    world.move("app.log", "old/app.log.1")
    world.add("app.log")
    yield


@exact
def named_twice(world: World) -> Iterator[None]:
    world.arguments = ("app.log", "./app.log", "app.*", "link.log")
    world.add("app.log")
    world.path("link.log").symlink_to("app.log")
    yield
    world.add("app.log")
    yield


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


@told("app.log.1 and truncated; lines written between the two are in neither")
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


@told("app.log.1: left out, as it is a copy of", "app.log.1 and truncated")
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


MODES = {"cron": by_cron, "following": by_following}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", EXACT)
def test_every_line_is_read_once_and_in_order(name: str, mode: str, tmp_path: Path) -> None:
    world = World(tmp_path)
    MODES[mode](world, EXACT[name])
    assert (world.read, world.notes) == (world.written, [])


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
