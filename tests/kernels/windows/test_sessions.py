"""The session kernel on streams that a person can work out by hand."""

import doctest

from tools.session_calls import admit, admit_times, live, slots_of
from tools.session_twin import MINUS_INFINITY, PLUS_INFINITY, Admitted

from streamstat.kernels import Sessions


def test_a_gap_of_exactly_the_gap_joins() -> None:
    sessions = Sessions(10, 0, False)
    assert admit_times(sessions, [0, 10, 21, -10, -21]).slots == [0, 0, 1, 0, 2]
    assert live(sessions) == [(0, 0, -10, 10), (1, 0, 21, 21), (2, 0, -21, -21)]


def test_keys_do_not_meet() -> None:
    sessions = Sessions(10, 0, False)
    assert admit(sessions, [(1, 0, 0, True), (2, 0, 0, True), (1, 5, 0, True)]).slots == [0, 1, 0]


def test_an_event_that_bridges_two_joins_them_in_the_lower_slot() -> None:
    sessions = Sessions(10, 0, False)
    assert admit_times(sessions, [20, 0]).slots == [0, 1]
    assert admit_times(sessions, [10]) == Admitted(1, [0], [0], [0], [1])
    assert live(sessions) == [(0, 0, 0, 20)]


def test_rows_show_the_session_that_theirs_went_into() -> None:
    sessions = Sessions(10, 0, False)
    done = admit_times(sessions, [0, 40, 20, 30, 10])
    assert done == Admitted(5, [0, 0, 0, 0, 0], [0] * 5, [1, 0], [2, 1])


def test_a_slot_freed_by_a_merge_is_used_again_from_the_next_call_on() -> None:
    sessions = Sessions(10, 0, False)
    assert admit_times(sessions, [0, 20, 10, 100]).slots == [0, 0, 0, 2]
    assert admit_times(sessions, [200]).slots == [1]
    sessions.drop(slots_of(0, 2))
    assert admit_times(sessions, [300, 400, 500]).slots == [0, 2, 3]


def test_with_promises_an_event_before_all_that_is_open_and_before_the_watermark_is_late() -> None:
    """The event at 11 would join the session that 12 begins, and begin it anew: nothing open begins so early."""
    sessions = Sessions(10, 0, False, True)
    assert admit(sessions, [(1, 11, 0, True), (2, 20, 0, True), (2, 12, 21, True)]).late == [0, 0, 0]
    assert sessions.least_start(22) == 12
    assert admit(sessions, [(2, 11, 22, True), (2, 12, 22, True), (2, 23, 22, True)]).late == [1, 0, 0]
    assert [sessions.least_start(watermark) for watermark in (33, 34)] == [12, PLUS_INFINITY]


def test_an_event_that_alone_would_be_late_joins_a_session_still_open() -> None:
    sessions = Sessions(10, 0, False)
    admit_times(sessions, [20], 20)
    assert admit_times(sessions, [12], 30).late == [0]
    assert admit_times(sessions, [1, 2, 12], 30) == Admitted(3, [-1, 0, 0], [1, 0, 0], [], [])
    assert live(sessions) == [(0, 0, 2, 20)]


def test_a_closed_session_takes_nothing() -> None:
    sessions = Sessions(10, 5, False)
    admit_times(sessions, [0])
    assert admit_times(sessions, [8], 15).slots == [0]
    assert admit_times(sessions, [8, 9], 24) == Admitted(2, [-1, 1], [1, 0], [], [])
    assert live(sessions) == [(0, 0, 0, 8), (1, 0, 9, 9)]
    assert sessions.closed(24).tolist() == [0]


def test_a_session_may_reach_back_over_a_closed_one() -> None:
    sessions = Sessions(10, 0, False)
    admit_times(sessions, [0, 2])
    assert admit_times(sessions, [14, 4, -6, 3], 13).slots == [1, 1, 1, 1]
    assert live(sessions) == [(0, 0, 0, 2), (1, 0, -6, 14)]
    sessions.drop(sessions.closed(13))
    assert admit_times(sessions, [25], 13).slots == [0]
    assert admit_times(sessions, [20], 13) == Admitted(1, [0], [0], [0], [1])


def test_it_stops_before_a_row_behind_the_watermark_that_a_firing_precedes() -> None:
    sessions = Sessions(10, 100, True)
    rows = [(0, 0, -5, True), (1, 3, 10, True), (0, 9, 10, True), (1, 30, 14, False), (0, 12, 20, True)]
    assert admit(sessions, rows) == Admitted(4, [0, 1, 0, -1], [0, 0, 0, 0], [], [])
    assert admit(sessions, rows, 4) == Admitted(4, [], [], [], [])
    assert sessions.fire(20).tolist() == [0, 1]
    assert admit(sessions, rows, 4) == Admitted(5, [0], [0], [], [])
    assert (sessions.due(22), sessions.due(23)) == (False, True)


def test_a_fired_session_fires_again_only_if_it_grows_beyond_the_watermark() -> None:
    sessions = Sessions(10, 100, False)
    admit_times(sessions, [0])
    assert sessions.fire(20).tolist() == [0]
    admit_times(sessions, [9], 20)
    assert not sessions.due(1000)
    admit_times(sessions, [10], 20)
    assert (sessions.due(20), sessions.fire(21).tolist()) == (False, [0])


def test_a_session_made_of_two_has_fired_if_both_had() -> None:
    sessions = Sessions(10, 100, False)
    admit_times(sessions, [0, 20])
    assert sessions.fire(31).tolist() == [0, 1]
    admit_times(sessions, [10], 31)
    assert not sessions.due(1000)
    admit_times(sessions, [-20], 31)
    assert admit_times(sessions, [-10], 31).source == [1]
    assert sessions.fire(32).tolist() == [0]


def test_a_slot_used_again_fires_at_its_new_time() -> None:
    sessions = Sessions(10, 0, False)
    admit_times(sessions, [0])
    for time in range(20, 300, 20):
        assert admit_times(sessions, [time, time - 10]).source == [1]
    assert admit(sessions, [(1, 5, MINUS_INFINITY, True)]).slots == [1]
    for time in range(300, 3000, 20):
        assert admit_times(sessions, [time, time - 10]).source == [2]
    assert (sessions.due(15), sessions.fire(16).tolist()) == (False, [1])


def test_all_sessions_fire_and_close_at_plus_infinity() -> None:
    sessions = Sessions(PLUS_INFINITY, PLUS_INFINITY, False)
    admit(sessions, [(0, PLUS_INFINITY, 0, True), (1, MINUS_INFINITY, 0, True)])
    assert (sessions.fire(PLUS_INFINITY - 1).tolist(), sessions.closed(PLUS_INFINITY - 1).tolist()) == (
        [1],
        [],
    )
    assert (sessions.fire(PLUS_INFINITY).tolist(), sessions.closed(PLUS_INFINITY).tolist()) == ([0], [0, 1])
    assert admit_times(sessions, [PLUS_INFINITY], PLUS_INFINITY).late == [1]


def test_the_example_in_the_documentation_runs() -> None:
    example = doctest.DocTestParser().get_doctest(
        Sessions.__doc__ or "", {"Sessions": Sessions}, "Sessions", None, None
    )
    assert doctest.DocTestRunner().run(example) == (0, 6)
