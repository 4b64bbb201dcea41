"""A browser that all these tests share, and the pages that they look at."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tools.browser import Browser, browser, programs
from tools.commands import run

SAMPLES = Path(__file__).parents[2] / "samples"
WEB = [
    *("run", "-w", "tumbling:15m", "-b", "route", "--timezone", "Europe/Berlin", "-a", "requests=count()"),
    *("-a", "p50,p90,p99(latency_ms)", "-a", "histogram(latency_ms)", "-a", "top(path, 5)"),
]
EACH_KIND = {"lines": 4, "bars": 4, "heatmap": 1, "bands": 3, "ranked": 5}  # and how many charts of it


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One window for all tests."""
    missing = ""
    try:
        programs()
    except RuntimeError as error:
        missing = str(error)
    if missing:
        pytest.fail(missing, pytrace=False)
    with browser() as found:
        yield found


def page_of(folder: Path, name: str, *arguments: str) -> Path:
    """The page that a command makes, which is given its place."""
    page = folder / f"{name}.html"
    ended = run([*arguments, "-o", str(page)], cwd=folder)
    assert ended.code == 0, ended.err
    return page


@pytest.fixture(scope="session")
def web(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with a chart of each kind but lines, and its report as Parquet beside it."""
    folder = tmp_path_factory.mktemp("pages")
    return page_of(folder, "web", *WEB, str(SAMPLES / "web" / "events.ndjson"), "-o", "web.parquet")


@pytest.fixture(scope="session")
def kinds(web: Path) -> dict[str, Path]:
    """A page for each kind of chart."""
    return {kind: page_of(web.parent, kind, "chart", "web.parquet", "--chart", kind) for kind in EACH_KIND}
