"""Logs of random histories in every format: what is read of them is what the plain twin reads, in any blocks."""

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracle.changes import Log
from tools.change_history import KEY, history
from tools.change_logs import KEYLESS, NAMES, POSITIONED, TRUNCATING, delivered_again, log_in
from tools.change_reading import ReadLog, alike

from streamstat.changes import LogOptions
from streamstat.changes.telling import format_told
from streamstat.expressions import compile_condition

GONE = compile_condition("gone", "--deleted")


def lines_of(name: str, random: Random) -> list[str]:
    parts = log_in(name, history(random, truncates=name in TRUNCATING), random)
    if name in POSITIONED:
        parts = delivered_again(parts, random)
    return [line for lines in parts for line in lines]


def cut(lines: list[str], random: Random) -> list[list[str]]:
    places = sorted({0, len(lines), *(random.randint(0, len(lines)) for _ in range(random.randint(0, 4)))})
    return [lines[lo:hi] for lo, hi in pairwise(places)]


@pytest.mark.parametrize("name", NAMES)
@given(seed=st.integers(0, 2**32))
def test_any_blocks_of_a_log_give_the_changes_of_its_records(name: str, seed: int) -> None:
    random = Random(seed)
    lines = lines_of(name, random)
    told = format_told(line.encode() for line in lines)
    assert told is not None
    options = LogOptions(key=(KEY,) if name in KEYLESS else None, deleted=GONE if "upsert" in name else None)
    read = ReadLog(told, options)
    for block in cut(lines, random):
        read.block(block)
        if random.random() < 0.5:
            read.restored()
    inner = {"kcat debezium": "debezium"}.get(name, "upsert")
    twin = Log(told, options.key, inner=inner, deleted=lambda record: record.get("gone") is True)
    for line in lines:
        twin.read(line)
    alike(read, twin)
