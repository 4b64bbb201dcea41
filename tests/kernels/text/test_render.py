"""The native renderer against repr(), datetime, csv and json, and on arrays that do not fit."""

import csv
import io
import json
import math
import random
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tools.cell_columns import NULL, Cell, array, as_csv, as_json, column, double, integer, text

from streamstat.kernels import render_cells, render_csv, render_ndjson
from streamstat.values.cells import NativeColumn
from streamstat.values.columns import I64, ColumnType, Kind


def times(values: list[int], zoned: list[int] | None = None) -> list[str]:
    cells = [integer(value) for value in values]
    return render_csv([column(cells, ColumnType.TIME, zoned)], 0, len(cells), False, False).decode().split()


def test_doubles_are_laid_out_as_repr_does() -> None:
    values = [100.0, 0.1, 1e16, 1e-05, 0.0001, 9999999999999998.0, 123456789012345680.0, 5e-324, -0.0, 1e22]
    lines = render_csv([column([double(value) for value in values])], 0, len(values), False, False).decode()
    assert lines.split() == [
        *("100.0", "0.1", "1e+16", "1e-05", "0.0001", "9999999999999998.0", "1.2345678901234568e+17"),
        *("5e-324", "-0.0", "1e+22"),
    ]


def test_every_double_equals_its_repr() -> None:
    seed = random.randrange(1 << 32)
    generator = np.random.default_rng(seed)
    bits = generator.integers(-(1 << 63), (1 << 63) - 1, 100_000, np.int64)
    powers = generator.random(100_000) * 10.0 ** generator.integers(-8, 20, 100_000)
    near = np.concatenate([np.nextafter(10.0 ** np.arange(-30, 30), way) for way in (0, 1, math.inf)])
    rounded = np.round(generator.random(100_000) * 1e6, 2)
    values = np.concatenate([bits.view(np.float64), powers, near, rounded, np.trunc(powers)])
    values = values[np.isfinite(values)]
    kinds = np.full(len(values), Kind.DOUBLE, np.uint8)
    given_column = (int(ColumnType.DOUBLE), kinds, values.view(np.int64), None, None, None)
    lines = render_csv([given_column], 0, len(values), False, False).decode().split()
    assert lines == list(map(repr, values.tolist())), f"seed {seed}"


def test_doubles_that_are_no_numbers_are_named_in_csv_and_null_in_json() -> None:
    cells = [double(math.inf), double(-math.inf), double(math.nan)]
    assert as_csv(*cells) == b"inf,-inf,nan\n"
    assert as_json(cells[0]) == b'{"x":null}\n'


def test_integers_of_any_size_are_decimal() -> None:
    assert as_csv(integer(0), integer(-(1 << 63)), integer((1 << 63) - 1)) == (
        b"0,-9223372036854775808,9223372036854775807\n"
    )


def test_numbers_as_written_keep_their_spelling_in_any_columns_only() -> None:
    assert as_csv(double(1.0, b"1e0"), integer(0, b"-0")) == b"1e0,-0\n"
    assert as_json(double(1.0, b"1e0")) == b'{"x":1e0}\n'
    typed = column([double(1.0, b"1e0")], ColumnType.DOUBLE)
    assert render_csv([typed], 0, 1, False, False) == b"1.0\n"


def test_number_beyond_double_is_its_spelling() -> None:
    assert as_csv((Kind.HUGE, 0, b"-1e999")) == b"-1e999\n"
    assert as_json((Kind.HUGE, 0, b"-1e999")) == b'{"x":-1e999}\n'


def test_times_are_iso_8601_without_trailing_zeros() -> None:
    assert times([1767225600_000000, 1767225600_500000, 1767225600_000001, -1]) == [
        "2026-01-01T00:00:00Z",
        "2026-01-01T00:00:00.5Z",
        "2026-01-01T00:00:00.000001Z",
        "1969-12-31T23:59:59.999999Z",
    ]


def test_times_in_a_zone_carry_its_offset() -> None:
    assert times([1767225600_000000] * 4, [32400, 0, -12600, 1172]) == [
        "2026-01-01T09:00:00+09:00",
        "2026-01-01T00:00:00+00:00",
        "2025-12-31T20:30:00-03:30",
        "2026-01-01T00:19:32+00:19:32",
    ]


def test_times_of_any_year_are_expanded_and_do_not_crash() -> None:
    day = 86_400_000_000
    assert times([-(1 << 63), (1 << 63) - 1, 2932897 * day, -719528 * day, -719529 * day]) == [
        "-290308-12-21T19:59:05.224192Z",
        "+294247-01-10T04:00:54.775807Z",
        "+10000-01-01T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "-0001-12-31T00:00:00Z",
    ]
    assert times([-(1 << 63), (1 << 63) - 1], [-172800, 172800])[1] == "+294247-01-12T04:00:54.775807+48:00"


