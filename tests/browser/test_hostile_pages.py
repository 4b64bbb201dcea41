"""What a log holds never becomes markup, a script or a request, wherever on a page it comes to stand."""

import json
from pathlib import Path

from tools.browser import Browser
from tools.commands import run

HOSTILE = (
    "<!--<script>",  # the first one, which no chart of groups has: behind it nothing ends a script
    "</script><img src=x onerror=document.title=1>",
    "<img src=http://127.0.0.1:9/x onerror=document.title=1>",
    "{{data}} {{script}} ${document.title=1}",
    "javascript:document.title=1",
    '"><svg onload=document.title=1>',
    "'-document.title=1-'",
    "&lt;b&gt; &amp;",
    "\u2028\u2029",
    "http://127.0.0.1:9/x.png",
    "]]>",
    "\\",
)
START = "2026-01-01T{:02}:00:00Z"


def report_of(folder: Path) -> Path:
    """Rows whose groups, texts and names of columns are all hostile; vega-tooltip would load an `image`."""
    rows = [
        {
            "window_start": START.format(hour),
            "window_end": START.format(hour + 1),
            HOSTILE[1]: text,
            HOSTILE[2]: hour + n,
            "image": n,
            "p50_" + HOSTILE[5]: 1,
            "p99_" + HOSTILE[5]: 2,
            "top_x": [[each, 3, 0] for each in HOSTILE],
            "url": "http://127.0.0.1:9/y.png",
        }
        for hour in range(3)
        for n, text in enumerate(HOSTILE)
    ]
    file = folder / "hostile.ndjson"
    file.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return file


def test_a_hostile_report_is_text(chromium: Browser, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    ended = run(["chart", str(report_of(tmp_path)), "-o", str(page)])
    assert ended.code == 0, ended.err
    _is_harmless(chromium, page)
    texts = chromium.ask("return [...table.tBodies[0].rows].map((row) => row.cells[2].textContent)")
    assert set(texts) == set(HOSTILE)
    heads = chromium.ask("return [...table.tHead.rows[0].cells].map((cell) => cell.textContent)")
    assert heads[2:4] == [*HOSTILE[1:3]]


def test_tooltips_are_text(chromium: Browser, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    run(["chart", str(report_of(tmp_path)), "-o", str(page)])
    chromium.show(page)
    for number in range(chromium.ask("return figures.length")):
        chromium.point_at_chart(number)
        assert chromium.ask("return document.querySelectorAll('.tip td').length") > 0
        assert chromium.ask("return document.querySelectorAll('.tip :not(table, tbody, tr, td)').length") == 0
    assert chromium.logged() == []


def test_a_hostile_log_is_text(chromium: Browser, tmp_path: Path) -> None:
    """As it comes from the log itself: lines that cannot be read, names of files, and the command."""
    log = tmp_path / "a<img src=x onerror=document.title=1>.ndjson"
    lines = [json.dumps({"time": START.format(1), "g": text}) for text in HOSTILE]
    log.write_text("".join(f"{line}\n" for line in [*lines, HOSTILE[1]]), encoding="utf-8")
    page = tmp_path / "page.html"
    where = 'g != "</script><script>document.title=1</script>"'
    ended = run(["run", "-b", "g", "-a", "count()", "--where", where, "-o", str(page), str(log)])
    assert ended.code == 0, ended.err
    _is_harmless(chromium, page)
    text = chromium.ask("return document.body.textContent")
    assert where in text
    assert "onerror=document.title=1>.ndjson:13" in text


def _is_harmless(chromium: Browser, page: Path) -> None:
    """Nothing of it has run, is an element, or is asked for."""
    chromium.logged(), chromium.requested()
    chromium.show(page)
    assert chromium.ask("return document.title") != "1"
    assert (
        chromium.ask("return document.querySelectorAll('img, iframe, object, a, b, main script').length") == 0
    )
    assert chromium.ask("return document.scripts.length") == 3
    assert set(chromium.requested()) == {page.as_uri()}
    assert chromium.logged() == []


def test_the_policy_forbids_what_would_come_through(chromium: Browser, web: Path) -> None:
    """Should markup ever come in, it still does not run and loads nothing."""
    chromium.show(web)
    chromium.logged(), chromium.requested()
    chromium.ask("document.body.insertAdjacentHTML('beforeend', arguments[0])", HOSTILE[2])
    chromium.ask("document.body.insertAdjacentHTML('beforeend', '<button id=b onclick=document.title=1>')")
    chromium.ask("document.getElementById('b').click()")
    chromium.ask(
        "const own = document.createElement('script'); own.textContent = 'document.title=1'; document.body.append(own)"
    )
    assert chromium.ask("return document.title") != "1"
    assert all("Content Security Policy" in line for line in chromium.logged())
