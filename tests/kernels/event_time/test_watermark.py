"""The watermark kernel on rows that a person can work out by hand, and what it refuses."""

import doctest
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tools.watermark_calls import advance
from tools.watermark_twin import EVENT, MINUS_INFINITY, NOTHING, PLUS_INFINITY, PROMISE, PROMISE_FOR_ALL

from streamstat.kernels import Watermark


def test_the_least_producer_counts() -> None:
    watermark = Watermark(delay=5)
    advance(watermark, [(60, 1, EVENT), (100, 0, EVENT)])
    assert watermark.watermark == 55
    advance(watermark, [(80, 1, EVENT)])
    assert watermark.watermark == 75
    advance(watermark, [(200, 0, EVENT)])
    assert watermark.watermark == 75


def test_a_new_producer_never_pulls_the_watermark_back() -> None:
    watermark = Watermark(delay=5)
    assert advance(watermark, [(100, 0, EVENT), (60, 1, EVENT), (80, 1, EVENT)]) == [MINUS_INFINITY, 95, 95]
    assert watermark.watermark == 95


def test_an_idle_producer_is_left_out_until_it_catches_up() -> None:
    watermark = Watermark(delay=5, idle=50)
    assert advance(watermark, [(100, 1, EVENT), (150, 0, EVENT)]) == [MINUS_INFINITY, 95]
    assert watermark.watermark == 95
    advance(watermark, [(151, 0, EVENT)])
    assert watermark.watermark == 146
    advance(watermark, [(160, 1, EVENT), (300, 0, EVENT), (260, 1, EVENT), (310, 0, EVENT)])
    assert watermark.watermark == 295


def test_without_a_delay_only_promises_move_the_watermark() -> None:
    watermark = Watermark(None)
    advance(watermark, [(100, 0, EVENT), (50, 0, PROMISE), (40, 1, EVENT)])
    assert watermark.watermark == 50
    advance(watermark, [(70, 0, PROMISE_FOR_ALL)])
    assert watermark.watermark == 70


def test_a_held_watermark_stays_while_clocks_move() -> None:
    watermark = Watermark(0)
    watermark.held = True
    assert advance(watermark, [(10, 0, EVENT), (4, 0, EVENT)], single=True) == [MINUS_INFINITY] * 2
    assert (watermark.watermark, watermark.newest, watermark.max_lateness) == (MINUS_INFINITY, 10, 6)
    watermark.held = False
    watermark.forget_promises()
    watermark.renumber(np.array([-1], np.int32))
    assert advance(watermark, [(5, 0, EVENT), (3, 0, EVENT)], single=True) == [MINUS_INFINITY, 5]
    assert watermark.max_lateness == 6


def test_all_rows_may_be_of_any_one_producer() -> None:
    watermark = Watermark(0)
    times, events = np.array([7, 9]), np.full(2, EVENT, np.uint8)
    assert watermark.advance(times, None, events, 3).tolist() == [MINUS_INFINITY, 7]
    assert watermark.advance(times + 100, None, events, 5).tolist() == [9, 9]
    assert watermark.producers()[0].tolist() == [3, 5]
    with pytest.raises(IndexError, match="producer: negative"):
        watermark.advance(times, None, events, -1)


def test_new_codes_that_cannot_be_change_nothing() -> None:
    watermark = Watermark(0)
    advance(watermark, [(10, 0, EVENT), (20, 1, EVENT)])
    with pytest.raises(IndexError, match="none for producer 1"):
        watermark.renumber(np.array([1], np.int32))
    for codes in ([2, 2], [0, -2]):
        with pytest.raises(ValueError, match="is negative or of two producers"):
            watermark.renumber(np.array(codes, np.int32))
    assert [column.tolist() for column in watermark.producers()] == [[0, 1], [10, 20], [10, 20]]


def test_a_watermark_let_go_moves_with_the_next_row_that_moves() -> None:
    watermark = Watermark(0)
    watermark.held = True
    advance(watermark, [(10, 0, EVENT)], single=True)
    watermark.held = False
    rows = [(0, 0, NOTHING), (3, 0, EVENT), (0, 0, NOTHING)]
    assert advance(watermark, rows, single=True) == [MINUS_INFINITY, MINUS_INFINITY, 10]


