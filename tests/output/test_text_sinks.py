"""What the sinks of text write: CSV, TSV, NDJSON, JSON and tables."""

import csv
import io
import json
from collections.abc import Callable

import numpy as np
import pytest
from tools.result_rows import values
from tools.sink_runs import FIELDS, SINKS, Memory, batch, written

from streamstat.common.workers import Workers
from streamstat.output.sinks import Sink
from streamstat.output.sinks.csv import CsvSink
from streamstat.output.sinks.files import Target
from streamstat.output.sinks.json import JsonSink
from streamstat.output.sinks.ndjson import NdjsonSink
from streamstat.output.sinks.table import TableSink
from streamstat.output.sinks.tsv import TsvSink
from streamstat.output.sinks.vertical import VerticalSink
from streamstat.values.columns import I64, ColumnType, ResultField, Rows, Values


def text_of(make_sink: Callable[[Target], Sink], *batches: Rows) -> str:
    memory = Memory()
    written(make_sink(memory), *batches)
    assert memory.state == "published"
    return memory.data.decode()


def nine_hours(times: I64) -> I64:
    return np.full(len(times), 32_400, np.int64)


def test_csv_has_a_header_and_no_states() -> None:
    assert text_of(CsvSink, batch("a", None), batch("")) == (
        "window_start,key,count,mean,top\n"
        '2026-01-01T00:00:00Z,a,0,,"[[""a"",1,0]]"\n'
        '2026-01-01T00:01:00Z,,1,0.25,"[[""a"",1,0]]"\n'
        '2026-01-01T00:00:00Z,"",0,,"[[""a"",1,0]]"\n'
    )


def test_ndjson_is_an_object_a_row() -> None:
    assert text_of(NdjsonSink, batch((1.0, "1.0"))) == (
        '{"window_start":"2026-01-01T00:00:00Z","key":1.0,"count":0,"mean":null,"top":[["a",1,0]]}\n'
    )


def test_tsv_has_a_header_and_escapes_its_names_too() -> None:
    assert text_of(TsvSink, batch("a\tb", None), batch("")) == (
        "window_start\tkey\tcount\tmean\ttop\n"
        '2026-01-01T00:00:00Z\ta\\tb\t0\t\t[["a",1,0]]\n'
        '2026-01-01T00:01:00Z\t\t1\t0.25\t[["a",1,0]]\n'
        '2026-01-01T00:00:00Z\t\t0\t\t[["a",1,0]]\n'
    )
    memory = Memory()
    names = (ResultField("a\tb", ColumnType.INTEGER), ResultField("c\\", ColumnType.INTEGER))
    written(TsvSink(memory), fields=names)
    assert memory.data == b"a\\tb\tc\\\\\n"


def test_json_is_one_array_with_an_object_a_line() -> None:
    text = text_of(JsonSink, batch("a\n", None), batch(), batch(7))
    assert [row["key"] for row in json.loads(text)] == ["a\n", None, 7]
    lines = text.splitlines()
    assert (lines[0], lines[-1], len(lines)) == ("[", "]", 5)
    assert [line[-1] for line in lines[1:-1]] == [",", ",", "}"]


@pytest.mark.parametrize("make", [CsvSink, TsvSink])
def test_report_without_a_header_begins_with_its_rows(make: Callable[..., Sink]) -> None:
    assert text_of(lambda target: make(target, header=False), batch()) == ""
    assert text_of(lambda target: make(target, header=False), batch(1)).startswith("2026-01-01T00:00:00Z")


