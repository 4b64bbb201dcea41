"""`--completeness` against the reference, whatever the blocks, threads and restarts; and how little is kept for it."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import Options, csv_text, run
from oracle.lines import BOM
from tools.engine_run import fed, meant, run_engine, run_restarting
from tools.strategies import WINDOWS, StreamCase, cases, threads

from streamstat.engine.engine import Engine
from streamstat.engine.sizes import Sizes
from streamstat.runners import local
from streamstat.values.columns import Kind

SMALL = Sizes(published_at_once=2, many_pieces=3, read_at_once=2, most_waiting=1, many_stretches=1)
thorough = settings(max_examples=80, deadline=None, print_blob=True)


@pytest.fixture(autouse=True, scope="module")
def few_stretches_are_many() -> Iterator[None]:
    """What nobody needs any more is forgotten at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(local, "Engine", partial(Engine, sizes=SMALL))
        yield


def telling(windows: list[str]) -> st.SearchStrategy[StreamCase]:
    """Cases whose rows tell of producers, and of nothing that would hide a row."""

    def asked(case: StreamCase) -> StreamCase:
        plain = replace(case.options, share=[], column=[], having=None, order=[], limit=None)
        return replace(case, options=replace(plain, completeness=True, producer="p"))

    return cases(windows=windows, aggregates=["count()"]).map(asked)


def expected(case: StreamCase) -> tuple[str, str]:
    result = run(case.inputs, case.options)
    zone = case.options.timezone
    return csv_text(result.changelog, zone), csv_text(result.report, zone)


@thorough
@pytest.mark.parametrize("window", [window for window in WINDOWS if window != "sliding"])
@given(data=st.data(), block_bytes=st.sampled_from([1, 40, 400, 1 << 22]), workers=threads())
def test_rows_tell_what_the_reference_tells(
    window: str, data: st.DataObject, block_bytes: int, workers: int
) -> None:
    case = data.draw(telling([window]))
    outcome = run_engine(case.data, case.options, threads=workers, block_bytes=block_bytes)
    assert (outcome.changelog, outcome.report) == expected(case)


@thorough
@given(case=telling(["tumbling", "hopping", "all", "session"]))
def test_going_on_from_any_line_tells_the_same(case: StreamCase) -> None:
    def restarted(engine: Engine) -> Engine:
        fresh = Engine(meant(case.options), sizes=SMALL)
        fresh.restore(engine.snapshot())
        return fresh

    blocks = [[line + b"\n" for line in data.removeprefix(BOM).split(b"\n") if line] for data in case.data]
    outcome = run_restarting(blocks, case.options, restarted)
    assert (outcome.changelog, outcome.report) == expected(case)


@pytest.mark.parametrize("window", ["tumbling:10s", "hopping:60s/5s", "session:10s"])
@pytest.mark.parametrize("late", ["drop", "update"])
def test_memory_is_that_of_open_windows(window: str, late: str) -> None:
    lateness = None if late == "drop" else "30s"
    options = Options(
        window=window,
        by=["k"],
        time="ts",
        delay="5s",
        producer="p",
        completeness=True,
        late=late,
        allowed_lateness=lateness,
    )
    engine, sizes = Engine(meant(options)), []
    for block in range(40):
        lines = "".join(
            f'{{"ts":{block * 100 + i * 2},"p":{i % 5},"k":{(block * 50 + i) // 7}}}\n' for i in range(50)
        )
        engine, _, _ = fed(engine, lines.encode())
        sizes.append(len(engine.snapshot()["completeness"]))
    assert max(sizes) < 20_000  # 90,000, if nothing were forgotten


def test_what_fires_for_silence_is_not_final() -> None:
    options = Options(window="tumbling:10s", time="ts", delay="0s", completeness=True)
    engine, published, _ = fed(Engine(meant(options)), b'{"ts":1}\n{"ts":11}\n')
    published += engine.fire_all()
    rows = [each.report for each in published if each.report is not None]
    assert [column.kinds.tolist() for each in rows for column in each.columns[-1:]] == [
        [Kind.TRUE],
        [Kind.FALSE],
    ]
