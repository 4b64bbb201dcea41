"""Result columns as Arrow: the narrowest type that holds all rows, in blocks of bounded size."""

import doctest
import math
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tools.result_rows import Cell, rows

from streamstat.output import arrow as narrow
from streamstat.output import gather
from streamstat.output.arrow import to_table
from streamstat.output.gather import gathered
from streamstat.values import cells as cells_module
from streamstat.values.columns import ColumnType, ResultField, Rows, Texts, Values, part_of_rows

SECOND = 1_000_000


def column(kind: ColumnType, *cells: Cell) -> tuple[pa.DataType, list[object]]:
    table = to_table([rows(kind, *cells)])
    table.validate(full=True)
    return table.schema.types[0], table.column(0).to_pylist()


def test_examples_in_the_documentation_run() -> None:
    assert [doctest.testmod(module).failed for module in (narrow, cells_module, gather)] == [0, 0, 0]


@pytest.mark.parametrize(
    ("cells", "kind", "expected"),
    [
        ([1, None, -(1 << 63)], pa.int64(), [1, None, -(1 << 63)]),
        ([(0, "-0"), 5], pa.int64(), [0, 5]),
        ([0.5, None], pa.float64(), [0.5, None]),
        ([1, 0.5, (1.0, "1.0")], pa.float64(), [1.0, 0.5, 1.0]),
        ([True, None, False], pa.bool_(), [True, None, False]),
        (["a", "", None], pa.string(), ["a", "", None]),
        ([None, None], pa.string(), [None, None]),
        ([], pa.string(), []),
        ([True, 1], pa.string(), ["true", "1"]),
        ([1, (1.0, "1.0"), "1"], pa.string(), ["1", "1.0", "1"]),
        ([0.1, 1e16, 100.0, "x"], pa.string(), ["0.1", "1e+16", "100.0", "x"]),
        ([1, b'{"a": [1]}'], pa.string(), ["1", '{"a": [1]}']),
        ([1, b"1e999"], pa.string(), ["1", "1e999"]),
        ([(2.0**64, "18446744073709551617"), 1], pa.string(), ["18446744073709551617", "1"]),
        ([(2.0**64, "18446744073709551616"), 1], pa.float64(), [2.0**64, 1.0]),
        ([((1 << 53) + 1, "9007199254740993"), 0.5], pa.string(), ["9007199254740993", "0.5"]),
        ([((1 << 53) + 1, "9007199254740993"), 1], pa.int64(), [(1 << 53) + 1, 1]),
        ([(1 << 53) + 1, 0.5], pa.float64(), [float(1 << 53), 0.5]),
    ],
)
def test_any_column_has_the_narrowest_type(
    cells: list[Cell], kind: pa.DataType, expected: list[object]
) -> None:
    assert column(ColumnType.ANY, *cells) == (kind, expected)


@pytest.mark.parametrize("cells", [[1, "a"], ["a", 1], [None, 1, None, "a"]])
def test_type_does_not_depend_on_the_cut_into_batches(cells: list[Cell]) -> None:
    apart = to_table([rows(ColumnType.ANY, cell) for cell in cells])
    assert apart.equals(to_table([rows(ColumnType.ANY, *cells)]))


def test_times_carry_the_zone() -> None:
    table = to_table([rows(ColumnType.TIME, 1767225600 * SECOND, None)], "Asia/Seoul")
    assert table.schema.types == [pa.timestamp("us", tz="Asia/Seoul")]
    assert table.column(0).to_pylist() == [datetime(2026, 1, 1, tzinfo=UTC), None]


def test_fixed_columns_keep_their_type_when_all_null() -> None:
    types = [ColumnType.INTEGER, ColumnType.DOUBLE, ColumnType.LABEL, ColumnType.BINARY]
    assert [column(kind, None) for kind in types] == [
        (pa.int64(), [None]),
        (pa.float64(), [None]),
        (pa.string(), [None]),
        (pa.binary(), [None]),
    ]


def test_doubles_keep_every_bit() -> None:
    kind, read = column(ColumnType.DOUBLE, 0.1, -0.0, 5e-324, math.inf)
    assert (kind, str(read)) == (pa.float64(), "[0.1, -0.0, 5e-324, inf]")


