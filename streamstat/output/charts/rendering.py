"""Charts as SVG and PNG, and the script that draws them in a page: by vl-convert, which needs no network."""

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

from streamstat.common.errors import UsageError
from streamstat.output.charts.looks import LIGHT
from streamstat.output.charts.panels import Panel, Spec

PACKAGE = "vl_convert"
WIDTH = 720  # pixels of what is between the axes
SHARPNESS = 2  # pixels of a PNG for each of an SVG, as screens have them


def check_package(place: str) -> None:
    """UsageError with what to install, if charts cannot be drawn here."""
    if find_spec(PACKAGE) is None:
        raise UsageError(place, "charts take another package", "pip install 'streamstat[chart]'")


def svg_of(panels: Sequence[Panel], notes: Sequence[str]) -> bytes:
    """The charts, one below the other, as one picture."""
    import vl_convert

    text: str = vl_convert.vegalite_to_svg(_picture(panels, notes), config=_on_paper())
    return text.encode() + b"\n"


def png_of(panels: Sequence[Panel], notes: Sequence[str]) -> bytes:
    """The same in pixels."""
    import vl_convert

    data: bytes = vl_convert.vegalite_to_png(_picture(panels, notes), config=_on_paper(), scale=SHARPNESS)
    return data


def script() -> str:
    """Vega, Vega-Lite and Vega-Embed, which draw specifications in a browser: it defines `vegaEmbed`."""
    import vl_convert

    return vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")


def _picture(panels: Sequence[Panel], notes: Sequence[str]) -> Spec:
    parts = [{**panel.spec, "width": WIDTH} for panel in panels]
    spec: Spec = {"padding": 12, "spacing": 28, "resolve": _apart()}
    return {
        **spec,
        "vconcat": parts,
        **({"title": {"text": list(notes), "fontSize": 11, "fontWeight": "normal"}} if notes else {}),
    }


def _apart() -> dict[str, Any]:
    """Each chart has its own colours and legend."""
    return {
        "scale": {"color": "independent", "strokeDash": "independent"},
        "legend": {"color": "independent"},
    }


def _on_paper() -> dict[str, Any]:
    """White, and without what is read aloud of each mark: it would be most of the picture."""
    return {**LIGHT, "background": "white", "aria": False}
