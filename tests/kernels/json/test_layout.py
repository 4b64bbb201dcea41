"""JSON in any layout: records by hand, and against the slow reader on hostile input, whatever the blocks."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tools.cut_blocks import Seen, seen
from tools.json_layout_twin import records

from streamstat.input.events import padded
from streamstat.input.formats.json import Json

GOOD = {
    "an array": (b'[{"a":1},{"a":2}]', ["1", "2"]),
    "an array over lines": (b'[\n  {\n    "a": 1\n  },\n  {\n    "a": 2\n  }\n]\n', ["1", "2"]),
    "objects without anything between": (b'{"a":1}{"a":2} {"a":3}', ["1", "2", "3"]),
    "objects with commas between": (b'{"a":1},\n{"a":2},\n', ["1", "2"]),
    "arrays that follow each other": (b'[{"a":1}]\n[{"a":2},\n{"a":3}]', ["1", "2", "3"]),
    "an array without an end": (b'[{"a":1},\n{"a":2}', ["1", "2"]),
    "an empty array": (b"[]", []),
    "nothing but space": (b" \r\n\t ", []),
    "byte-order marks of joined files": (b'\xef\xbb\xbf{"a":1}\n\xef\xbb\xbf[{"a":2}]', ["1", "2"]),
    "brackets and braces in strings": (b'[{"b":"]}{\\"","a":1},{"a":2}]', ["1", "2"]),
    "a value over lines": (b'{"a":{"x" : [1,\n   "y  z"]}}', ['{"x":[1,"y  z"]}']),
    "a path over lines": (b'{"b":\n{\n"c":\n{"d":1}},\n"a":\n"x"}', ["x"]),
}


@pytest.mark.parametrize("name", GOOD)
def test_objects_are_rows(name: str) -> None:
    data, values = GOOD[name]
    found = seen(data, Json(), ["a"])
    assert (found.bad, found.blank, [row.values[0] for row in found.rows]) == ([], 0, values)


# name: input, the texts of `a` in the rows, bad records with their line and column from 1, and why
BAD = {
    "elements that are no objects": (
        b'[1, {"a":1}, "x", [{"a":2}], null, {"a":3}]',
        ["1", "3"],
        [
            (b"1", 1, 2, "not a JSON object"),
            (b'"x"', 1, 14, "not a JSON object"),
            (b'[{"a":2}]', 1, 19, "not a JSON object"),
            (b"null", 1, 30, "not a JSON object"),
        ],
    ),
    "reading goes on at a line with an object": (
        b'{"a":nope}{"a":1}\nx\n{"a":2}\n',
        ["2"],
        [(b'{"a":nope}{"a":1}\nx\n', 1, 6, "expected a value")],
    ),
    "an object further in is part of the bad one": (
        b'[\n  {"a": 1\n   "b": [\n    {"a": 2}\n  ]},\n  {"a": 3}\n]',
        ["3"],
        [
            (
                b'{"a": 1\n   "b": [\n    {"a": 2}\n  ]},\n',
                3,
                4,
                "expected ',' or the end of the object or array",
            )
        ],
    ),
    "one as far in is not": (
        b'  {"a": x}\n  {"a": 2}\n{"a": 3}',
        ["2", "3"],
        [(b'{"a": x}\n', 1, 9, "expected a value")],
    ),
    "nor one further out": (
        b'{"a": 1} {"a": x}\n     {"a": 2}',
        ["1", "2"],
        [(b'{"a": x}\n', 1, 16, "expected a value")],
    ),
    "how far in is told in characters": (
        '{"b":"\u00e9\u00e9"}{"a": x}\n           {"a": 1}\n          {"a": 2}'.encode(),
        [None, "2"],
        [(b'{"a": x}\n           {"a": 1}\n', 1, 17, "expected a value")],
    ),
    "a newline in a string": (
        b'{"a":"x\ny"}\n{"a":1}',
        ["1"],
        [(b'{"a":"x\ny"}\n', 1, 8, "control character in a string")],
    ),
    "no end": (b'[{"a":1},\n {"a":{"b":2}', ["1"], [(b'{"a":{"b":2}', 2, 2, "its end is missing")]),
    "no UTF-8": (b'{"a":"\xff"}\n{"a":1}', ["1"], [(b'{"a":"\xff"}\n', 1, 7, "not UTF-8")]),
    "a brace too many": (b'{"a":1}}\n{"a":2}', ["1", "2"], [(b"}\n", 1, 8, "expected a value")]),
    "NULs end a bad record": (
        b'{"a":\n\0\0{"a":1}',
        ["1"],
        [(b'{"a":\n', 1, 1, "its end is missing")],
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_record_ends_where_reading_goes_on(name: str) -> None:
    data, values, bad = BAD[name]
    found = seen(data, Json(), ["a"])
    assert [row.values[0] for row in found.rows] == values
    places = [(data[each.begin : each.end], each.values) for each in found.bad]
    assert places == [(content, (line - 1, column, why)) for content, line, column, why in bad]


def test_nuls_between_records_are_skipped() -> None:
    found = seen(b'\0\0[{"a":1},\0{"a":2}\n\0\0\0]\0', Json(), ["a"])
    assert ([row.values[0] for row in found.rows], found.bad, found.nuls) == (["1", "2"], [], 7)


@pytest.mark.parametrize(
    "data",
    [b'\xc3\xa9\n\0\0[{"a":1}]', b'\xef\xbb\xbf\n\0\0[{"a":1}]', b'  x\n\0\0[\n {"a":1}'],
)
def test_array_behind_nuls_is_one_wherever_blocks_end(data: bytes) -> None:
    whole = seen(data, Json(), ["a"])
    assert [row.values for row in whole.rows] == [("1",)]
    assert [seen(data, Json(), ["a"], block_bytes) for block_bytes in (1, 2, 7)] == [whole] * 3


def test_nesting_has_an_end() -> None:
    deep = b'{"a":' * 1024 + b"1" + b"}" * 1024
    found = seen(deep + b'\n{"b":' + deep + b"}", Json())
    assert (len(found.rows), [each.values[2] for each in found.bad]) == (1, ["nested deeper than 1,024"])


PARTS = [
    *[b'{"a":1}', b'{"a":"x"}', b'{\n  "a": 2,\n  "b": {"c": [1, {}]}\n}', b'{"b":"\\"}{\\\\"}', b"{}"],
    *['{"a":"\u00e9"}'.encode(), b"\xc3\xa9", b'"\\u00e9"', b"\\u12", b"\xff", b"\xef\xbb\xbf", b"\xef\xbb"],
    *[
        b"[",
        b"]",
        b",",
        b"{",
        b"}",
        b'"',
        b":",
        b"\\",
        b'"a":',
        b'{"a":',
        b'\n{"a":',
        b'\n  {"b":',
        b"\n    {",
    ],
    *[b"1", b"-", b"0", b"1.", b"e5", b"true", b"tru", b"null", b"NaN", b"x", b'"s"'],
    *[b"\n", b"\n", b"\r\n", b" ", b"  ", b"\t", b"\0", b"\n\0\0", b"\3", b"\1"],
]
TEXTS = st.lists(st.sampled_from(PARTS), max_size=24).map(b"".join)


def check(data: bytes, found: Seen, limit: int) -> None:
    expected = records(data, limit)
    assert [row[:2] for row in found.rows] == [(each.begin, each.end) for each in expected if each.event]
    assert [bad[:2] for bad in found.bad] == [(each.begin, each.end) for each in expected if not each.event]


@settings(max_examples=600, deadline=None)
@given(TEXTS)
def test_records_are_those_of_the_slow_reader(data: bytes) -> None:
    whole = seen(data, Json(), ["a", "b.c"])
    check(data, whole, 1 << 24)
    assert whole.lines == data.count(b"\n")
    for block_bytes in (1, 7, 64):
        assert seen(data, Json(), ["a", "b.c"], block_bytes) == whole


@settings(max_examples=400, deadline=None)
@given(TEXTS, st.integers(40, 60))
def test_what_is_too_long_is_cut_off(data: bytes, most: int) -> None:
    whole = seen(data, Json(), ["a"], max_line_bytes=most)
    check(data, whole, most + 1)
    assert seen(data, Json(), ["a"], 1, most) == whole


@settings(max_examples=600, deadline=None)
@given(TEXTS, st.lists(st.integers(1, 9), min_size=1))
@example(b'{"a":\n{"a":1}{"a":1}', [1, 4, 9])
def test_reading_can_begin_behind_any_record(data: bytes, steps: list[int]) -> None:
    records, end, size = Json().records(), 0, 0
    for step in steps:
        size = min(size + step, len(data))
        end = records.end(padded(data[:size]).data[:size])
    behind = records.taken(end)
    assert Json.from_record(behind.as_record()) == behind
    whole, rest = seen(data, Json(), ["a"]), seen(data[end:], behind, ["a"])
    # That a record is bad may be seen by what stands behind the end, as in b'{"a":\n{"a":1}{"a":1}'.
    assert whole.bad or behind == Json().after(memoryview(data[:end]))
    assert [row.values for row in whole.rows if row.begin >= end] == [row.values for row in rest.rows]
    assert [each[:2] for each in whole.bad if each.begin >= end] == [
        (end + b.begin, end + b.end) for b in rest.bad
    ]


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"inside": 1, "column": 0, "seeking": -1},
        {"inside": True, "column": -1, "seeking": -1},
        {"inside": True, "column": True, "seeking": -1},
        {"inside": False, "column": 0, "seeking": -2},
        {"inside": False, "column": 1 << 70, "seeking": 0},
    ],
)
def test_crafted_place_is_refused(record: dict[str, object]) -> None:
    with pytest.raises((ValueError, KeyError)):
        Json.from_record(record)
