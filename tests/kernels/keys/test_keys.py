"""The table of keys against a dictionary."""

import doctest
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streamstat.kernels import KeyTable, hash_texts, rank_values
from streamstat.values.columns import Kind, Texts

Value = tuple[int, bytes]  # kind, text

CLASSES = {Kind.INTEGER: "number", Kind.DOUBLE: "number", Kind.HUGE: "number"}


@dataclass
class Twin:
    """A dictionary from what makes a key to the first value that had it."""

    keys: dict[tuple[object, bytes], Value] = field(default_factory=dict)

    def intern(self, values: list[Value]) -> list[int]:
        codes = []
        for kind, text in values:
            if kind in (Kind.NULL, Kind.FALSE, Kind.TRUE):
                text = b""
            key = (CLASSES.get(Kind(kind), kind), text)
            self.keys.setdefault(key, (kind, text))
            codes.append(list(self.keys).index(key))
        return codes

    def retain(self, live: list[bool]) -> list[int]:
        kept = [key for key, flag in zip(self.keys, live, strict=True) if flag]
        mapping = [kept.index(key) if flag else -1 for key, flag in zip(self.keys, live, strict=True)]
        self.keys = {key: self.keys[key] for key in kept}
        return mapping


def columns(
    values: list[Value],
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    offsets = np.cumsum([0, *(len(text) for _, text in values)]).astype(np.int64)
    data = np.frombuffer(b"".join(text for _, text in values), np.uint8)
    return np.array([kind for kind, _ in values], np.uint8), offsets, data


def contents(keys: KeyTable) -> list[Value]:
    codes = np.arange(len(keys), dtype=np.int32)
    texts = Texts(*keys.texts(codes))
    return [(int(kind), texts[i]) for i, kind in enumerate(keys.kinds(codes))]


texts = st.one_of(
    st.sampled_from([b"", b"1", b"1.0", b"a", b"\x00", b"\x00\x00"]),
    st.binary(max_size=40),
    st.binary(max_size=2),
)
values = st.lists(st.tuples(st.sampled_from([int(kind) for kind in Kind]), texts), max_size=80)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(values, st.sampled_from(["go on", "go on", "retain", "resume"])), max_size=8),
    st.data(),
)
def test_keys_are_numbered_as_they_come(calls: list[tuple[list[Value], str]], data: st.DataObject) -> None:
    keys, twin = KeyTable(), Twin()
    for told, then in calls:
        known = list(twin.keys)
        found = keys.find(*columns(told)).tolist()
        codes = keys.intern(*columns(told)).tolist()
        assert codes == twin.intern(told)
        assert found == [code if code < len(known) else -1 for code in codes]
        if then == "resume":
            resumed = KeyTable()
            resumed.restore(keys.snapshot())
            assert resumed.snapshot() == keys.snapshot()
            keys = resumed
        elif then == "retain":
            live = data.draw(st.lists(st.booleans(), min_size=len(keys), max_size=len(keys)))
            assert keys.retain(np.array(live, np.uint8)).tolist() == twin.retain(live)
        assert len(keys) == len(twin.keys)
        assert contents(keys) == list(twin.keys.values())


spelt = st.one_of(
    st.integers(-(2**70), 2**70).map(lambda number: b"%d" % number),
    st.sampled_from([b"1", b"1.0", b"10e-1", b"-0", b"0", b"0.0", b"-1e-400", b"1e400", b"-1e400", b"2e400"]),
    st.floats(allow_nan=False, allow_infinity=False).map(lambda number: repr(number).encode()),
)
numbers = st.tuples(st.sampled_from([int(kind) for kind in CLASSES]), spelt)
others = st.tuples(st.sampled_from([int(kind) for kind in Kind if kind not in CLASSES]), texts)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(numbers, others), max_size=80))
def test_ranks_are_those_of_the_values(told: list[Value]) -> None:
    keys = KeyTable()
    keys.intern(*columns(told))
    assert keys.ranks().tolist() == rank_values(*columns(contents(keys))).tolist()


def test_ranks_go_by_value_then_spelling() -> None:
    told = [
        *[(3, each) for each in (b"-10", b"-9", b"-1", b"-0")],
        *[(4, b"-1e-400"), (3, b"0"), (4, b"0.0"), (4, b"0.5"), (3, b"1"), (4, b"1.0"), (4, b"10e-1")],
        *[(3, each) for each in (b"9007199254740992", b"9007199254740993", b"18446744073709551615")],
        *[
            (7, b"1e400"),
            (5, b""),
            (5, b"\0"),
            (5, b"a"),
            (5, b"aaaaaaaa"),
            (5, b"aaaaaaaa\0"),
            (5, b"aaaaaaaab"),
        ],
        *[(5, "é".encode()), (1, b""), (2, b""), (6, b"[1]"), (6, b"{}"), (0, b"")],
    ]
    mixed = [told[i] for i in np.random.default_rng(3).permutation(len(told))]
    keys = KeyTable()
    keys.intern(*columns(mixed))
    assert [mixed[i] for i in np.argsort(keys.ranks())] == told


