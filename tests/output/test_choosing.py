"""Which charts the rows of a report become, and of which groups: cases in `choosing.toml`."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from streamstat.common.errors import UsageError
from streamstat.output.charts.charted import Charted
from streamstat.output.charts.choosing import panels
from streamstat.output.charts.panels import Panel
from streamstat.output.saved.reading import read_reports

CASES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "choosing.toml").read_text(encoding="utf-8")
)["case"]


def charted_of(case: dict[str, Any], folder: Path) -> Charted:
    file = folder / "report"
    file.write_text(case["report"].lstrip("\n"), encoding="utf-8")
    saved = read_reports([str(file)])
    return Charted(saved.rows, None, saved.clocks)


def told(panel: Panel) -> str:
    """A chart in a line: its groups are those of its legend or axis, else of its points."""
    scales = [panel.encoding.get(name, {}).get("scale", {}) for name in ("color", "y")]
    domains = [scale["domain"] for scale in scales if "domain" in scale]
    names = domains[0] if domains else dict.fromkeys(point["g"] for point in panel.points)
    notes = f" ({'; '.join(panel.notes)})" if panel.notes else ""
    return f"{panel.kind} {panel.heading}: {' '.join(names)}{notes}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_rows_become_charts(case: dict[str, Any], tmp_path: Path) -> None:
    charted = charted_of(case, tmp_path)
    if "refused" in case:
        with pytest.raises(UsageError) as error:
            panels(charted, case["chart"])
        assert str(error.value) == case["refused"]
        return
    found, notes = panels(charted, case.get("chart"))
    assert [told(panel) for panel in found] == case["expect"]
    assert [*charted.notes, *notes] == case.get("said", [])
    if "times" in case:
        assert [point.get("at", "") for point in found[0].points] == case["times"]
    if "last" in case:
        assert [panel.points[-1]["v"] for panel in found] == case["last"]
