"""The page as a whole: its parts put into the template, and the policy that lets its own scripts run, and no others."""

import json
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any

from streamstat.output.charts.charted import Charted
from streamstat.output.charts.looks import DARK, LIGHT
from streamstat.output.charts.panels import Panel, Spec
from streamstat.output.charts.rendering import script
from streamstat.output.page.lines import completeness, ledger_of, small_table
from streamstat.output.page.table import page_rows

HERE = Path(__file__).parent
PLACE = re.compile(r"\{\{(\w+)\}\}")
# What ends a script, or a line in JavaScript, spelt in another way: JSON has these in texts alone.
SPELT = {ord(each): f"\\u{ord(each):04x}" for each in "<>&\u2028\u2029"}
LONGEST_TITLE = 80
ZOOM_SIGNS = {"in": "+", "out": "\u2212", "earlier": "◀", "later": "▶", "all": "all"}
SAID = {
    "in": "Zoom in",
    "out": "Zoom out",
    "earlier": "Move to earlier",
    "later": "Move to later",
    "all": "Show all",
}


def page_of(
    charted: Charted, panels: Sequence[Panel], notes: Sequence[str], metadata: Mapping[str, str]
) -> bytes:
    """The page, as UTF-8. metadata: what the run tells of itself, as it stands in a Parquet file, too."""
    library, own = script(), _file("page.js")
    parts = {
        "policy": _policy(library, own),
        "title": escape(_title(charted)),
        "about": escape(_about(charted)),
        "style": _file("page.css"),
        "command": _command(metadata.get("streamstat.command", "")),
        "charts": _figures(panels, notes),
        "rows": page_rows(charted),
        "ledger": ledger_of(metadata),
        "completeness": completeness(charted, metadata),
        "options": _options(metadata),
        "data": _json({"charts": list(map(_interactive, panels)), "light": LIGHT, "dark": DARK}),
        "library": library,
        "script": own,
    }
    return PLACE.sub(lambda found: parts[found[1]], _file("page.html")).encode()


def _file(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def _policy(*scripts: str) -> str:
    """Nothing is loaded from anywhere, and of scripts only these run."""
    hashes = " ".join(f"'sha256-{b64encode(sha256(each.encode()).digest()).decode()}'" for each in scripts)
    nothing = "default-src 'none'; base-uri 'none'; form-action 'none'"
    return f"{nothing}; script-src {hashes}; style-src 'unsafe-inline'; img-src data:"


def _json(value: object) -> str:
    """JSON that can stand in a page.

    >>> _json({"text": "</script>"})
    '{"text":"\\\\u003c/script\\\\u003e"}'
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.translate(SPELT)


def _title(charted: Charted) -> str:
    """What is told, and by what: `requests, errors by route`."""
    told = [charted.name(column) for column in charted.measures] or ["rows"]
    by = f" by {', '.join(map(charted.name, charted.groups))}" if charted.groups else ""
    text = ", ".join(told) + by
    return text if len(text) <= LONGEST_TITLE else f"{text[: LONGEST_TITLE - 2]} …"


def _about(charted: Charted) -> str:
    n = f"{charted.total:,} row{'s' if charted.total != 1 else ''}"
    if not charted.times or not len(charted.rows):
        return n
    times = [text for text in charted.texts(charted.times[0]) if text]
    ends = [text for text in charted.texts(1 if charted.has_windows else charted.times[0]) if text]
    return f"{min(times)} to {max(ends)}, {n}" if times and ends else n


def _command(words: str) -> str:
    return f"<pre><code>{escape(words)}</code></pre>" if words else ""


def _figures(panels: Sequence[Panel], notes: Sequence[str]) -> str:
    if not panels:
        return "<p>There is no chart of these rows: one takes a time or a group, and numbers.</p>"
    said = "".join(f"<p>{escape(note)}</p>" for note in notes)
    hint = '<p class="hint">Drag to move, turn the wheel with Shift or Ctrl to zoom, or use the buttons.</p>'
    figures = "".join(_figure(panel, i) for i, panel in enumerate(panels))
    script_off = "<noscript>Charts are drawn by JavaScript, which is off. The table needs none.</noscript>"
    return f"{said}{script_off}{hint if any(panel.has_time for panel in panels) else ''}{figures}"


def _figure(panel: Panel, i: int) -> str:
    notes = f"<span>{escape('; '.join(panel.notes))}</span>" if panel.notes else ""
    buttons = "".join(
        f'<button type="button" data-step="{step}" aria-label="{SAID[step]}" title="{SAID[step]}">{sign}</button>'
        for step, sign in ZOOM_SIGNS.items()
    )
    tools = f'<span class="tools" role="group" aria-label="Zoom">{buttons}</span>' if panel.has_time else ""
    caption = (
        f'<figcaption id="chart-{i}"><strong>{escape(panel.heading)}</strong>{notes}{tools}</figcaption>'
    )
    return f'<figure data-kind="{panel.kind}" aria-labelledby="chart-{i}">{caption}<div class="chart"></div></figure>'


def _interactive(panel: Panel) -> Spec:
    """As wide as its place, with what is told of marks, and moved along the time."""
    spec = panel.spec | {"width": "container", "autosize": {"type": "fit-x", "contains": "padding"}}
    del spec["title"]
    layers = [*panel.layers, *panel.targets]
    if panel.has_time:
        select = {"type": "interval", "encodings": ["x"], "zoom": "wheel![event.shiftKey || event.ctrlKey]"}
        layers[0] = {**layers[0], "params": [{"name": "zoom", "select": select, "bind": "scales"}]}
        layers = [_clipped(layer) for layer in layers]
    return {**spec, "layer": layers}


def _clipped(layer: Spec) -> Spec:
    """What is moved out of the chart is not to be seen beside it."""
    mark: Any = layer["mark"]
    return {**layer, "mark": {**({"type": mark} if isinstance(mark, str) else mark), "clip": True}}


def _options(metadata: Mapping[str, str]) -> str:
    options = json.loads(metadata.get("streamstat.options", "{}"))
    given = {name: value for name, value in options.items() if value not in (None, [], False, "")}
    if not given:
        return ""
    table = small_table(("option", "value"), [(name, _told(value)) for name, value in given.items()])
    return f"<details><summary>Options that decide the result</summary>{table}</details>"


def _told(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
