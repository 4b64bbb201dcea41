"""The native renderer against repr(), datetime, csv and json, and on arrays that do not fit."""

import csv
import io
import json
import math
import random
import struct
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streamstat.batch import I64, ColumnType, Kind
from streamstat.cells import NativeColumn
from streamstat.kernels import read_lists, render_cells, render_csv, render_ndjson, survey_column

# A value as its kind, number or bits, and text.
Cell = tuple[Kind, int, bytes]
NULL: Cell = (Kind.NULL, 0, b"")


def integer(value: int, spelling: bytes = b"") -> Cell:
    return Kind.INTEGER, value, spelling


def double(value: float, spelling: bytes = b"") -> Cell:
    return Kind.DOUBLE, struct.unpack("<q", struct.pack("<d", value))[0], spelling


def text(value: str | bytes) -> Cell:
    return Kind.TEXT, 0, value.encode() if isinstance(value, str) else value


def array(value: bytes) -> Cell:
    return Kind.JSON, 0, value


def column(
    cells: list[Cell], kind: ColumnType = ColumnType.ANY, zoned: list[int] | None = None
) -> NativeColumn:
    kinds = np.array([cell[0] for cell in cells], np.uint8)
    numbers = np.array([cell[1] for cell in cells], np.int64)
    offsets = np.cumsum([0, *(len(cell[2]) for cell in cells)], dtype=np.int64)
    data = np.frombuffer(b"".join(cell[2] for cell in cells), np.uint8)
    return int(kind), kinds, numbers, offsets, data, None if zoned is None else np.array(zoned, np.int64)


def as_csv(*cells: Cell, guard: bool = False, terminal: bool = False) -> bytes:
    return render_csv([column([cell]) for cell in cells], 0, 1, guard, terminal)


def as_json(*cells: Cell) -> bytes:
    return render_ndjson([b"x"] * len(cells), [column([cell]) for cell in cells], 0, 1)


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


def test_ndjson_escapes_what_steers_a_terminal() -> None:
    hostile = text('a"\\\n\t\x00\x1b\x7f\x9b\u202e\u2066\u200f서')
    assert as_json(hostile).decode() == (
        '{"x":"a\\"\\\\\\n\\t\\u0000\\u001b\\u007f\\u009b\\u202e\\u2066\\u200f서"}\n'
    )
    assert as_json(array('{"\u202e":\t1}'.encode())) == b'{"x":{"\\u202e": 1}}\n'


def test_bytes_that_are_no_utf8_do_not_crash_and_do_not_pass() -> None:
    hostile = text(b"a\xff\xc3(\xed\xa0\x80\xe2\x82\xf5\xc0\xaf")
    replaced = json.loads(as_json(hostile))["x"]
    assert replaced == "a" + "\ufffd" * 2 + "(" + "\ufffd" * 8
    assert as_csv(hostile, terminal=True) == b"a\\xff\\xc3(\\xed\\xa0\\x80\\xe2\\x82\\xf5\\xc0\\xaf\n"


def test_terminal_shows_control_characters_as_escapes() -> None:
    hostile = "\x1b[2J\t\n\r\x00\x7f\x85\x9b\u202a\u202e\u2066\u2069\u200e\u200f\u061c\u2028é서😀"
    assert as_csv(text(hostile), terminal=True).decode() == (
        "\\x1b[2J\\x09\\x0a\\x0d\\x00\\x7f\\x85\\x9b\\u202a\\u202e\\u2066\\u2069\\u200e\\u200f\\u061c\\u2028é서😀\n"
    )


FORMULAS = {
    "=1+1": True,
    "=": True,
    "+1+1": True,
    "-1+1": True,
    "@SUM(A1)": True,
    "@": True,
    "\t=1": True,
    "\tx": True,
    "\r=1": True,
    "\n=1": True,
    '=HYPERLINK("x")': True,
    "=cmd|' /C calc'!A0": True,
    "-2+3+cmd|' /C calc'!A0": True,
    "+82 10 1234": True,
    "--1": True,
    "-a": True,
    "+a": True,
    "-1,000": True,
    "-1e": True,
    "-.": True,
    "-1 ": True,
    " =1": True,
    "  @x": True,
    " -x": True,
    "\uff1d1": True,
    "\uff0b1": True,
    "\uff0d1": True,
    "\uff20x": True,
    "-": False,
    "+": False,
    "-12.5": False,
    "+12": False,
    "-.5": False,
    "-1e-5": False,
    "12": False,
    "": False,
    " ": False,
    "a=1": False,
    "'=1": False,
    '"=1"': False,
    "서울=": False,
}


@pytest.mark.parametrize("cell", FORMULAS)
def test_formula_guard_quotes_what_a_spreadsheet_would_run(cell: str) -> None:
    (read,) = csv.reader(io.StringIO(as_csv(text(cell), guard=True).decode(), newline=""))
    assert read == ["'" + cell if FORMULAS[cell] else cell]
    (untouched,) = csv.reader(io.StringIO(as_csv(text(cell)).decode(), newline=""))
    assert untouched == [cell]


