"""What a tracking remembers between runs, and how logs that come and go count for the watermark."""

import errno
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tools.engine_run import Seen
from tools.rotation_world import Following, Scenario, Script, World, by_cron, by_following

from streamstat.common.errors import MissingInputError, ReadWriteError
from streamstat.input.logs.feed import Logs
from streamstat.input.logs.looking import Look
from streamstat.input.logs.newcomers import Glimpse
from streamstat.input.logs.tracking import PATIENCE_FOLLOWING, Tracking
from streamstat.plan.meaning import job_of
from streamstat.plan.plan import Plan


def follow(
    world: World, scenario: Scenario, plan: Plan, seen: Seen | None = None
) -> tuple[list[str], Following]:
    """Rows as CSV of a run that follows the world's logs while a scenario goes on."""
    seen, script = seen or Seen("UTC"), Script(scenario(world), PATIENCE_FOLLOWING + 4)
    next(script.scenario, None)
    tracking = Tracking(world.paths, follow=True)
    script.runner = Following(job_of(plan, live=True), Logs(tracking, wait=script.wait), seen)
    try:
        script.runner.run()
    finally:
        world.notes += tracking.notes
    assert script.failure is None
    return "".join(seen.changelog).replace("1970-01-01T00:", "").splitlines(), script.runner


def events(world: World, name: str, *times: int) -> None:
    world.append(name, b"".join(b'{"ts": %d}\n' % time for time in times))


MINUTES = Plan(time="ts", time_unit="s", delay="10s")


class TestWatermark:
    def test_a_rotated_log_goes_on_with_its_own_clock(self, tmp_path: Path) -> None:
        """The fast log alone would make all of the other's events late."""
        world = World(tmp_path, ("slow.log", "fast.log"))

        def scenario(world: World) -> Iterator[None]:
            events(world, "slow.log", 30)
            events(world, "fast.log", 1000)
            yield
            world.move("slow.log", "slow.log.1")
            events(world, "slow.log.1", 40)
            world.append("slow.log", b"")
            for _ in range(PATIENCE_FOLLOWING + 3):
                yield
            events(world, "slow.log", 50, 90)
            yield

        rows, runner = follow(world, scenario, MINUTES)
        assert rows == ["00:00Z,01:00Z,3", "01:00Z,02:00Z,1", "16:00Z,17:00Z,1"]
        assert runner.ledger.late == 0

    def test_a_log_that_was_moved_away_for_good_no_longer_counts(self, tmp_path: Path) -> None:
        world = World(tmp_path, ("slow.log", "fast.log"))
        seen = Seen("UTC")

        def scenario(world: World) -> Iterator[None]:
            events(world, "slow.log", 30)
            events(world, "fast.log", 1000)
            yield
            world.move("slow.log", "slow.log.1")
            yield
            assert seen.changelog == []
            for _ in range(PATIENCE_FOLLOWING):
                yield
            assert len(seen.changelog) == 1

        rows, _ = follow(world, scenario, MINUTES, seen)
        assert rows == ["00:00Z,01:00Z,1", "16:00Z,17:00Z,1"]

    def test_rotated_files_of_a_glob_do_not_hold_it_once_they_are_read(self, tmp_path: Path) -> None:
        world = World(tmp_path, ("app.log*",))

        def scenario(world: World) -> Iterator[None]:
            for name, time in (("app.log.2", 10), ("app.log.1", 70), ("app.log", 130)):
                events(world, name, time)
            yield
            events(world, "app.log", 200)
            for _ in range(PATIENCE_FOLLOWING + 1):
                yield
            events(world, "app.log", 1000)
            yield

        rows, runner = follow(world, scenario, MINUTES)
        assert len(rows) == 5
        assert runner.ledger.late == 0


class TestRecords:
    def test_do_not_grow_with_rotation(self, tmp_path: Path) -> None:
        world = World(tmp_path, ("app.log*",))
        counts = []

        def scenario(world: World) -> Iterator[None]:
            for day in range(40):
                world.add("app.log")
                yield
                counts.append(len(world.records))
                for number in (3, 2, 1):
                    if world.path(f"app.log.{number}.gz").exists():
                        world.move(f"app.log.{number}.gz", f"app.log.{number + 1}.gz")
                world.move("app.log", "app.log.1")
                world.pack("app.log.1")
                if day > 5:
                    world.delete("app.log.4.gz")
            world.add("app.log")
            yield

        by_cron(world, scenario)
        assert (sorted(world.read), world.notes) == (sorted(world.written), [])
        assert max(counts) <= 6
        sizes = [len(json.dumps(record | {"leftovers": []})) for record in world.records]
        assert max(sizes) < 512 + 3 * len(str(tmp_path)) + 60
        assert max(len(record.get("leftovers", ())) for record in world.records) <= 6

    def test_of_a_file_that_is_not_asked_for_wait_until_it_is(self, tmp_path: Path) -> None:
        world = World(tmp_path, ("a.log", "b.log"))
        for name in world.arguments:
            world.add(name)
        world.run()
        for arguments in (("a.log",), ("a.log",), ("a.log", "b.log")):
            world.arguments = arguments
            world.add("b.log")
            world.run()
        assert (world.read, world.notes) == (world.written, [])

    def test_know_a_log_that_is_not_there_just_now(self, tmp_path: Path) -> None:
        world = World(tmp_path)
        with pytest.raises(MissingInputError, match=r"app\.log: no such file"):
            world.run()
        world.add("app.log")
        world.run()
        world.move("app.log", "app.log.1")
        for _ in range(4):
            world.run()
        world.delete("app.log.1")
        for _ in range(3):
            world.run()
        world.add("app.log")
        world.run()
        assert (world.read, world.notes) == (world.written, [])

    def test_tell_a_file_from_the_next_one_with_its_inode_by_its_birth(self, tmp_path: Path) -> None:
        world = World(tmp_path)
        world.add("app.log", 3, text="the same")
        world.run()
        world.truncate("app.log")
        world.add("app.log", 5, text="the same")
        world.records[0]["born_ns"] -= 1
        world.run()
        assert (len(world.read), len(world.notes)) == (8, 1)
        assert world.notes[0].endswith("app.log: gone; if more was written behind byte 27, it was not read")

    @pytest.mark.parametrize(
        "damage", [{"position": -1}, {"head": [9000, ""]}, {"tail": 7}, {"inode": None}, {"path": ...}]
    )
    def test_that_cannot_be_are_refused(self, tmp_path: Path, damage: dict[str, Any]) -> None:
        world = World(tmp_path)
        world.add("app.log")
        world.run()
        record = {name: value for name, value in (world.records[0] | damage).items() if value is not ...}
        with pytest.raises(ValueError, match=r"^no (record|fingerprint)"):
            Tracking(world.paths, [record])

    def test_of_positions_that_were_not_taken_are_refused(self, tmp_path: Path) -> None:
        world = World(tmp_path)
        world.add("app.log")
        with pytest.raises(ValueError, match="input 0: 0 bytes were taken in, not 7"):
            Tracking(world.paths).records({0: 7})


