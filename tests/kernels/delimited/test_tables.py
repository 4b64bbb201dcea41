"""What cells of CSV, TSV and W3C logs become, and what is said of records that have none."""

import pytest
from tools.line_verdicts import NEEDS, Cell, cells_of, faults, names

from streamstat.input.events import decode_bytes, decoder_of
from streamstat.input.formats import Format
from streamstat.input.formats.csv import Csv
from streamstat.input.formats.tsv import Tsv
from streamstat.input.formats.w3c import W3c

GONE = None


def columns(format: Format, data: bytes, *paths: str) -> dict[str, list[Cell | None]]:
    """Each field of all rows."""
    events = decode_bytes(decoder_of(format, dict.fromkeys(paths, NEEDS)), data)
    rows = [cells_of(events, paths, row) for row in range(events.rows)]
    return {path: [row.get(path) for row in rows] for path in paths}


@pytest.mark.parametrize(
    ("data", "cells"),
    [
        (b"a,b\n1,x\n", {"a": [("number", "1")], "b": [("text", "x")], "c": [GONE]}),
        (b'a\n"1"\n"true"\n""\n', {"a": [("text", "1"), ("text", "true"), ("text", "")]}),
        (b"a,b\ntrue,false\n,\n", {"a": [("true", ""), ("null", "")], "b": [("false", ""), ("null", "")]}),
        (b"a,b\n True, 1\n", {"a": [("text", " True")], "b": [("text", " 1")]}),
        (b"a,b\n-0.5e3,+1\n", {"a": [("number", "-0.5e3")], "b": [("text", "+1")]}),
        (b'a,b\n"x ""y""\r\nz",2\n', {"a": [("text", 'x "y"\r\nz')], "b": [("number", "2")]}),
        (b'a,b\nx"y"z,"q"\r\n', {"a": [("text", 'x"y"z')], "b": [("text", "q")]}),
        (b'a,b\n "x",2\n', {"a": [("text", ' "x"')]}),
        (b"a,a\n1,2\n", {"a": [("number", "2")]}),
        (b'"a ""1""",user.id\n1,2', {'a "1"': [("number", "1")], "user.id": [("number", "2")]}),
        (b"\n  \na\r\n\r\n\0\0" + b'"x"\r\n \n', {"a": [("text", "x")]}),
        (b"caf\xe9,b\n1,2\n", {"caf\ufffd": [("number", "1")], "b": [("number", "2")]}),
        (b'"a,b\n1,2\n', {"1": []}),
        (b'a,b\n"x"y,2\n3,4\n', {"a": [("number", "3")]}),
        (b'a,b\n"x\n5,6\n', {"a": [("number", "5")]}),
        (b"a,b\n1\n1,2,3\n\xff,1\n7,8\n", {"a": [("number", "7")]}),
    ],
)
def test_what_a_cell_of_csv_becomes(data: bytes, cells: dict[str, list[Cell | None]]) -> None:
    assert columns(Csv(), data, *cells) == cells


@pytest.mark.parametrize(
    ("data", "cells"),
    [
        (b"a\tb\n1\tx y\n", {"a": [("number", "1")], "b": [("text", "x y")]}),
        (rb"a" b"\n" rb"1\t2\n3\\t\x\\" b"\n", {"a": [("text", "1\t2\n3\\t\\x\\")]}),
        (b'a\tb\n"x\t"\n', {"a": [("text", '"x')], "b": [("text", '"')]}),
        (b"a\tb\n\t\n \n", {"a": [("null", "")]}),
        (rb"a\tb" b"\tc\n1\t2\r\n", {"a\tb": [("number", "1")], "c": [("number", "2")]}),
    ],
)
def test_what_a_cell_of_tsv_becomes(data: bytes, cells: dict[str, list[Cell | None]]) -> None:
    assert columns(Tsv(), data, *cells) == cells


