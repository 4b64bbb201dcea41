"""The decoder against the strict reader of the reference implementation: on the corpus, and on mutations of it."""

import math
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracle import corpus, lines
from oracle.corpus import Case
from tools.decoders import json_decoder

from streamstat.input.events import Events, decode_bytes, padded
from streamstat.input.told_records import NulRuns
from streamstat.values.columns import Kind, Need

PATHS = ("a", "b", "a.b", "ts", "user.id", "", "a.b.c", "b[0]", "b[-1].a", "a.b[0]")
KINDS = {
    Kind.NULL: "null",
    Kind.FALSE: "false",
    Kind.TRUE: "true",
    Kind.INTEGER: "number",
    Kind.DOUBLE: "number",
    Kind.HUGE: "number",
    Kind.TEXT: "string",
    Kind.JSON: "json",
}
TOKENS = rb"""{ } [ ] , : " \ \u \ud83d \udc00 \" true nul - 0 00 . e5 1E400 "a": "b":{ [[ ]]""".split()
TOKENS += [b"\n\0\0", b"\xc3\xa9", b"\xff", b"\x80", b"\n", b" ", b"\r"]
Cell = tuple[str, str] | None
Verdict = str | list[Cell]


def expected(line: bytes) -> Verdict:
    """What the reader makes of a line: blank, bad, or the values at the paths."""
    if lines.is_blank(line):
        return "blank"
    try:
        event = lines.read_object(line)
    except lines.BadLine:
        return "bad"
    found = (lines.lookup(event, path) for path in PATHS)
    return [None if value is None else (value.kind, value.text) for value in found]


def decoded(data: bytes, paths: tuple[str, ...] = PATHS) -> list[Verdict]:
    """What the decoder makes of each line."""
    events = decode_bytes(json_decoder(dict.fromkeys(paths, Need.TEXT | Need.PRESENT)), data)
    rows = iter(range(events.rows))
    bad = {each.line for each in events.bad_records()}
    verdicts: list[Verdict] = []
    for number, line in enumerate(lines.split_lines(data)):
        if number in bad:
            verdicts.append("bad")
        elif lines.is_blank(line):
            verdicts.append("blank")
        else:
            row = next(rows)
            verdicts.append([cell(events, path, row) for path in paths])
    assert events.lines == len(verdicts)
    assert events.blank == verdicts.count("blank")
    assert next(rows, None) is None
    return verdicts


def cell(events: Events, path: str, row: int) -> Cell:
    if not events.present(path)[row]:
        return None
    texts = events.texts(path)
    text = texts.data[texts.offsets[row] : texts.offsets[row + 1]].tobytes().decode()
    return KINDS[Kind(events.kinds(path)[row])], text


@pytest.mark.parametrize("case", corpus.verdicts(), ids=lambda case: case.name)
def test_line_is_an_event_or_bad_and_harms_no_neighbour(case: Case) -> None:
    if case.data.startswith(lines.BOM) or len(case.data) > lines.MAX_BYTES:
        pytest.skip("the mark and the limit are the reader's of blocks, not the decoder's")
    good: list[Verdict] = [[("number", "1"), *[None] * (len(PATHS) - 1)]]
    found = decoded(b'{"a":1}\n' + case.data + b'\n{"a":1}')
    assert [found[0], found[-1]] == good * 2
    assert [("reject" if each == "bad" else "accept") for each in found[1:-1]] == [case.facts["verdict"]]


@pytest.mark.parametrize("case", corpus.load("values"), ids=lambda case: case.name)
def test_value_at_path(case: Case) -> None:
    found = decoded(case.data, (str(case.facts["path"]),))[0]
    assert isinstance(found, list)
    kind, text = found[0] or ("missing", "")
    assert (kind, text if "text" in case.facts else None) == (case.facts["kind"], case.facts.get("text"))


def mutated(line: bytes, others: list[bytes], draw: random.Random) -> bytes:
    """The line with a few bytes flipped, left out, doubled, or replaced by what JSON is made of."""
    data = bytearray(line)
    for _ in range(draw.choice((1, 1, 2, 4))):
        at = draw.randrange(len(data) + 1)
        end = min(len(data), at + draw.randrange(8))
        match draw.randrange(6):
            case 0 if at < len(data):
                data[at] ^= 1 << draw.randrange(8)
            case 1:
                del data[at:end]
            case 2:
                data[at:at] = data[at:end]
            case 3:
                other = draw.choice(others)
                data[at:] = other[draw.randrange(len(other) + 1) :]
            case 4:
                data[at:] = b""
            case _:
                data[at:at] = draw.choice(TOKENS)
    return bytes(data)


@pytest.mark.parametrize("seed", range(8))
def test_mutated_lines_are_read_as_the_reference_reads_them(seed: int) -> None:
    draw = random.Random(seed)
    cases = [*corpus.verdicts(), *corpus.load("values"), *corpus.load("framing")]
    seeds = [case.data for case in cases if len(case.data) < 2000]
    data = b"\n".join(mutated(draw.choice(seeds), seeds, draw) for _ in range(1000))
    split = lines.split_lines(data)
    for line, found in zip(split, decoded(data), strict=True):
        assert (line, found) == (line, expected(line))