def test_spelling_and_kind_make_a_key() -> None:
    keys = KeyTable()
    told = [
        (3, b"1"),
        (4, b"1.0"),
        (5, b"1"),
        (6, b"1"),
        (4, b"1"),
        (7, b"1"),
        (0, b""),
        (1, b"x"),
        (1, b""),
        (2, b""),
    ]
    assert keys.intern(*columns(told)).tolist() == [0, 1, 2, 3, 0, 0, 4, 5, 5, 6]


def test_texts_of_one_hash_are_different_keys() -> None:
    # XXH64 of 16 bytes takes two lanes; for each first lane there is a second that leads to a given hash,
    # here to that of 8 zeros, with which one of the longer texts begins.
    p1, p2, p4, p5 = 0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5
    whole = 2**64

    def rotated(word: int, bits: int) -> int:
        return (word << bits | word >> (64 - bits)) % whole

    def mixed(lane: int) -> int:
        return rotated(lane * p2 % whole, 31) * p1 % whole

    def unmixed(word: int) -> int:
        return rotated(word * pow(p1, -1, whole) % whole, 33) * pow(p2, -1, whole) % whole

    wanted = (p5 + 8) ^ mixed(0)
    texts = [bytes(8)]
    for first in range(100):
        state = (rotated((p5 + 16) % whole ^ mixed(first), 27) * p1 + p4) % whole
        texts.append(first.to_bytes(8, "little") + unmixed(state ^ wanted).to_bytes(8, "little"))
    told = [(int(Kind.TEXT), text) for text in reversed(texts)]
    assert len(set(hash_texts(*columns(told)[1:]).tolist())) == 1
    keys = KeyTable()
    assert keys.intern(*columns(told)).tolist() == keys.intern(*columns(told)).tolist() == list(range(101))


def test_many_keys_keep_their_codes() -> None:
    keys = KeyTable()
    told = [(int(Kind.TEXT), str(i).encode()) for i in range(50_000)]
    order = np.random.default_rng(1).permutation(50_000)
    assert np.array_equal(keys.intern(*columns(told)), np.arange(50_000))
    assert np.array_equal(keys.intern(*columns([told[i] for i in order])), order)
    mapping = keys.retain((np.arange(50_000) % 7 == 0).astype(np.uint8))
    assert mapping[:8].tolist() == [0, -1, -1, -1, -1, -1, -1, 1]
    assert keys.intern(*columns([told[49_999], told[7]])).tolist() == [7143, 1]


@pytest.mark.parametrize(
    "offsets", [[0, 1], [0, 1, 2, 3], [], [0, 2, 1], [-1, 0, 1], [0, 1, 4], [5, 2, 3], [0, 2**62, 3]]
)
def test_offsets_outside_the_data_are_refused(offsets: list[int]) -> None:
    keys = KeyTable()
    with pytest.raises(ValueError, match="text_offsets"):
        keys.intern(np.array([5, 5], np.uint8), np.array(offsets, np.int64), np.zeros(3, np.uint8))
    assert len(keys) == 0


def test_other_wrong_arguments_are_refused() -> None:
    keys = KeyTable()
    keys.intern(*columns([(5, b"a")]))
    with pytest.raises(ValueError, match="there is no kind 8"):
        keys.intern(np.array([8], np.uint8), np.array([0, 0]), np.zeros(0, np.uint8))
    for codes in ([1], [-1], [0, 2**31 - 1], [-(2**31)]):
        with pytest.raises(IndexError):
            keys.kinds(np.array(codes, np.int32))
        with pytest.raises(IndexError):
            keys.texts(np.array(codes, np.int32))
    for n in (0, 2):
        with pytest.raises(ValueError, match=f"live: {n} elements, expected 1"):
            keys.retain(np.ones(n, np.uint8))
    wide: Any = np.array([0], np.int64)
    with pytest.raises(TypeError):
        keys.kinds(wide)


def test_threads_may_share_a_table() -> None:
    keys = KeyTable()
    told = [(int(Kind.TEXT), str(i % 3000).encode()) for i in range(6000)]
    shares = [columns(told[start:] + told[:start]) for start in range(0, 6000, 1000)]
    with ThreadPoolExecutor(6) as threads:
        results = list(threads.map(lambda share: [keys.intern(*share) for _ in range(20)], shares))
    assert len(keys) == 3000
    assert all(
        np.array_equal(codes, keys.intern(*share))
        for share, all_codes in zip(shares, results, strict=True)
        for codes in all_codes
    )


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_damaged_snapshots_are_refused_or_harmless(data: st.DataObject) -> None:
    keys = KeyTable()
    keys.intern(*columns([(5, b"abc"), (0, b""), (3, b"12"), (5, b"abd")]))
    good = keys.snapshot()
    bad = bytearray(good)
    for _ in range(data.draw(st.integers(1, 3))):
        bad[data.draw(st.integers(0, len(bad) - 1))] = data.draw(st.integers(0, 255))
    bad = bad[: data.draw(st.integers(0, len(bad)))]
    try:
        keys.restore(bytes(bad))
    except ValueError:
        assert keys.snapshot() == good
    assert len(contents(keys)) == len(keys)


def test_the_example_in_the_documentation_runs() -> None:
    example = doctest.DocTestParser().get_doctest(
        KeyTable.__doc__ or "", {"KeyTable": KeyTable}, "keys", None, None
    )
    assert doctest.DocTestRunner().run(example) == (0, 4)