def test_values_without_texts_will_do() -> None:
    table = to_table(
        [Rows((ResultField("x", ColumnType.ANY),), (Values(np.array([3], np.uint8), np.array([7])),))]
    )
    assert table.to_pydict() == {"x": [7]}


def test_states_are_bytes() -> None:
    kinds, texts = np.array([5, 0], np.uint8), Texts(np.array([0, 3, 3]), np.array([0, 255, 10], np.uint8))
    states = Rows((ResultField("hll_x", ColumnType.BINARY),), (Values(kinds, np.zeros(2, np.int64), texts),))
    assert to_table([states]).to_pydict() == {"hll_x": [b"\x00\xff\n", None]}


def test_histograms_are_lists_of_upper_and_count() -> None:
    kind, read = column(ColumnType.HISTOGRAM, b"[[10.0, 3], [null, 1]]", None, b"[]")
    assert kind == pa.list_(pa.struct({"upper": pa.float64(), "count": pa.int64()}))
    assert read == [[{"upper": 10.0, "count": 3}, {"upper": None, "count": 1}], None, []]


def test_tops_are_lists_of_value_count_and_error() -> None:
    kind, read = column(ColumnType.TOP, None, b'[["a\\n", 3, 0], [1.50, 2, 1], [{"b": "c"}, 1, 0]]', b"[]")
    assert kind == pa.list_(pa.struct({"value": pa.string(), "count": pa.int64(), "error": pa.int64()}))
    assert read == [
        None,
        [
            {"value": "a\n", "count": 3, "error": 0},
            {"value": "1.50", "count": 2, "error": 1},
            {"value": '{"b": "c"}', "count": 1, "error": 0},
        ],
        [],
    ]


def test_values_are_lists_of_strings() -> None:
    kind, read = column(ColumnType.LIST, b'["a\\n",1.50,{"b": "c"}]', None, b"[]")
    assert (kind, read) == (pa.list_(pa.string()), [["a\n", "1.50", '{"b": "c"}'], None, []])


def test_no_batches_give_an_empty_table_where_the_fields_are_known() -> None:
    fields = (ResultField("n", ColumnType.INTEGER), ResultField("x", ColumnType.ANY))
    assert to_table([], fields=fields).schema == pa.schema([("n", pa.int64()), ("x", pa.string())])
    with pytest.raises(ValueError, match="neither fields nor a batch"):
        to_table([])


@settings(deadline=None)
@given(st.lists(st.lists(st.none() | st.integers(0, 9) | st.text(max_size=5), max_size=8), max_size=600))
def test_gathering_keeps_rows_in_order(batches: list[list[Cell]]) -> None:
    blocks = list(gathered(rows(ColumnType.ANY, *cells) for cells in batches))
    assert all(0 < len(block) <= gather.MOST_ROWS for block in blocks)
    read = [cell for cells in batches for cell in cells]
    together = rows(ColumnType.ANY, *read)
    assert len(blocks) == (1 if read else 0)
    for block in blocks:
        assert block.columns[0].kinds.tolist() == together.columns[0].kinds.tolist()
        assert block.columns[0].numbers.tolist() == together.columns[0].numbers.tolist()
        texts, expected = block.columns[0].texts, together.columns[0].texts
        assert texts is not None and expected is not None
        assert [texts[i] for i in range(len(texts))] == [expected[i] for i in range(len(expected))]


def test_blocks_are_bounded_in_rows_and_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gather, "MOST_ROWS", 10)
    monkeypatch.setattr(gather, "MOST_BYTES", 1000)
    monkeypatch.setattr(gather, "SMALL_BATCHES", 3)
    cells: list[Cell] = ["a" * (2000 if i == 50 else i) for i in range(100)]
    sizes = []
    for step in (1, 7, 100):
        whole = rows(ColumnType.ANY, *cells)
        blocks = list(gathered(part_of_rows(whole, lo, min(100, lo + step)) for lo in range(0, 100, step)))
        assert sum(map(len, blocks)) == 100
        assert to_table(blocks).column(0).to_pylist() == cells
        sizes.append(max(len(block) for block in blocks))
        heavy = [int(gather.row_ends(block)[-1]) for block in blocks]
        assert all(size <= 1000 or len(block) == 1 for size, block in zip(heavy, blocks, strict=True))
    assert max(sizes) <= 10
