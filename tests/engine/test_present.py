"""Open windows that are looked at: they have the values with which they would fire, and looking changes nothing."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import Options
from tools.engine_run import Seen, fed, meant, run_engine, run_restarting
from tools.engine_streams import SHAPES, block_cuts, line_blocks, shape_options, stream
from tools.strategies import WINDOWS, cases

from streamstat.engine.engine import Engine
from streamstat.engine.strategy import Publication
from streamstat.values.columns import Rows

MOST = 10_000
FIXED = [window for window in WINDOWS if window != "sliding"]


def looked_at(engine: Engine) -> Engine:
    """The same engine, after somebody has looked at its open windows, at some and at all."""
    for most in (1, 3, MOST):
        engine.reports[0].present(most)
    return engine


@settings(max_examples=80, deadline=None, print_blob=True)
@pytest.mark.parametrize("window", WINDOWS)
@given(data=st.data())
def test_looking_changes_nothing(window: str, data: st.DataObject) -> None:
    case = data.draw(cases(windows=[window]))
    blocks = [data.draw(block_cuts(each)) for each in case.data]
    whole = run_engine(case.data, case.options)
    watched = run_restarting(blocks, case.options, looked_at)
    assert whole.changelog == watched.changelog
    assert whole.report == watched.report
    assert whole.ledger == watched.ledger
    assert whole.late == watched.late


@pytest.mark.parametrize("late", ["drop", "retract"])
@pytest.mark.parametrize("window", [each for each in SHAPES if each != "sliding:10s"])
def test_looking_changes_no_state_of_any_kind(window: str, late: str) -> None:
    options = shape_options(window, late)
    watched, alone = Engine(meant(options)), Engine(meant(options))
    for engine in (watched, alone):
        engine.begin_input(0, False)
    for block in line_blocks(stream(1, 900), list(range(0, 900, 150))):
        for engine in (watched, alone):
            fed(engine, block)
        looked_at(watched)
        assert watched.snapshot() == alone.snapshot()
        assert watched.reports[0].warnings == alone.reports[0].warnings


def texts(rows: Iterator[Rows]) -> list[str]:
    """Rows as CSV lines."""
    seen = Seen("UTC")
    for each in rows:
        seen.published(Publication(each, None))
    return "".join(seen.changelog).splitlines()


def copy_of(engine: Engine, options: Options) -> Engine:
    """Another engine that has the state of this one."""
    copy = Engine(meant(options))
    copy.restore(engine.snapshot())
    return copy


QUESTIONS: dict[str, dict[str, object]] = {
    "nothing": {},
    "having": {"having": "n % 2 == 1"},
    "share": {"share": ["part=n"]},
    "column": {"column": ["twice=n * 2"]},
    "limit": {"order": ["-n"], "limit": 2},
}
TOGETHER = ("share", "limit")  # of rows that share a window
PLAIN: dict[str, object] = {
    "late": "drop",
    "allowed_lateness": None,
    "fill": False,
    "promises": False,
    "agg": ["n=count()", "s=sum(v)"],
    "having": None,
    "share": [],
    "column": [],
    "order": [],
    "limit": None,
}


@settings(max_examples=60, deadline=None, print_blob=True)
@pytest.mark.parametrize(
    ("window", "question"),
    [(window, each) for window in FIXED for each in QUESTIONS if window != "session" or each not in TOGETHER],
)
@given(data=st.data())
def test_open_windows_have_the_rows_that_would_come_now(
    window: str, question: str, data: st.DataObject
) -> None:
    case = data.draw(cases(windows=[window], inputs=1))
    options = replace(case.options, **PLAIN | QUESTIONS[question])  # type: ignore[arg-type]
    engine = Engine(meant(options))
    engine.begin_input(0, False)
    for block in data.draw(block_cuts(case.data[0])):
        fed(engine, block)
        present = engine.reports[0].present(MOST)
        assert present is not None and present.is_all
        published = copy_of(engine, options).finish()
        expected = texts(each.changelog for each in published if each.changelog is not None)
        assert texts(iter([present.rows])) == expected


@pytest.mark.parametrize("window", ["tumbling:20s", "hopping:30s/10s", "session:2s"])
@pytest.mark.parametrize("most", [1, 4, 9])
def test_of_too_many_windows_the_last_are_told_whole(window: str, most: int) -> None:
    options = replace(shape_options(window, "drop"), agg=["n=count()", "s=sum(v)"], delay="1000s", fill=False)
    engine = Engine(meant(options))
    engine.begin_input(0, False)
    fed(engine, stream(2, 600))
    every, some = engine.reports[0].present(MOST), engine.reports[0].present(most)
    assert every is not None and some is not None and every.is_all and not some.is_all
    lines, shown = texts(iter([every.rows])), texts(iter([some.rows]))
    assert shown and len(shown) <= most and set(shown) <= set(lines)
    ends = [end for end, _ in groupby(line.split(",")[1] for line in lines)]
    assert {line.split(",")[1] for line in shown} <= set(ends[-len(shown) :])


def test_trailing_windows_have_none_before_they_fire() -> None:
    assert Engine(meant(shape_options("sliding:10s", "drop"))).reports[0].present(MOST) is None


def test_what_a_look_notices_is_told_when_the_window_fires() -> None:
    options = Options(window="tumbling:10s", time="ts", delay="1000s", agg=["members(k, capacity=2)"])
    engine = Engine(meant(options))
    engine.begin_input(0, False)
    fed(engine, b"".join(b'{"ts":1,"k":"k%d"}\n' % i for i in range(500)))
    looked_at(engine)
    assert engine.reports[0].warnings == ()
    list(engine.finish())
    assert len(engine.reports[0].warnings) == 1