def test_what_cannot_be_read_again_is_named(tmp_path: Path) -> None:
    assert [one.name for one in Tracking(["-", "/dev/null"]).others] == ["-", "/dev/null"]


def test_an_endless_line_is_read_once_and_its_end_is_found(tmp_path: Path) -> None:
    """It is longer than any line may be, and comes in pieces: each is read when it comes, and none a second time."""
    world = World(tmp_path)
    piece = b"x" * (9 << 20)

    def scenario(world: World) -> Iterator[None]:
        world.add("app.log", 1)
        for _ in range(4):
            world.append("app.log", piece)
            yield
        world.append("app.log", b"\n")
        world.add("app.log", 1)
        yield

    _, runner = follow(world, scenario, MINUTES)
    assert (runner.ledger.lines, runner.ledger.bad) == (3, 3)
    assert runner.ledger.bytes < 2 * len(piece) + 4 * len(piece)


class TestCompressed:
    def test_in_the_making_is_read_as_it_grows(self, tmp_path: Path) -> None:
        world = World(tmp_path, ("*.gz",))

        def scenario(world: World) -> Iterator[None]:
            world.add("app.log", 5000)
            world.pack("app.log")
            whole = world.path("app.log.gz").read_bytes()
            for size in (len(whole) // 3, len(whole) // 2, len(whole)):
                world.path("app.log.gz").write_bytes(whole[:size])
                yield

        by_following(world, scenario)
        assert (world.read, world.notes) == (world.written, [])

    def test_cut_off_for_good_is_told_and_counted_up_to_there(self, tmp_path: Path) -> None:
        world = World(tmp_path, ("*.gz",))

        def scenario(world: World) -> Iterator[None]:
            world.add("app.log", 5000)
            world.pack("app.log")
            whole = world.path("app.log.gz").read_bytes()
            world.path("app.log.gz").write_bytes(whole[: len(whole) // 2])
            yield

        with pytest.raises(ReadWriteError, match="truncated gzip data"):
            by_following(world, scenario)
        assert 1000 < len(world.read) < 4000
        assert world.read == world.written[: len(world.read)]

    def test_members_may_be_added(self, tmp_path: Path) -> None:
        world = World(tmp_path, ("app.gz",))

        def scenario(world: World) -> Iterator[None]:
            for _ in range(3):
                world.add("part", 100)
                world.pack("part")
                world.append("app.gz", world.path("part.gz").read_bytes())
                yield

        by_cron(world, scenario)
        assert (world.read, world.notes) == (world.written, [])


def test_no_more_files_are_held_open_than_there_is_room_for(tmp_path: Path) -> None:
    world = World(tmp_path, ("*.log",))
    for number in range(150):
        world.add(f"{number:03}.log", 1)
    open_files = []

    def scenario(world: World) -> Iterator[None]:
        for _ in range(2):
            open_files.append(len(list(Path("/proc/self/fd").iterdir())))
            for number in range(150):
                world.add(f"{number:03}.log", 1)
            yield

    by_following(world, scenario)
    assert sorted(world.read) == sorted(world.written)
    assert max(open_files) - min(open_files) <= 70


def test_a_hole_is_read_through_where_the_file_system_knows_of_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, seek = World(tmp_path), os.lseek
    world.append("app.log", bytes(600_000))
    world.add("app.log")

    def lseek(descriptor: int, place: int, how: int) -> int:
        if how == os.SEEK_DATA:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        return seek(descriptor, place, how)

    monkeypatch.setattr(os, "lseek", lseek)
    by_cron(world, lambda world: iter([None]))
    assert world.read == world.written
    assert world.notes == [
        f"{world.path('app.log')}: begins with 600000 NULs, as if truncated under its writer: skipped"
    ]


def test_many_files_of_which_one_grows_are_not_all_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, looks, find = World(tmp_path, ("*.log",)), [], Look.find

    def counted(look: Look, glimpses: Iterable[Glimpse]) -> None:
        looks.append(look)
        find(look, glimpses)

    monkeypatch.setattr(Look, "find", counted)
    for number in range(50):
        world.add(f"{number:02}.log", 1)

    def scenario(world: World) -> Iterator[None]:
        for number in (7, 7, 30):
            world.add(f"{number:02}.log")
            yield
        assert len(looks) == 1
        world.add("50.log")
        yield
        assert len(looks) == 2

    by_following(world, scenario)
    assert (sorted(world.read), world.notes) == (sorted(world.written), [])
