"""`Engine.flush`: open windows fire now, and the stream goes on behind them."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from tools.engine_run import Seen, fed

from streamstat.engine.engine import Engine
from streamstat.engine.strategy import Publication
from streamstat.plan.job import together
from streamstat.plan.match_options import MatchOptions
from streamstat.plan.meaning import job_of
from streamstat.plan.plan import Plan

WINDOWS = ["tumbling:1m", "hopping:1m/20s", "session:30s", "sliding:40s", "tumbling:1d"]
LATE = [{}, {"late": "update", "allowed_lateness": "2m"}, {"late": "retract", "allowed_lateness": "2m"}]


def engine_of(**options: object) -> Engine:
    return Engine(job_of(Plan(time="ts", by="k", agg="sum(v)", delay="5s", **options)))  # type: ignore[arg-type]


def lines(seed: int, begin: int, n: int) -> bytes:
    """Events from `begin` seconds on, somewhat out of order."""
    random_ = random.Random(seed)
    times = sorted(random_.randrange(begin, begin + 600) for _ in range(n))
    return b"".join(
        b'{"ts": %d, "k": %d, "v": %d}\n' % (time - random_.choice((0, 0, 3)), time % 3, time % 7)
        for time in times
    )


def push(engine: Engine, seen: Seen, data: bytes) -> None:
    _, published, _ = fed(engine, data)
    for publication in published:
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


@pytest.mark.parametrize("fire", [Engine.fire_all, Engine.flush], ids=["fire", "flush"])
def test_all_reports_fire_and_the_watermark_of_the_run_stays(
    fire: Callable[[Engine], Iterator[Publication]],
) -> None:
    plans = (Plan(time="ts", window=window, delay="5s") for window in ("tumbling:1m", "tumbling:20s"))
    engine = Engine(together([replace(job_of(plan), name=plan.window) for plan in plans]))
    fed(engine, b'{"ts": 10}\n')
    assert [each.of for each in fire(engine)] == [0, 1]
    assert engine.ledger.watermark == 5_000_000
    assert [each.watermark for each in engine.ledgers] == [60_000_000, 20_000_000]


@pytest.mark.parametrize("far", [False, True], ids=["", "far"])
@pytest.mark.parametrize("straggler", [False, True], ids=["", "straggler"])
@pytest.mark.parametrize("late", LATE, ids=["drop", "update", "retract"])
@pytest.mark.parametrize("window", WINDOWS)
def test_flush_closes_what_has_fired_before(
    window: str, late: dict[str, str], straggler: bool, far: bool
) -> None:
    """Events that are left out move the watermark past all windows; one more may change some that have fired.

    If they are far behind, all windows are closed, and the one more is late.
    """
    results, left_out = [], (10_660 if window != "tumbling:1d" else 86_410) + far * 3600
    for flush in (True, False):
        engine, seen = engine_of(window=window, where="k < 3", **late), Seen("UTC")
        push(engine, seen, lines(1, 10_000, 200) + b'{"ts": %d, "k": 9}\n' % left_out)
        if straggler:
            push(engine, seen, b'{"ts": 10590, "k": 1, "v": 5}\n')
        for publication in engine.flush() if flush else engine.finish():
            seen.published(publication)
        assert set(engine.still_open.values()) == {0}
        results.append((seen.report, seen.changelog))
    assert "".join(results[0][0]) == "".join(results[1][0])
    assert "".join(results[0][1]) == "".join(results[1][1])
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


@pytest.mark.parametrize("window", WINDOWS)
def test_what_may_be_corrected_for_good_is_published_and_not_closed(window: str) -> None:
    engine, seen = engine_of(window=window, late="update", allowed_lateness="inf"), Seen("UTC")
    push(engine, seen, lines(4, 10_000, 100))
    for _ in range(2):
        for publication in engine.flush():
            seen.published(publication)
    whole, expected = engine_of(window=window), Seen("UTC")
    push(whole, expected, lines(4, 10_000, 100))
    for publication in whole.finish():
        expected.published(publication)
    published = [line.rpartition(",0,result")[0] for line in "".join(seen.changelog).splitlines()]
    assert published == "".join(expected.changelog).splitlines()
    assert seen.report == []


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


@pytest.mark.parametrize("cut", [1, 3], ids=["worked on before", "waiting"])
@pytest.mark.parametrize("fire", [Engine.fire_all, Engine.flush], ids=["fire", "flush"])
def test_absences_are_told_that_begin_as_what_waits_is_worked_on(
    fire: Callable[[Engine], Iterator[Publication]], cut: int
) -> None:
    own = MatchOptions(pattern="a -> !b", define=("a=v == 1", "b=v == 2"), within="30s")
    engine, seen = Engine(job_of(Plan(time="ts", time_unit="s", by="k", delay="5s", own=own))), Seen("UTC")
    events = [b'{"ts": %d, "k": %d, "v": 1}\n' % (time, time) for time in (0, 10, 12)]
    for block in (events[:cut], events[cut:]):
        push(engine, seen, b"".join(block))
    for publication in fire(engine):
        seen.published(publication)
    assert [line.split(",")[:3] for line in "".join(seen.report).splitlines()] == [
        [f"1970-01-01T00:00:{time:02}Z", f"1970-01-01T00:00:{time + 30:02}Z", str(time)]
        for time in (0, 10, 12)
    ]
    assert engine.still_open == {"events": 0, "absences": 0}
    push(engine, seen, b'{"ts": 42, "k": 1, "v": 1}\n{"ts": 43, "k": 1, "v": 1}\n')
    assert engine.ledger.late == 1
