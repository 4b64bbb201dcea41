"""Files that cannot be looked into when they are first seen, or that nobody has seen for a while."""

import os
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

import pytest
from tools.changing_world import (
    Changing,
    clock_set_back,
    gzip_rotated,
    late_among,
    rename_chain,
)
from tools.world_readers import (
    MODES,
    Calls,
    Counted,
    Keeper,
    by_cron,
    by_following,
    problem,
    run_once,
)

from streamstat.input.logs.roll import Roll
from streamstat.input.logs.tracking import Tracking
from streamstat.input.sources.descriptors import SteadySource
from streamstat.input.sources.marks import Mark

Step = Callable[[Changing], None]


def world_of(folder: Path, *arguments: str) -> Changing:
    return Changing(folder, arguments or ("app.log",), Random(7))


def undisturbed(folder: Path) -> Calls:
    return Calls(folder, lambda number: None)


def nothing(world: Changing) -> None: ...


def write(name: str, count: int = 8, mode: int | None = None) -> Step:
    def step(world: Changing) -> None:
        world.write(name, count)
        if mode is not None:
            world.path(name).chmod(mode)

    return step


def allow(*names: str) -> Step:
    def step(world: Changing) -> None:
        for name in names:
            world.path(name).chmod(0o644)

    return step


def pack(world: Changing) -> None:
    world.write("app.log", 50)
    world.pack("app.log", "app.gz")
    world.path("app.gz").chmod(0)


class TestForbidden:
    def test_a_log_that_comes_without_rights_is_read_once_it_has_them(self, tmp_path: Path) -> None:
        world = world_of(tmp_path, "a.log", "b.log")
        steps = [write("a.log"), write("b.log", mode=0), write("a.log", 90), allow("b.log"), nothing]
        counted = by_following(world, steps, undisturbed(tmp_path))
        read = counted.counted + counted.late
        assert read == Counter(number for number, _ in world.events)
        name = world.path("b.log")
        assert world.notes == [
            f"{name}: no such file yet; the run waits for it",
            f"{name}: permission denied; the run waits for it, and so do windows",
        ]

    def test_windows_wait_for_it(self, tmp_path: Path) -> None:
        """It holds the oldest events: none of them is late, though the other log has gone on for long."""
        world = world_of(tmp_path, "a.log", "b.log")
        steps = [write("b.log", mode=0), write("a.log", 90), nothing, allow("b.log"), nothing]
        counted = by_following(world, steps, undisturbed(tmp_path))
        assert {number for number in counted.late if number < 8} == late_among(world.events[:8]).keys()

    def test_a_compressed_one_is_not_read_as_text(self, tmp_path: Path) -> None:
        world = world_of(tmp_path, "*.gz")
        counted = by_following(
            world, [nothing, pack, nothing, allow("app.gz"), nothing], undisturbed(tmp_path)
        )
        assert problem(world, counted) is None
        assert sum((counted.counted + counted.late).values()) == 50

    def test_a_log_is_not_read_on_behind_one_of_its_files_that_is_shut(self, tmp_path: Path) -> None:
        world = world_of(tmp_path)

        def rotate_and_shut(world: Changing) -> None:
            world.write("app.log", 20)
            rename_chain(world)
            world.path("app.log.1").chmod(0)

        steps = [write("app.log"), rotate_and_shut, write("app.log"), allow("app.log.1"), nothing, nothing]
        for mode in (by_following, by_cron):
            folder = tmp_path / mode.__name__
            folder.mkdir()
            world = world_of(folder)
            counted = mode(world, steps, undisturbed(folder))
            assert problem(world, counted) is None
            assert counted.counted + counted.late == Counter(number for number, _ in world.events)
            assert any("permission denied" in note for note in world.notes)


