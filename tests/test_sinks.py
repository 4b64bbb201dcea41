"""What the sinks write, and what is left when they cannot."""

import csv
import doctest
import io
import json
import os
import resource
import stat
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from result_rows import Cell, values

from streamstat import gather
from streamstat.batch import I64, ColumnType, ResultField, Rows, Values
from streamstat.errors import CannotCreateError, ExitCode, ReadWriteError
from streamstat.narrow import to_table
from streamstat.sinks import Sink, table
from streamstat.sinks.csv import CsvSink
from streamstat.sinks.files import Report, Stream, Target
from streamstat.sinks.ndjson import NdjsonSink
from streamstat.sinks.parquet import ParquetSink
from streamstat.sinks.table import TableSink
from streamstat.workers import Workers

if TYPE_CHECKING:
    from typing_extensions import Buffer

MINUTE = 60_000_000
START = 1767225600_000000  # 2026-01-01
FIELDS = (
    ResultField("window_start", ColumnType.TIME),
    ResultField("key", ColumnType.ANY),
    ResultField("count", ColumnType.INTEGER),
    ResultField("mean", ColumnType.DOUBLE),
    ResultField("top", ColumnType.TOP),
    ResultField("hll_x", ColumnType.BINARY),
)
SINKS: dict[str, Callable[[Target], Sink]] = {"csv": CsvSink, "ndjson": NdjsonSink, "table": TableSink}
EVERY_SINK = [*SINKS, "parquet"]


class Memory:
    """A target that keeps what it is given."""

    def __init__(self) -> None:
        self.data, self.writes, self.state = b"", 0, "new"

    def open(self) -> None:
        self.state = "open"

    def write(self, data: bytes | memoryview) -> None:
        self.data += bytes(data)
        self.writes += 1

    def publish(self) -> None:
        self.state = "published"

    def discard(self) -> None:
        self.state = "discarded"


def batch(*keys: Cell) -> Rows:
    n = len(keys)
    return Rows(
        FIELDS,
        (
            values(*(START + i * MINUTE for i in range(n))),
            values(*keys),
            values(*range(n)),
            values(*(i / 4 if i else None for i in range(n))),
            values(*[b'[["a",1,0]]'] * n),
            values(*["state"] * n),
        ),
    )


def make(name: str, target: Report) -> Sink:
    return ParquetSink(target) if name == "parquet" else SINKS[name](target)


def written(sink: Sink, *batches: Rows, fields: tuple[ResultField, ...] = FIELDS) -> None:
    sink.open(fields)
    for rows in batches:
        sink.write(rows)
    sink.commit({"options": "{}"})


def text_of(make_sink: Callable[[Target], Sink], *batches: Rows) -> str:
    memory = Memory()
    written(make_sink(memory), *batches)
    assert memory.state == "published"
    return memory.data.decode()


def nine_hours(times: I64) -> I64:
    return np.full(len(times), 32_400, np.int64)


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gather, "MOST_ROWS", 3)


@pytest.fixture
def files_of_at_most_100_kb() -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


# --- text sinks ---


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


def test_times_are_printed_in_the_zone() -> None:
    assert "2026-01-01T09:00:00+09:00," in text_of(lambda target: CsvSink(target, nine_hours), batch(1))
    assert '"2026-01-01T09:00:00+09:00"' in text_of(lambda target: NdjsonSink(target, nine_hours), batch(1))
    assert "2026-01-01T09:00:00+09:00 " in text_of(lambda target: TableSink(target, nine_hours), batch(1))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("csv", "window_start,key,count,mean,top\n"),
        ("ndjson", ""),
        ("table", "window_start  key  count  mean  top\n"),
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


# --- table ---


def look(*batches: Rows, width: int | None = None, colour: bool = False) -> list[str]:
    memory = Memory()
    written(TableSink(memory, None, width, colour), *batches, fields=batches[0].fields)
    return memory.data.decode().splitlines()


def pair(left: list[Cell], right: list[Cell], kind: ColumnType = ColumnType.INTEGER) -> Rows:
    fields = (ResultField("city", ColumnType.ANY), ResultField("count", kind))
    return Rows(fields, (values(*left), values(*right)))


