"""`run --explain`: what a command would do, in words, by the first records of its inputs. Nothing is written."""

from collections.abc import Iterator

from streamstat.commands.alone import check_alone
from streamstat.commands.explaining.counting import (
    column_rows,
    filter_sentences,
    shape_sentences,
    shared_sentences,
    window_sentences,
)
from streamstat.commands.explaining.fields import field_rows
from streamstat.commands.explaining.firing import firing_sentences, windows_of
from streamstat.commands.explaining.going import input_sentences, output_rows
from streamstat.commands.explaining.layout import aligned, section, sentences
from streamstat.commands.explaining.times import step_rows, time_sentences
from streamstat.commands.feeds import read_once
from streamstat.commands.lifecycle import Setup
from streamstat.commands.reports import Reports, reports_of, told_of_config
from streamstat.commands.settings import ReportSettings, Settings, idle_flush_s
from streamstat.common.workers import ALONE
from streamstat.engine.ledger import Ledger
from streamstat.input.detection import choice
from streamstat.input.feed import Feed, Limits
from streamstat.output.outputs import check_names, outputs
from streamstat.plan.clocks import present
from streamstat.plan.job import Job
from streamstat.plan.meaning import format_of
from streamstat.runners.first_dated import FirstDated, first_dated
from streamstat.runners.sample import Sample, sampled

MOST_WINDOWS_SHOWN = 3  # windows of one event


def explanation(chosen: Settings) -> Iterator[str]:
    """The lines; what cannot be is refused as a run does it, before the first of them."""
    with told_of_config(chosen):
        now_us = None if chosen.now is None else present(chosen.now, chosen.plan)
        idle_flush_s(chosen)
        check_names(chosen.written)
        reports = reports_of(chosen, ALONE, now_us)
        feed = _feed(chosen, reports)
    sample = sampled(reports.job, feed, now_us)
    first = first_dated(sample)
    return _lines(chosen, sample, first, [one.name for one in feed.inputs])


def _feed(chosen: Settings, reports: Reports) -> Feed:
    """The inputs from their beginnings, however they would be read; UsageError for outputs that cannot be."""
    choose = choice(format_of(chosen.plan), growing=chosen.follow or chosen.state is not None)
    limits = Limits(max_expansion=chosen.max_expansion, choose=choose)
    setup = Setup(chosen, reports.job, reports.forms, limits, lambda _: None, None, None)
    if chosen.state is None:
        check_alone(chosen, refreshes=False)
    else:
        from streamstat.commands.under_state import check_for_state

        check_for_state(chosen, reports.job)
    for report, form in zip(chosen.reports, reports.forms, strict=True):
        outputs(report.output, report.stdout_format, form)  # opens none
    feed = read_once(setup)
    setup.check_paths(feed.inputs)
    return feed


def _lines(chosen: Settings, sample: Sample, first: FirstDated | None, names: list[str]) -> Iterator[str]:
    job = sample.job
    yield "What this command would do. Nothing is counted or written now."
    yield from section("Input", sentences(input_sentences(chosen, sample, names)))
    yield from section("Fields", aligned(list(field_rows(sample))))
    yield from section("Time", sentences(time_sentences(chosen.reports[0].plan, job, sample.ledgers[0])))
    if first is not None:
        yield from section("First event", aligned(list(step_rows(first, job))))
    for report, each, ledger in zip(chosen.reports, job.reports, sample.ledgers, strict=True):
        if report.name:
            yield from ("", f"[report.{report.name}]")
        yield from _report(chosen, report, each, ledger, first)
    yield from section("Notes", sentences(sample.notes))


def _report(
    chosen: Settings, report: ReportSettings, job: Job, ledger: Ledger, first: FirstDated | None
) -> Iterator[str]:
    plan = report.plan
    yield from section("Events", sentences(filter_sentences(plan, job, ledger)))
    yield from section("Windows", sentences(window_sentences(plan, job)), aligned(list(_placed(job, first))))
    columns = aligned(list(column_rows(job)))
    yield from section("Columns", columns, sentences([*shared_sentences(job), *shape_sentences(plan)]))
    yield from section("When rows come", sentences(firing_sentences(plan, job, chosen)))
    yield from section("Where they go", aligned(list(output_rows(chosen, report))))


def _placed(job: Job, first: FirstDated | None) -> Iterator[tuple[str, ...]]:
    """Where the first event goes."""
    if first is None:
        return
    found = windows_of(job, first.time)
    for window in found[:MOST_WINDOWS_SHOWN]:
        yield "first event", window
    if len(found) > MOST_WINDOWS_SHOWN:
        yield "first event", f"and {len(found) - MOST_WINDOWS_SHOWN:,} windows more"
    for group in job.groups:
        yield group.name, first.shown(group.by)
    if job.where is not None and not first.holds(job.where):
        yield "--where", "does not hold for it"
