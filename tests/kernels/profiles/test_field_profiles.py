"""What is in the fields of any objects, in any layout and format, against plain Python."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamstat.input.decoding import Within
from streamstat.input.events import Events, decode_bytes, decoder_of
from streamstat.input.formats import Format
from streamstat.input.formats.csv import Csv
from streamstat.input.formats.json import Json
from streamstat.input.formats.logfmt import Logfmt
from streamstat.input.formats.ndjson import Ndjson
from streamstat.kernels import FieldProfiles, TimeReader
from streamstat.values.columns import Need

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
PATHS = ["a", "b", "a.b", "b.a", "a.a.b", "a[0]", "b[-1].a", "", "é", "a.a.b.b"]
EVENTS = st.lists(st.dictionaries(NAMES, VALUES, max_size=5), max_size=8)


def profiles_of(
    data: bytes,
    format: Format,
    within: Within = Within(),  # noqa: B008
    needs: Mapping[str, Need] = {},
    noted: bool = True,
) -> FieldProfiles:
    """noted: by the decoder, where it can; else in events as they were written."""
    profiles = FieldProfiles(1000, TimeReader(), 3)
    decoder = decoder_of(format, needs, within=within, written=True, noted=noted)
    for _ in decode_bytes(decoder, data).find_values(profiles, None):
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


def log_of(events: list[dict[str, Any]], is_pretty: bool) -> tuple[bytes, Format]:
    layout: dict[str, Any] = {"indent": 1} if is_pretty else {"separators": (" , ", " : ")}
    data = "\n".join(json.dumps(each, **layout) for each in events).encode()
    return data, Json() if is_pretty else Ndjson()


@given(events=EVENTS, is_pretty=st.booleans(), noted=st.booleans())
def test_each_value_is_found_once_under_its_path(
    events: list[dict[str, Any]], is_pretty: bool, noted: bool
) -> None:
    profiles = profiles_of(*log_of(events, is_pretty), noted=noted)
    assert profiles.rows == len(events) and profiles.left_out == 0
    # Names with dots may read as a path does: an event has one value of each.
    assert counted(profiles) == dict(Counter(path for each in events for path in dict(leaves(each))))


@given(events=EVENTS, is_pretty=st.booleans(), breaks=st.randoms())
def test_decoders_note_what_is_found_in_events_as_they_were_written(
    events: list[dict[str, Any]], is_pretty: bool, breaks: Random
) -> None:
    data, format = log_of(events, is_pretty)
    if not is_pretty:
        lines = [
            line[: breaks.randrange(len(line))] if breaks.random() < 0.2 else line
            for line in data.splitlines()
        ]
        data = b"\n".join(line + b" x" * (breaks.random() < 0.2) for line in lines)
    told = profiles_of(data, format).fields()
    assert told == profiles_of(data, format, noted=False).fields()


@given(events=EVENTS, is_pretty=st.booleans(), paths=st.sets(st.sampled_from(PATHS)))
def test_columns_are_the_same_whether_values_are_noted_or_not(
    events: list[dict[str, Any]], is_pretty: bool, paths: set[str]
) -> None:
    data, format = log_of(events, is_pretty)
    needs = dict.fromkeys(sorted(paths), Need.TEXT | Need.PRESENT | Need.NUMBER)
    noted, plain = (decode_bytes(decoder_of(format, needs, noted=each), data) for each in (True, False))
    for path in needs:
        for one, other in zip(columns_of(noted, path), columns_of(plain, path), strict=True):
            assert np.array_equal(one, other)
    told = profiles_of(data, format, needs=needs).fields()
    assert told == profiles_of(data, format).fields()


def columns_of(events: Events, path: str) -> Iterator[Any]:
    texts = events.texts(path)
    yield from (events.kinds(path), events.present(path), events.numbers(path), texts.offsets, texts.data)


@given(st.lists(st.text(alphabet="ab\0é\U0001f600", max_size=12), min_size=1))
def test_least_and_greatest_texts_are_those_by_bytes(texts: list[str]) -> None:
    data = "\n".join(json.dumps({"t": each}, ensure_ascii=False) for each in texts).encode()
    (field,) = profiles_of(data, Ndjson()).fields()
    spelt = [each.encode() for each in texts]
    assert field["texts"] == (min(spelt), max(spelt))


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


@pytest.mark.parametrize("noted", [True, False])
def test_rows_that_are_not_left_are_not_looked_at(noted: bool) -> None:
    profiles = FieldProfiles(10, TimeReader(), 3)
    events = decode_bytes(decoder_of(Ndjson(), {}, written=True, noted=noted), b'{"a":1}\n{"b":1,"c":2}\n')
    for _ in events.find_values(profiles, np.array([False, True])):
        profiles.take()
    assert counted(profiles) == {"b": 1, "c": 1} and profiles.rows == 1
    with pytest.raises(ValueError, match="left: 1 of 2 rows"):
        next(events.find_values(profiles, np.array([True])))


def test_beyond_the_most_fields_values_are_counted_together() -> None:
    profiles = FieldProfiles(2, TimeReader(), 3)
    for line in (b'{"c":1,"a":{"x":1}}', b'{"b":1,"c":2,"d":{"e":1,"f":2}}'):
        for _ in decode_bytes(decoder_of(Ndjson(), {}, noted=True), line).find_values(profiles, None):
            profiles.take()
    assert counted(profiles) == {"c": 2, "a.x": 1} and profiles.left_out == 3


@pytest.mark.parametrize("names", [1, 3, 5_000])
def test_names_that_are_too_many_for_one_block_change_nothing(names: int) -> None:
    """Memory would be needed for each: events are looked at a few at a time then."""
    data = b"".join(
        json.dumps({"ts": i, **{f"k{i * names + n}": n for n in range(names)}}).encode() + b"\n"
        for i in range(12_000 // names)
    )
    noted, written = profiles_of(data, Ndjson()), profiles_of(data, Ndjson(), noted=False)
    assert noted.fields() == written.fields()
    for each in (noted, written):
        rows = 12_000 // names
        assert (each.rows, len(each.fields())) == (rows, 1_000)
        assert each.left_out == rows * names - 999


def test_objects_far_inside_are_values() -> None:
    data = b'{"a":' * 40 + b"1" + b"}" * 40
    (field,) = profiles_of(data, Ndjson()).fields()
    assert field["path"].count(b".") == 32 and field["kinds"][-1] == 1