def test_times_are_printed_in_the_zone() -> None:
    assert "2026-01-01T09:00:00+09:00," in text_of(lambda target: CsvSink(target, nine_hours), batch(1))
    assert "2026-01-01T09:00:00+09:00\t" in text_of(lambda target: TsvSink(target, nine_hours), batch(1))
    assert '"2026-01-01T09:00:00+09:00"' in text_of(lambda target: JsonSink(target, nine_hours), batch(1))
    assert '"2026-01-01T09:00:00+09:00"' in text_of(lambda target: NdjsonSink(target, nine_hours), batch(1))
    assert text_of(lambda target: TableSink(target, nine_hours), batch(1)).startswith("2026-01-01 +09:00\n")
    assert "2026-01-01T09:00:00+09:00\n" in text_of(lambda target: VerticalSink(target, nine_hours), batch(1))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("csv", "window_start,key,count,mean,top\n"),
        ("tsv", "window_start\tkey\tcount\tmean\ttop\n"),
        ("ndjson", ""),
        ("json", "[]\n"),
        ("table", "window_start  key  count  mean  top\n"),
        ("vertical", ""),
    ],
)
def test_report_without_rows_still_names_its_columns(name: str, expected: str) -> None:
    assert text_of(SINKS[name]) == expected
    assert text_of(SINKS[name], batch()) == expected


def test_csv_quotes_hostile_names_and_guards_them_in_files() -> None:
    fields = (ResultField('=a,"b"', ColumnType.INTEGER), ResultField("-x\udcff", ColumnType.INTEGER))
    memory = Memory()
    written(CsvSink(memory, formula_guard=True), fields=fields)
    assert list(csv.reader(io.StringIO(memory.data.decode()))) == [['\'=a,"b"', "'-x?"]]


def test_csv_on_a_terminal_shows_control_characters() -> None:
    shown = text_of(lambda target: CsvSink(target, terminal=True), batch("\x1b[2J\n\u202e"))
    assert ",\\x1b[2J\\x0a\\u202e,0," in shown


def test_large_batches_are_rendered_in_parts() -> None:
    n = 100_000
    rows = Rows((FIELDS[2],), (Values(np.full(n, 3, np.uint8), np.arange(n)),))
    memory = Memory()
    written(CsvSink(memory), rows, fields=rows.fields)
    assert memory.data.split() == [b"count", *(b"%d" % i for i in range(n))]
    assert memory.writes == 3


@pytest.mark.parametrize("make", [CsvSink, TsvSink, NdjsonSink, JsonSink])
def test_rows_rendered_side_by_side_stay_in_order(make: Callable[..., Sink]) -> None:
    rows = batch(*range(5_000))
    texts = []
    for threads in (1, 3):
        memory = Memory()
        with Workers(threads) as workers:
            sink = make(memory, workers=workers)
            sink.open(FIELDS)
            sink.write(rows)
        texts.append(memory.data)
        assert memory.writes >= threads
    assert texts[0] == texts[1]


def test_vertical_has_a_line_a_column_and_a_blank_line_between_rows() -> None:
    assert text_of(VerticalSink, batch("a", None), batch("\x1b[1m\n")) == (
        "window_start  2026-01-01T00:00:00Z\nkey           a\ncount         0\nmean\n"
        'top           [["a",1,0]]\n\n'
        "window_start  2026-01-01T00:01:00Z\nkey\ncount         1\nmean          0.25\n"
        'top           [["a",1,0]]\n\n'
        "window_start  2026-01-01T00:00:00Z\nkey           \\x1b[1m\\x0a\ncount         0\nmean\n"
        'top           [["a",1,0]]\n'
    )


def test_names_and_cells_that_would_steer_a_terminal_are_spelt_out() -> None:
    fields, memory = (ResultField("a\x1b[1m", ColumnType.ANY),), Memory()
    for sink in (VerticalSink(memory), TsvSink(memory, terminal=True)):
        written(sink, Rows(fields, (values("b\x1b[2J"),)), fields=fields)
    assert memory.data.decode() == "a\\x1b[1m  b\\x1b[2J\na\\x1b[1m\nb\\x1b[2J\n"


def test_vertical_tells_empty_text_from_null_and_measures_wide_names() -> None:
    fields = (ResultField("도시", ColumnType.ANY), ResultField("x", ColumnType.ANY))
    memory = Memory()
    written(VerticalSink(memory), Rows(fields, (values(""), values(20.635802469135804))), fields=fields)
    assert memory.data.decode() == '도시  ""\nx     20.635802469135804\n'
