"""Groups of a view against a plain recount of the rows that there are after each change, in every format of logs."""

from collections.abc import Iterator
from itertools import chain, pairwise, repeat
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle.grouped import Cells, Kept, grouped, told
from oracle.lines import Value, read_object
from oracle.text import csv_text, iso
from tools.change_history import KEY, History, Row, Step, Transaction, history
from tools.change_logs import NAMES, OPTIONS, POSITIONED, TRUNCATING, delivered_again, log_in, spelt, whole
from tools.engine_run import Seen, run_job
from tools.view_runs import Told, run_restarting

from streamstat.changes.telling import format_told
from streamstat.engine.engine import Engine
from streamstat.plan.job import Job
from streamstat.plan.meaning import job_of
from streamstat.plan.plan import Plan
from streamstat.plan.view_options import ViewOptions

CALLS = (
    *("count()", "count(doc)", "sum(amount)", "mean(amount)", "min(amount)", "max(amount)", "var(amount)"),
    *("stddev(amount)", "rate()", "rate(amount)", "distinct(doc)", "distinct(amount)", "p50(amount)"),
    *("p99(amount)", "median(amount)", "histogram(amount)", "histogram(amount, 0, 5)", "top(doc, 2)"),
    *("values(amount, 3)", "first(doc)", "last(amount)", "arg_max(doc, amount)", "arg_min(id, amount)"),
    *("n=count() if amount > 1", 'first(id) if doc == "short"', "sum(amount * 2)"),
)
UNUSABLE = ("sum(doc)", "max(doc) if amount > 1", "arg_max(id, doc)", "sum(doc if amount > 1 else amount)")
TOGETHER = ("maxwell", "wal2json 1", "wal2json 2")  # transactions are whole
TWO_RECORDS: tuple[str, ...] = (
    "upsert",
    "debezium",
    "debezium mysql",
    "debezium schema",
    "debezium flat",
    "mongodb",
)  # a key that moves
TWO_RECORDS += ("kcat debezium", "kcat upsert")


def job(name: str, by: list[str], calls: list[str], **own: object) -> Job:
    given = dict(zip(OPTIONS[name][::2], OPTIONS[name][1::2], strict=True))
    options = ViewOptions(key=given.get("--key", ()), deleted=given.get("--deleted"), **own)  # type: ignore[arg-type]
    return job_of(Plan(own=options, by=by, agg=calls))


def transactions(seed: int, name: str) -> History:
    return history(Random(seed), transactions=7, keys=6, truncates=name in TRUNCATING)


def units(name: str, transaction: Transaction) -> Iterator[list[Step]]:
    """What is applied at once."""
    if name in TOGETHER:
        yield list(transaction.steps)
        return
    for step in transaction.steps:
        if step.moves and name in TWO_RECORDS:
            yield [Step("delete", step.before, None)]
            yield [Step("insert", None, step.after)]
        else:
            yield [step]


def kept(row: Row, time: int) -> Kept:
    fields = read_object(spelt(row).encode())
    return Kept(Value("number", spelt(row[KEY])), fields, time)


def apply(table: dict[str, Kept], step: Step, time: int) -> None:
    if step.op == "truncate":
        table.clear()
    if step.before is not None:
        table.pop(spelt(step.before[KEY]))
    if step.after is not None:
        table[spelt(step.after[KEY])] = kept(step.after, time)


def recount(name: str, of: History, by: list[str], calls: list[str]) -> tuple[str, str]:
    """The changelog and the report, as CSV without a head."""
    table: dict[str, Kept] = {}
    before = grouped([], by, calls)
    lines: list[Cells] = []
    for transaction in of:
        time = transaction.time * 1_000_000
        for unit in units(name, transaction):
            for step in unit:
                apply(table, step, time)
            after = grouped(table.values(), by, calls)
            lines += [{**each, "time": iso(time)} for each in told(before, after)]
            before = after
    return csv_text(lines), csv_text(before.values())


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=15)
@given(
    st.integers(0, 2**32),
    st.lists(st.sampled_from(CALLS), min_size=1, max_size=4, unique=True),
    st.booleans(),
)
def test_groups_are_those_of_a_plain_recount(
    name: str, seed: int, calls: list[str], is_grouped: bool
) -> None:
    by = ["branch"] if is_grouped else []
    of = transactions(seed, name)
    log = whole(log_in(name, of, Random(seed))).encode()
    changelog, report = recount(name, of, by, calls)
    found = run_job([log], job(name, by, calls), Seen("UTC"), 1, 1 << 22)
    assert (found.changelog, found.report) == (report, report)
    found = run_job([log], job(name, by, calls, changelog=True), Seen("UTC"), 1, 1 << 22)
    assert (found.changelog, found.report) == (changelog, report)


