"""Which field holds the time where none is named: the answer does not depend on where blocks are cut."""

import json

import pytest
from oracle import Options
from tools.engine_run import Outcome, run_engine

from streamstat.common.errors import UsageError
from streamstat.input.blocks.items import Block
from streamstat.input.blocks.sequential import open_blocks
from streamstat.input.sources.inputs import bytes_input
from streamstat.plan.meaning import job_of
from streamstat.plan.plan import Plan
from streamstat.runners.time_search import MOST_EVENTS, TimeSearch


def lines(*events: object) -> bytes:
    return "".join(json.dumps(event) + "\n" for event in events).encode()


BOOTS = [{"boot": i} for i in range(99)]
LATER = [{"ts": 7, "time": 5}, {"time": 9}, {"ts": 3, "timestamp": 1}]


@pytest.mark.parametrize("block_bytes", [1, 7, 40, 1 << 22])
@pytest.mark.parametrize("threads", [1, 3])
class TestWhereverBlocksAreCut:
    def outcome(self, data: bytes, block_bytes: int, threads: int, **options: str) -> Outcome:
        given = Options(window="all", **options)  # type: ignore[arg-type]
        return run_engine([data], given, threads=threads, block_bytes=block_bytes)

    def test_the_first_event_that_has_a_known_field_decides(self, block_bytes: int, threads: int) -> None:
        found = self.outcome(lines(*BOOTS, *LATER), block_bytes, threads)
        assert found.report == "1970-01-01T00:00:05Z,1970-01-01T00:00:09Z,2\n"
        assert (found.ledger["no_time"], found.ledger["counted"]) == (100, 2)

    def test_the_hundredth_is_looked_at_and_the_next_one_is_not(self, block_bytes: int, threads: int) -> None:
        with pytest.raises(UsageError, match="none of the first 100 events has a known time field"):
            self.outcome(lines(*BOOTS, {}, *LATER), block_bytes, threads)

    def test_promises_bad_and_blank_lines_are_no_events(self, block_bytes: int, threads: int) -> None:
        others = b'{"w":1,"time":0}\n[]\n\n' * 60
        found = self.outcome(others + lines(*BOOTS, *LATER), block_bytes, threads, punctuation="w")
        assert found.report == "1970-01-01T00:00:05Z,1970-01-01T00:00:09Z,2\n"

    def test_fewer_events_without_a_known_field_are_refused_at_the_end(
        self, block_bytes: int, threads: int
    ) -> None:
        with pytest.raises(UsageError) as refused:
            self.outcome(lines({"a": 1}, {"b": 1, "a": 2}), block_bytes, threads)
        assert refused.value.problem == "none of 2 events has a known time field"
        assert refused.value.hint == "name one of their fields: a, b"

    def test_no_event_at_all_is_no_error(self, block_bytes: int, threads: int) -> None:
        assert self.outcome(b"\n", block_bytes, threads).ledger["lines"] == 1


def test_events_of_former_runs_count_but_are_no_failure_of_a_run_without_any() -> None:
    """A run that was interrupted before it has found the field is gone on with."""
    search = TimeSearch(job_of(Plan()))
    search.seen = MOST_EVENTS - 1
    search.end()
    with open_blocks([bytes_input(b"{}\n", "in")]) as items:
        (block,) = (item for item in items if isinstance(item, Block))
        with pytest.raises(UsageError, match="none of the first 100 events"):
            search.look(block)
