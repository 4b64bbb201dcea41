"""Every case in `tests/cases` gives what is written there; `make accept` writes it, people read it."""

import pytest
from tools.case_files import FOLDER, Case, load, run, written
from tools.commands import Forks

FILES = sorted(FOLDER.glob("*.toml"))
CASES = [pytest.param(case, id=f"{path.stem}: {case.name}") for path in FILES for case in load(path)]


@pytest.mark.parametrize("case", CASES)
def test_command_gives_what_is_written(case: Case, forks: Forks) -> None:
    assert run(case, forks) == case.expect


def test_files_are_as_accept_writes_them() -> None:
    for path in FILES:
        assert path.read_text(encoding="utf-8") == written(load(path))


def test_names_are_unique() -> None:
    names = [each.id for each in CASES]
    assert len(names) == len(set(names)) > 100
