"""The feeder: reads so far ahead and no farther, and leaves nothing running, however a run ends."""

import queue
import threading

import pytest

import streamstat
from streamstat import runners
from streamstat.common.errors import StreamstatError
from streamstat.input.blocks.sequential import BlockReader, open_blocks
from streamstat.input.sources.inputs import bytes_input
from streamstat.kernels import DecodePool
from streamstat.plan.meaning import job_of
from streamstat.plan.plan import Plan
from streamstat.runners.feeder import DecodingBlock, Feeder, Step

LINES = b'{"time": 1}\n' * 1000


def feeder_of(reader: BlockReader, threads: int) -> Feeder:
    return Feeder(reader, job_of(Plan(time="time")), searches={}, threads=threads)


def reader_of(lines: bytes) -> BlockReader:
    return open_blocks([bytes_input(lines, "events")], block_bytes=12)


class Steps(queue.Queue[Step]):
    """Tells when the reading thread is about to wait for room."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.lacking = threading.Event()

    def put(self, item: Step, block: bool = True, timeout: float | None = None) -> None:
        if self.full():
            self.lacking.set()
        super().put(item, block, timeout)


def reading() -> int:
    """How many threads read."""
    return sum(thread.name == "read" for thread in threading.enumerate())


@pytest.fixture
def pools(monkeypatch: pytest.MonkeyPatch) -> list[DecodePool]:
    """All that are made from here on."""
    made: list[DecodePool] = []

    def pool(threads: int) -> DecodePool:
        made.append(DecodePool(threads))
        return made[-1]

    monkeypatch.setattr(runners.feeder, "DecodePool", pool)
    return made


@pytest.mark.parametrize(("threads", "ahead"), [(1, 2), (2, 3), (6, 7), (7, 7), (256, 7)])
def test_is_a_few_blocks_ahead_and_then_waits(threads: int, ahead: int) -> None:
    feeder = feeder_of(reader_of(LINES), threads)
    feeder._steps = steps = Steps(feeder._steps.maxsize)
    with feeder:
        assert steps.lacking.wait(60)
        assert feeder.ahead == ahead
        events = [step.events.result() for step in feeder.steps() if isinstance(step, DecodingBlock)]
        assert [each.rows for each in events] == [1] * 1000


@pytest.mark.parametrize(("threads", "helpers"), [(1, 0), (3, 2), (64, 5)])
def test_begins_threads_that_decode_and_ends_them(
    pools: list[DecodePool], threads: int, helpers: int
) -> None:
    feeder = feeder_of(reader_of(LINES), threads)
    with pytest.raises(KeyError), feeder:
        assert (reading(), [pool.threads for pool in pools]) == (1, [helpers])
        raise KeyError
    assert (reading(), [pool.threads for pool in pools]) == (0, [0])
    assert feeder.ahead == 0


def test_an_error_that_is_kept_keeps_no_thread(pools: list[DecodePool]) -> None:
    before = threading.active_count()
    with pytest.raises(StreamstatError, match="not a JSON object") as kept:  # noqa: F841
        streamstat.run(Plan(time="time"), LINES + b"[]\n" + LINES, strict=True, threads=4)
    assert threading.active_count() == before
    assert [pool.threads for pool in pools] == [0]
