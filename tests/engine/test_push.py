"""What comes of a block, in which order, and that nothing of the block stays behind."""

import sys

import pytest
from tools.decoders import json_decoder

from streamstat.engine.engine import Engine
from streamstat.engine.strategy import Examined, Late, Outcome, Publication, Refused
from streamstat.input.events import Events, decode_bytes
from streamstat.plan.meaning import job_of
from streamstat.plan.plan import Plan

NOW_US = 1_000_000_000_000


def block(engine: Engine, *times_s: int) -> Events:
    lines = "".join(f'{{"ts": {time}}}\n' for time in times_s)
    return decode_bytes(json_decoder(engine.job.needs), lines.encode())


def kinds(outcomes: list[Outcome]) -> list[type]:
    return [type(each) for each in outcomes]


def test_rows_that_count_nowhere_come_behind_what_fires() -> None:
    engine = Engine(job_of(Plan(window="tumbling:10s", time="ts", delay="0s", max_ahead="1h"), live=True))
    engine.begin_input(0, False)
    outcomes = list(engine.push(block(engine, 1, 2_000_000, 25, 3, 4, 3_000_000), NOW_US))
    assert kinds(outcomes) == [Publication, Late, Examined, Refused]
    _, late, _, refused = outcomes
    assert isinstance(refused, Refused) and isinstance(late, Late)
    assert (refused.rows.tolist(), refused.times.tolist()) == ([1, 5], [2_000_000_000_000, 3_000_000_000_000])
    assert late.rows.tolist() == [3, 4]


def test_nothing_is_lost_of_a_block_of_which_all_is_counted() -> None:
    engine = Engine(job_of(Plan(window="tumbling:10s", time="ts", delay="0s")))
    engine.begin_input(0, False)
    assert kinds(list(engine.push(block(engine, 1, 2, 3)))) == [Examined]


@pytest.mark.parametrize("late", ["drop", "update"])
@pytest.mark.parametrize("window", ["tumbling:10s", "hopping:10s/5s", "all", "session:10s", "sliding:10s"])
def test_a_block_lives_no_longer_than_its_push(window: str, late: str) -> None:
    lateness = None if late == "drop" else "1h"
    engine = Engine(job_of(Plan(window=window, time="ts", delay="0s", late=late, allowed_lateness=lateness)))
    engine.begin_input(0, False)
    events = block(engine, 1, 25, 3, 4)
    holders = sys.getrefcount(events)
    list(engine.push(events))
    assert sys.getrefcount(events) == holders
