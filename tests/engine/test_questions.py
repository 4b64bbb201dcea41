"""Questions that the general streams seldom ask hard: rows that come and go, repeats, orders; against the reference."""

import struct
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import Options, csv_text, run
from oracle.lines import BOM
from tools.engine_run import Outcome, plan_of, run_engine, run_restarting
from tools.questions import filled, orders
from tools.result_rows import values
from tools.strategies import WINDOWS, StreamCase, cases

from streamstat.engine.engine import Engine
from streamstat.engine.shaping import Shaping
from streamstat.engine.strategy import Publication
from streamstat.input.events import decode_bytes
from streamstat.input.formats.ndjson import Ndjson
from streamstat.plan.meaning import job_of
from streamstat.values.columns import Rows

hard = settings(max_examples=80, deadline=None, print_blob=True)
block_bytes = st.sampled_from([1, 60, 300, 1 << 22])
TOGETHER = [kind for kind in WINDOWS if kind not in ("session", "sliding")]
CALLS = ["n=count()", "s=sum(v)", "f=first(v)"]


def assert_same(case: StreamCase, options: Options, outcome: Outcome) -> None:
    result = run(case.inputs, options)
    zone = options.timezone
    assert csv_text(result.changelog, zone) == outcome.changelog
    assert csv_text(result.report, zone) == outcome.report
    assert result.ledger == {name: value for name, value in outcome.ledger.items() if name in result.ledger}
    assert result.late == [line.removesuffix(b"\n") for line in outcome.late]


NOTHING: dict[str, object] = {
    **dict.fromkeys(("where", "since", "until", "earliest", "punctuation", "unique_for", "having", "limit")),
    **{name: [] for name in ("unique", "share", "column", "order")},
}


def busy(case: StreamCase, **asked: object) -> Options:
    """The options of a case with these questions alone; few events are left out, so that windows change often."""
    known = NOTHING | {"delay": "1s", "time": "ts", "agg": CALLS} | asked
    return replace(case.options, **known)  # type: ignore[arg-type]


@hard
@pytest.mark.parametrize("late", ["update", "retract"])
@pytest.mark.parametrize("window", WINDOWS)
@given(data=st.data(), block_bytes=block_bytes)
def test_rows_that_come_and_go(window: str, late: str, data: st.DataObject, block_bytes: int) -> None:
    case = data.draw(cases(windows=[window], inputs=1, wild=False))
    condition = data.draw(st.sampled_from(["n % 2 == 1", "n % 3 > 0", "s > 2", "c != 1 or f is None"]))
    options = busy(
        case,
        late=late,
        allowed_lateness=data.draw(st.sampled_from(["10s", "1m", "inf"])),
        having=condition,
        column=["c=n % 4"],
    )
    assert_same(case, options, run_engine(case.data, options, block_bytes=block_bytes))


@hard
@pytest.mark.parametrize("window", WINDOWS)
@given(data=st.data(), block_bytes=block_bytes)
def test_repeats(window: str, data: st.DataObject, block_bytes: int) -> None:
    case = data.draw(cases(windows=[window], inputs=2, wild=False))
    kept = st.sampled_from([None, None, "0s", "2s", "5s", "20s", "1h"])
    options = busy(
        case,
        unique=data.draw(st.sampled_from([["id"], ["u"], ["id,k"]])),
        unique_for=data.draw(kept),
        delay=data.draw(st.sampled_from(["0s", "1s", "5s", "20s"])),
    )
    assert_same(case, options, run_engine(case.data, options, block_bytes=block_bytes))
    lines = [[line.removeprefix(BOM) + b"\n" for line in one] for one in case.inputs]
    restarted = run_restarting(lines, options, lambda engine: again(engine, options))
    assert_same(case, options, restarted)


@pytest.mark.parametrize("fields", ["id", "id,k"])
def test_values_are_kept_as_two_hashes(fields: str) -> None:
    """With one of them a value would be taken for another only in streams that no test reads."""
    engine = Engine(job_of(plan_of(Options(time="ts", window="all", unique=[fields]))))
    line = b'{"ts": 1, "id": "a", "k": "b"}\n'
    assert list(engine.push(decode_bytes(engine.job.decoder(Ndjson()), line)))
    high, low, _ = struct.unpack("<3q", engine.snapshot()["unique"][-24:])
    assert high != low


def again(engine: Engine, options: Options) -> Engine:
    other = Engine(job_of(plan_of(options)))
    other.restore(engine.snapshot())
    return other


@hard
@pytest.mark.parametrize("window", TOGETHER)
@given(data=st.data(), block_bytes=block_bytes)
def test_rows_of_a_window_together(window: str, data: st.DataObject, block_bytes: int) -> None:
    case = data.draw(cases(windows=[window], inputs=1))
    names = ["n", "s", "f", "part", "c", "k"]
    options = busy(
        case,
        by=["k"],
        max_groups=None,
        late="drop",
        allowed_lateness=None,
        share=["part=" + data.draw(st.sampled_from(["n", "s", "f"]))],
        column=["c=" + data.draw(filled(["{0} / {1}", "{0} - {1}", "coalesce({0}, {1})"], names[:4]))],
        having=data.draw(st.none() | st.just("part > 0.1 or c is None")),
        order=data.draw(orders(names)),
        limit=data.draw(st.sampled_from([None, "1", "2", "5"])),
    )
    assert_same(case, options, run_engine(case.data, options, block_bytes=block_bytes))


def test_a_window_is_whole_when_the_next_one_has_come() -> None:
    """Where each window comes as a batch of its own, they must not wait for each other: there may be any number."""
    job = job_of(plan_of(Options(time="ts", window="tumbling:1m", order=["count"])))
    drawn: list[int] = []

    def batches() -> Iterator[Publication]:
        for minute in range(3):
            drawn.append(minute)
            columns = (values(minute * 60_000_000), values((minute + 1) * 60_000_000), values(1))
            rows = Rows(job.fields, columns)
            yield Publication(rows, rows)

    assert next(Shaping(job).once(batches())).report is not None
    assert drawn == [0, 1]
