"""Objects in texts and elements of arrays against the plain twin: events, their bytes, what is bad, what is blank."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracle.lines import Value
from tools.within_twin import found, parts_of, spelt

from streamstat.input.decoding import Within
from streamstat.input.events import BlockDecoder, Events, decode_bytes, decoder_of, padded
from streamstat.input.formats.ndjson import Ndjson
from streamstat.values.columns import Need

PATHS = ("a", "b", "a.b", "log", "a.b.c", "c[0]", "b.x", "v")
NAMES = ("a", "b", "a.b", "c", "log", "v", "x", "b.c")
EACH = ("a", "b", "a.b", "a.b.c", "c[0]", "c[-1].a", "b.c")


def objects(values: st.SearchStrategy[str], space: str = "") -> st.SearchStrategy[str]:
    member = st.tuples(st.sampled_from(NAMES), values).map(
        lambda each: f"{json.dumps(each[0])}:{space}{each[1]}"
    )
    return st.lists(member, max_size=4).map(lambda members: "{" + f",{space}".join(members) + "}")


def arrays(items: st.SearchStrategy[str], space: str) -> st.SearchStrategy[str]:
    return st.lists(items, max_size=3).map(lambda each: f"[{space}" + ",".join(each) + "]")


def values(space: str) -> st.SearchStrategy[str]:
    leaves = st.sampled_from(["1", "2.50", "null", "true", '"t"', '"\\u00e9\\n"', "[]", '"[1]"'])
    return st.recursive(
        leaves, lambda inner: objects(inner, space) | arrays(inner, space) | arrays(objects(inner), space)
    )


INNER = objects(values(" \n "), "\n").map(lambda text: f" \t{text}\r\n") | objects(values("")) | values(" ")
WRAPPED = INNER.map(lambda text: json.dumps(text))
RECORD = objects(values(" ") | WRAPPED)


def decoder(within: Within) -> BlockDecoder:
    needs = Need.TEXT | Need.PRESENT | Need.CODE | Need.HASH | Need.NUMBER | Need.TIME
    return decoder_of(Ndjson(), dict.fromkeys(PATHS, needs), within=within)


def cells(events: Events, row: int) -> list[str | None]:
    return [events.texts(path)[row].decode() if events.present(path)[row] else None for path in PATHS]


def text_of(value: Value | None) -> str | None:
    return None if value is None else spelt(value)


@given(
    st.lists(RECORD, min_size=1, max_size=4),
    st.sampled_from([None, "log", "a.b", "v"]),
    st.sampled_from([None, *EACH]),
)
def test_events_are_those_of_the_twin(records: list[str], unwrap: str | None, each: str | None) -> None:
    events = decode_bytes(
        decoder(Within(unwrap, each)), "".join(f"{record}\n" for record in records).encode()
    )
    parts = [parts_of(record, unwrap, each) for record in records]
    expected = [part for one in parts for part in one.events]
    rows = [
        [None if value is None else spelt(value) for value in (found(chain, path) for path in PATHS)]
        for _, chain in expected
    ]
    assert [cells(events, row) for row in range(events.rows)] == rows
    assert [each.decode() for each in events.records_of(np.arange(events.rows))] == [
        f"{text}\n" for text, _ in expected
    ]
    bad = [json.loads(events.bytes_of(one)) for one in events.bad_records()]
    assert bad == [json.loads(text) for one in parts for text in one.bad]
    assert events.blank == sum(not (one.events or one.bad) for one in parts)
    assert events.records == events.rows + events.blank + sum(len(one.bad) for one in parts)
    assert events.lines == len(records)


@pytest.mark.parametrize(
    ("within", "row", "names"),
    [
        (Within(), 0, ["log", "b", "a"]),
        (Within("log"), 0, ["log", "b", "a", "x"]),
        (Within("b"), 0, ["log", "b", "a"]),
        (Within(None, "a.c"), 0, ["log", "b", "a", "c", "d", "v"]),
        (Within(None, "a.c"), 1, ["log", "b", "a", "d", "c", "w"]),
        (Within("log", "x"), 1, ["log", "b", "a", "x", "z"]),
    ],
)
def test_names_are_those_of_a_row(within: Within, row: int, names: list[str]) -> None:
    log = json.dumps('{"x": [{"y": 1}, {"z": 1}]}')
    line = f'{{"log": {log}, "b": 1, "a": [{{"c": [{{"v": 1}}, 5], "d": 2}}, {{"d": 3, "c": [{{"w": 1, "v": 2}}]}}]}}'
    assert decoder(within).names(padded(line.encode()), row=row)[: len(names)] == names


def test_a_row_is_found_again_in_its_record() -> None:
    data = b'{"a": [{"v": 1}, 7, {"v": 2}]}\n\n{"a": [{"v": 3}, {"v": 4}]}\n'
    events = decode_bytes(decoder(Within(None, "a")), data)
    first, second = data.split(b"\n\n")
    assert [events.around(row) for row in range(4)] == [
        (first + b"\n", 0),
        (first + b"\n", 1),
        (second, 0),
        (second, 1),
    ]
    assert [events.line_of(row) for row in range(4)] == [0, 0, 2, 2]
    assert [(each.line, each.column, each.record) for each in events.bad_records()] == [(0, 18, 0)]


def test_what_is_around_elements_is_kept_once() -> None:
    """A text that has to be unescaped would else be written out for every element."""
    text = json.dumps("\n" * 10_000)
    line = f'{{"b": {text}, "log": "x", "a": [{",".join(["{}"] * 10_000)}]}}'
    events = decode_bytes(decoder(Within(None, "a")), line.encode())
    dictionary = events.dictionary("b")[1]
    assert (events.rows, len(dictionary.data), set(events.codes("b").tolist())) == (10_000, 10_000, {0})
