"""Several reports in one engine: however it is cut, read and restored, each gives what an engine of its own gives."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import event, given, settings
from hypothesis import strategies as st
from oracle.lines import BOM
from tools.engine_run import Outcome, run_engine
from tools.report_plans import ReportsCase, reports_cases
from tools.reports_run import job_of_reports, run_reports, run_reports_restarting
from tools.strategies import threads

from streamstat.engine.engine import Engine

thorough = settings(max_examples=150, deadline=None, print_blob=True)


def own_runs(case: ReportsCase) -> list[Outcome]:
    """Each report as a run of its own, which tells of bad lines besides."""
    runs = [run_engine(case.stream.data, options) for options in case.own_runs.values()]
    return [replace(each, bad=[], ahead=[]) for each in runs]


@thorough
@given(case=reports_cases(), workers=threads(), block_bytes=st.sampled_from([64, 200, 1 << 20]))
def test_report_is_that_of_an_engine_of_its_own(case: ReportsCase, workers: int, block_bytes: int) -> None:
    alone = own_runs(case)
    event(f"{sum(bool(each.report) for each in alone)} of {len(alone)} with rows")
    assert run_reports(case, workers, block_bytes) == alone


@thorough
@given(case=reports_cases(), data=st.data())
def test_report_that_is_restored_is_that_of_an_engine_of_its_own(
    case: ReportsCase, data: st.DataObject
) -> None:
    blocks = [data.draw(blocks_of(each)) for each in case.stream.data]
    job = job_of_reports(case)

    def restarted(engine: Engine) -> Engine:
        fresh, parts = Engine(job), engine.snapshot()
        fresh.restore(parts)
        assert fresh.snapshot() == parts
        return fresh

    assert run_reports_restarting(case, blocks, restarted) == own_runs(case)


@st.composite
def blocks_of(draw: st.DrawFn, data: bytes) -> list[bytes]:
    """An input as blocks of a few lines each."""
    lines = [line + b"\n" for line in data.removeprefix(BOM).split(b"\n")]
    lines[-1] = lines[-1].removesuffix(b"\n")
    edges = sorted({0, len(lines), *draw(st.lists(st.integers(0, len(lines)), max_size=6))})
    return [b"".join(lines[lo:hi]) for lo, hi in pairwise(edges)]
