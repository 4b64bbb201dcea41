"""How charts look, on white and on black paper: colours that people with any colour vision tell apart, and fonts."""

from collections.abc import Sequence
from typing import Any

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
# Five colours for groups, then paler ones of them, whose lines are dashed; and grey for the rest.
_ON_WHITE = (
    *("#0068a8", "#c2500a", "#007f5f", "#a8478a", "#7a6a00"),
    *("#7db9e2", "#eda576", "#6fc7aa", "#dba0c8", "#c9bb55"),
    "#767676",
)
_ON_BLACK = (
    *("#5cb3f0", "#f2a03d", "#35c49a", "#e58bc2", "#e3d65b"),
    *("#2b6f9e", "#a3651b", "#1d7a5e", "#964f7d", "#8c8230"),
    "#9a9a9a",
)
_DEEPER = ("#8ec1e8", "#3f8fd0", "#0b559f", "#08306b")  # from the highest percentile down
_BRIGHTER = ("#2f6ea6", "#5a9fd6", "#93c8f2", "#d2e8fb")


def _look(groups: Sequence[str], percentiles: Sequence[str], ink: str, faint: str) -> dict[str, Any]:
    """A configuration of Vega-Lite. ink: of texts; faint: of lines behind marks."""
    text = {"labelColor": ink, "titleColor": ink, "titleFontWeight": "normal", "labelFontSize": 11}
    lines = {"gridColor": faint, "domainColor": faint, "tickColor": faint, "titleFontSize": 11}
    heat = {"scheme": "viridis"}
    return {
        "background": None,
        "font": FONT,
        "view": {"stroke": None},
        "range": {"category": list(groups), "ordinal": list(percentiles), "heatmap": heat, "ramp": heat},
        "mark": {"color": groups[0]},
        "text": {"color": ink},
        "title": {"anchor": "start", "color": ink, "subtitleColor": ink, "fontSize": 14, "offset": 10},
        "axis": {**text, **lines},
        "legend": {**text, "labelLimit": 220, "symbolStrokeWidth": 2, "symbolSize": 150},
    }


LIGHT = _look(_ON_WHITE, _DEEPER, "#24292f", "#d8dce0")
DARK = _look(_ON_BLACK, _BRIGHTER, "#d6dae0", "#3a4048")
