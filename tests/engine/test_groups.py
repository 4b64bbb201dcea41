"""Group keys as numbers: what a limit keeps, and what is said of many groups. The rest is in tests of the engine."""

import numpy as np
import pytest
from tools.decoders import json_decoder

from streamstat.engine import keys
from streamstat.engine.columns import Columns
from streamstat.engine.sizes import Sizes
from streamstat.input.events import decode_bytes
from streamstat.plan.job import Job
from streamstat.plan.meaning import job_of
from streamstat.plan.plan import Plan


def job(*by: str) -> Job:
    return job_of(Plan(by=by, time="ts"))


def block(of: Job, *values: str) -> Columns:
    lines = "".join(f'{{"ts":1,"a":{value},"b":1}}\n' for value in values)
    return Columns(decode_bytes(json_decoder(of.needs), lines.encode()))


@pytest.mark.parametrize("by", [["a"], ["a", "b"], ["x=a"], ["x=a", "b"]])
def test_keys_beyond_the_limit_are_one_and_take_no_room(by: list[str]) -> None:
    told = job(*by)
    known = keys.Keys(told.groups, 2)
    assert known.encode(block(told, "1", "2", "1"), None).tolist() == [0, 1, 0]
    assert len(known) == 2
    assert known.encode(block(told, "3", "2", *map(str, range(4, 100))), None).tolist() == [2, 1, *[2] * 96]
    assert len(known) == 3
    size = len(known.snapshot())
    assert known.encode(block(told, *map(str, range(100, 200)), "1"), None).tolist() == [*[2] * 100, 0]
    assert size == len(known.snapshot())


def test_rows_that_are_left_out_take_no_room() -> None:
    told = job("a")
    known = keys.Keys(told.groups, 1)
    left = np.array([False, True, False])
    assert known.encode(block(told, "1", "2", "3"), left).tolist()[1] == 0
    assert known.encode(block(told, "2", "3"), None).tolist() == [0, 1]


def warned(known: keys.Keys) -> list[str]:
    return list(known.warnings)


def test_limit_and_many_groups_are_told() -> None:
    told, sizes = job("a"), Sizes(many_groups=3)
    free, limited = keys.Keys(told.groups, None, sizes), keys.Keys(told.groups, 3, sizes)
    for known in (free, limited):
        known.encode(block(told, "1", "2"), None)
        assert warned(known) == []
        known.encode(block(told, "3"), None)
    assert warned(free) == ["3 different groups were kept in memory; --max-groups N sets a limit"]
    assert warned(limited) == []
    limited.encode(block(told, "4", "5", "1"), None)
    assert [warning.partition(" were")[0] for warning in warned(limited)] == [
        "2 events of groups beyond the first 3 (--max-groups)"
    ]
