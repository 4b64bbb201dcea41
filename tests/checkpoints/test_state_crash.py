"""Runs under `--state` that are killed, fail or lose power anywhere: what all of them wrote is what one run writes."""

import errno
import os
import random
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from tools.commands import Forks
from tools.disk_model import crashes
from tools.state_calls import PLANTS
from tools.state_job import Job, Result, difference, new_job
from tools.state_moments import wrong_now
from tools.state_reports import JOBS, MATCH, ONE, SEARCH, SEVERAL, Asked

from streamstat.checkpoints.folder import look
from streamstat.commands.state import describe
from streamstat.common.errors import MissingInputError

SIZE = (11, 2, 80)  # seed, files, lines of the last
EVERY = 2  # six commits, three of them with rows
KILLED = -9
SEED = int(os.environ.get("SEED") or 5)
TORTURE = int(os.environ.get("TORTURE") or 1)  # so many times as long
# What is planted is in what all verbs share; a metrics file, of which one is, only windows have.
OF_WINDOWS = {name: asked for name, asked in JOBS.items() if asked.metrics}


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder in memory, where there is that: thousands of runs, whose fsyncs nobody needs."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        yield Path(folder)


@dataclass(frozen=True)
class Whole:
    """What a job gives where nothing disturbs it, and the calls of its last run."""

    asked: Asked
    expected: Result
    calls: list[str]

    @property
    def tried(self) -> list[int]:
        """The numbers of the calls to be tried, in any order."""
        return some_of(len(self.calls), self.asked)


def some_of(n: int, asked: Asked) -> list[int]:
    """A sample of the numbers from 1 to n, in any order; all of them if it goes on for long enough."""
    return every(n)[: asked.moments * TORTURE]


def every(n: int) -> list[int]:
    """The numbers from 1 to n, in any order."""
    return random.Random(SEED).sample(range(1, n + 1), n)


