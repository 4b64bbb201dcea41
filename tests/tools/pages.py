"""Pages to look at: of the web log, and of each kind of chart."""

from pathlib import Path

from tools.commands import run

LOG = Path(__file__).parents[2] / "samples" / "web" / "events.ndjson"
WEB = [
    *("run", "-w", "tumbling:15m", "-b", "route", "--timezone", "Europe/Berlin", "-a", "requests=count()"),
    *("-a", "p50,p90,p99(latency_ms)", "-a", "histogram(latency_ms)", "-a", "top(path, 5)"),
]
KINDS = ("lines", "bars", "heatmap", "bands", "ranked")


def page_of(folder: Path, name: str, *arguments: str) -> Path:
    """The page that a command makes, which is given its place."""
    page = folder / f"{name}.html"
    ended = run([*arguments, "-o", str(page)], cwd=folder)
    assert ended.code == 0, ended.err
    return page


def web_page(folder: Path) -> Path:
    """A page with a chart of each kind but lines, and its report as Parquet beside it."""
    return page_of(folder, "web", *WEB, str(LOG), "-o", "web.parquet")


def page_of_kind(folder: Path, kind: str) -> Path:
    """That report, drawn as one kind of chart."""
    return page_of(folder, kind, "chart", "web.parquet", "--chart", kind)
