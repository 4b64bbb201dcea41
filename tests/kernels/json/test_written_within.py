"""Events inside of records as they were written: fields of all that is around them, but not their neighbours."""

import json

import numpy as np
import pytest

from streamstat.input.decoding import Within
from streamstat.input.events import Events, decode_bytes, decoder_of
from streamstat.input.formats import Format
from streamstat.input.formats.csv import Csv
from streamstat.input.formats.json import Json
from streamstat.input.formats.ndjson import Ndjson
from streamstat.values.columns import Need

LINE = (
    rb'{"h":"x", "c" : [ {"a":1},{}, 7 ,{"b":[2]}] , "log":"{\"q\":1,\n\"z\":[{\"r\":3}]}","n":[[{"s":4}],5],'
    rb'"d":{"e\"\\":[{"k":6}]}, "o":[{"p":[{"t":7},{"t":8}],"u":9},{"u":0},{"p":[{"t":10}]}]}' + b"\n"
)
AROUND = {
    "c": rb'"h":"x", "c" : [ {"a":1},{}, 7 ,{"b":[2]}] , ',
    "log": rb'"log":"{\"q\":1,\n\"z\":[{\"r\":3}]}",',
    "n": rb'"n":[[{"s":4}],5],',
    "d": rb'"d":{"e\"\\":[{"k":6}]}, ',
    "o": rb'"o":[{"p":[{"t":7},{"t":8}],"u":9},{"u":0},{"p":[{"t":10}]}]',
}


def around(**others: bytes) -> bytes:
    """What the line has in its braces, parts of it replaced."""
    return b"".join((AROUND | others).values())


WITHOUT_C = around(c=b'"h":"x",  ')
WITHOUT_O = around(o=b"", d=rb'"d":{"e\"\\":[{"k":6}]}')
EVENTS = {
    "an object in a text": (Within("log"), [around() + b',"q":1,"z":[{"r":3}]']),
    "a text that is none": (Within("h"), [around()]),
    "elements": (Within(None, "c"), [WITHOUT_C + b',"a":1', WITHOUT_C, WITHOUT_C + b',"b":[2]']),
    "elements of what a text holds": (Within("log", "z"), [around(log=b"") + b',"q":1,"r":3']),
    "elements beside what a text holds": (
        Within("log", "c"),
        [WITHOUT_C + b',"q":1,"z":[{"r":3}]' + each for each in (b',"a":1', b"", b',"b":[2]')],
    ),
    "an array in an array": (Within(None, "n[0]"), [around(n=b'"n":[null,5],') + b',"s":4']),
    "an array alone in its object": (Within(None, 'd.e"\\'), [around(d=b'"d":{}, ') + b',"k":6']),
    "elements of elements": (
        Within(None, "o.p"),
        [WITHOUT_O + b',"u":9,"t":7', WITHOUT_O + b',"u":9,"t":8', WITHOUT_O + b',"t":10'],
    ),
    "no array": (Within(None, "h.x"), []),
}


def written(format: Format, data: bytes, within: Within) -> list[bytes]:
    events = decode_bytes(decoder_of(format, {}, within=within, written=True), data)
    found = events.written()
    return [found[i] for i in range(len(found))]


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_has_what_is_around_it(name: str) -> None:
    within, fields = EVENTS[name]
    assert written(Ndjson(), LINE, within) == [b"{" + each + b"}" for each in fields]
    assert all(json.loads(each) for each in written(Ndjson(), LINE, within))


def test_line_breaks_are_left_out() -> None:
    data = b'[{"h":\n1,\r\n"c":[\n{"a":\n"x\\n"}\n,\n{\n}]\n}]'
    assert written(Json(), data, Within(None, "c")) == [b'{"h":1,"a":"x\\n"}', b'{"h":1}']
    text = json.dumps('\r\n{"a":\n1}\n')
    assert written(Ndjson(), f'{{"log":{text}}}'.encode(), Within("log")) == [
        f'{{"log":{text},"a":1}}'.encode()
    ]


def test_a_column_whose_text_holds_the_elements_is_left_out() -> None:
    data = b'a,log,b\n1,"{""c"":[{""v"":1},{""v"":2}],""x"":3}",4\n5,"{""c"":[]}",6\n'
    assert written(Csv(), data, Within("log", "c")) == [
        b'{"a":1,"b":4,"x":3,"v":1}',
        b'{"a":1,"b":4,"x":3,"v":2}',
    ]
    assert written(Csv(), data, Within("log"))[1] == b'{"a":5,"log":"{\\"c\\":[]}","b":6,"c":[]}'


def few(events: Events) -> tuple[bytes, bytes]:
    rows = events.written_of(np.array([0, events.rows - 1]))
    return rows[0], rows[1]


@pytest.mark.parametrize("unwrap", [None, "log"])
def test_what_is_around_many_elements_is_kept_once(unwrap: str | None) -> None:
    """Kept for each it would take 3 GB, which no block has."""
    around, elements = "x" * 150_000, ",".join(f'{{"v":{i}}}' for i in range(20_000))
    text = f'{{"h":"{around}","c":[{elements}]}}'
    line = text if unwrap is None else json.dumps({"log": text})
    events = decode_bytes(decoder_of(Ndjson(), {}, within=Within(unwrap, "c"), written=True), line.encode())
    assert few(events) == tuple(f'{{"h":"{around}","v":{i}}}'.encode() for i in (0, 19_999))


def test_long_names_of_columns_are_kept_once() -> None:
    """In each row they would take 2.4 GB."""
    names = [f"{i}" + "x" * 12_000 for i in range(200)]
    data = (",".join(names) + "\n" + ("," * 199 + "\n") * 1_000).encode()
    events = decode_bytes(decoder_of(Csv(), {"0": Need.NOTHING}, written=True), data)
    row = json.dumps(dict.fromkeys(names), separators=(",", ":")).encode()
    assert events.rows == 1_000 and few(events) == (row, row)
