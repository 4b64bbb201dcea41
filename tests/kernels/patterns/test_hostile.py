"""The table of patterns and its lists, given what nobody should give them: ValueError, and nothing has changed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tools.pattern_tables import END, push, table_of, worked

from streamstat.kernels import PatternTable, step_lists
from streamstat.values.columns import I32, I64, U8

ONCE = (0, 1, 1, -1, False)
SOUND: dict[str, object] = {
    "steps": [ONCE, (1, 1, 1, -1, False)],
    "edges": [(0, 1, False, -1)],
    "first": [True, False],
    "last": [False, True],
    "before": -1,
    "behind": -1,
    "references": [0, 0],
    "within": 10,
    "overlap": False,
    "looks_before": False,
}
UNSOUND = [
    {"steps": [], "first": [], "last": []},
    {"steps": [ONCE] * 61, "first": [True] * 61, "last": [True] * 61},
    {"steps": [ONCE, (2, 1, 1, -1, False)]},
    {"steps": [ONCE, (-1, 1, 1, -1, False)]},
    {"steps": [ONCE, (1, -1, 1, -1, False)]},
    {"steps": [ONCE, (1, 3, 2, -1, False)]},
    {"steps": [ONCE, (1, 0, 0, -1, False)]},
    {"steps": [ONCE, (1, 100_001, -1, -1, False)]},
    {"steps": [ONCE, (1, 1, 100_001, -1, False)]},
    {"first": [True]},
    {"last": [True, True, True]},
    {"edges": [(1, 0, False, -1)]},
    {"edges": [(0, 0, False, -1)]},
    {"edges": [(0, 2, False, -1)]},
    {"edges": [(-1, 1, False, -1)]},
    {"edges": [(0, 1, False, 2)]},
    {"before": 2},
    {"behind": 2},
    {"within": -1},
    {"references": [0]},
    {"references": [0] * 61},
    {"references": [4, 0]},
    {"references": [1 << 63, 0]},
]


def made(**changed: object) -> PatternTable:
    return PatternTable(**{**SOUND, **changed})  # type: ignore[arg-type]


@pytest.mark.parametrize("changed", UNSOUND, ids=str)
def test_what_is_no_pattern_is_refused(changed: dict[str, object]) -> None:
    assert worked(made()) == []
    with pytest.raises(ValueError, match="program: "):
        made(**changed)


small = st.integers(-2, 4)
numbers = st.integers(-(2**31), 2**31 - 1) | small
steps = st.lists(
    st.tuples(small, small, small, st.integers(-(2**63), END) | small, st.booleans()), max_size=5
)
edges = st.lists(st.tuples(small, small, st.booleans(), small), max_size=8)
flags = st.lists(st.booleans(), max_size=5)


@settings(max_examples=800, deadline=None)
@given(
    st.fixed_dictionaries(
        {
            "steps": steps,
            "edges": edges,
            "first": flags,
            "last": flags,
            "before": numbers,
            "behind": numbers,
            "references": st.lists(st.integers(0, 7), max_size=4),
            "within": st.integers(0, 20),
            "overlap": st.booleans(),
            "looks_before": st.booleans(),
        }
    ),
    st.lists(st.integers(0, 2**64 - 1), max_size=20),
)
def test_any_program_is_refused_or_works(program: dict[str, object], masks: list[int]) -> None:
    try:
        table = PatternTable(**program)  # type: ignore[arg-type]
    except ValueError:
        return
    push(table, masks)
    told = worked(table)
    assert all(0 <= number < len(masks) for *_, events in told for number in events)
    again = PatternTable(**program)  # type: ignore[arg-type]
    again.restore(table.snapshot(), 1)
    assert again.snapshot() == table.snapshot()


@pytest.mark.parametrize(
    ("rows", "groups", "times", "masks"),
    [
        ([-1], [0], [0], [1]),
        ([1], [0], [0], [1]),
        ([0], [-1], [0], [1]),
        ([0], [0], [0, 1], [1]),
        ([0], [0], [0], []),
    ],
)
def test_rows_that_a_block_does_not_have_are_refused(
    rows: list[int], groups: list[int], times: list[int], masks: list[int]
) -> None:
    table = made()
    with pytest.raises(ValueError):
        table.push(
            np.array(rows, np.int64),
            np.array(groups, np.int32),
            np.array(times, np.int64),
            np.array(masks, np.uint64),
            0,
        )
    assert table.open() == 0


def test_masks_of_other_events_are_refused() -> None:
    table = made()
    push(table, [1, 2])
    table.due(END, END)
    with pytest.raises(ValueError, match="masks: "):
        table.set_masks(np.zeros(3, np.uint64))


@pytest.mark.parametrize("bit", [-1, 0, 2, 99])
def test_tuples_of_a_name_that_looks_at_no_other_are_refused(bit: int) -> None:
    table = table_of("a -> b", 10, references={"b": "a"})
    push(table, [1, 2])
    table.due(END, END)
    with pytest.raises(ValueError, match="bit: "):
        table.tuples(bit, 0, 9)
    with pytest.raises(ValueError, match="bit: "):
        table.allow(bit, *of_tuples([1], [0], [1]))


@pytest.mark.parametrize(
    ("places", "numbers", "holds"),
    [([2], [0], [1]), ([-1], [0], [1]), ([1], [0, 1], [1]), ([1], [], [1]), ([1], [0], [1, 1])],
)
def test_answers_about_other_tuples_are_refused(
    places: list[int], numbers: list[int], holds: list[int]
) -> None:
    table = table_of("a -> b", 10, references={"b": "a"})
    push(table, [1, 2])
    table.due(END, END)
    assert [each.tolist() for each in table.tuples(1, 0, 9)[1:]] == [[1], [0]]
    with pytest.raises(ValueError):
        table.allow(1, *of_tuples(places, numbers, holds))


def of_tuples(places: list[int], numbers: list[int], holds: list[int]) -> tuple[I32, I64, U8]:
    return np.array(places, np.int32), np.array(numbers, np.int64), np.array(holds, np.uint8)


def test_tuples_from_behind_the_last_event_are_none() -> None:
    table = table_of("a -> b", 10, references={"b": "a"})
    push(table, [1, 2])
    table.due(END, END)
    end, places, numbers = table.tuples(1, 2**63, 9)
    assert (end, len(places), len(numbers)) == (2**63, 0, 0)


def test_a_condition_that_nobody_answered_does_not_hold() -> None:
    table = table_of("a -> b", 10, references={"b": "a"})
    push(table, [1, 2])
    assert worked(table) == []


LISTS = {
    "offsets": np.array([0, 1, 2]),
    "bits": np.array([0, 1], np.uint8),
    "names": [b"a", b"b"],
    "event_offsets": np.array([0, 2, 4]),
    "events": np.frombuffer(b"{}{}", np.uint8),
}


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("offsets", np.array([0, 1, 3])),
        ("offsets", np.array([0, 3, 2])),
        ("offsets", np.array([0, -1, 2])),
        ("offsets", np.array([1, 2])),
        ("offsets", np.array([], np.int64)),
        ("bits", np.array([0, 2], np.uint8)),
        ("names", [b"a"]),
        ("event_offsets", np.array([0, 2])),
        ("event_offsets", np.array([0, 2, 5])),
        ("event_offsets", np.array([2, 0, 4])),
    ],
)
def test_lists_of_other_events_are_refused(argument: str, value: object) -> None:
    lists, data = step_lists(**LISTS)  # type: ignore[arg-type]
    assert data.tobytes() == b'[{"step":"a","event":{}}][{"step":"b","event":{}}]'
    assert lists.tolist() == [0, 25, 50]
    with pytest.raises(ValueError):
        step_lists(**{**LISTS, argument: value})  # type: ignore[arg-type]