@pytest.fixture(scope="module", params=JOBS.values(), ids=list(JOBS))
def undisturbed(
    forks: Forks, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Whole:
    """A job in one run."""
    place = tmp_path_factory.mktemp("undisturbed")
    job = new_job(forks, place / "job", *SIZE, asked=request.param)
    assert job.run(("tools.state_calls:note_calls", str(place / "calls"), EVERY)).code == 0
    return Whole(request.param, job.result(), (place / "calls").read_text().split())


def after_a_kill(job: Job, number: int, plant: str, expected: Result, every: int = EVERY) -> str | None:
    """What is wrong when the run is killed at a call, and run again to its end."""
    ended = job.run(("tools.state_calls:kill_at", number, every, plant))
    if ended.code not in (KILLED, 0):
        return f"the run itself: {ended.err}"
    if problem := wrong_now(job, expected):
        return f"after the kill: {problem}"
    again = job.run(("tools.state_calls:commit_often", every, plant))
    if again.code:
        return f"the run after it: {again.err}"
    if litter := job.litter():
        return f"litter: {litter}"
    return difference(expected, job.result())


def deviations(
    forks: Forks, place: Path, plant: str, whole: Whole, numbers: list[int], format: str = "ndjson"
) -> Iterator[str]:
    """What goes wrong when the run is killed at each of these calls."""
    for number in numbers:
        job = new_job(forks, place / f"{plant}{number}", *SIZE, format=format, asked=whole.asked)
        if problem := after_a_kill(job, number, plant, whole.expected):
            yield f"call {number}: {problem}"
        shutil.rmtree(job.folder)


def test_killed_at_every_call_and_run_again_gives_the_same(
    forks: Forks, place: Path, undisturbed: Whole
) -> None:
    expected = undisturbed.expected
    assert len(undisturbed.calls) > 100 and len(expected.rows) > undisturbed.asked.rows and expected.parts > 2
    assert list(deviations(forks, place, "", undisturbed, undisturbed.tried)) == []


def test_several_reports_differ_in_what_they_lose_and_correct(undisturbed: Whole) -> None:
    """Or the tests of them would be those of one."""
    if undisturbed.asked is SEVERAL:
        minutes, visits, first = list(undisturbed.expected.ledger.values())[-3:]
        assert minutes["late"] > visits["late"] > 0 and visits["corrections"] > 3
        assert first["duplicate"] > 1 and len(undisturbed.expected.printed) == visits["rows"]


def test_matches_and_absences_go_on_from_run_to_run(forks: Forks, place: Path) -> None:
    """Or the tests of them would be those of one run."""
    job = half_done(forks, place / "job", MATCH)
    begun, first = describe(str(job.folder / "state")), job.result()
    assert begun["open_events"] > 5 and begun["open_absences"] > 0
    assert job.run().code == 0
    whole = job.result()
    assert whole.ledger[""]["late"] > 15 and len(whole.texts["late.txt"].splitlines()) > 15
    lines = max(job.folder.glob("in*.ndjson")).read_text().splitlines()
    found = [[each in row["events"] for each in lines] for row in whole.rows[len(first.rows) :]]
    assert any(any(taken[:HALF]) and any(taken[HALF:]) for taken in found)
    assert any(any(taken[:HALF]) and not any(taken[HALF:]) for taken in found)


def test_queries_that_came_down_the_stream_go_on_from_run_to_run(forks: Forks, place: Path) -> None:
    job = half_done(forks, place / "job", SEARCH)
    first = job.result()
    assert job.run().code == 0
    later = job.result().rows[len(first.rows) :]
    assert {row["query"] for row in later} == {"low", "key", "high"}


@pytest.mark.parametrize("format", ["csv", "json"])
def test_killed_at_every_call_a_log_of_another_format_counts_once_too(
    forks: Forks, place: Path, format: str
) -> None:
    job = new_job(forks, place / "whole", *SIZE, format=format)
    assert job.run(("tools.state_calls:note_calls", str(place / "calls"), EVERY)).code == 0
    whole = Whole(ONE, job.result(), (place / "calls").read_text().split())
    assert len(whole.calls) > 100 and len(whole.expected.rows) > 30
    assert len(whole.expected.texts["bad.txt"]) > 50
    assert list(deviations(forks, place, "", whole, whole.tried, format)) == []


@pytest.mark.parametrize("undisturbed", OF_WINDOWS.values(), ids=list(OF_WINDOWS), indirect=True)
@pytest.mark.parametrize(
    "plant",
    [
        "offset saved before rows",
        "publish before commit",
        "truncation trusted",
        "member left open",
        "one name for all versions",
    ],
)
def test_killing_finds_a_planted_defect(forks: Forks, place: Path, undisturbed: Whole, plant: str) -> None:
    assert plant in PLANTS
    numbers = every(2 * len(undisturbed.calls))
    assert next(deviations(forks, place, plant, undisturbed, numbers), None) is not None


@pytest.mark.parametrize("for_ever", [False, True], ids=["once", "for ever"])
@pytest.mark.parametrize("code", [errno.EIO, errno.ENOSPC, errno.EACCES], ids=errno.errorcode.get)
def test_every_call_that_fails_ends_the_run_and_costs_nothing(
    forks: Forks, place: Path, undisturbed: Whole, code: int, for_ever: bool
) -> None:
    expected, calls = undisturbed.expected, undisturbed.calls
    problems = []
    for number in undisturbed.tried:
        job = new_job(forks, place / str(number), *SIZE, asked=undisturbed.asked)
        failed = job.run(("tools.state_calls:fail_at", number, code, for_ever, EVERY))
        creating = calls[number - 1] in ("open", "mkdir") and code == errno.EACCES
        if failed.code not in ((73, 74) if creating else (74,)) or failed.err.count("\n") != 1:
            problems.append(f"call {number} ({calls[number - 1]}): {failed.code} {failed.err}")
        again = job.run(("tools.state_calls:commit_often", EVERY))
        if problem := again.err if again.code else difference(expected, job.result()):
            problems.append(f"call {number} ({calls[number - 1]}), run again: {problem}")
    assert problems == []


def power_losses(forks: Forks, place: Path, plant: str, whole: Whole) -> Iterator[str]:
    """What goes wrong when the power goes out after any step of a run, and it is run again."""
    job, log = new_job(forks, place / "job", *SIZE, asked=whole.asked), place / "log"
    assert job.run(("tools.disk_model:record", str(log), EVERY, plant)).code == 0
    random_, tried = random.Random(SEED), steps_of(log, whole.asked, plant)
    for number, disk in enumerate(crashes(log)):
        for loss in range(1 + 2 * TORTURE if number in tried else 0):
            job.forget()
            disk.restore(random_ if loss else None)
            job.print(disk.printed)
            again = job.run(("tools.state_calls:commit_often", EVERY))
            problem = again.err if again.code else difference(whole.expected, job.result()) or job.litter()
            if problem:
                yield f"step {number}, loss {loss}: {problem}"


def steps_of(log: Path, asked: Asked, plant: str, begun: int = 0) -> set[int]:
    """The steps in a log, from `begun` on, after which the power goes out; a defect may be at any."""
    steps = len(log.read_text().splitlines()) + 1 - begun
    return {begun + number - 1 for number in (every(steps) if plant else some_of(steps, asked))}


def test_any_loss_of_power_costs_nothing(forks: Forks, place: Path, undisturbed: Whole) -> None:
    assert list(power_losses(forks, place, "", undisturbed)) == []


@pytest.mark.parametrize("undisturbed", OF_WINDOWS.values(), ids=list(OF_WINDOWS), indirect=True)
@pytest.mark.parametrize("plant", ["no fsync of the folder", "no fsync of files"])
def test_loss_of_power_finds_a_planted_defect(
    forks: Forks, place: Path, undisturbed: Whole, plant: str
) -> None:
    assert next(power_losses(forks, place, plant, undisturbed), None) is not None


HALF = SIZE[2] // 2
SECOND = 4  # so that rows are written before the first commit of the second run


def half_done(forks: Forks, folder: Path, asked: Asked, before: tuple[object, ...] = ()) -> Job:
    """A job of which one run has taken the first half, to its end, and another is to take the rest."""
    job = new_job(forks, folder, *SIZE, asked=asked)
    rest = job.hold_back(HALF)
    assert job.run(before or ("tools.state_calls:commit_often", EVERY)).code == 0
    job.add(rest)
    return job


@pytest.fixture(scope="module", params=JOBS.values(), ids=list(JOBS))
def in_halves(
    forks: Forks, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Whole:
    """A job in two runs, and the calls of the second one."""
    place = tmp_path_factory.mktemp("halves")
    job = half_done(forks, place / "job", request.param)
    assert job.run(("tools.state_calls:note_calls", str(place / "calls"), SECOND)).code == 0
    assert (job.folder / "state" / "writing").exists() and look(job.folder / "state").number >= 6
    return Whole(request.param, job.result(), (place / "calls").read_text().split())


def deviations_of_second_run(
    forks: Forks, place: Path, plant: str, whole: Whole, numbers: list[int]
) -> Iterator[str]:
    """What goes wrong when a run that goes on from the end of another is killed at one of these calls."""
    for number in numbers:
        job = half_done(forks, place / f"{plant}{number}", whole.asked)
        if problem := after_a_kill(job, number, plant, whole.expected, SECOND):
            yield f"call {number}: {problem}"
        shutil.rmtree(job.folder)


def test_second_run_may_be_killed_at_every_call_too(forks: Forks, place: Path, in_halves: Whole) -> None:
    assert list(deviations_of_second_run(forks, place, "", in_halves, in_halves.tried)) == []


@pytest.mark.parametrize("in_halves", OF_WINDOWS.values(), ids=list(OF_WINDOWS), indirect=True)
def test_killing_a_second_run_finds_that_it_does_not_note_its_writing(
    forks: Forks, place: Path, in_halves: Whole
) -> None:
    numbers = every(len(in_halves.calls))
    found = deviations_of_second_run(forks, place, "writing not noted", in_halves, numbers)
    assert "bytes that this state did not write" in next(found)


def test_every_call_of_a_second_run_may_fail(forks: Forks, place: Path, in_halves: Whole) -> None:
    expected, problems = in_halves.expected, []
    for number in in_halves.tried:
        job = half_done(forks, place / str(number), in_halves.asked)
        failed = job.run(("tools.state_calls:fail_at", number, errno.EIO, False, SECOND))
        if failed.code != 74 or failed.err.count("\n") != 1:
            problems.append(f"call {number}: {failed.code} {failed.err}")
        again = job.run(("tools.state_calls:commit_often", EVERY))
        if problem := again.err if again.code else difference(expected, job.result()):
            problems.append(f"call {number}, run again: {problem}")
    assert problems == []


def losses_in_second_run(forks: Forks, place: Path, plant: str, whole: Whole) -> Iterator[str]:
    """What goes wrong when the power goes out after any step of a second run, and it is run again, twice."""
    log = place / "log"
    job = half_done(forks, place / "job", whole.asked, ("tools.disk_model:record", str(log), EVERY, plant))
    begun = len(log.read_text().splitlines())
    assert job.run(("tools.disk_model:record", str(log), SECOND, plant)).code == 0
    random_, tried = random.Random(SEED), steps_of(log, whole.asked, plant, begun)
    for number, disk in enumerate(crashes(log)):
        for loss in range(2 if number in tried else 0):
            job.forget()
            disk.restore(random_ if loss else None)
            job.print(disk.printed)
            for _ in range(2):
                again = job.run(("tools.state_calls:commit_often", EVERY))
                if problem := again.err if again.code else difference(whole.expected, job.result()):
                    yield f"step {number}, loss {loss}: {problem}"


def test_any_loss_of_power_in_a_second_run_costs_nothing(forks: Forks, place: Path, in_halves: Whole) -> None:
    assert list(losses_in_second_run(forks, place, "", in_halves)) == []


@pytest.mark.parametrize("in_halves", OF_WINDOWS.values(), ids=list(OF_WINDOWS), indirect=True)
def test_loss_of_power_in_a_second_run_finds_a_note_that_is_not_synced(
    forks: Forks, place: Path, in_halves: Whole
) -> None:
    plant = "note not synced"
    assert next(losses_in_second_run(forks, place, plant, in_halves), None) is not None


def commits(job: Job) -> int:
    """How many a job has behind it."""
    with suppress(MissingInputError):
        return look(job.folder / "state").number
    return 0


@pytest.mark.parametrize("asked", JOBS.values(), ids=list(JOBS))
def test_random_kills_of_runs_of_many_commits(forks: Forks, place: Path, asked: Asked) -> None:
    size, (most, longest_s) = (7, 3, 1300), asked.kills
    whole = new_job(forks, place / "whole", *size, asked=asked)
    assert whole.run(("tools.state_calls:mark_commits", str(place / "marks"))).code == 0
    assert look(whole.folder / "state").number >= 60
    expected, random_ = whole.result(), random.Random(SEED)
    marks, kills, inside, rounds = place / "in_commit", 0, 0, 0
    # Where the machine is busy, kills come early: then there are more of them, or it would be no test of commits.
    while kills < most * TORTURE or inside < kills // 8:
        rounds += 1
        assert rounds < 20 * most * TORTURE, (SEED, kills, inside)
        job = new_job(forks, place / str(rounds), *size, asked=asked)
        code, latest_s, committed = KILLED, longest_s, 0
        while code == KILLED:
            marks.write_bytes(b"0")
            ended = job.run(("tools.state_calls:mark_commits", str(marks)), random_.uniform(0.0, latest_s))
            code, before, committed = ended.code, committed, commits(job)
            if committed == before:  # or a machine that is slow would never come to its first commit
                latest_s *= 1.2
            kills += code == KILLED
            inside += code == KILLED and marks.read_bytes() == b"1"
        assert code == 0, (SEED, ended.err)
        assert difference(expected, job.result()) is None, SEED
        assert job.litter() == []
