"""Each sample's README shows a chart, which the command in it draws byte for byte."""

import pytest
from tools.sample_charts import CHART, MOST_BYTES, SAMPLES, drawn, names


@pytest.mark.parametrize("name", names())
def test_command_draws_the_chart_shown(name: str) -> None:
    assert f"]({CHART})" in (SAMPLES / name / "README.md").read_text(encoding="utf-8")
    chart = (SAMPLES / name / CHART).read_bytes()
    assert len(chart) < MOST_BYTES
    assert drawn(name) == chart
