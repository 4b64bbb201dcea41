"""Paths into objects and arrays against the reference's reading, on objects whose names look like paths."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracle import lines
from tools.decoders import json_decoder

from streamstat.input.events import decode_bytes
from streamstat.values.columns import Need

NAMES = ("a", "b", "a.b", "b.a", "a[0]", "b[-1]", "", ".", "a.", "a.b.a", "a[0].b", "[0]", "a]", "a[x]")
JOINTS = (".", "", "[0]", "[-1]", "[1].", "[0][-2].", "[-1].")


def objects(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Objects as they are spelt, with names that may come twice."""
    member = st.tuples(st.sampled_from(NAMES), values).map(lambda each: f"{json.dumps(each[0])}: {each[1]}")
    return st.lists(member, max_size=4).map(lambda members: "{" + ", ".join(members) + "}")


VALUES = st.recursive(
    st.integers(0, 9).map(str) | st.sampled_from(["null", '"t"']),
    lambda inner: objects(inner) | st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
    max_leaves=12,
)
PATH = st.lists(st.sampled_from(NAMES + JOINTS), min_size=1, max_size=7).map("".join)


@given(st.lists(objects(VALUES), min_size=1, max_size=5), st.sets(PATH, min_size=1, max_size=6))
def test_paths_are_found_as_the_reference_finds_them(spelt: list[str], paths: set[str]) -> None:
    events = decode_bytes(
        json_decoder(dict.fromkeys(paths, Need.TEXT | Need.PRESENT)), "\n".join(spelt).encode()
    )
    assert events.rows == len(spelt)
    for path in paths:
        texts, present = events.texts(path), events.present(path)
        for row, line in enumerate(spelt):
            value = lines.lookup(lines.read_object(line.encode()), path)
            expected = None if value is None else value.text
            assert (line, path, texts[row].decode() if present[row] else None) == (line, path, expected)


@pytest.mark.parametrize("path", ["." * 64, "a" + ".b" * 64, "a" + "[0]" * 64, "a.[0]" * 32])
def test_a_path_of_very_many_steps_is_read_at_once(path: str) -> None:
    events = decode_bytes(json_decoder({path: Need.PRESENT}), b'{"a": {"b": 1}}\n' * 1000)
    assert not events.present(path).any()


@pytest.mark.parametrize("path", ["a" + "[0]" * 65, "a.[0]" * 33])
def test_a_path_of_too_many_steps_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="more than 64 dots and steps"):
        json_decoder({path: Need.NOTHING})


def test_the_same_names_as_before_lead_to_the_same_values() -> None:
    """Members are remembered from line to line, whatever they lead to in each."""
    data = b'{"a":{"b":1},"a.b":2}\n{"a":{"b":3}}\n{"a.b":4,"a":{"b":5}}\n{"a":{"b":6},"a.b":7}\n' * 3
    events = decode_bytes(json_decoder({"a.b": Need.NUMBER, "a": Need.NOTHING}), data)
    assert events.numbers("a.b").tolist() == [2, 3, 4, 7] * 3