def test_formula_guard_leaves_numbers_and_lists_alone() -> None:
    cells = [integer(-5), double(-0.5), double(-10.0, b"-1e1"), (Kind.HUGE, 0, b"-1e999"), array(b"[]")]
    assert as_csv(*cells, guard=True) == b"-5,-0.5,-1e1,-1e999,[]\n"


def test_ranges_of_rows_add_up_to_the_whole() -> None:
    cells = [text("a" * i) for i in range(10)]
    columns = [column(cells), column([integer(i) for i in range(10)], ColumnType.TIME, list(range(10)))]
    whole = render_csv(columns, 0, 10, False, False)
    assert b"".join(render_csv(columns, i, i + 1, False, False) for i in range(10)) == whole
    assert render_csv(columns, 10, 10, False, False) == b""


def test_cells_are_bare_text() -> None:
    offsets, data = render_cells(column([text("a,b"), NULL, double(0.5), (Kind.TRUE, 0, b"")]), 0, 4, False)
    assert (offsets.tolist(), data.tobytes()) == ([0, 3, 3, 6, 10], b"a,b0.5true")


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([NULL, integer(5, b"5")], 1 << 0 | 1 << 3),
        ([double(2.0**64, b"18446744073709551616"), double(1e300, b"1e300")], 1 << 4),
        ([double(2.0**64, b"18446744073709551617")], 1 << 4 | 1 << 8),
        ([double(-1e25, b"-10000000000000000905969664")], 1 << 4),
        ([double(-1e25, b"-10000000000000000000000000")], 1 << 4 | 1 << 8),
        ([integer((1 << 53) + 1, b"9007199254740993")], 1 << 3 | 1 << 9),
        ([integer((1 << 53) + 1)], 1 << 3),
        ([integer((1 << 63) - 1, b"9223372036854775807")], 1 << 3 | 1 << 9),
        ([integer(-(1 << 63), b"-9223372036854775808")], 1 << 3),
    ],
)
def test_survey_tells_kinds_and_what_doubles_would_lose(cells: list[Cell], expected: int) -> None:
    assert survey_column(column(cells), 0, len(cells)) == expected


def test_lists_are_taken_apart() -> None:
    texts = [array(b"[[1.5, 3],[null,4]]"), NULL, array(b"[]"), array(b" [ [ -2 , 7 ] ] ")]
    starts, uppers, counts, *_ = read_lists(column(texts, ColumnType.HISTOGRAM), 0, 4)
    assert (starts.tolist(), counts.tolist()) == ([0, 2, 2, 2, 3], [3, 4, 7])
    assert [None if math.isnan(upper) else upper for upper in uppers.tolist()] == [1.5, None, -2.0]


def test_values_of_tops_are_plain_strings_or_json() -> None:
    values = ["", 'a,]"\\', "\n\u20ac😀", 1.5, True, [1, ["]"], {"a": "}"}], {"b": []}]
    listed = json.dumps([[value, 5, 1] for value in values]).encode()
    starts, _, counts, errors, offsets, data = read_lists(column([array(listed)], ColumnType.TOP), 0, 1)
    shown = [data.tobytes()[a:b].decode() for a, b in pairwise(offsets)]
    assert shown == [value if isinstance(value, str) else json.dumps(value) for value in values]
    assert (starts.tolist(), set(counts.tolist()), set(errors.tolist())) == ([0, 7], {5}, {1})


@settings(deadline=None)
@given(
    st.lists(
        st.text()
        | st.integers()
        | st.booleans()
        | st.lists(st.text())
        | st.dictionaries(st.text(), st.none())
    )
)
def test_any_value_of_a_top_reads_back(values: list[object]) -> None:
    listed = json.dumps([[value, 1, 0] for value in values]).encode()
    *_, offsets, data = read_lists(column([array(listed)], ColumnType.TOP), 0, 1)
    shown = [data.tobytes()[a:b].decode() for a, b in pairwise(offsets)]
    lone = [
        v.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if isinstance(v, str) else v
        for v in values
    ]
    assert shown == [value if isinstance(value, str) else json.dumps(value) for value in lone]


@pytest.mark.parametrize(
    "listed",
    [b"", b"[", b"]", b"[[", b"[[1]]", b"[[1,2]", b"[[1,2]]x", b"[1,2]", b"[[1,2,3,4]]", b'[["a,1,0]]',
     b"[[,1,0]]", b'[["\\u12",1,0]]', b'[["\\x",1,0]]', b'[["\\", 1,0]]', b"[[1,99999999999999999999,0]]",
     b"[[}},1,0]]", b"{}", b'[["a"b,1,0]]', b"null"],
)  # fmt: skip
@pytest.mark.parametrize("kind", [ColumnType.HISTOGRAM, ColumnType.TOP])
def test_other_texts_are_no_lists(listed: bytes, kind: ColumnType) -> None:
    with pytest.raises(ValueError, match="not a list"):
        read_lists(column([array(listed)], kind), 0, 1)


@settings(deadline=None)
@given(st.binary(max_size=40), st.sampled_from([ColumnType.HISTOGRAM, ColumnType.TOP]))
def test_random_bytes_never_crash_the_list_reader(listed: bytes, kind: ColumnType) -> None:
    try:
        read_lists(column([array(listed)], kind), 0, 1)
    except ValueError as error:
        assert "not a list" in str(error)


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
