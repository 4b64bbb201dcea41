"""`Engine.flush`: open windows fire now, and the stream goes on behind them."""

import random

import pytest
from engine_run import Seen

from streamstat.decode import Projection, decode_bytes
from streamstat.engine import Engine
from streamstat.plan import Plan

WINDOWS = ["tumbling:1m", "hopping:1m/20s", "session:30s", "sliding:40s", "tumbling:1d"]
LATE = [{}, {"late": "update", "allowed_lateness": "2m"}, {"late": "retract", "allowed_lateness": "2m"}]


def engine_of(**options: object) -> Engine:
    return Engine(Plan(time="ts", by="k", agg="sum(v)", delay="5s", **options).job())  # type: ignore[arg-type]


def lines(seed: int, begin: int, n: int) -> bytes:
    """Events from `begin` seconds on, somewhat out of order."""
    random_ = random.Random(seed)
    times = sorted(random_.randrange(begin, begin + 600) for _ in range(n))
    return b"".join(
        b'{"ts": %d, "k": %d, "v": %d}\n' % (time - random_.choice((0, 0, 3)), time % 3, time % 7)
        for time in times
    )


def push(engine: Engine, seen: Seen, data: bytes) -> None:
    for publication in engine.push(decode_bytes(Projection(engine.job.needs), data)):
        seen.published(publication)


@pytest.mark.parametrize("late", LATE, ids=["drop", "update", "retract"])
@pytest.mark.parametrize("window", WINDOWS)
def test_flush_publishes_what_the_end_of_input_would(window: str, late: dict[str, str]) -> None:
    results = []
    for flush in (True, False):
        engine, seen = engine_of(window=window, **late), Seen("UTC")
        push(engine, seen, lines(1, 10_000, 200))
        for publication in engine.flush() if flush else engine.finish():
            seen.published(publication)
        results.append((seen.report, seen.changelog))
    assert results[0] == results[1]
    assert results[0][0]


@pytest.mark.parametrize("window", WINDOWS[:4])
def test_stream_goes_on_behind_a_flush(window: str) -> None:
    first, later = lines(2, 10_000, 100), lines(3, 20_000, 100)
    engine, seen = engine_of(window=window), Seen("UTC")
    push(engine, seen, first)
    for publication in engine.flush():
        seen.published(publication)
    push(engine, seen, later)
    for publication in engine.finish():
        seen.published(publication)
    whole, expected = engine_of(window=window), Seen("UTC")
    push(whole, expected, first + later)
    for publication in whole.finish():
        expected.published(publication)
    assert "".join(seen.report) == "".join(expected.report)
    assert engine.ledger.late == whole.ledger.late


def test_event_of_a_flushed_window_is_late() -> None:
    engine, seen = engine_of(window="tumbling:1m"), Seen("UTC")
    push(engine, seen, b'{"ts": 30}\n')
    list(engine.flush())
    push(engine, seen, b'{"ts": 40}\n{"ts": 60}\n')
    assert (engine.ledger.late, engine.ledger.counted) == (1, 2)


def test_flush_of_nothing_changes_nothing() -> None:
    engine = engine_of(window="tumbling:1m")
    assert list(engine.flush()) == []
    assert engine.ledger.as_dict()["watermark"] is None