WHOLE = st.just("0") | st.from_regex(r"[1-9][0-9]{0,21}", fullmatch=True)
FRACTION = st.just("") | st.from_regex(r"\.[0-9]{1,22}", fullmatch=True)
EXPONENT = st.just("") | st.from_regex(r"[eE][+-]?[0-9]{1,2}", fullmatch=True)
SPELT = st.tuples(st.sampled_from(["", "-"]), WHOLE, FRACTION, EXPONENT).map("".join)


@given(st.lists(SPELT, min_size=1, max_size=40))
def test_numbers_of_any_length_are_those_written(spelt: list[str]) -> None:
    """Short ones take another way than long ones; Python's own reading of both is right to the last bit."""
    lines = "".join(f'{{"x":{each}}}\n' for each in spelt)
    events = decode_bytes(json_decoder({"x": Need.NUMBER}), lines.encode())
    for each, kind, number in zip(spelt, events.kinds("x"), events.numbers("x"), strict=True):
        whole = int(each) if each.lstrip("-").isdigit() else None
        if whole is not None and -(2**63) <= whole < 2**63:
            assert (kind, number) == (Kind.INTEGER, whole)
        else:
            assert (kind, number.view(np.float64)) == (Kind.DOUBLE, float(each))
            assert math.copysign(1, number.view(np.float64)) == math.copysign(1, float(each))


@pytest.mark.parametrize(
    "spelt", "01 -01 00.1 1. -1. .5 - 1.e5 1e 1e+ --1 1.5.5 012345678901234567 +1".split()
)
def test_what_is_no_number_is_a_bad_line(spelt: str) -> None:
    assert decode_bytes(json_decoder({"x": Need.NUMBER}), f'{{"x":{spelt}}}'.encode()).rows == 0


@pytest.mark.parametrize(
    ("reason", "column", "line"),
    [
        ("not a JSON object", 2, b" [1]"),
        ("expected a name in double quotes", 10, b'{"a": 1, }'),
        ("expected ':' after the name", 6, b'{"a" 1}'),
        ("expected a value", 7, b'{"a": }'),
        ("expected ',' or the end of the object or array", 9, b'{"a": 1 2}'),
        ("expected ',' or the end of the object or array", 10, b'{"a": [1 2]}'),
        ("not a JSON number", 7, b'{"a": 01}'),
        ("not a JSON escape", 8, rb'{"a": "\x"}'),
        ("control character in a string", 9, b'{"a": "b\x01"}'),
        ("not UTF-8", 9, '{"a": "é'.encode() + b'\xff"}'),
        ("the line ends too early", 10, '{"a": "é'.encode() + b"b"),
        ("the line ends too early", 9, b'{"a": [1'),
        ("nested deeper than 1,024", 1030, b'{"a": ' + b"[" * 1024 + b"]" * 1024 + b"}"),
        ("text behind the object", 10, b'{"a": 1} {"a": 2}'),
    ],
)
@pytest.mark.parametrize("paths", [("a",), ("a.b",), ("b",), ()])
def test_a_bad_line_is_told_alike_whatever_is_wanted(
    reason: str, column: int, line: bytes, paths: tuple[str, ...]
) -> None:
    for data in (line, line + b"\n"):
        bad = decode_bytes(json_decoder(dict.fromkeys(paths, Need.NUMBER)), data).bad_records()
        assert [(each.reason, each.column) for each in bad] == [(reason, column)]


@pytest.mark.parametrize(
    ("data", "holes"),
    [
        (b'{"a":1}\n', NulRuns(0, 0, 0)),
        (b'\0\0{"a":1}\n\n\0[]', NulRuns(2, 3, 0)),
        (b'{"a":1}\n\0\0\0', NulRuns(1, 3, 8)),
        (b"\0", NulRuns(1, 1, 0)),
    ],
)
def test_holes_are_told(data: bytes, holes: NulRuns) -> None:
    assert decode_bytes(json_decoder({"a": Need.NUMBER}), data).holes == holes


def test_lines_behind_a_hole_are_as_without() -> None:
    events = decode_bytes(json_decoder({"a": Need.NUMBER}), b'\0\0{"a":7}\n\0\0[]\n')
    (bad,) = events.bad_records()
    assert (bad.line, bad.column, events.bytes_of(bad)) == (1, 1, b"[]\n")
    assert (events.records_of(np.array([0])), events.line_of(0)) == ([b'{"a":7}\n'], 0)


def test_names_are_found_behind_a_hole() -> None:
    assert json_decoder({}).names(padded(b'\0\n\0\0{"a":7}\n')) == ["a"]
    assert json_decoder({}).names(padded(b"\0\0")) == []
