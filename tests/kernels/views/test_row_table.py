"""The native table of rows against the plain view: any changes, in any cuts, from any snapshot."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from oracle.changes import Change, Number, parsed, spelt
from oracle.views import View

from streamstat.changes import Op
from streamstat.kernels import RowTable, numbered_members
from streamstat.values.columns import I64, U8, Texts

KINDS = {1: "insert", 2: "update", 3: "delete"}
NAMES = st.sampled_from(["a", "b", 'q"uote', "é", "long name with words", "", "a.b"])
VALUES = st.one_of(
    st.sampled_from([Number("1.50"), Number("-0"), Number("12345678901234567890"), None, True]),
    st.text(max_size=3),
    st.lists(st.sampled_from([Number("1"), "x]}"]), max_size=2),
    st.dictionaries(NAMES, st.sampled_from(["}", '"'])),
)
OBJECTS = st.dictionaries(NAMES, VALUES, max_size=4)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("="), st.lists(NAMES, min_size=1, max_size=2), VALUES).map(list),
        st.tuples(st.just("-"), st.lists(NAMES, min_size=1, max_size=1)).map(list),
    ),
    max_size=2,
)
SLOTS, SPACES = st.integers(0, 4), st.integers(-1, 2)
POSITIONS = st.integers(0, 6)


@st.composite
def changes(draw: st.DrawFn) -> Change:
    """One change; keys are numbers of slots."""
    op = draw(st.sampled_from([*Op, Op.PUT, Op.PATCH, Op.PATCH]))
    space = draw(SPACES)
    row: Any = None if op in (Op.DELETE, Op.TRUNCATE) else draw(STEPS if op is Op.EDIT else OBJECTS)
    old = draw(st.one_of(st.none(), st.none(), SLOTS))
    kept = draw(st.lists(NAMES, max_size=1)) if op is Op.PATCH else []
    return Change(
        record=0,
        op=op.name.lower(),
        key=None if op is Op.TRUNCATE else (str(draw(SLOTS)),),
        row=row,
        old_key=None if old is None or op is Op.TRUNCATE else (str(old),),
        kept=tuple(each for each in kept if each not in row),
        space=space,
        position=None if space < 0 else draw(POSITIONS),
    )


def texts(items: Sequence[str]) -> tuple[I64, U8]:
    data = [each.encode() for each in items]
    return np.cumsum([0, *map(len, data)], dtype=np.int64), np.frombuffer(b"".join(data), np.uint8)


def apply(
    table: RowTable, batch: Sequence[Change], times: Sequence[int], wanted: tuple[bool, bool] = (True, True)
) -> Any:
    slots = [-1 if each.key is None else int(each.key[0]) for each in batch]
    olds = [-1 if each.old_key is None else int(each.old_key[0]) for each in batch]
    spellings = ["" if each.row is None else spelt(each.row) for each in batch]
    kept = [spelt(dict.fromkeys(each.kept)) if each.kept else "" for each in batch]
    positions = ["" if each.position is None else "p" * each.position for each in batch]
    return table.apply(
        np.array([Op[each.op.upper()] for each in batch], np.uint8),
        np.array(slots, np.int32),
        np.array(olds, np.int32),
        texts(spellings),
        texts(kept),
        np.array([-1 if each.space is None else each.space for each in batch], np.int32),
        texts(positions),
        np.array(times, np.int64),
        *wanted,
    )


def listed(offsets: I64, data: U8) -> list[str]:
    column = Texts(offsets, data)
    return [column[i].decode() for i in range(len(column))]


@given(st.lists(changes(), max_size=12), st.data())
@example([Change(0, "put", ("0",), {"a": None}), Change(0, "patch", ("1",), {}, old_key=("0",))], None)
def test_events_and_rows_are_those_of_the_plain_view(given: list[Change], data: st.DataObject | None) -> None:
    table, twin, lo = RowTable(True), View(), 0
    events: list[tuple[str, str, str]] = []
    names: list[int] = []
    applied: list[bool] = []
    while lo < len(given):
        hi = len(given) if data is None else data.draw(st.integers(lo + 1, len(given)))
        _, of, kinds, slots, known, _, before, after = found = apply(table, given[lo:hi], range(lo, hi))
        rows = [a or b for a, b in zip(listed(*after), listed(*before), strict=True)]
        triples = zip((KINDS[kind] for kind in kinds.tolist()), map(str, slots.tolist()), rows, strict=True)
        events += triples
        names += known.tolist()
        applied += (found[0] > 0).tolist()
        assert (np.diff(of) >= 0).all()
        if data is not None and data.draw(st.booleans()):
            snapshot, table = table.snapshot(), RowTable(True)
            table.restore(snapshot)
            assert table.snapshot() == snapshot
        lo = hi
    for i, change in enumerate(given):
        stale = len(twin.stale)
        twin.take(change, i)
        assert applied[i] == (len(twin.stale) == stale)
    assert [(kind, slot, parsed(row)) for kind, slot, row in events] == [
        (each.kind, each.key[0], each.row) for each in twin.told
    ]
    assert names == [len(each.names) for each in twin.told]
    live = table.live()
    left = {key[0]: value for key, value in twin.rows.items()}
    kept = {
        str(slot): parsed(row) for slot, row in zip(live.tolist(), listed(*table.rows(live)), strict=True)
    }
    assert kept == {key: row for key, (row, _, _) in left.items()}
    assert table.times(live).tolist() == [left[str(slot)][1] for slot in live.tolist()]
    assert [str(slot) for slot in table.partial().tolist()] == [
        str(slot) for slot in live.tolist() if left[str(slot)][2]
    ]
    assert [name.decode() for name in table.names] == list(twin.names)


def test_a_patch_leaves_members_in_their_order_and_as_they_are_spelt() -> None:
    table = RowTable(False)
    row = Change(0, "put", ("0",), {"b": Number("1.50"), "a": {"x": Number("1e2")}})
    apply(table, [row, Change(0, "patch", ("0",), {"c": None, "b": Number("2.0")})], [0, 1])
    assert listed(*table.rows(np.zeros(1, np.int32))) == ['{"b":2.0,"a":{"x":1e2},"c":null}']


def test_rows_that_change_often_take_no_more_room() -> None:
    table = RowTable(False)
    row = {"text": "x" * 1000}
    for i in range(200):
        apply(table, [Change(0, "put", (str(slot),), row) for slot in range(50)], [i] * 50)
    assert len(table.snapshot()) < 60_000
    assert table.size < 4_000_000


def test_names_that_rows_no_longer_have_are_not_present() -> None:
    table = RowTable(True)
    apply(table, [Change(0, "put", ("0",), {"old": None, "a": None})], [0])
    apply(table, [Change(0, "put", ("0",), {"b": None, "a": None})], [0])
    assert (table.names, table.present_names()) == ([b"old", b"a", b"b"], [b"a", b"b"])


@pytest.mark.parametrize(
    "change",
    [
        {"ops": np.array([6], np.uint8)},
        {"slots": np.array([-1], np.int32)},
        {"old_slots": np.array([-2], np.int32)},
        {"times": np.zeros(2, np.int64)},
        {"spaces": np.zeros(0, np.int32)},
        {"positions": texts(["p" * 70_000])},
        {"texts": (np.array([0, 9]), np.zeros(3, np.uint8))},
        {"kept": texts(["", ""])},
    ],
)
def test_changes_that_cannot_be_are_refused(change: dict[str, Any]) -> None:
    one: dict[str, Any] = {
        "ops": np.zeros(1, np.uint8),
        "slots": np.zeros(1, np.int32),
        "old_slots": np.full(1, -1, np.int32),
        "texts": texts(["{}"]),
        "kept": None,
        "spaces": np.full(1, -1, np.int32),
        "positions": texts([""]),
        "times": np.zeros(1, np.int64),
        "wants_before": True,
        "wants_after": True,
    }
    table = RowTable(True)
    with pytest.raises(ValueError, match=f"{next(iter(change))}|text_offsets"):
        table.apply(**(one | change))
    assert len(table.live()) == 0


def test_there_is_no_row_where_there_is_none() -> None:
    table = RowTable(False)
    for slot in (-1, 0, 7):
        with pytest.raises(IndexError):
            table.rows(np.array([slot], np.int32))


@given(st.dictionaries(NAMES, VALUES, max_size=5), st.lists(NAMES, unique=True, max_size=5))
def test_numbered_members_are_those_of_their_names(row: dict[str, Any], names: list[str]) -> None:
    (found,) = listed(*numbered_members(*texts([spelt(row)]), names))
    assert parsed(found) == {str(names.index(name)): each for name, each in row.items() if name in names}


@given(st.text(max_size=8))
def test_what_is_no_object_has_no_members(text: str) -> None:
    (found,) = listed(*numbered_members(*texts([f"[{text}"]), ["a"]))
    assert found == ""