@pytest.mark.parametrize("make", [CsvSink, NdjsonSink])
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


def test_table_aligns_text_left_and_numbers_right() -> None:
    assert look(pair(["Rome", "x"], [5, 123456])) == [
        "city   count",
        "Rome       5",
        "x     123456",
    ]


def test_table_measures_wide_and_combining_characters() -> None:
    assert look(pair(["서울시", "Zu\u0308rich", "x"], [1, 2, 3])) == [
        "city    count",
        "서울시      1",
        "Zu\u0308rich      2",
        "x           3",
    ]


def test_table_tells_empty_text_from_null() -> None:
    assert look(pair(["", None], [1, None])) == ["city  count", '""        1', ""]


def test_any_column_of_numbers_stands_right() -> None:
    assert look(pair(["a"], [1.5], ColumnType.ANY)) == ["city  count", "a       1.5"]
    assert look(pair(["a"], [True], ColumnType.ANY)) == ["city  count", "a     true"]


def test_table_cuts_text_to_the_terminal_but_no_numbers_and_times() -> None:
    lines = look(pair(["a" * 100, "서" * 100, "b"], [1, 2, 12345678901]), width=40)
    assert lines == [
        "city                               count",
        "a" * 26 + "…            1",
        "서" * 13 + "…            2",
        "b" + " " * 28 + "12345678901",
    ]
    assert look(batch("a" * 100), width=20)[1].startswith("2026-01-01T00:00:00Z  aaaaaaa…  ")


def test_later_wider_cells_push_out() -> None:
    assert look(pair(["a"], [1]), pair(["abcdefgh", "a"], [123456789, 2])) == [
        "city  count",
        "a         1",
        "abcdefgh  123456789",
        "a         2",
    ]
    assert look(pair(["a"], [1]), pair(["a" * 90], [2]), width=20)[2] == "a" * 12 + "…      2"


def test_table_shows_control_characters_and_colours_only_its_names() -> None:
    assert look(pair(["\x1b[31m\n"], [1]), colour=True) == [
        "\x1b[1mcity          count\x1b[0m",
        "\\x1b[31m\\x0a      1",
    ]


def test_cell_of_millions_of_characters_is_laid_out_at_once() -> None:
    assert look(pair(["a" * 3_000_000], [1]), width=30)[1] == "a" * 22 + "…      1"


def test_examples_in_the_documentation_run() -> None:
    assert doctest.testmod(table).failed == 0


# --- reports and streams ---


