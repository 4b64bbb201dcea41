"""Checkpoints that are whole and were never written by a run: every one is refused in a line, or is a state."""

import json
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tools.commands import Forks
from tools.crafted import REPLACEMENTS, Crafted, damaged, is_refused
from tools.state_job import Job, new_job
from tools.state_place import RUN, Place
from tools.state_reports import JOBS, JOIN, SEARCH, SEVERAL, Asked

from streamstat.checkpoints.checkpoint import DIGEST_BYTES, FORMAT, HEAD, MAGIC
from streamstat.checkpoints.facts import facts_of
from streamstat.plan.options import options_of
from streamstat.plan.own_options import OF_VERBS

SEED = int(os.environ.get("SEED") or 3)
COMMANDS = ("run", "state")
ENDS = (
    0,
    65,
    73,
    78,
)  # what is of the right shape may be another state, which its reports or inputs do not fit


class Trial:
    """A job that has run, of which the checkpoint is replaced again and again."""

    def __init__(self, forks: Forks, folder: Path, asked: Asked) -> None:
        self.job: Job = new_job(forks, folder / "job", 3, 1, 60, asked=asked)
        assert self.job.run().code == 0
        self._before = {path: path.read_bytes() for path in self.job.folder.rglob("*") if path.is_file()}
        self.crafted = Crafted(self.job.folder / "state" / "checkpoint")

    @property
    def own(self) -> set[str]:
        """The facts and parts that only the verb has; of `run` there are none."""
        options = OF_VERBS.get(self.job.asked.verb)
        if options is None:
            return set()
        parts = {f"engine/{name}" for name in ("patterns", "search", "joins", "views", "sourced")}
        return {"verb", *parts, *(each.holder for each in options_of(options))}

    def problems(self, what: object, data: bytes, ends: tuple[int, ...]) -> list[str]:
        """What is wrong with how the commands end over this checkpoint."""
        found = []
        for command in COMMANDS:
            self.crafted.write(data)
            if command == "run":
                ended = self.job.run()
                self._put_back()
            else:
                streams = self.job.folder / "streams"
                ended = self.job.forks.run(["state", "state"], b"", self.job.folder, streams)
            lines = [line for line in ended.err.splitlines() if "is gone and begins anew" not in line]
            if ended.code not in ends or (ended.code and len(lines) != 1):
                found.append(f"{what}, {command}: {ended.code} {ended.err[-300:]}")
        return found

    def _put_back(self) -> None:
        """All files as they were, and no others; the same files, as inputs are known by their inodes."""
        for path in self.job.folder.rglob("*"):
            if path.is_file() and path not in self._before:
                path.unlink()
        for path, content in self._before.items():
            if not path.exists() or path.read_bytes() != content:
                path.write_bytes(content)


