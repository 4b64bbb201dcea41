"""Pages and pictures: the same for any threads, from a run or from its saved report, and bounded."""

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from tools.commands import Forks, run
from tools.pages import LOG

from streamstat.common.errors import UsageError
from streamstat.output.charts import first_rows, rendering
from streamstat.output.charts.charted import Charted
from streamstat.output.charts.choosing import panels
from streamstat.output.charts.first_rows import FirstRows
from streamstat.output.page.page import page_of
from streamstat.output.saved.reading import read_reports
from streamstat.values.columns import (
    ColumnType,
    ResultField,
    Rows,
    Texts,
    Values,
    integers,
    part_of_rows,
)

WEB = ["run", "--silent", "-w", "tumbling:5m", "-b", "route", "-a", "n=count()", "-a", "p50,p99(latency_ms)"]
ZONED = [*WEB, "-a", "histogram(latency_ms)", "--timezone", "Europe/Berlin", str(LOG)]


def times(starts: list[int]) -> Rows:
    """Rows of a time and a number."""
    fields = (ResultField("time", ColumnType.TIME), ResultField("n", ColumnType.INTEGER))
    return Rows(fields, (integers(np.array(starts, np.int64)), integers(np.arange(len(starts)))))


def test_pictures_are_the_same_for_any_threads_and_from_the_saved_report(tmp_path: Path) -> None:
    outputs = [word for name in ("a.svg", "a.html", "a.parquet") for word in ("-o", name)]
    assert run([*ZONED, "--threads", "1", *outputs], cwd=tmp_path).code == 0
    assert run([*ZONED, "--threads", "4", "-o", "b.svg"], cwd=tmp_path).code == 0
    assert run(["chart", "a.parquet", "-o", "c.svg", "-o", "c.png"], cwd=tmp_path).code == 0
    svg = (tmp_path / "a.svg").read_bytes()
    assert svg.startswith(b"<svg ")
    assert (tmp_path / "b.svg").read_bytes() == svg
    assert (tmp_path / "c.svg").read_bytes() == svg
    assert (tmp_path / "c.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "name", ["r.csv", "r.tsv", "r.ndjson", "r.json", "r.csv.gz", "r.tsv.zst", "r.json.xz"]
)
def test_a_saved_report_is_drawn_whatever_its_format(
    name: str, forks: Forks, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    streams = tmp_path_factory.mktemp("streams")
    given = [*ZONED, "-a", "top(path, 2)", "-o", "r.parquet", "-o", name]
    assert forks.run(given, b"", tmp_path, streams).code == 0
    found, exact = read_reports([str(tmp_path / name)]), read_reports([str(tmp_path / "r.parquet")])
    assert found.rows.total == exact.rows.total == 288
    charted = [Charted(each.rows, None, each.clocks) for each in (found, exact)]
    assert [charted[0].name(i) for i in charted[0].groups] == ["route"]
    drawn = [[(panel.title, list(panel.points)) for panel in panels(each)[0]] for each in charted]
    assert drawn[0] == drawn[1]


def test_stdin_is_drawn(tmp_path: Path) -> None:
    report = b"branch,accounts\nnorth,19\ncentre,47\n"
    assert run(["chart", "-", "-o", "a.svg"], report, cwd=tmp_path).code == 0
    assert b">centre</text>" in (tmp_path / "a.svg").read_bytes()


def test_a_folder_of_parts_is_drawn(tmp_path: Path) -> None:
    (tmp_path / "in.ndjson").write_text('{"ts": 1, "g": "left"}\n{"ts": 1, "g": "right"}\n')
    given = ["run", "--state", "s", "--flush", "-w", "tumbling:1s", "-b", "g", "-o", "r.parquet", "in.ndjson"]
    assert run(given, cwd=tmp_path).code == 0
    assert run(["chart", "r.parquet", "-o", "a.svg"], cwd=tmp_path).code == 0
    assert b">right</text>" in (tmp_path / "a.svg").read_bytes()


def test_a_view_under_a_state_is_a_page_that_is_replaced(tmp_path: Path) -> None:
    log = tmp_path / "in.ndjson"
    given = ["view", "--state", "s", "--key", "id", "-b", "g", "-a", "count()", "-o", "r.html", "in.ndjson"]
    log.write_text('{"id": 1, "g": "left"}\n')
    assert run(given, cwd=tmp_path).code == 0
    assert b'<td class="text">left</td>' in (tmp_path / "r.html").read_bytes()
    with log.open("a") as file:
        file.write('{"id": 1, "g": "right"}\n')
    assert run(given, cwd=tmp_path).code == 0
    page = (tmp_path / "r.html").read_bytes()
    assert b'<td class="text">right</td>' in page and b">left</td>" not in page


@pytest.mark.parametrize("cuts", [[0, 8], [0, 1, 2, 3, 4, 5, 6, 7, 8], [0, 3, 3, 8]])
def test_the_first_rows_are_kept_however_they_come(cuts: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_rows, "KEPT_ROWS", 5)
    rows = times(list(range(8)))
    kept = FirstRows(rows.fields)
    for lo, hi in pairwise(cuts):
        kept.add(part_of_rows(rows, lo, hi))
    assert kept.total == 8
    assert kept.rows.columns[0].numbers.tolist() == [0, 1, 2, 3, 4]
    assert Charted(kept).notes == ("drawn are the first 5 of 8 rows",)


def test_long_texts_are_bounded_and_sketches_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_rows, "KEPT_BYTES", 7)
    fields = (ResultField("text", ColumnType.ANY), ResultField("hll", ColumnType.BINARY))
    texts = Texts(np.array([0, 3, 6, 9], np.int64), np.frombuffer(b"abcdefghi", np.uint8))
    column = Values(np.full(3, 5, np.uint8), np.zeros(3, np.int64), texts)
    kept = FirstRows(fields)
    kept.add(Rows(fields, (column, column)))
    assert [field.name for field in kept.fields] == ["text"]
    assert (len(kept.rows), kept.total) == (2, 3)