def names_in(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


@pytest.mark.parametrize("name", EVERY_SINK)
def test_report_appears_whole_when_committed(name: str, tmp_path: Path) -> None:
    path = tmp_path / "report"
    path.write_text("old")
    sink = make(name, Report(path))
    sink.open(FIELDS)
    sink.write(batch("a", "b"))
    assert path.read_text() == "old"
    assert len(names_in(tmp_path)) == 2
    sink.commit({})
    assert names_in(tmp_path) == ["report"]
    assert path.read_bytes()[:3] != b"old"


@pytest.mark.parametrize("name", EVERY_SINK)
def test_discarded_report_leaves_nothing(name: str, tmp_path: Path, small_blocks: None) -> None:
    sink = make(name, Report(tmp_path / "report"))
    sink.discard()
    sink.open(FIELDS)
    sink.write(batch(*range(10)))
    sink.discard()
    sink.discard()
    assert names_in(tmp_path) == []


class Ended(BaseException):
    """A process that is no more."""


def test_signal_at_any_line_leaves_no_file_aside(tmp_path: Path) -> None:
    """Its handler takes the report back and ends the process: what is there then is what stays."""
    lines = 0
    while ended_at(lines, Report(tmp_path / "report")):
        assert names_in(tmp_path) in ([], ["report"])
        (tmp_path / "report").unlink(missing_ok=True)
        lines += 1
    assert lines > 40


def ended_at(at: int, report: Report) -> bool:
    """Open, write, and publish or take back a report, with a signal at its line of that number."""
    passed = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal passed
        if not frame.f_code.co_filename.endswith("sinks/files.py"):
            return None
        passed += event == "line"
        if passed > at:
            sys.settrace(None)
            report.discard()
            raise Ended
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        for end in (report.discard, report.publish):
            report.open()
            report.write(b"row\n")
            end()
    except Ended:
        return True
    finally:
        sys.settrace(before)
    return False


@pytest.mark.parametrize("name", EVERY_SINK)
def test_missing_directory_is_exit_73_in_one_line(name: str, tmp_path: Path) -> None:
    path = tmp_path / "no\nsuch" / "report"
    with pytest.raises(CannotCreateError) as failure:
        make(name, Report(path)).open(FIELDS)
    assert failure.value.exit_code == 73
    assert str(failure.value).removeprefix(str(tmp_path)) == (
        "/no\\x0asuch/report: no such file or directory; create the directory first, or name another"
    )


def test_directory_in_place_of_a_file_is_exit_73(tmp_path: Path) -> None:
    with pytest.raises(CannotCreateError, match="is a directory; name a file in it, for example"):
        Report(tmp_path).open()
    with pytest.raises(CannotCreateError, match="not a directory"):
        (tmp_path / "file").touch()
        Report(tmp_path / "file" / "report").open()


@pytest.mark.parametrize("name", EVERY_SINK)
def test_full_device_is_exit_74(name: str) -> None:
    sink = make(name, Report("/dev/full"))
    with pytest.raises(ReadWriteError) as failure:
        written(sink, batch("a"))
    sink.discard()
    assert failure.value.exit_code == ExitCode.INPUT_OUTPUT
    assert str(failure.value) == "/dev/full: no space left on device; free some room, or name another place"


@pytest.mark.parametrize("name", EVERY_SINK)
def test_write_that_fails_half_way_leaves_no_file(
    name: str, tmp_path: Path, files_of_at_most_100_kb: None, small_blocks: None
) -> None:
    sink = make(name, Report(tmp_path / "report"))
    noise = [np.random.default_rng(i).bytes(3_000).hex() for i in range(100)]
    with pytest.raises(ReadWriteError, match="report: file too large"):
        written(sink, batch(*noise))
    sink.discard()
    assert names_in(tmp_path) == []


def test_waiting_rows_that_find_no_room_are_exit_74(
    tmp_path: Path, files_of_at_most_100_kb: None, small_blocks: None
) -> None:
    fields = (ResultField("n", ColumnType.ANY), ResultField("state", ColumnType.BINARY))
    noise = [np.random.default_rng(i).bytes(3_000).hex() for i in range(100)]
    sink = ParquetSink(Report(tmp_path / "report"))
    sink.open(fields)
    with pytest.raises(ReadWriteError, match="report: file too large"):
        sink.write(Rows(fields, (values(*range(100)), values(*noise))))
    sink.discard()
    assert names_in(tmp_path) == []


def test_failing_rename_is_exit_74_and_leaves_nothing(tmp_path: Path) -> None:
    report = Report(tmp_path / "report")
    report.open()
    (tmp_path / "report").mkdir()
    with pytest.raises(ReadWriteError, match="report: is a directory"):
        report.publish()
    assert names_in(tmp_path) == ["report"]


def test_link_stays_and_its_target_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "link").symlink_to("data/report")
    for _ in range(2):
        written(CsvSink(Report(tmp_path / "link")), batch("a"))
    assert (tmp_path / "link").readlink() == Path("data/report")
    assert names_in(tmp_path / "data") == ["report"]


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600)])
def test_new_report_has_the_mode_of_the_umask(tmp_path: Path, umask: int, mode: int) -> None:
    before = os.umask(umask)
    try:
        written(CsvSink(Report(tmp_path / "report")), batch("a"))
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "report").stat().st_mode) == mode


def test_replaced_report_keeps_its_mode(tmp_path: Path) -> None:
    (tmp_path / "report").touch(0o600)
    written(CsvSink(Report(tmp_path / "report")), batch("a"))
    assert stat.S_IMODE((tmp_path / "report").stat().st_mode) == 0o600


