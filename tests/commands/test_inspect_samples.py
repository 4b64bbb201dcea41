"""`inspect` on every sample, and on all logs that are cases: what it says is kept, and what it advises can be run."""

import json
import shlex
from itertools import pairwise
from pathlib import Path

import pytest
from tools.case_files import FOLDER, Case, load
from tools.commands import Forks
from tools.inspected import KEPT, SAMPLES, inspect_sample, names

from streamstat.commands.inspection.page import sections
from streamstat.output.screen.widths import width_of

LOGS = [pytest.param(case, id=case.name) for case in load(FOLDER / "logs.toml")]
READING = (
    "-i",
    "--input",
    "--columns",
    "--separator",
    "--unwrap",
    "--each",
    "--year",
    "-t",
    "--time",
    "--time-format",
)


@pytest.mark.parametrize("name", names())
def test_what_is_said_of_a_sample_is_what_is_kept(name: str, forks: Forks) -> None:
    ended = inspect_sample(forks, name)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == (KEPT / f"{name}.txt").read_text()


@pytest.mark.parametrize("name", names())
def test_what_is_advised_for_a_sample_gives_rows(name: str, forks: Forks, tmp_path: Path) -> None:
    facts = json.loads(inspect_sample(forks, name, "--json").out)
    words = shlex.split(facts["advice"]["command"])
    assert words[:2] == ["streamstat", "run"]
    ended = forks.run(words[1:], b"", SAMPLES / name, tmp_path)
    assert ended.code == 0 and len(ended.out.splitlines()) > 2
    assert "no event has" not in ended.err and "null in" not in ended.err


@pytest.mark.parametrize("case", LOGS)
def test_every_log_can_be_looked_at(case: Case, forks: Forks, tmp_path: Path) -> None:
    """With the options by which it is read; it ends as a run would, or tells all of it."""
    words = shlex.split(case.command)
    given: list[str] = []
    for option, value in pairwise(words):
        given += [option, value] if option in READING else []
    inputs = [name for name in case.files if name in words]
    for name in inputs:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(case.files[name].encode())
    ended = forks.run(["inspect", "--json", *given, *inputs], case.input.encode(), tmp_path, tmp_path)
    assert "Traceback" not in ended.err
    if ended.code:
        assert ended.code in (2, 65, 66) and ended.err.count("\n") == 1, ended.err
        return
    facts = json.loads(ended.out)
    assert facts["records"] == facts["events"] + facts["blank"] + facts["bad"] + facts.get("future", 0)
    for field in facts["fields"]:
        assert sum(field["types"].values()) + field["missing"] == facts["events"]


@pytest.mark.parametrize("room", [60, 80, 120])
@pytest.mark.parametrize("name", names())
def test_sections_fit_the_terminal(name: str, room: int, forks: Forks) -> None:
    facts = json.loads(inspect_sample(forks, name, "--json").out)
    command = facts["advice"]["command"]
    assert [line for line in sections(facts, room) if width_of(line) > room and line != command] == []