@pytest.mark.parametrize("name", ["debezium", "wal2json 2", "upsert"])
@settings(max_examples=30)
@given(
    st.integers(0, 2**32),
    st.lists(st.sampled_from(CALLS), min_size=1, max_size=3, unique=True),
    st.integers(1, 3),
    st.integers(1, 900),
    st.booleans(),
)
def test_blocks_and_threads_do_not_show(
    name: str, seed: int, calls: list[str], threads: int, block_bytes: int, tells: bool
) -> None:
    log = whole(log_in(name, transactions(seed, name), Random(seed))).encode()
    of = job(name, ["branch"], calls, changelog=tells)
    once = run_job([log], of, Seen("UTC"), 1, 1 << 22)
    again = run_job([log], of, Seen("UTC"), threads, block_bytes)
    assert (again.changelog, again.report, again.ledger) == (once.changelog, once.report, once.ledger)


@pytest.mark.parametrize("name", ["debezium", "maxwell", "wal2json 2", "upsert"])
@settings(max_examples=25)
@given(
    st.integers(0, 2**32),
    st.lists(st.sampled_from(CALLS), min_size=1, max_size=3, unique=True),
    st.lists(st.integers(0, 60), max_size=4),
)
def test_going_on_from_a_snapshot_is_not_stopping(
    name: str, seed: int, calls: list[str], cuts: list[int]
) -> None:
    lines = [line for part in log_in(name, transactions(seed, name), Random(seed)) for line in part]
    places = sorted({0, len(lines), *(min(cut, len(lines)) for cut in cuts)})
    blocks = ["".join(f"{line}\n" for line in lines[lo:hi]).encode() for lo, hi in pairwise(places)]
    of = job(name, ["branch"], calls, changelog=True)

    def restart(engine: Engine) -> Engine:
        other = Engine(of)
        other.restore(engine.snapshot())
        return other

    told_as = format_told(line.encode() for line in lines)
    assert told_as is not None
    once = run_restarting(blocks, of, told_as, lambda engine: engine)
    again = run_restarting(blocks, of, told_as, restart)
    assert (again.changelog, again.report, again.ledger) == (once.changelog, once.report, once.ledger)


@pytest.mark.parametrize("name", POSITIONED)
@settings(max_examples=10)
@given(st.integers(0, 2**32), st.lists(st.sampled_from(CALLS), min_size=1, max_size=3, unique=True))
def test_a_log_that_is_delivered_again_changes_no_group(name: str, seed: int, calls: list[str]) -> None:
    parts = log_in(name, transactions(seed, name), Random(seed))
    of = job(name, ["branch"], calls)
    again = delivered_again(parts, Random(seed))
    reports = [run_job([whole(each).encode()], of, Seen("UTC"), 1, 512).report for each in (parts, again)]
    assert reports[0] == reports[1]


@pytest.mark.parametrize("name", ["debezium", "maxwell", "wal2json 2", "upsert"])
@settings(max_examples=25)
@given(
    st.integers(0, 2**32),
    st.lists(st.sampled_from((*CALLS, *UNUSABLE)), min_size=1, max_size=3, unique=True),
    st.lists(st.booleans(), min_size=12, max_size=12),
)
def test_reports_in_between_change_nothing_behind_them(
    name: str, seed: int, calls: list[str], asks: list[bool]
) -> None:
    lines = [line for part in log_in(name, transactions(seed, name), Random(seed)) for line in part]
    size = -(-len(lines) // len(asks))
    blocks = ["".join(f"{each}\n" for each in lines[lo : lo + size]) for lo in range(0, len(lines), size)]
    told_as = format_told(line.encode() for line in lines)
    assert told_as is not None
    of = job(name, ["branch"], calls)

    def told(asked: Iterator[bool]) -> Told:
        def between(engine: Engine) -> Engine:
            if next(asked):
                list(engine.whole(last=False))
            return engine

        return run_restarting([each.encode() for each in blocks], of, told_as, between)

    once, again = told(repeat(False)), told(chain(asks, repeat(False)))
    assert again.changelog == once.changelog
    assert again.ledger["bad_values"] == once.ledger["bad_values"]