def test_longest_name_still_has_a_place_aside(tmp_path: Path) -> None:
    written(CsvSink(Report(tmp_path / ("서" * 85))), batch("a"))
    assert names_in(tmp_path) == ["서" * 85]


def test_file_aside_is_hidden_and_unpredictable(tmp_path: Path) -> None:
    reports = [Report(tmp_path / "report") for _ in range(2)]
    for report in reports:
        report.open()
    first, second = names_in(tmp_path)
    assert first != second
    assert first.startswith(".report.")
    for report in reports:
        report.discard()


@pytest.mark.parametrize("name", EVERY_SINK)
def test_device_is_written_directly(name: str) -> None:
    written(make(name, Report("/dev/null")), batch("a"))
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


@pytest.mark.parametrize("name", EVERY_SINK)
def test_fifo_is_written_directly(name: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append((tmp_path / "fifo").read_bytes()))
    reader.start()
    written(make(name, Report(tmp_path / "fifo")), batch("a", 1, 2.5))
    reader.join()
    whole = tmp_path / "whole"
    written(make(name, Report(whole)), batch("a", 1, 2.5))
    assert read == [whole.read_bytes()]


def test_descriptor_is_continued_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_text("before\n")
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND)
    report = Report(f"/dev/fd/{descriptor}")
    report.open()
    report.write(b"row\n")
    report.publish()
    os.write(descriptor, b"after\n")
    os.close(descriptor)
    assert path.read_text() == "before\nrow\nafter\n"


def test_stream_writes_each_batch_at_once() -> None:
    ends = os.pipe()
    with open(ends[0], "rb", 0) as reader, open(ends[1], "wb", 0) as writer:  # noqa: PTH123 - descriptors
        sink = CsvSink(Stream(writer))
        sink.open(FIELDS)
        assert reader.read(1000) == b"window_start,key,count,mean,top\n"
        sink.write(batch(5))
        assert reader.read(1000) == b'2026-01-01T00:00:00Z,5,0,,"[[""a"",1,0]]"\n'


def test_stream_that_takes_a_part_gets_the_rest() -> None:
    class Slow(io.RawIOBase):
        taken = b""

        def writable(self) -> bool:
            return True

        def write(self, data: "Buffer") -> int:
            self.taken += bytes(memoryview(data)[:3])
            return min(3, len(memoryview(data)))

    slow = Slow()
    Stream(slow).write(b"0123456789")  # type: ignore[arg-type]
    assert slow.taken == b"0123456789"


def test_closed_pipe_is_told_as_it_is() -> None:
    ends = os.pipe()
    os.close(ends[0])
    with open(ends[1], "wb", 0) as writer, pytest.raises(BrokenPipeError):  # noqa: PTH123 - a descriptor
        CsvSink(Stream(writer)).open(FIELDS)


def test_full_stream_is_exit_74() -> None:
    said = "stdout: no space left on device; free some room"
    with Path("/dev/full").open("wb", 0) as full, pytest.raises(ReadWriteError, match=said):
        CsvSink(Stream(full)).open(FIELDS)


# --- Parquet ---


def parquet(*batches: Rows, fields: tuple[ResultField, ...] = FIELDS, zone: str = "UTC") -> pq.ParquetFile:
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "report.parquet"
        written(ParquetSink(Report(path), zone), *batches, fields=fields)
        return pq.ParquetFile(io.BytesIO(path.read_bytes()))


def keys_of(*batches: Rows) -> tuple[pa.DataType, list[object]]:
    read = parquet(*batches).read()
    read.validate(full=True)
    return read.schema.field("key").type, read.column("key").to_pylist()


