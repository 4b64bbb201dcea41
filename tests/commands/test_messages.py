"""What is said of losses: a line for each kind, the most of it first."""

from streamstat.commands.messages import losses
from streamstat.engine.ledger import Ledger

LEDGER = Ledger(lines=1_000, late=2, bad=30, no_time=2, future=1, bad_values=500)
PLACES = {
    "bad": ["a:1:2: no value", "a:7:1: no \x1b value"],
    "late": ["a:5"],
    "future": ["a:9: 2099-01-01"],
}


def test_most_come_first_and_values_last() -> None:
    assert list(losses(LEDGER, PLACES, frozenset())) == [
        "lost of 1,000 lines: 30 bad, first a:1:2: no value; --bad-file F keeps them",
        "also bad: a:7:1: no \\x1b value",
        "lost of 1,000 lines: 2 late, first a:5; --late-file F keeps them, --delay D waits for them",
        "lost of 1,000 lines: 2 no_time; --time FIELD names the time, --lost-file F keeps them",
        "lost of 1,000 lines: 1 future, first a:9: 2099-01-01; --max-ahead D allows, --lost-file F keeps them",
        "lost of 1,000 lines: 500 bad_values; `if` can leave them out",
    ]


def test_what_is_kept_needs_no_option() -> None:
    all_kept = frozenset(("late", "bad", "lost"))
    assert list(losses(LEDGER, {}, all_kept)) == [
        "lost of 1,000 lines: 30 bad",
        "lost of 1,000 lines: 2 late",
        "lost of 1,000 lines: 2 no_time; --time FIELD names the time",
        "lost of 1,000 lines: 1 future; --max-ahead D allows",
        "lost of 1,000 lines: 500 bad_values; `if` can leave them out",
    ]


def test_nothing_is_said_where_nothing_was_lost() -> None:
    assert list(losses(Ledger(lines=3, counted=3), PLACES, frozenset())) == []