IIS = b"#Version: 1.0\r\n#Fields: date time cs(User-Agent) sc-status\r\n2026-05-01 10:00:01 curl/8+x 200\r\n"
CLOUD_FRONT = b"#Fields: date time x-edge c\n2026-05-01\t10:00:01\tFRA 2\t-\n"


@pytest.mark.parametrize(
    ("data", "cells"),
    [
        (IIS, {"time": [("text", "2026-05-01 10:00:01Z")], "date": [("text", "2026-05-01")]}),
        (IIS, {"cs(User-Agent)": [("text", "curl/8+x")], "sc-status": [("number", "200")]}),
        (CLOUD_FRONT, {"x-edge": [("text", "FRA 2")], "c": [("null", "")]}),
        (b"#Fields: time x date\n1:00 7 2026-05-01\n", {"time": [("text", "2026-05-01 1:00Z")]}),
        (b"#Fields: date time\n- 1:00\nx -\n", {"time": [("text", "1:00"), ("null", "")]}),
        (b"#Fields: time\n1:00\n", {"time": [("text", "1:00")], "date": [GONE]}),
        (
            b"#Fields: a b\n1 2\n#Fields: b\n3\n",
            {"a": [("number", "1"), GONE], "b": [("number", "2"), ("number", "3")]},
        ),
        (
            b"#Fields: a\n1\n#x\n\n\0\0#Fields: b\n2",
            {"a": [("number", "1"), GONE], "b": [GONE, ("number", "2")]},
        ),
    ],
)
def test_what_a_cell_of_w3c_becomes(data: bytes, cells: dict[str, list[Cell | None]]) -> None:
    assert columns(W3c(), data, *cells) == cells


@pytest.mark.parametrize(
    ("format", "data", "said"),
    [
        (Csv(), b'a,b\n1,"x"y\n', [("text behind a closing quote", 6)]),
        (Csv(), b'a,b\n1,"x\n', [("no closing quote", 5)]),
        (Csv(), b'a,b\n1,"x\n2,3', [("no closing quote", 5)]),
        (Csv(), b"a,b\n1\n1,2,3\n", [("more or fewer cells than there are columns", n) for n in (2, 5)]),
        (Csv(), "a\n\u00e9".encode() + b"\xff\n", [("not UTF-8", 2)]),
        (Csv(), b"," * 65_536 + b"\n", [("more than 65,536 columns", 1)]),
        (Csv("|", ("a",), False), b"1|2\n", [("more or fewer cells than there are columns", 3)]),
        (Tsv(), b"a\tb\n1\n", [("more or fewer cells than there are columns", 2)]),
        (
            W3c(),
            b"1 2\n#Fields: a\n1 2\n",
            [("no #Fields: before it", 1), ("more or fewer cells than there are columns", 3)],
        ),
    ],
)
def test_a_bad_record_is_told(format: Format, data: bytes, said: list[tuple[str, int]]) -> None:
    assert faults(format, data) == said


def test_a_bad_record_is_on_its_line() -> None:
    events = decode_bytes(decoder_of(Csv(), {}), b'a,b\n"\n\n",2\n1\n"x\ny"z,1\n1,2\n')
    bad = list(events.bad_records())
    assert [(each.line, events.bytes_of(each)) for each in bad] == [(4, b"1\n"), (5, b'"x\n')]
    assert (events.rows, events.records, events.lines) == (3, 5, 8)


@pytest.mark.parametrize(
    ("format", "data", "found"),
    [
        (Csv(), b"\na,b,a\n1\n1,2,3\n", ["a", "b"]),
        (Csv(), b"a,b\n", []),
        (Csv(";", ("x", "y"), False), b"1;2\n", ["x", "y"]),
        (W3c(), b"#Fields: a\n#Fields: b c\n1\n1 2\n#Fields: d\n", ["b", "c"]),
    ],
)
def test_names_are_those_of_the_first_event(format: Format, data: bytes, found: list[str]) -> None:
    assert names(format, data) == found