def test_a_promise_made_during_a_hold_is_kept_after_it() -> None:
    watermark = Watermark(5)
    watermark.held = True
    advance(watermark, [(50, 0, PROMISE_FOR_ALL)], single=True)
    watermark.held = False
    assert advance(watermark, [(3, 0, EVENT), (4, 0, EVENT)], single=True) == [MINUS_INFINITY, 50]


def test_a_producer_of_the_earliest_time_counts() -> None:
    watermark = Watermark(5)
    advance(watermark, [(MINUS_INFINITY, 0, EVENT), (100, 1, EVENT)])
    assert watermark.watermark == MINUS_INFINITY
    assert watermark.producers()[0].tolist() == [0, 1]


def test_finish_moves_to_plus_infinity() -> None:
    watermark = Watermark(5)
    watermark.finish()
    assert advance(watermark, [(1, 0, EVENT)]) == [PLUS_INFINITY]


def test_minus_one_stands_for_none() -> None:
    one, none = Watermark(-1, -1), Watermark(None, None)
    rows = [(100, 0, EVENT), (7, 1, EVENT), (50, 1, PROMISE)]
    assert advance(one, rows) == advance(none, rows)
    assert one.snapshot() == none.snapshot()


@pytest.mark.parametrize("settings_", [(-2, None), (5, -2), (MINUS_INFINITY, None)])
def test_negative_settings_are_refused(settings_: tuple[int, int | None]) -> None:
    with pytest.raises(ValueError, match="negative"):
        Watermark(*settings_)


def test_wrong_arguments_are_refused_and_move_nothing() -> None:
    watermark = Watermark(5)
    advance(watermark, [(10, 0, EVENT), (20, 7, EVENT)])
    before = watermark.snapshot()
    times, codes, events = np.array([50, 60]), np.zeros(2, np.int32), np.ones(2, np.uint8)
    with pytest.raises(ValueError, match="roles: 1 elements, expected 2"):
        watermark.advance(times, codes, events[:1])
    with pytest.raises(ValueError, match="producers: 1 elements, expected 2"):
        watermark.advance(times, codes[:1], events)
    with pytest.raises(ValueError, match="roles: 9"):
        watermark.advance(times, codes, np.array([1, 9], np.uint8))
    for role in (EVENT, PROMISE):
        with pytest.raises(IndexError):
            watermark.advance(times, np.array([0, -1], np.int32), np.array([1, role], np.uint8))
    wrong: list[Any] = [np.array([1.5, 2.5]), np.arange(4)[::2], [1, 2], None]
    for unfit in wrong:
        with pytest.raises(TypeError):
            watermark.advance(unfit, codes, events)
    assert watermark.snapshot() == before


def test_the_producer_of_a_row_that_is_of_none_does_not_matter() -> None:
    watermark = Watermark(5)
    advance(watermark, [(50, -1, NOTHING), (60, -(2**31), PROMISE_FOR_ALL)])
    assert watermark.watermark == 60
    assert [len(column) for column in watermark.producers()] == [0, 0, 0]


def test_no_rows_give_no_rows() -> None:
    watermark = Watermark(5)
    assert advance(watermark, []) == advance(watermark, [], single=True) == []


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_damaged_snapshots_are_refused_or_harmless(data: st.DataObject) -> None:
    watermark = Watermark(5, 50)
    advance(watermark, [(100, 0, EVENT), (60, 3, EVENT), (90, 1, PROMISE), (70, 0, PROMISE_FOR_ALL)])
    good = watermark.snapshot()
    bad = bytearray(good)
    for _ in range(data.draw(st.integers(1, 3))):
        bad[data.draw(st.integers(0, len(bad) - 1))] = data.draw(st.integers(0, 255))
    bad = bad[: data.draw(st.integers(0, len(bad)))]
    try:
        watermark.restore(bytes(bad))
    except ValueError:
        assert watermark.snapshot() == good
    advance(watermark, [(200, 0, EVENT), (210, 3, EVENT), (220, 9, EVENT)])


def test_a_snapshot_of_other_settings_is_refused() -> None:
    with pytest.raises(ValueError, match="another delay or idle"):
        Watermark(5).restore(Watermark(6).snapshot())


def test_the_example_in_the_documentation_runs() -> None:
    example = doctest.DocTestParser().get_doctest(
        Watermark.__doc__ or "", {"Watermark": Watermark}, "Watermark", None, None
    )
    assert doctest.DocTestRunner().run(example) == (0, 4)
