"""The most frequent values of a field with more values than are counted: bounds that always hold."""

import random
from collections import Counter

import pytest

from streamstat.input.events import decode_bytes, decoder_of
from streamstat.input.formats.ndjson import Ndjson
from streamstat.kernels import FieldProfiles, TimeReader

MOST = 1024


def profile(values: list[int], at_once: int) -> FieldProfiles:
    profiles = FieldProfiles(10, TimeReader(), 100)
    decoder = decoder_of(Ndjson(), {}, noted=True)
    for lo in range(0, len(values), at_once):
        events = decode_bytes(decoder, b"".join(b'{"v":%d}\n' % each for each in values[lo : lo + at_once]))
        for _ in events.find_values(profiles, None):
            profiles.take()
    return profiles


@pytest.mark.parametrize("seed", range(10))
def test_true_counts_lie_within_the_error(seed: int) -> None:
    random_ = random.Random(seed)
    values = [int(random_.paretovariate(0.6)) % 50_000 for _ in range(30_000)]
    values += [77] * 3_000  # comes late, and often
    counts = Counter(values)
    (field,) = profile(values, 1_000).fields()
    for kind, spelling, count, error in field["frequent"]:
        assert kind == 3 and count - error <= counts[int(spelling)] <= count
    found = [int(spelling) for _, spelling, _, _ in field["frequent"]]
    assert set(found) == {value for value, _ in counts.most_common(3)}


def test_up_to_so_many_values_counts_are_exact() -> None:
    values = [i % (MOST - 1) for i in range(5_000)] + [3, 3, 5]
    (field,) = profile(values, 999).fields()
    assert [(spelling, count, error) for _, spelling, count, error in field["frequent"]] == [
        (b"3", 7, 0),
        (b"5", 6, 0),
        (b"0", 5, 0),
    ]


@pytest.mark.parametrize("seed", range(5))
def test_where_blocks_end_changes_nothing(seed: int) -> None:
    values = [random.Random(seed).randrange(9_000) for _ in range(20_000)]
    assert profile(values, 20_000).fields() == profile(values, 777).fields()


def test_events_must_be_there_as_they_were_written() -> None:
    events = decode_bytes(decoder_of(Ndjson(), {}), b'{"v":1}\n')
    with pytest.raises(ValueError, match="as they were written"):
        next(events.find_values(FieldProfiles(10, TimeReader(), 100), None))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b'{"a":1,"a":"x"}', [("a", "x")]),
        (b'{"a":{"b":1,"c":2},"a":{"c":3}}', [("a.c", "3")]),
        (b'{"a":{"b":1},"a":2}', [("a", "2")]),
        (b'{"a":2,"a":{"b":1}}', [("a.b", "1")]),
        (b'{"\\u0061":1,"b.c":2,"b":{"c":3}}', [("a", "1"), ("b.c", "2")]),
        (b'{"a":{"b.c":1},"a.b":{"c":2}}', [("a.b.c", "2")]),
        (b'{"a":{"b":{"c":3}},"a":{"b.c":1}}', [("a.b.c", "1")]),
        (b' { "a" : [ 1 , {"b" : 2} ] , "e" : { } } ', [("a", '[1,{"b":2}]'), ("e", "{}")]),
    ],
)
@pytest.mark.parametrize("noted", [True, False])
def test_of_equal_names_the_last_counts(text: bytes, expected: list[tuple[str, str]], noted: bool) -> None:
    profiles = FieldProfiles(10, TimeReader(), 100)
    events = decode_bytes(decoder_of(Ndjson(), {}, written=True, noted=noted), text + b"\n")
    for _ in events.find_values(profiles, None):
        profiles.take()
    told = [(each["path"].decode(), each["frequent"][0][1].decode()) for each in profiles.fields()]
    assert told == expected