@settings(deadline=None)
@given(st.lists(st.tuples(st.datetimes(), st.integers(-86_399, 86_399)), min_size=1))
def test_times_read_back_as_python_reads_them(moments: list[tuple[datetime, int]]) -> None:
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    in_zones = [moment.replace(tzinfo=timezone(timedelta(seconds=offset))) for moment, offset in moments]
    values = [(moment - epoch) // timedelta(microseconds=1) for moment in in_zones]
    shown = times(values, [offset for _, offset in moments])
    assert [datetime.fromisoformat(line) for line in shown] == in_zones
    assert [line[:19] for line in shown] == [moment.isoformat()[:19] for moment, _ in moments]


def test_null_is_an_empty_cell_and_empty_text_is_quoted() -> None:
    assert as_csv(NULL, text(""), NULL) == b',"",\n'
    assert as_json(NULL) == b'{"x":null}\n'
    assert as_json(text("")) == b'{"x":""}\n'


def test_booleans_are_words() -> None:
    assert as_csv((Kind.TRUE, 0, b""), (Kind.FALSE, 0, b"")) == b"true,false\n"


def test_csv_quotes_only_where_needed() -> None:
    cells = [text(cell) for cell in ("plain", "a b", "a,b", 'a"b', "a\nb", "a\rb", "서울", "tab\tin")]
    assert as_csv(*cells).decode() == 'plain,a b,"a,b","a""b","a\nb","a\rb",서울,tab\tin\n'
    assert as_csv(array(b'[["a",1]]')) == b'"[[""a"",1]]"\n'


@settings(deadline=None)
@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), min_size=1))
def test_csv_reads_back_with_the_csv_module(rows: list[list[str]]) -> None:
    columns = [column([text(row[i].encode("utf-8", "replace")) for row in rows]) for i in range(2)]
    out = render_csv(columns, 0, len(rows), False, False).decode()
    expected = [[cell.encode("utf-8", "replace").decode() for cell in row] for row in rows]
    assert list(csv.reader(io.StringIO(out, newline=""))) == expected


@settings(deadline=None)
@given(st.dictionaries(st.text(), st.text() | st.none() | st.booleans() | st.floats(allow_nan=False)))
def test_ndjson_reads_back_with_the_json_module(record: dict[str, str | bool | float | None]) -> None:
    record = {key.encode("utf-8", "replace").decode(): value for key, value in record.items()}
    cells: list[Cell] = []
    for value in record.values():
        if value is None or isinstance(value, bool):
            cells.append(NULL if value is None else (Kind.TRUE if value else Kind.FALSE, 0, b""))
        else:
            cells.append(text(value.encode("utf-8", "replace")) if isinstance(value, str) else double(value))
    names = [key.encode() for key in record]
    line = render_ndjson(names, [column([cell]) for cell in cells], 0, 1).decode()
    expected = {
        key: value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
        for key, value in record.items()
    }
    assert json.loads(line) == {k: None if v in (math.inf, -math.inf) else v for k, v in expected.items()}
    assert line.count("\n") == 1


def test_ranges_of_rows_add_up_to_the_whole() -> None:
    cells = [text("a" * i) for i in range(10)]
    columns = [column(cells), column([integer(i) for i in range(10)], ColumnType.TIME, list(range(10)))]
    whole = render_csv(columns, 0, 10, False, False)
    assert b"".join(render_csv(columns, i, i + 1, False, False) for i in range(10)) == whole
    assert render_csv(columns, 10, 10, False, False) == b""


def test_cells_are_bare_text() -> None:
    offsets, data = render_cells(column([text("a,b"), NULL, double(0.5), (Kind.TRUE, 0, b"")]), 0, 4, False)
    assert (offsets.tolist(), data.tobytes()) == ([0, 3, 3, 6, 10], b"a,b0.5true")


def hostile_columns() -> dict[str, NativeColumn]:
    kinds, numbers, data = (
        np.array([Kind.TEXT, Kind.TEXT], np.uint8),
        np.zeros(2, np.int64),
        np.zeros(4, np.uint8),
    )

    def offsets(*values: int) -> I64:
        return np.array(values, np.int64)

    any_type, time = int(ColumnType.ANY), int(ColumnType.TIME)
    whole = np.array([Kind.INTEGER] * 2, np.uint8)
    return {
        "descending": (any_type, kinds, numbers, offsets(0, 3, 1), data, None),
        "negative": (any_type, kinds, numbers, offsets(-9, 1, 2), data, None),
        "beyond": (any_type, kinds, numbers, offsets(0, 1, 99), data, None),
        "few offsets": (any_type, kinds, numbers, offsets(0, 1), data, None),
        "no texts": (any_type, kinds, numbers, None, None, None),
        "few numbers": (any_type, kinds, numbers[:1], offsets(0, 1, 2), data, None),
        "no such kind": (any_type, np.array([9, 200], np.uint8), numbers, offsets(0, 0, 0), data, None),
        "no such type": (99, kinds, numbers, offsets(0, 1, 2), data, None),
        "far offset": (time, whole, numbers, None, None, offsets(0, 1 << 62)),
        "few zones": (time, whole, numbers, None, None, offsets(0)),
    }


@pytest.mark.parametrize("case", hostile_columns())
def test_arrays_that_do_not_fit_are_refused(case: str) -> None:
    given_column = hostile_columns()[case]
    with pytest.raises(ValueError):
        render_csv([given_column], 0, 2, True, True)
    with pytest.raises(ValueError):
        render_ndjson([b"x"], [given_column], 0, 2)
    with pytest.raises(ValueError):
        render_cells(given_column, 0, 2, False)


def test_ranges_beyond_the_rows_are_refused() -> None:
    with pytest.raises(IndexError):
        render_csv([column([NULL])], 0, 2, False, False)
    with pytest.raises(ValueError, match="hi below lo"):
        render_csv([column([NULL])], 1, 0, False, False)
    with pytest.raises(ValueError, match="names"):
        render_ndjson([], [column([NULL])], 0, 1)
    with pytest.raises(ValueError):
        render_csv([(1, 2)], 0, 0, False, False)
    with pytest.raises((TypeError, ValueError)):
        render_csv([("a", None, None, None, None, None)], 0, 0, False, False)
