"""What the Parquet sink writes: the narrowest types that hold all rows, in row groups of bounded size."""

import io
import json
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tools.result_rows import Cell, values
from tools.sink_runs import FIELDS, batch, written

from streamstat.output import gather
from streamstat.output.arrow import to_table
from streamstat.output.sinks.files import Report
from streamstat.output.sinks.parquet import ParquetSink
from streamstat.values.columns import ResultField, Rows


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