@pytest.mark.parametrize("mode", MODES)
def test_a_turn_that_fails_to_open_does_not_begin(mode: str, tmp_path: Path) -> None:
    """The second of two logs is shut just when it is opened to be read for the first time."""
    for number in range(1, 200):
        folder = tmp_path / str(number)
        folder.mkdir()
        world = world_of(folder, "a.log", "b.log")

        def shut(made: int, world: Changing = world, at: int = number) -> None:
            if made == at and world.exists("b.log"):
                world.path("b.log").chmod(0)

        def begin(world: Changing) -> None:
            world.write("b.log", 8)
            world.write("a.log", 90)

        calls = Calls(folder, shut)
        counted = MODES[mode](world, [begin, nothing, allow("b.log"), nothing, nothing], calls)
        assert sorted((counted.counted + counted.late).elements()) == list(range(98))
        assert (
            counted.late.keys() <= late_among(world.events[:8]).keys() | late_among(world.events[8:]).keys()
        )
        if calls.made < number:
            return
    raise AssertionError("there is no end of calls")


class TestUnseen:
    """What happened between two looks, or two runs."""

    @pytest.mark.parametrize("mode", MODES)
    @pytest.mark.parametrize(
        "changes",
        [
            [rename_chain, rename_chain],
            [rename_chain, rename_chain, gzip_rotated, rename_chain],
            [clock_set_back],
            [rename_chain, clock_set_back, gzip_rotated],
            [rename_chain, gzip_rotated, clock_set_back, clock_set_back],
        ],
    )
    def test_rotated_more_than_once_nothing_else_is_late(
        self, tmp_path: Path, mode: str, changes: Sequence[Step]
    ) -> None:
        def rotate(world: Changing) -> None:
            world.write("app.log", 5)
            for change in changes:
                change(world)
                world.write("app.log", 9)

        world = world_of(tmp_path)

        def begin(world: Changing) -> None:
            world.write("app.log", 12)

        counted = MODES[mode](
            world, [begin, rotate, write("app.log"), nothing, nothing], undisturbed(tmp_path)
        )
        assert problem(world, counted) is None
        assert counted.late == world.expected_late != Counter()


def calls_of(world: Changing, counted: Counted, keeper: Keeper) -> int:
    calls = undisturbed(world.folder)
    with calls.told():
        run_once(world, counted, keeper, flush=False)
    return calls.made


@pytest.mark.parametrize("arguments", ["*.log", "*.log*"])
def test_so_many_logs_take_so_many_calls(tmp_path: Path, arguments: str) -> None:
    """Of the first run, of one that finds nothing new, and of one before which half of the logs were rotated."""
    made = {}
    for logs in (50, 100):
        folder = tmp_path / str(logs)
        folder.mkdir()
        world, counted = world_of(folder, arguments), Counted()
        keeper = Keeper(world)
        for number in range(logs):
            world.write(f"{number:03}.log")
        first, idle = calls_of(world, counted, keeper), calls_of(world, counted, keeper)
        for number in range(0, logs, 2):
            world.move(f"{number:03}.log", f"{number:03}.log.1")
            world.write(f"{number:03}.log")
        made[logs] = first, idle, calls_of(world, counted, keeper)
    assert all(twice <= 2.2 * once for once, twice in zip(made[50], made[100], strict=True))
    assert made[100][1] < 500