@pytest.fixture(scope="module", params=JOBS.values(), ids=list(JOBS))
def trial(forks: Forks, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Trial:
    return Trial(forks, tmp_path_factory.mktemp("crafted"), request.param)


def test_any_fact_may_be_replaced_by_anything(trial: Trial) -> None:
    """All that the shapes refuse is refused at the one place; a sample of it, and all the rest, by the commands."""
    random_, problems, refused = random.Random(SEED), [], 0
    for place in (each for each in trial.crafted.places() if not trial.own or each[-1] in trial.own):
        for name, value in REPLACEMENTS.items():
            data = trial.crafted.with_fact(place, value)
            is_known = is_refused(data)
            refused += is_known
            if not is_known or random_.random() < 0.03:
                problems += trial.problems((place, name), data, (78,) if is_known else ENDS)
    assert problems == []
    assert refused > (500 if not trial.own else 30)


@pytest.mark.parametrize(
    "run",
    [
        b"[" * 100_000 + b"]" * 100_000,
        b'{"plan": ' * 5000 + b"1" + b"}" * 5000,
        b'{"number": ' + b"9" * 5000 + b"}",
        b'{"number": 1e999}',
        b"\xff\xfe",
        b"",
        b"[]",
        b"null",
    ],
    ids=lambda run: repr(run[:12]),
)
def test_facts_that_are_no_facts_are_refused(trial: Trial, run: bytes) -> None:
    assert trial.problems(run[:12], trial.crafted.with_part("run", run), (78,)) == []


@pytest.mark.parametrize("key", ["argument", "home", "path", "real"])
@pytest.mark.parametrize("path", ["a\0b", "", "x" * 5000, "\ud800"])
def test_path_that_no_file_can_have_is_refused(trial: Trial, key: str, path: str) -> None:
    assert is_refused(trial.crafted.with_fact(("inputs", 0, key), path))


@pytest.mark.parametrize("token", ["../../outside", "a/b", "", ".", "a\0", "g0", "0" * 65])
def test_token_leads_nowhere_else(trial: Trial, token: str) -> None:
    assert is_refused(trial.crafted.with_fact(("token",), token))


def test_record_of_an_input_has_what_it_has_and_leftovers(trial: Trial) -> None:
    facts = trial.crafted.facts
    whole = facts | {"inputs": [facts["inputs"][0] | {"leftovers": [[7, 1_700_000_000, 5]]}]}
    assert facts_of(json.dumps(whole).encode()) == whole
    wrong: Any
    for wrong in (None, 7, {}, [7], [[7, 1]], [[7, 1, -1]], [["7", 1, 1]], [[7, 1, 1, 1]]):
        assert is_refused(trial.crafted.with_fact(("inputs", 0, "leftovers"), wrong))
    assert is_refused(trial.crafted.with_fact(("inputs", 0, "more"), 7))


def test_another_plan_that_cannot_be_is_told_by_its_option(trial: Trial) -> None:
    key, text, said = "agg", "nothing(v)", "--agg: there is no 'nothing'"
    if trial.job.asked is SEVERAL:
        key, said = "report.visits.agg", "report.visits.agg: there is no 'nothing'"
    if trial.job.asked is SEARCH:
        key, text, said = "query", "low=nothing(v)", "--query low: unknown function nothing"
    if trial.job.asked is JOIN:
        key, text, said = "select", "low=nothing(even.v)", "--select: unknown function nothing"
    trial.crafted.write(trial.crafted.with_fact(("plan", key), [text]))
    ended = trial.job.forks.run(["state", "state"], b"", trial.job.folder, trial.job.folder / "streams")
    assert ended.code == 78
    assert ended.err.startswith(f"streamstat: state/checkpoint: holds no plan: {said}")


def test_option_of_a_report_has_the_shape_of_the_option(trial: Trial) -> None:
    facts = trial.crafted.facts
    for key in ("window", "report.a.window", "report.a.b.window", "report.a.output"):
        assert is_refused(trial.crafted.with_fact(("plan",), facts["plan"] | {key: 7})), key


def test_damaged_parts_of_the_engine_end_no_command_otherwise(trial: Trial) -> None:
    """Whole by their checksums. What passes is another state: it may come to another end, but to one in a line."""
    random_, problems = random.Random(SEED), []
    names = [name for name, part in trial.crafted.parts.items() if name.startswith("engine/") and part]
    names = [name for name in names if not trial.own or name in trial.own]
    for _ in range(40 if trial.own else 150):
        name = random_.choice(names)
        data = trial.crafted.with_part(name, damaged(trial.crafted.parts[name], random_))
        problems += trial.problems(name, data, ENDS)
    assert problems == []


def table_of(length: int) -> bytes:
    return HEAD.pack(MAGIC, FORMAT, length) + bytes(DIGEST_BYTES)


def grown(place: Place) -> None:
    with (place.folder / "state" / "checkpoint").open("ab") as file:
        file.truncate(6 << 30)


def replaced(beginning: bytes) -> Callable[[Place], None]:
    """By a file of 6 GiB that takes no room, after these bytes."""

    def replace(place: Place) -> None:
        (place.folder / "state" / "checkpoint").write_bytes(beginning)
        grown(place)

    return replace


@pytest.mark.parametrize("command", [RUN, ["state", "state"]], ids=["run", "state"])
@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (grown, "bytes too many"),
        (replaced(b""), "is no checkpoint"),
        (replaced(table_of(2**32 - 1)), "its table of parts is damaged"),
        (replaced(table_of(100)), "its table of parts is damaged"),
    ],
    ids=["grown", "empty", "absurd table", "wrong table"],
)
def test_file_of_6_gib_is_refused_unread(
    place: Place,
    forks: Forks,
    command: list[str],
    change: Callable[[Place], None],
    problem: str,
) -> None:
    """In 1 GiB of addresses, which the file alone would not fit into."""
    place.add(5, 100)
    assert place.run(*RUN).code == 0
    change(place)
    before = ("tools.crafted:within", 1 << 30)
    ended = forks.run(command, b"", place.folder, place.folder / "streams", before)
    assert (ended.code, ended.err.count("\n"), problem in ended.err) == (78, 1, True), ended.err