def test_parquet_holds_types_zone_and_metadata() -> None:
    file = parquet(batch("a", None), zone="Asia/Seoul")
    read = file.read()
    assert {field.name: str(field.type) for field in read.schema} == {
        "window_start": "timestamp[us, tz=Asia/Seoul]",
        "key": "string",
        "count": "int64",
        "mean": "double",
        "top": "list<element: struct<value: string, count: int64, error: int64>>",
        "hll_x": "binary",
    }
    assert file.metadata.metadata[b"options"] == b"{}"
    assert file.metadata.row_group(0).column(0).compression == "ZSTD"
    assert read.column("top").to_pylist()[0] == [{"value": "a", "count": 1, "error": 0}]
    assert read.column("hll_x").to_pylist() == [b"state", b"state"]
    assert read.column("mean").to_pylist() == [None, 0.25]


def test_parquet_without_rows_has_its_columns() -> None:
    assert parquet().read().num_rows == 0
    assert parquet(batch()).schema_arrow.names == [field.name for field in FIELDS]


@pytest.mark.parametrize(
    ("keys", "kind", "expected"),
    [
        ([1, 2, 3, 4, 5, 6, 7], pa.int64(), [1, 2, 3, 4, 5, 6, 7]),
        ([1, 2, 3, 4, 0.5], pa.float64(), [1.0, 2.0, 3.0, 4.0, 0.5]),
        ([None, None, None, None, True], pa.bool_(), [None, None, None, None, True]),
        (
            [(1, "1"), (0, "-0"), 3, (1.0, "1.00"), 1e16, "x"],
            pa.string(),
            ["1", "-0", "3", "1.00", "1e+16", "x"],
        ),
        ([True, None, None, None, 1], pa.string(), ["true", None, None, None, "1"]),
        ([1, 2, 3, b"[1, 2]", 4], pa.string(), ["1", "2", "3", "[1, 2]", "4"]),
        (["x", "", None, 4, 5.0, 6, 7], pa.string(), ["x", "", None, "4", "5.0", "6", "7"]),
        ([None] * 7, pa.string(), [None] * 7),
    ],
)
def test_type_holds_for_row_groups_written_before_it_was_known(
    keys: list[Cell], kind: pa.DataType, expected: list[object], small_blocks: None
) -> None:
    assert keys_of(batch(*keys)) == (kind, expected)
    assert keys_of(*(batch(key) for key in keys)) == (kind, expected)


@settings(deadline=None)
@given(
    st.lists(
        st.none()
        | st.booleans()
        | st.integers(-(1 << 63), (1 << 63) - 1)
        | st.floats(allow_nan=False)
        | st.text(st.characters(codec="utf-8"))
    ),
    st.integers(1, 5),
)
def test_parquet_file_equals_the_table_in_memory(keys: list[Cell], step: int) -> None:
    before, gather.MOST_ROWS = gather.MOST_ROWS, 4
    try:
        batches = [batch(*keys[i : i + step]) for i in range(0, len(keys), step)]
        read = parquet(*batches).read()
    finally:
        gather.MOST_ROWS = before
    expected = to_table(batches, fields=FIELDS)
    assert read.column("key").to_pylist() == expected.column("key").to_pylist()
    assert read.schema.remove_metadata().equals(expected.schema)


def test_row_groups_are_bounded_and_small_batches_gathered(small_blocks: None) -> None:
    file = parquet(*(batch(i) for i in range(10)), batch(*range(6)))
    sizes = [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)]
    assert sizes == [3, 3, 3, 1, 3, 3]


def test_rows_whose_types_cannot_change_do_not_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gather, "MOST_ROWS", 1000)
    fields = FIELDS[2:4]
    sink = ParquetSink(Report(tmp_path / "report"))
    sink.open(fields)
    for _ in range(100):
        sink.write(Rows(fields, (values(*range(1000)), values(*(i / 7 for i in range(1000))))))
    assert next(tmp_path.iterdir()).stat().st_size > 100_000
    sink.discard()


def test_metadata_is_kept_in_any_script(tmp_path: Path) -> None:
    sink = ParquetSink(Report(tmp_path / "report"))
    sink.open(FIELDS)
    ledger = json.dumps({"서": 1}, ensure_ascii=False)
    sink.commit({"ledger": ledger})
    assert pq.read_metadata(tmp_path / "report").metadata[b"ledger"].decode() == ledger
