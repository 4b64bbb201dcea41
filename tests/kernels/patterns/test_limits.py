"""The table of patterns at its limits: most steps, most events, and times at the ends of what there is."""

import pytest
from tools.pattern_tables import END, push, table_of, worked

from streamstat.patterns.reading import MOST_STEPS, MOST_TAKEN

LOWEST = -(2**63) + 1  # the least of all is no time
MANY = list(range(MOST_TAKEN))


def test_a_pattern_of_most_steps_takes_an_event_for_each() -> None:
    text = " -> ".join(f"s{i}" for i in range(MOST_STEPS))
    table = table_of(text, 1000)
    push(table, [1 << i for i in range(MOST_STEPS)] * 2)
    assert worked(table) == [
        (0, 0, MOST_STEPS - 1, list(range(MOST_STEPS))),
        (0, MOST_STEPS, 2 * MOST_STEPS - 1, list(range(MOST_STEPS, 2 * MOST_STEPS))),
    ]


def test_of_most_steps_that_are_all_alike_the_first_takes_what_the_others_leave() -> None:
    table = table_of(" -> ".join(f"s{i}+" for i in range(MOST_STEPS)), 1000)
    push(table, [(1 << MOST_STEPS) - 1] * 100)
    assert worked(table) == [(0, 0, MOST_STEPS - 1, list(range(MOST_STEPS)))]


@pytest.mark.parametrize("text", [f"a{{{MOST_TAKEN}}} -> b", f"a{{{MOST_TAKEN},}} -> b", "a+ -> b", "[a+ b]"])
def test_a_step_takes_as_many_events_as_there_may_be(text: str) -> None:
    table = table_of(text, END)
    push(table, [1] * MOST_TAKEN + [2])
    assert worked(table) == [(0, 0, MOST_TAKEN, [*MANY, MOST_TAKEN])]


@pytest.mark.parametrize("text", [f"a{{{MOST_TAKEN}}} -> b", f"[a{{{MOST_TAKEN}}} b]"])
def test_one_event_less_is_no_match(text: str) -> None:
    table = table_of(text, END)
    push(table, [1] * (MOST_TAKEN - 1) + [2])
    assert worked(table) == []


def test_a_repetition_with_a_limit_of_its_own_takes_the_first_that_are_near_enough() -> None:
    table = table_of("a{50000,} in 1m -> b", END)
    push(table, [1] * MOST_TAKEN + [2], [i * 1200 for i in range(MOST_TAKEN)] + [MOST_TAKEN * 1200])
    near = 60_000_000 // 1200 + 1
    assert worked(table) == [(0, 0, MOST_TAKEN * 1200, [*range(near), MOST_TAKEN])]


def test_what_is_too_old_to_be_part_of_a_match_is_not_kept() -> None:
    table = table_of("a -> b", 100)
    push(table, [1] * MOST_TAKEN)
    worked(table)
    assert table.open() == 101


def test_what_is_spent_is_not_kept() -> None:
    table = table_of("a -> b", END)
    push(table, [1, 1, 1, 2])
    assert worked(table) == [(0, 0, 3, [0, 3])]
    assert (table.open(), table.kept().tolist()) == (0, [])


def test_an_event_of_no_step_is_not_kept() -> None:
    table = table_of("a -> !x -> b", END)
    push(table, [0, 2, 4])
    worked(table)
    assert table.open() == 0


def test_a_clock_keeps_the_events_of_its_match_until_it_is_told() -> None:
    table = table_of("a{2} -> !x", 100)
    push(table, [1, 1])
    assert worked(table, 50) == []
    assert (table.running(), table.latest(), table.kept().tolist()) == (1, 100, [0, 1])
    assert worked(table, 100) == []
    assert worked(table, 101) == [(0, 0, 100, [0, 1])]
    assert (table.running(), table.open(), table.latest()) == (0, 0, -(2**63))


@pytest.mark.parametrize(("begin", "end"), [(LOWEST, LOWEST + 5), (END - 7, END - 2), (LOWEST, LOWEST + END)])
def test_times_at_the_ends_of_what_there_is(begin: int, end: int) -> None:
    table = table_of("a -> b", end - begin)
    push(table, [1, 2], [begin, end])
    assert worked(table) == [(0, begin, end, [0, 1])]
    table = table_of("a -> b", end - begin - 1)
    push(table, [1, 2], [begin, end])
    assert worked(table) == []


def test_two_events_that_are_further_apart_than_a_number_can_say_are_no_match() -> None:
    table = table_of("a -> b", END)
    push(table, [1, 2], [LOWEST, LOWEST + END + 1])
    assert worked(table) == []


def test_a_clock_at_the_end_of_time_runs_out_before_it() -> None:
    table = table_of("a -> !x", END)
    push(table, [1], [END - 5])
    table.due(END, END)
    _, starts, ends, *_ = table.work(END, END)
    assert (starts.tolist(), ends.tolist()) == ([END - 5], [END - 1])


def test_what_must_not_come_before_at_the_beginning_of_time() -> None:
    table = table_of("!x -> a", END)
    push(table, [2, 1, 1, 1], [LOWEST, LOWEST, LOWEST + END, LOWEST + END + 1])
    assert worked(table) == [(0, 1, 1, [3])]
