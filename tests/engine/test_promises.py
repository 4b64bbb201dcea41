"""Promises among rows: each is what the reference is due, each is true, and the next command loses nothing by them."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st
from oracle import Options, Oracle, run
from oracle.lines import BOM
from oracle.times import INFINITY
from tools.engine_run import fed, meant, run_engine
from tools.promised_run import Told
from tools.strategies import WINDOWS, StreamCase, cases, cut, cuts, threads

from streamstat.common.errors import UsageError
from streamstat.engine.engine import Engine
from streamstat.engine.strategy import Publication
from streamstat.input.sources.inputs import pieces_input
from streamstat.values.columns import MINUS_INFINITY

thorough = settings(max_examples=120, deadline=None, print_blob=True)
NEXT = {
    "tumbling": "tumbling:7s",
    "hopping": "hopping:20s/5s",
    "session": "session:4s",
    "sliding": "sliding:9s",
    "all": "all",
}


@st.composite
def dense(draw: st.DrawFn, window: str) -> StreamCase:
    """Events that creep on and fall back, so that windows close while their corrections wait for others to fire."""
    time, lines = 0, []
    for step in draw(st.lists(st.sampled_from([1, 1, 2, 3, 8, -2, -5, -8]), min_size=10, max_size=40)):
        newest = max(time, time + step)
        lines.append(b'{"ts":%.1f}' % ((time + step) / 2))
        time = newest
    late = draw(st.sampled_from(["drop", "update", "retract"]))
    lateness = None if late == "drop" else draw(st.sampled_from(["1s", "2s", "3.5s"]))
    size = draw(st.sampled_from(WINDOWS[window]))
    delay = draw(st.sampled_from(["0s", "0s", "2s"]))
    options = Options(window=size, time="ts", delay=delay, late=late, allowed_lateness=lateness)
    return StreamCase([lines], options)


def promising_case(data: st.DataObject, window: str) -> StreamCase:
    case = data.draw(st.one_of(cases(windows=[window]), dense(window)))
    return replace(case, options=replace(case.options, promises=True))


def are_in_order(options: Options) -> bool:
    """Whether what a case asks for can be asked in a zone that is not its own, where --until may be before --since."""
    try:
        meant(options)
    except UsageError:
        return False
    return True


@thorough
@pytest.mark.parametrize("window", WINDOWS)
@given(data=st.data())
def test_what_is_promised_behind_each_line_is_what_the_reference_is_due(
    window: str, data: st.DataObject
) -> None:
    case = promising_case(data, window)
    engine, oracle = Engine(meant(case.options)), Oracle(case.options)
    for i, lines in enumerate(case.inputs):
        engine.begin_input(i, i + 1 < len(case.inputs))
        oracle.begin_input(is_last=i + 1 == len(case.inputs))
        for line in lines:
            oracle.feed([line])
            fed(engine, line.removeprefix(BOM) + b"\n")
            due = oracle.state.promised(oracle.watermark.now)
            assert engine.reports[0].promise == (MINUS_INFINITY if due == -INFINITY else due)
        list(engine.end_input(i))


@thorough
@pytest.mark.parametrize("window", WINDOWS)
@given(data=st.data(), workers=threads(), block_bytes=st.sampled_from([1, 40, 1000, 1 << 22]))
def test_promises_are_true_and_grow_and_the_last_is_the_same_however_input_comes(
    window: str, data: st.DataObject, workers: int, block_bytes: int
) -> None:
    case = promising_case(data, window)
    pieces = [cut(each, data.draw(cuts(len(each)))) for each in case.data]
    delivered = [pieces_input(piece, f"in{i}") for i, piece in enumerate(pieces)]
    told = Told(case.options.timezone)
    run_engine(delivered, case.options, threads=workers, block_bytes=block_bytes, seen=told)
    assert list(told.broken()) == []
    assert told.promises == sorted(set(told.promises))
    last = run(case.inputs, case.options).promise
    assert told.promises[-1:] == ([] if last == -INFINITY else [last])


@thorough
@pytest.mark.parametrize("window", [each for each in WINDOWS if each != "all"])
@given(data=st.data(), following=st.sampled_from(sorted(NEXT)), block_bytes=st.sampled_from([1, 1 << 22]))
def test_next_command_gives_what_it_gives_over_all_rows_at_once(
    window: str, data: st.DataObject, following: str, block_bytes: int
) -> None:
    case, told = promising_case(data, window), Told("UTC")
    asked = replace(case.options, timezone="UTC")
    assume(are_in_order(asked))
    run_engine(case.data, asked, block_bytes=block_bytes, seen=told)
    event(f"promises: {bool(told.promises)}")
    options = Options(window=NEXT[following], punctuation="watermark", delay="inf", promises=True)
    third = Told("UTC")
    piped = run_engine([told.ndjson(promises=True)], options, block_bytes=block_bytes, seen=third)
    whole = run_engine([told.ndjson(promises=False)], options)
    assert piped.changelog == whole.changelog
    assert piped.ledger["late"] == piped.ledger["late_assignments"] == 0
    assert piped.ledger["punctuation"] == len(told.promises)
    assert list(third.broken()) == []


@thorough
@pytest.mark.parametrize("window", [each for each in WINDOWS if each != "all"])
@given(data=st.data(), fire=st.sampled_from([Engine.fire_all, Engine.flush]))
def test_promises_stay_true_where_windows_fire_before_the_watermark(
    window: str, data: st.DataObject, fire: Callable[[Engine], Iterator[Publication]]
) -> None:
    case = data.draw(dense(window))
    engine = Engine(meant(replace(case.options, promises=True)))
    report, promised = engine.reports[0], MINUS_INFINITY
    silences = data.draw(st.sets(st.integers(0, len(case.inputs[0]) - 1), max_size=3))
    for i, line in enumerate(case.inputs[0]):
        _, published, _ = fed(engine, line + b"\n")
        published += fire(engine) if i in silences else ()
        rows = [each.changelog for each in published if each.changelog is not None]
        assert min((int(each.columns[0].numbers.min()) for each in rows), default=promised) >= promised
        assert report.promise >= promised
        promised = report.promise
