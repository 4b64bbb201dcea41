"""Keys as texts, and first halves of updates that wait for their second ones."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools.change_twins import column, listed

from streamstat import kernels

OPS = st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["a", "b", "c"])), max_size=12)


def taken(ops: list[tuple[int, str]]) -> list[str]:
    """The first half of each second one: that of its key, else the one that waits longest."""
    waiting: list[str] = []
    out = []
    for op, key in ops:
        found = ""
        if op == 1:
            waiting = [*(each for each in waiting if each != key), key]
        if op == 2 and waiting:
            found = key if key in waiting else waiting[0]
            waiting.remove(found)
        out.append(found)
    return out


def take(held: kernels.HeldUpdates, ops: list[tuple[int, str]]) -> list[str]:
    return listed(held.take(np.array([op for op, _ in ops], np.uint8), *column([key for _, key in ops])))


@given(OPS, OPS)
def test_second_halves_find_their_first_ones_also_from_a_snapshot(before: Any, after: Any) -> None:
    held, other = kernels.HeldUpdates(), kernels.HeldUpdates()
    found = take(held, before)
    other.restore(held.snapshot())
    assert len(other) == len(held) and listed(other.keys()) == listed(held.keys())
    assert found + take(other, after) == taken([*before, *after])


@given(st.binary(max_size=60), st.booleans())
def test_other_bytes_are_no_snapshot_and_change_nothing(junk: bytes, has_tag: bool) -> None:
    held = kernels.HeldUpdates()
    take(held, [(1, "a")])
    before = held.snapshot()
    try:
        held.restore(b"held1" * has_tag + junk)
    except ValueError:
        assert held.snapshot() == before


KEYS = st.lists(
    st.tuples(st.sampled_from([0, 1, 2, 3, 4, 5, 6, 7]), st.sampled_from(["", "7", "é"])), max_size=5
)


@given(KEYS)
def test_keys_come_back_from_their_texts(keys: list[tuple[int, str]]) -> None:
    kinds = np.array([kind for kind, _ in keys], np.uint8)
    texts = ["" if kind < 3 else text for kind, text in keys]
    made = kernels.key_texts([(kinds, *column(texts))] * 2, len(keys))
    for found, offsets, data in kernels.keys_of_texts(*made, 2):
        assert found.tolist() == [3 if kind in (4, 7) else kind for kind, _ in keys]
        assert listed((offsets, data)) == texts


@given(st.binary(min_size=1, max_size=30))
def test_other_bytes_are_no_key(junk: bytes) -> None:
    try:
        kernels.keys_of_texts(*column([junk]), 1)
    except ValueError:
        return
    assert len(junk) == 5 + int.from_bytes(junk[1:5], "little")


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ('{"id":7}', 5, '{"id":7}'),
        ('{"schema":{},"payload":{"id":7}}', 5, '{"id":7}'),
        ('{"schema":{},"payload":7}', 5, '{"k":7}'),
        ("7", 5, '{"k":7}'),
        ("007", 5, '{"k":"007"}'),
        ('"a"', 5, '{"k":"a"}'),
        ('a"b', 5, '{"k":"a\\"b"}'),
        ("[1]", 5, '{"k":"[1]"}'),
        ("null", 0, ""),
    ],
)
def test_keys_of_records_are_objects(text: str, kind: int, expected: str) -> None:
    kinds = np.array([kind], np.uint8)
    assert listed(kernels.objects_of_keys(kinds, *column([text]), '"k"')) == [expected]