def test_a_state_that_was_copied_with_its_logs_says_that_they_are_new_to_it(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    world = world_of(tmp_path / "x", "*.log")
    for name in ("a.log", "b.log"):
        world.write(name)
    counted, keeper = Counted(), Keeper(world)
    run_once(world, counted, keeper, flush=False)
    run_once(world, counted, keeper, flush=False)
    assert world.notes == []
    there = tmp_path / "y"
    there.mkdir()
    for path in world.folder.iterdir():
        (there / path.name).write_bytes(path.read_bytes())
    world.folder = there
    run_once(world, counted, keeper, flush=False)
    assert world.notes == [
        f"the 2 files of {there}/*.log are new to this state, which has read {tmp_path}/x/*.log: "
        "it is read from its beginning, so lines that were read there before count twice"
    ]
    run_once(world, counted, keeper, flush=False)
    assert len(world.notes) == 1


def test_what_else_happens_in_the_folder_is_of_no_concern(tmp_path: Path) -> None:
    """A new file of somebody else at each call: a look would never be done."""
    world = world_of(tmp_path)

    def make_another(number: int) -> None:
        world.path(f"mail-{number}.txt").write_text("x")

    steps = [write("app.log"), rename_chain, write("app.log"), rename_chain, nothing]
    counted = by_following(world, steps, Calls(tmp_path, make_another))
    assert (problem(world, counted), world.notes) == (None, [])


def test_no_record_is_taken_while_a_look_changes_what_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looks are made by one thread, commits by another: a list that is being sorted is empty to others."""
    held: list[bool] = []
    for name in ("take_in", "records"):
        original = getattr(Roll, name)

        def watched(roll: Roll, *arguments: object, original: Callable[..., object] = original) -> object:
            held.append(tracking_lock.locked())
            return original(roll, *arguments)

        monkeypatch.setattr(Roll, name, watched)
    world = world_of(tmp_path)
    world.write("app.log")
    tracking_lock = threading.Lock()
    monkeypatch.setattr("streamstat.input.logs.tracking.threading.Lock", lambda: tracking_lock)
    tracking = Tracking(world.paths, follow=True)
    world.move("app.log", "app.log.1")
    tracking.look()
    assert len(tracking.records({})) == 1
    tracking.close()
    assert held == [True, True, True]


def test_a_log_that_was_moved_with_its_state_is_known(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    world = world_of(tmp_path / "x", "*.log")
    world.write("a.log")
    counted, keeper = Counted(), Keeper(world)
    run_once(world, counted, keeper, flush=False)
    world.folder = world.folder.rename(tmp_path / "y")
    for each in (False, True):
        world.write("a.log")
        run_once(world, counted, keeper, flush=each)
        if not each:
            world.write("a.log")
            world.move("a.log", "a.log.1")
    assert world.notes == []
    assert (counted.counted + counted.late, counted.late) == (Counter(range(12)), world.expected_late)


@pytest.mark.parametrize("mode", MODES)
def test_room_that_a_writer_has_taken_beforehand_is_filled(tmp_path: Path, mode: str) -> None:
    """NULs behind the last line, which the next lines replace."""
    world = world_of(tmp_path)

    def make(world: Changing) -> None:
        world.write("app.log", 2)
        os.truncate(world.path("app.log"), 3000)
        world.touch("app.log")

    def fill(world: Changing) -> None:
        content = world.path("app.log").read_bytes().rstrip(b"\0")
        world.path("app.log").write_bytes(content)
        world.write("app.log", 20)
        os.truncate(world.path("app.log"), 3000)
        world.touch("app.log")

    counted = MODES[mode](world, [make, fill, fill, nothing], undisturbed(tmp_path))
    assert sorted((counted.counted + counted.late).elements()) == list(range(42))
    assert not any("anew" in note for note in world.notes)


def test_a_log_that_is_truncated_while_it_is_read_ends_there(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_bytes(b"one\ntwo\nthree\n")
    mark = Mark().after(memoryview(b"one\n"))
    source = SteadySource(os.open(path, os.O_RDONLY), mark)
    source.seek(mark.position)
    target = memoryview(bytearray(4))
    assert (source.read_now(target), bytes(target)) == (4, b"two\n")
    path.write_bytes(b"1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n")
    assert (source.read_now(target), source.bytes_read) == (0, 4)
    source.close()


def test_a_log_that_begins_otherwise_than_it_did_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_bytes(b"other\n")
    source = SteadySource(os.open(path, os.O_RDONLY), Mark(0, b"one\ntwo\n"))
    assert source.read_now(memoryview(bytearray(9))) == 0
    source.close()
