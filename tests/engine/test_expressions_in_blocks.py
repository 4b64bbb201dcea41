"""What expressions ask of events and tell of them does not depend on how the events come: blocks, threads, windows."""

import random
from dataclasses import replace

import pytest
from oracle import Options
from tools.engine_run import run_engine

WINDOWS = ["tumbling:10s", "hopping:20s/5s", "hopping:5s/20s", "all", "session:3s", "sliding:10s"]
STATUS = ['"503"', "200", '"x"', "null", '" 7 "', "[1]", "15878708649682983132", '"15878708649682983133"']


def lines(n: int, seed: int) -> bytes:
    """Events out of order, some without a time, some late."""
    random.seed(seed)
    made = []
    for i in range(n):
        time = 1_780_300_800 + i // 2 - random.choice([0, 0, 0, 1, 30])
        shown = random.choice([str(time), f'"{time}"', '"soon"'])
        key = random.choice(["a", "b"])
        made.append(f'{{"ts": {shown}, "status": {random.choice(STATUS)}, "k": "{key}"}}\n')
    return "".join(made).encode()


def options(window: str) -> Options:
    return Options(
        window=window,
        time="ts",
        delay="2s",
        timezone="Asia/Kolkata",
        by=["half=hour(event_time) % 2", "n=number(status) if k == 'a' else null"],
        agg=[
            "count()",
            "sum(number(status))",
            "big=count() if number(status) > 15878708649682983132",
            "max(event_time)",
            "day=last(date(ts))",
        ],
        where="coalesce(number(status), 1) > 5 or status is not None",
    )


@pytest.mark.parametrize("window", WINDOWS)
def test_blocks_and_threads_change_nothing(window: str) -> None:
    content = lines(400, seed=7)
    whole = run_engine([content], options(window))
    assert whole.ledger["bad_values"] and whole.ledger["no_time"]
    assert (window == "all") is not bool(whole.ledger["late"])
    for block_bytes, threads in ((200, 1), (1000, 3), (4097, 2)):
        assert run_engine([content], options(window), threads=threads, block_bytes=block_bytes) == whole


def test_a_value_that_is_not_read_counts_once_an_event_that_is_asked_for_it() -> None:
    content = b'{"ts": 100, "status": "x"}\n{"ts": 101, "status": "x"}\n{"ts": 200, "status": "1"}\n'
    content += b'{"ts": 1, "status": "x"}\n{"ts": "soon", "status": "x"}\n'
    for window in WINDOWS:
        in_where = options(window)
        asked_of_all_with_a_time = run_engine([content], in_where).ledger["bad_values"]
        asked_of_those_that_count = run_engine([content], replace(in_where, where=None)).ledger["bad_values"]
        assert (asked_of_all_with_a_time, asked_of_those_that_count) == (3, 3 if window == "all" else 2), (
            window
        )
