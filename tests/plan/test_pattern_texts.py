"""Any text as a pattern: it is one, or the message says where it is not, and nothing of it can harm a terminal."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streamstat.common.errors import UsageError
from streamstat.patterns import Absent, PatternStep
from streamstat.patterns.reading import MOST_STEPS, PatternError, read_pattern
from streamstat.plan.match_options import MatchOptions
from streamstat.plan.meaning import job_of
from streamstat.plan.plan import Plan

PARTS = [
    "a",
    "b",
    "x",
    "->",
    "!",
    "[",
    "]",
    "{2}",
    "{2,}",
    "{0}",
    "{3,2}",
    "+",
    "*",
    "?",
    " ",
    "in 1m",
    "in",
    "\x1b[31m",
]
texts = st.lists(st.sampled_from(PARTS), max_size=14).map("".join) | st.text(max_size=30)


@settings(max_examples=1500, deadline=None)
@given(texts)
def test_any_text_is_a_pattern_or_is_refused_at_a_place_of_it(text: str) -> None:
    try:
        pattern = read_pattern(text)
    except PatternError as error:
        assert 0 <= error.place <= len(text)
        assert error.problem
        assert error.hint
        return
    assert pattern.text == text
    assert any(step.least for step in pattern.steps)
    assert len(pattern.between) == len(pattern.elements) - 1
    named: list[PatternStep | Absent] = [*pattern.steps, *pattern.absent]
    for each in named:
        assert text[each.place :].startswith(each.name)


@settings(max_examples=500, deadline=None)
@given(texts, texts)
def test_a_refusal_is_printable_and_shows_the_place(text: str, condition: str) -> None:
    own = MatchOptions(pattern=text, define=["a=k == 1", f"b={condition}", "x=k == 3"], within="1m")
    try:
        job_of(Plan(own=own))
    except UsageError as error:
        lines = [str(error), *error.below]
        assert all(len(line) < 1000 for line in lines)
        assert [line for line in error.below if not line.isprintable()] == []


@pytest.mark.parametrize(
    ("text", "problem", "place"),
    [
        ("a -> " * 2000 + "a", f"more than {MOST_STEPS} steps", 0),
        ("[" * 10_000, "[ cannot stand in a bracket", 1),
        ("a" + " " * 10_000, None, 0),
        ("a{" + "9" * 10_000 + "}", "more than 100,000 events", 1),
        ("a -> " * 30 + "? -> " * 2000, "a step is missing before ?", 150),
    ],
    ids=["steps", "brackets", "blanks", "digits", "far away"],
)
def test_a_pattern_of_ten_thousand_characters(text: str, problem: str | None, place: int) -> None:
    if problem is None:
        assert [step.name for step in read_pattern(text).steps] == ["a"]
        return
    with pytest.raises(PatternError) as caught:
        read_pattern(text)
    assert (caught.value.problem, caught.value.place) == (problem, place)
