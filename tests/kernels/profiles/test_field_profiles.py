"""What is in the fields of any objects, in any layout and format, against plain Python."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamstat.input.decoding import Within
from streamstat.input.events import decode_bytes, decoder_of
from streamstat.input.formats import Format
from streamstat.input.formats.csv import Csv
from streamstat.input.formats.json import Json
from streamstat.input.formats.logfmt import Logfmt
from streamstat.input.formats.ndjson import Ndjson
from streamstat.kernels import FieldProfiles, TimeReader

NAMES = st.sampled_from(["a", "b", "a.b", "", "é", 'q"', "x\n", "long" * 30])
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
EVENTS = st.lists(st.dictionaries(NAMES, VALUES, max_size=5), max_size=8)


def profiles_of(data: bytes, format: Format, within: Within = Within()) -> FieldProfiles:  # noqa: B008
    profiles = FieldProfiles(1000, TimeReader())
    events = decode_bytes(decoder_of(format, {}, within=within, written=True), data)
    for lo in range(0, events.rows, 3):
        events.find_values(profiles, None, lo, lo + 3)
        profiles.take()
    return profiles


def leaves(value: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    for name, held in value.items():
        if isinstance(held, dict) and held:
            yield from leaves(held, (*path, name))
        else:
            yield ".".join((*path, name)), held


def counted(profiles: FieldProfiles) -> dict[str, int]:
    found: Counter[str] = Counter()
    for each in profiles.fields():
        found[each["path"].decode()] += sum(each["kinds"])
    return dict(found)


@given(events=EVENTS, is_pretty=st.booleans())
def test_each_value_is_found_once_under_its_path(events: list[dict[str, Any]], is_pretty: bool) -> None:
    format: Format = Json() if is_pretty else Ndjson()
    layout: dict[str, Any] = {"indent": 1} if is_pretty else {"separators": (" , ", " : ")}
    data = "\n".join(json.dumps(each, **layout) for each in events).encode()
    profiles = profiles_of(data, format)
    assert profiles.rows == len(events) and profiles.left_out == 0
    assert counted(profiles) == dict(Counter(path for each in events for path, _ in leaves(each)))


@pytest.mark.parametrize(
    ("data", "format", "within", "expected"),
    [
        (b"a,b\n1,x\n,y\n", Csv(), Within(), {"a": 2, "b": 2}),
        (b'a=1 b="x y" c\nb=2\n', Logfmt(), Within(), {"a": 1, "b": 2, "c": 1}),
        (b'{"log":"{\\"n\\":1}","s":2}\n', Ndjson(), Within(unwrap="log"), {"log": 1, "s": 1, "n": 1}),
        (b'{"r":[{"n":1},{"n":2,"m":3}],"s":2}\n', Ndjson(), Within(each="r"), {"s": 2, "n": 2, "m": 1}),
    ],
)
def test_events_of_all_formats_have_fields(
    data: bytes, format: Format, within: Within, expected: dict[str, int]
) -> None:
    assert counted(profiles_of(data, format, within)) == expected


def test_rows_that_are_not_left_are_not_looked_at() -> None:
    import numpy as np

    profiles = FieldProfiles(10, TimeReader())
    events = decode_bytes(decoder_of(Ndjson(), {}, written=True), b'{"a":1}\n{"b":1}\n')
    events.find_values(profiles, np.array([False, True]), 0, 2)
    profiles.take()
    assert counted(profiles) == {"b": 1}
    with pytest.raises(ValueError, match="left: 1 of 2 rows"):
        events.find_values(profiles, np.array([True]), 0, 2)


def test_objects_far_inside_are_values() -> None:
    data = b'{"a":' * 40 + b"1" + b"}" * 40
    (field,) = profiles_of(data, Ndjson()).fields()
    assert field["path"].count(b".") == 32 and field["kinds"][-1] == 1
