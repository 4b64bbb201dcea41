"""Events as they were written, for every format: objects of one line, in which a plain reader finds the same."""

import json
import re
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracle.lines import Value, lookup, read_object
from tools.cut_blocks import blocks_of
from tools.hostile_records import HOSTILE
from tools.line_verdicts import KINDS
from tools.written_formats import WRITTEN

from streamstat.input.decoding import WHOLE, Within
from streamstat.input.detection import asked
from streamstat.input.events import Events, decode_bytes, decoder_of
from streamstat.input.formats import Format, FormatOptions
from streamstat.kernels import PADDING
from streamstat.values.columns import Kind, Need

PATHS = (
    *(
        "a",
        "b",
        "a.b",
        "a[0]",
        "v",
        "é",
        'q"\\',
        "\x01",
        "time",
        "log",
        "",
        "c[0].v",
        "b.c",
        "stream",
        "message",
    ),
    *(
        "host",
        "priority",
        "facility",
        "sd.x.k",
        "sd.x1.k",
        "method",
        "path",
        "query",
        "status",
        "agent",
        "date",
    ),
)
EACH = (None, "c", "a.c", "a", "c[0]", "b.c", "a.b")
Cell = tuple[str, str]


def format_of(name: str) -> Format:
    found = asked(HOSTILE[name].input, FormatOptions())
    assert found is not None
    return found


def decoded(format: Format, data: bytes, within: Within = WHOLE, paths: Sequence[str] = PATHS) -> Events:
    needs = dict.fromkeys(paths, Need.TEXT | Need.PRESENT)
    return decode_bytes(decoder_of(format, needs, within=within, written=True), data)


def texts(events: Events) -> list[bytes]:
    written = events.written()
    return [written[i] for i in range(len(written))]


def cell_of(events: Events, path: str, row: int) -> Cell | None:
    """What the decoder has found."""
    if not events.present(path)[row]:
        return None
    kind, text = Kind(events.kinds(path)[row]), events.texts(path)[row].decode("utf-8", "replace")
    return (KINDS[kind], text) if kind != Kind.JSON else ("json", compact(text))


def plain_cell(value: Value | None) -> Cell | None:
    """What the plain reader finds in the object."""
    if value is None:
        return None
    if value.kind == "json":
        return "json", compact(value.text)
    return ("text" if value.kind == "string" else value.kind), value.text


def compact(text: str) -> str:
    """Without the white space that a format may have between tokens."""
    return "".join(re.findall(r'"(?:[^"\\]|\\.)*"|[^\s"]+', text))


def head(path: str) -> str:
    return re.split(r"[.\[]", path)[0]


def check(format: Format, data: bytes, within: Within) -> None:
    """Whatever a field has in a row, it has in the object; those that hold all elements are left out."""
    left_out = {
        head(path) for path in (within.each, within.unwrap if within.each else None) if path is not None
    }
    paths = [path for path in PATHS if head(path) not in left_out]
    events = decoded(format, data, within, paths)
    objects = texts(events)
    assert len(objects) == events.rows
    for row, text in enumerate(objects):
        assert not set(text) & set(b"\r\n"), text
        found = read_object(text)
        for path in paths:
            assert (path, cell_of(events, path, row)) == (path, plain_cell(lookup(found, path)))


each_format = pytest.mark.parametrize("name", HOSTILE)


def test_every_format_is_here() -> None:
    assert HOSTILE.keys() == WRITTEN.keys()


@each_format
@given(data=st.data())
def test_fields_of_a_row_are_those_of_its_object(name: str, data: st.DataObject) -> None:
    check(format_of(name), data.draw(HOSTILE[name].data), WHOLE)


@each_format
@given(data=st.data(), each=st.sampled_from(EACH), is_unwrapped=st.booleans())
def test_fields_of_what_is_inside_are_those_of_its_object(
    name: str, data: st.DataObject, each: str | None, is_unwrapped: bool
) -> None:
    within = Within(HOSTILE[name].text if is_unwrapped else None, each)
    check(format_of(name), data.draw(HOSTILE[name].data), within)


@each_format
@given(data=st.data(), each=st.sampled_from((None, None, "c")), block_bytes=st.integers(1, 200))
def test_objects_do_not_depend_on_where_blocks_are_cut(
    name: str, data: st.DataObject, each: str | None, block_bytes: int
) -> None:
    within = Within(HOSTILE[name].text if each else None, each)

    def objects(bytes_at_once: int) -> list[bytes]:
        found = []
        for block in blocks_of(drawn, format_of(name), bytes_at_once, 1 << 24):
            decoder = decoder_of(block.format, {}, within=within, written=True)
            found += texts(decoder.decode(block.buffer[: block.size + PADDING], block.begin))
        return found

    drawn = data.draw(HOSTILE[name].data)
    assert objects(block_bytes) == objects(1 << 20)


