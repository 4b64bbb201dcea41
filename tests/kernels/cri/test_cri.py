"""Container lines: by hand, and against the slow reader on hostile input, whatever the blocks."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import lines
from tools.cri_twin import Event, events
from tools.cut_blocks import Seen, blocks_of, seen

from streamstat.input.events import decode_bytes, decoder_of, padded
from streamstat.input.formats.cri import Cri
from streamstat.values.columns import Need

PATHS = ("time", "stream", "message", "a", "b.c")


def line(second: int, text: str, stream: str = "stdout") -> bytes:
    return f"2026-05-01T10:00:0{second}Z {stream} {text}\n".encode()


def values(data: bytes, *paths: str) -> list[tuple[object, ...]]:
    found = seen(data, Cri(), paths)
    assert found.bad == []
    return [row.values for row in found.rows]


def test_line_has_its_time_stream_and_message() -> None:
    data = line(1, "F some words ") + line(2, "F", "stderr") + line(3, "F:x,y words")
    assert values(data, *PATHS[:3]) == [
        ("2026-05-01T10:00:01Z", "stdout", "some words "),
        ("2026-05-01T10:00:02Z", "stderr", ""),
        ("2026-05-01T10:00:03Z", "stdout", "words"),
    ]


def test_message_that_is_an_object_gives_its_fields_and_they_win() -> None:
    data = line(1, 'F {"a":1,"b":{"c":"x\\n"},"time":7,"message":"m"} ') + line(2, 'F {"a":1} x')
    assert values(data, *PATHS) == [
        ("7", "stdout", "m", "1", "x\n"),
        ("2026-05-01T10:00:02Z", "stdout", '{"a":1} x', None, None),
    ]


def test_parts_are_joined_by_stream_and_have_the_time_of_their_last_one() -> None:
    data = (
        line(1, 'P {"a":"x') + line(2, "P one ", "stderr") + line(3, 'P y","b":{"c":1') + line(4, "F 5e-1}}")
    )
    data += line(5, "F two", "stderr")
    assert values(data, *PATHS) == [
        ("2026-05-01T10:00:04Z", "stdout", None, "xy", "15e-1"),
        ("2026-05-01T10:00:05Z", "stderr", "one two", None, None),
    ]


def test_parts_without_an_end_are_events_in_the_order_in_which_they_began() -> None:
    data = line(1, "P a", "stderr") + line(2, "P b") + line(3, "P c", "stderr") + line(4, "F d")[:-1]
    assert values(data, *PATHS[:3]) == [
        ("2026-05-01T10:00:04Z", "stdout", "bd"),
        ("2026-05-01T10:00:03Z", "stderr", "ac"),
    ]
    assert values(line(1, "P a", "stderr") + line(2, "P b"), "message") == [("a",), ("b",)]
    assert values(line(1, "P a") + line(2, "P b", "stderr"), "message") == [("a",), ("b",)]


def test_numbers_of_a_message_in_parts_are_read_to_their_end() -> None:
    data = line(1, 'P {"a":1') + line(2, 'F 7.5,"b":3}') + line(3, 'F {"a":2}')
    decoder = decoder_of(Cri(), {"a": Need.TIME | Need.NUMBER | Need.CODE, "b": Need.NUMBER})
    found = decode_bytes(decoder, data)
    assert found.times("a")[0].tolist() == [17_500_000, 2_000_000]
    assert found.numbers("a").view(np.float64)[0] == 17.5
    assert found.numbers("b").tolist() == [3, 0]


BAD = [
    b"2026-05-01T10:00:01Z stdout X words",
    b"2026-05-01T10:00:01Z stdin F words",
    b"2026-05-01T10:00:01Z stdout Fwords",
    b"2026-05-01 10:00:01 stdout F words",
    b"2026-05-01T10:00:01Z  stdout F words",
    b"2026-05-01T10:00:01Z stdout",
    b"2026-05-01T10:00:01Z stdout ",
    b"words",
]


@pytest.mark.parametrize("bad", BAD)
def test_other_lines_are_bad_and_harm_no_neighbour(bad: bytes) -> None:
    found = seen(line(1, "P a") + bad + b"\n" + line(2, "F b"), Cri(), ["message"])
    assert [row.values for row in found.rows] == [("ab",)]
    assert [each.values for each in found.bad] == [(1, 1, "not a container line")]


def test_message_that_is_no_text_is_bad_from_its_first_part_on() -> None:
    data = line(1, "P a") + line(2, "F x", "stderr") + line(3, "F b").replace(b"F b", b"F \xff")
    found = seen(data, Cri(), ["message"])
    assert ([row.values for row in found.rows], [each.values for each in found.bad]) == (
        [("x",)],
        [(0, 31, "not UTF-8")],
    )
    cut = line(1, "P \u00e9").replace(b"\xa9", b"") + line(2, "F \u00e9").replace(b"\xc3", b"")
    assert values(cut, "message") == [("\u00e9",)]


def test_names_are_those_of_the_message_and_of_the_line() -> None:
    def names(data: bytes) -> list[str]:
        return decoder_of(Cri(), {}).names(padded(data))

    assert names(b"x\n" + line(1, "F words")) == ["message", "stream", "time"]
    assert names(line(1, 'P {"a":1,"ti') + line(2, 'F me":2}')) == ["a", "time", "stream"]
    assert names(b"x\n") == []


def written(data: bytes, block_bytes: int) -> tuple[list[bytes], list[bytes]]:
    """The bytes of each row and of each bad record."""
    rows, bad = [], []
    for block in blocks_of(data, Cri(), block_bytes, 1 << 24):
        found = decode_bytes(decoder_of(Cri(), {}), block.tobytes())
        rows += found.records_of(np.arange(found.rows))
        bad += [found.bytes_of(each) for each in found.bad_records()]
    return rows, bad


PARTS = [
    *[
        b"2026-05-01T10:00:01Z stdout P ",
        b"2026-05-01T10:00:02Z stderr P ",
        b"2026-05-01T10:00:03Z stdout F ",
    ],
    *[
        b"2026-05-01T10:00:04Z stderr F ",
        b"2026-05-01T10:00:05Z stdout F",
        b"2026-05-01T10:00:06Z stdout P:x ",
    ],
    *[b'{"a":1}', b'{"a":"', b'x"}', b'{"a":', b'"b":{"c":2},', b"12", b"}", b"words", b"\\n", b'"', b"{}"],
    *[b"\n", b"\n", b"\n", b"\r\n", b" ", b"\xc3", b"\xa9", b"\xff", b"\0"],
]
TEXTS = st.lists(st.sampled_from(PARTS), max_size=24).map(b"".join)


def text_of(event: Event, path: str) -> str | None:
    found = lines.lookup(event.message, path) if isinstance(event.message, lines.Value) else None
    if found is None:
        own = {"time": event.time, "stream": event.stream}
        return own.get(path) or (
            event.message if path == "message" and isinstance(event.message, str) else None
        )
    return None if found.kind == "null" else found.text


def rows_of(expected: Sequence[Event | bytes]) -> list[tuple[str | None, ...]]:
    good = [each for each in expected if isinstance(each, Event) and each.message is not None]
    return [tuple(text_of(each, path) for path in PATHS) for each in good]


@settings(max_examples=600, deadline=None)
@given(TEXTS)
def test_events_are_those_of_the_slow_reader(data: bytes) -> None:
    whole = seen(data, Cri(), PATHS)
    expected = events(data)
    assert [row.values for row in whole.rows] == rows_of(expected)
    parts = [[each] if isinstance(each, bytes) else each.parts for each in expected]
    good = [isinstance(each, Event) and each.message is not None for each in expected]
    rows = [b"".join(each) for each, is_good in zip(parts, good, strict=True) if is_good]
    bad = [b"".join(each) for each, is_good in zip(parts, good, strict=True) if not is_good]
    assert written(data, 1 << 20) == (rows, bad)
    for block_bytes in (1, 7, 64):
        assert seen(data, Cri(), PATHS, block_bytes) == whole
        assert written(data, block_bytes) == (rows, bad)


@settings(max_examples=400, deadline=None)
@given(TEXTS.map(lambda data: data.replace(b"\0", b"")), st.integers(60, 90))
def test_parts_that_stretch_too_far_are_events_as_they_stand(data: bytes, most: int) -> None:
    found: Seen = seen(data, Cri(), PATHS, max_line_bytes=most)
    assert [row.values for row in found.rows] == rows_of(events(data, most + 1))
    assert seen(data, Cri(), PATHS, 1, most).rows == found.rows


def test_blocks_end_where_nothing_is_open() -> None:
    data = line(1, "F a") + line(2, "P b") + line(3, "F c", "stderr") + line(4, "F d") + line(5, "P e")
    ends = [block.position for block in blocks_of(data, Cri(), 1, 1 << 24)]
    assert ends == [32, 128, 160]
