"""The feeder: reads so far ahead and no farther, and leaves nothing running, however a run ends."""

import os
import time

import pytest

import streamstat
from streamstat.common.errors import StreamstatError
from streamstat.input.blocks.sequential import BlockReader, open_blocks
from streamstat.input.sources.inputs import bytes_input
from streamstat.plan.meaning import job_of
from streamstat.plan.plan import Plan
from streamstat.runners.feeder import DecodingBlock, Feeder

LINES = b'{"time": 1}\n' * 1000


def feeder_of(reader: BlockReader, threads: int) -> Feeder:
    return Feeder(reader, job_of(Plan(time="time")), find_time=False, threads=threads)


def reader_of(lines: bytes) -> BlockReader:
    return open_blocks([bytes_input(lines, "events")], block_bytes=12)


def threads_of_process() -> int:
    """Native ones too."""
    return len(os.listdir("/proc/self/task"))  # noqa: PTH208


@pytest.mark.parametrize(("threads", "ahead"), [(1, 2), (2, 3), (6, 7), (7, 7), (256, 7)])
def test_is_a_few_blocks_ahead_and_then_waits(threads: int, ahead: int) -> None:
    with feeder_of(reader_of(LINES), threads) as feeder:
        steps, until = feeder.steps(), time.monotonic() + 60
        next(steps)
        while feeder.ahead < ahead and time.monotonic() < until:
            pass
        assert [feeder.ahead for _ in range(1000)] == [ahead] * 1000
        events = [step.events.result() for step in steps if isinstance(step, DecodingBlock)]
        assert [each.rows for each in events] == [1] * 1000


@pytest.mark.parametrize(("threads", "helpers"), [(1, 0), (3, 2), (64, 5)])
def test_begins_threads_that_decode_and_ends_them(threads: int, helpers: int) -> None:
    before = threads_of_process()
    feeder = feeder_of(reader_of(LINES), threads)
    with pytest.raises(KeyError), feeder:
        assert threads_of_process() == before + helpers + 1
        raise KeyError
    assert threads_of_process() == before
    assert feeder.ahead == 0


def test_an_error_that_is_kept_keeps_no_thread() -> None:
    before = threads_of_process()
    with pytest.raises(StreamstatError, match="not a JSON object") as kept:  # noqa: F841
        streamstat.run(Plan(time="time"), LINES + b"[]\n" + LINES, strict=True, threads=4)
    assert threads_of_process() == before