@each_format
def test_names_stand_in_their_order(name: str) -> None:
    written, format = WRITTEN[name], asked(WRITTEN[name].input, FormatOptions())
    assert format is not None
    events = decoded(format, (written.heading + written.text([(0, "a", 1), (1, "b", 2)])).encode())
    names = decoder_of(format, {}).names(events.block)
    for text in texts(events):
        assert list(dict.fromkeys(pair[0] for pair in json.loads(text, object_pairs_hook=list))) == names


OBJECTS = {
    "ndjson": (
        b' {"b" : 1.50,\t"a":"\\u00e9", "b":{ "c": [1, 2]}} \r\n{\r}\n',
        [b'{"b" : 1.50,\t"a":"\\u00e9", "b":{ "c": [1, 2]}}', b"{}"],
    ),
    "json": (
        b'[{\n  "a": 1,\r\n  "b": [\n    "x\\ny"\n  ]\n}, {}]',
        [b'{  "a": 1,  "b": [    "x\\ny"  ]}', b"{}"],
    ),
    "csv": (
        b'a,"b ""c""",a\n1.0,,"x\n,""y"""\n1,2\n-0,true,false\n',
        [b'{"a":1.0,"b \\"c\\"":null,"a":"x\\n,\\"y\\""}', b'{"a":-0,"b \\"c\\"":true,"a":false}'],
    ),
    "tsv": (b"a\tb\n\\t\t1e400\n", [b'{"a":"\\t","b":1e400}']),
    "w3c": (
        b"#Fields: date time a\n2026-05-01 10:00:00 -\n#Fields: b\n7\n",
        [b'{"date":"2026-05-01","time":"2026-05-01 10:00:00Z","a":null}', b'{"b":7}'],
    ),
    "logfmt": (b'a=1 b c= a="\\u0041\\"" d=x=y\n', [b'{"a":1,"b":true,"c":null,"a":"A\\"","d":"x=y"}']),
    "combined": (
        b'h - u [t] "-" 200 -\nh - - [t] "GET /a?b HTTP/1.1" x 1 "-" "\\xff\\x22"\n',
        [
            b'{"host":"h","ident":null,"user":"u","time":"t","method":null,"path":null,"query":null,"protocol":null,'
            b'"status":200,"bytes":null}',
            b'{"host":"h","ident":null,"user":null,"time":"t","method":"GET","path":"/a","query":"b",'
            b'"protocol":"HTTP/1.1","status":"x","bytes":1,"referer":null,"agent":"\xef\xbf\xbd\\""}',
        ],
    ),
    "log_format": (
        b"<1> x, 2.0 [GET / H/1] -\n",
        [b'{"a":1,"log":"x","a":2.0,"method":"GET","path":"/","query":null,"protocol":"H/1","v":null}'],
    ),
    "re": (b"x12 3 z\n", [b'{"a":"x","log":12,"time":"3 z","v":3}']),
    "syslog": (
        b'<34>1 - h a - - [x@1 k="\\]" k="2"] m\n',
        [
            b'{"priority":34,"facility":4,"severity":2,"time":null,"host":"h","app":"a","pid":null,"msgid":null,'
            b'"message":"m","sd.x@1.k":"]","sd.x@1.k":"2"}'
        ],
    ),
    "cri": (
        b'1970-01-01T00:00:01Z stdout P { "a":1,\n'
        b'1970-01-01T00:00:02Z stderr F a"b\n'
        b'1970-01-01T00:00:03Z stdout F "time":0 }\n',
        [
            b'{"message":"a\\"b","stream":"stderr","time":"1970-01-01T00:00:02Z"}',
            b'{"a":1,"time":0,"stream":"stdout"}',
        ],
    ),
}


@pytest.mark.parametrize("name", OBJECTS)
def test_an_object_by_hand(name: str) -> None:
    data, objects = OBJECTS[name]
    assert texts(decoded(format_of(name), data, paths=())) == objects


@each_format
@given(data=st.data())
def test_some_rows_are_those_of_all(name: str, data: st.DataObject) -> None:
    events = decoded(format_of(name), data.draw(HOSTILE[name].data))
    rows = data.draw(st.lists(st.integers(0, max(events.rows - 1, 0)), max_size=4 if events.rows else 0))
    some, whole = events.written_of(np.array(rows, np.int64)), events.written()
    assert [some[i] for i in range(len(some))] == [whole[row] for row in rows]


@pytest.mark.parametrize("name", ["ndjson", "csv"])
def test_what_was_not_asked_for_is_refused(name: str) -> None:
    data = OBJECTS[name][0]
    asked_for, events = decoded(format_of(name), data), decode_bytes(decoder_of(format_of(name), {}), data)
    assert (events.rows, len(events.written_of(np.arange(0)))) == (asked_for.rows, 0)
    with pytest.raises(ValueError, match="not asked for"):
        events.written()
    for row in (-1, events.rows):
        with pytest.raises(ValueError, match="there is no row"):
            asked_for.written_of(np.array([row]))


def test_another_block_is_refused() -> None:
    events = decoded(format_of("ndjson"), OBJECTS["ndjson"][0])
    events.block = events.block[:10]
    with pytest.raises(ValueError, match="another"):
        events.written()