def test_many_points_are_thinned_to_the_lowest_and_highest() -> None:
    rows = times(list(range(0, 2_000_000, 1000)))
    kept = FirstRows(rows.fields)
    kept.add(rows)
    (panel,), _ = panels(Charted(kept), "lines")
    assert len(panel.points) <= 2 * 300
    numbers = [point["v"] for point in panel.points]
    assert (min(numbers), max(numbers), numbers) == (0, 1999, sorted(numbers))
    assert panel.notes == ("drawn are 600 of 2,000 points: the lowest and highest of each stretch of time",)


def test_a_page_says_which_rows_it_leaves_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streamstat.output.page.table.SHOWN_ROWS", 2)
    rows = times([0, 1, 2])
    kept = FirstRows(rows.fields)
    kept.add(rows)
    page = page_of(Charted(kept), [], (), {}).decode()
    assert "<p>These are the first 2 of 3 rows.</p>" in page
    assert page.split("<tbody>")[1].split("</tbody>")[0].count("<tr>") == 2


def test_a_page_shows_how_complete_the_last_windows_are(tmp_path: Path) -> None:
    lines = ["window_start,window_end,n,final,silent"]
    lines += [f"2026-01-01T0{i}:00:00Z,2026-01-01T0{i + 1}:00:00Z,{i},{i < 6},gw-{i}" for i in range(8)]
    report = tmp_path / "r.csv"
    report.write_text("\n".join(lines) + "\n")
    saved = read_reports([str(report)])
    page = page_of(Charted(saved.rows, None, saved.clocks), [], (), {}).decode()
    windows = page.split("How complete it is")[1].split("</section>")[0]
    assert [f"<td>gw-{i}</td>" in windows for i in range(8)] == [False] * 3 + [True] * 5


@pytest.mark.parametrize(
    ("watermark", "said"),
    [
        ("inf", "The input was read to its end"),
        ("2026-01-01T00:00:00Z", "The watermark has passed 2026-01-01T00:00:00Z"),
        (None, "It is not known how far the input had come"),
    ],
)
def test_a_page_says_how_far_the_input_had_come(watermark: str | None, said: str) -> None:
    ledger = {"lines": 3, "bad": 1, "counted": 2, "watermark": watermark}
    told = {"streamstat.ledger": json.dumps(ledger), "streamstat.lost": '{"bad": ["a.log:7: <b>"]}'}
    page = page_of(Charted(FirstRows(times([]).fields)), [], (), told).decode()
    assert said in page
    assert '3 lines = <span class="lost">1 bad</span> + 2 counted' in page
    assert "<td>a.log:7: &lt;b&gt;</td>" in page


def test_without_the_package_a_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "PACKAGE", "vl_convert_that_is_not_there")
    with pytest.raises(UsageError) as error:
        rendering.check_package("report.html")
    assert str(error.value) == "report.html: charts take another package; pip install 'streamstat[chart]'"


def test_a_run_without_charts_loads_none_of_it(tmp_path: Path) -> None:
    given = ["run", "-w", "all", "-o", "r.csv", str(LOG), "--silent"]
    script = (
        "import sys; from streamstat import cli; sys.argv = ['streamstat', *sys.argv[1:]]\n"
        "try: cli.main()\n"
        "except SystemExit: print(sorted(name for name in sys.modules if 'vl_convert' in name or '.charts' in name))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *given], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.stdout == "[]\n", done.stderr
