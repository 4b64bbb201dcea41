"""What several files of tests need."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from tools.browser import Browser, browser, browser_and_driver
from tools.commands import Forks
from tools.pages import web_page
from tools.postgres import Postgres, postgres, programs
from tools.state_place import Place

from streamstat.output import gather

# No test is about time: a machine that does other work must not make one fail.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def forks() -> Iterator[Forks]:
    """Runs commands in a few milliseconds each."""
    with Forks() as server:
        yield server


@pytest.fixture
def place(forks: Forks, tmp_path: Path) -> Place:
    """Where runs under `--state` go on from each other."""
    return Place(forks, tmp_path)


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are gathered three at a time."""
    monkeypatch.setattr(gather, "MOST_ROWS", 3)


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """A PostgreSQL of a module's own."""
    missing = ""
    try:
        programs()
    except RuntimeError as error:
        missing = str(error)
    if missing:  # behind `except`, where it would be told with the error that it comes from
        pytest.fail(missing, pytrace=False)
    with postgres() as running:
        yield running


@pytest.fixture
def slot(server: Postgres) -> Iterator[str]:
    """A test's own place in the log of the server: what is committed from now on can be followed."""
    server.create_slot("changes")
    yield "changes"
    server.drop_slot("changes")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A browser that all tests of pages share."""
    missing = ""
    try:
        browser_and_driver()
    except RuntimeError as error:
        missing = str(error)
    if missing:
        pytest.fail(missing, pytrace=False)
    with browser() as found:
        yield found


@pytest.fixture(scope="session")
def web(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the web log."""
    return web_page(tmp_path_factory.mktemp("pages"))
