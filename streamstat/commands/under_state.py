"""A run that goes on where the last one stopped: commits publish its rows, and the next run goes on from there."""

import os
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

from streamstat.checkpoints.appended import AppendedFile
from streamstat.checkpoints.outputs import OutputOptions, ReportOptions, check_kinds
from streamstat.checkpoints.resume import Resumption, resume
from streamstat.commands.feeds import logs
from streamstat.commands.lifecycle import Ledgers, LossPlaces, Setup, figures, told_of
from streamstat.commands.line_files import HeadedLines, LineFiles
from streamstat.commands.log_files import option_of_log
from streamstat.commands.reports import told_of_config
from streamstat.commands.settings import ReportSettings, Settings
from streamstat.commands.watch import RunWatcher
from streamstat.common.errors import UsageError
from streamstat.common.record import record
from streamstat.common.terminal import printable
from streamstat.common.units import parse_duration
from streamstat.engine.ledger import Ledger
from streamstat.input.feed import Feed
from streamstat.output.sinks.files import Stream
from streamstat.plan.job import Job
from streamstat.plan.measures import attempt
from streamstat.plan.options import options_of
from streamstat.plan.plan import Plan
from streamstat.plan.report_tables import key_of_report
from streamstat.runners import Committer, Run


@record
class UnderState:
    """A `Lifecycle` between two checkpoints, with a commit every so many seconds."""

    resumption: Resumption
    watcher: RunWatcher
    setup: Setup
    every_s: float

    @property
    def feed(self) -> Feed:
        """The inputs from where the checkpoint has them."""
        return self.resumption.feed

    @property
    def time_fields(self) -> Sequence[str | None]:
        """Those of the checkpoint."""
        times: Sequence[str | None] = self.resumption.checkpoint.times
        return times

    @property
    def refresher(self) -> None:
        """Each commit replaces reports."""

    @property
    def notes(self) -> list[str]:
        """Of the outputs; what could not be exact with the inputs was said as it came."""
        return self.resumption.notes

    def begin(self) -> Committer:
        """Outputs are as the checkpoint has them from here on."""
        self.resumption.recover()
        for note in self.resumption.folder.notes:
            self.setup.say(note)
        return self.resumption.commits(self.every_s, partial(told_of, self.setup.chosen))

    def restore(self, run: Run) -> None:
        """From the parts in the checkpoint."""
        self.resumption.restore(run)

    def running(self) -> AbstractContextManager[None]:
        """What does not fit in the checkpoint may show only while it runs."""
        return self.resumption.going_on()

    def is_broken_off(self, ledger: Ledger) -> bool:
        """The next run goes on."""
        return False

    def publish(self, ledgers: Ledgers, places: LossPlaces = ()) -> None:
        """The last commit has done it."""

    def refuse(self, ledgers: Ledgers) -> None:
        """Nothing is committed, so the next run reads all of it again."""
        self.resumption.discard()

    def figures(self, ledgers: Ledgers, this_run: Ledgers) -> dict[str, Any]:
        """Those of all runs, as the reports hold all; and of this one."""
        reports = self.setup.chosen.reports
        return figures(reports, ledgers) | {"run": figures(reports, this_run)}

    def take_back(self) -> None:
        """What a commit that did not come about has left."""
        self.resumption.discard()

    def discard(self) -> None:
        """The next run puts in order what is not committed."""

    def close(self) -> None:
        """The lock of the folder, and outputs."""
        self.resumption.close()


def check_for_state(chosen: Settings, job: Job) -> None:
    """UsageError for what no run can go on with, whatever is in the folder."""
    if not chosen.inputs or "-" in chosen.inputs:
        raise unrepeatable("stdin")
    for report, each in zip(chosen.reports, job.reports, strict=True):
        with told_of_config(chosen, report):
            _check_report(report, each)


def under_state(setup: Setup, path: str) -> UnderState:
    """Locks the folder; UsageError for inputs that cannot be read again."""
    chosen = setup.chosen
    check_for_state(chosen, setup.job)
    base = os.path.abspath(path)  # noqa: PTH100 - Path.absolute keeps the dots
    options = _output_options(setup, base)
    every = "30s" if chosen.commit_every is None else chosen.commit_every
    every_s = attempt("--commit-every", parse_duration, every) / 1_000_000
    stdout = Stream(sys.stdout.buffer, before=partial(setup.show, "") if setup.show else None)
    resumption = resume(path, _kept_plan(chosen, options), options, stdout, partial(logs, setup))
    for one in resumption.feed.unrepeatable:
        raise unrepeatable(printable(one.name))
    setup.check_paths(resumption.feed.inputs)
    kept = resumption.outputs
    late = tuple(map(_headed, kept.late_files))
    bad, lost, accepted, refused = map(_headed, (kept.bad_file, kept.lost_file, *kept.command_files))
    files = LineFiles(late, bad, lost, accepted, refused, of_log=option_of_log(chosen))
    return UnderState(
        resumption, setup.watcher(kept.sinks, files, resumption.feed.inputs.size), setup, every_s
    )


def _headed(file: AppendedFile | None) -> HeadedLines | None:
    return None if file is None else HeadedLines(file, file.is_empty)


def _check_report(report: ReportSettings, job: Job) -> None:
    """UsageError for what means another thing in each run, and for outputs that cannot grow."""
    bounds = (("--since", job.since_us), ("--until", job.until_us), ("--as-of", job.as_of_us))
    for option, time in bounds:
        if time is not None:
            problem = "means nothing with --state, which goes on where it stopped"
            raise UsageError(option, problem, "leave it out, or leave out --state")
    if not job.replaces:
        check_kinds(report.output, report.stdout_format)
    elif report.prints:
        check_kinds((), report.stdout_format)


def unrepeatable(name: str) -> UsageError:
    """What is said of an input that a state cannot have."""
    problem = "cannot be used with --state, as it is read once"
    hint = "name files or globs, such as what tee -a events.ndjson keeps"
    return UsageError(name, problem, hint)


def _output_options(setup: Setup, base: str) -> OutputOptions:
    def relative(path: str | None) -> str | None:
        return path and os.path.relpath(path, base)

    reports = [
        ReportOptions(
            form,
            [path if path == "-" else os.path.relpath(path, base) for path in report.output],
            report.stdout_format,
            relative(report.late_file),
        )
        for report, form in zip(setup.chosen.reports, setup.forms, strict=True)
    ]
    chosen = setup.chosen
    accepted, refused = map(relative, chosen.command_files)
    lines = (relative(chosen.bad_file), relative(chosen.lost_file), (accepted, refused))
    return OutputOptions(base, reports, *lines)


def _kept_plan(chosen: Settings, options: OutputOptions) -> dict[str, Any]:
    """All that decides the result and where it goes, which no later run of the state may change."""
    whole = {"bad_file": options.bad_file, "lost_file": options.lost_file, "promises": chosen.promises}
    of_commands = zip(("accepted_file", "refused_file"), options.command_files, strict=True)
    whole |= {name: path for name, path in of_commands if path is not None}
    if not chosen.tables:
        return whole | _kept_report(chosen.reports[0], options.reports[0])
    own = [each.holder for each in options_of(Plan) if each.is_of_report]
    plan = whole | {name: value for name, value in chosen.plan.named.items() if name not in own}
    for report, kept in zip(chosen.reports, options.reports, strict=True):
        for name, value in _kept_report(report, kept).items():
            if name not in plan:
                plan[key_of_report(report.name, name)] = value
    return plan


def _kept_report(report: ReportSettings, kept: ReportOptions) -> dict[str, Any]:
    """The same of one report."""
    written = {"csv_raw": report.csv_raw, "no_header": not report.header, "type": sorted(report.type)}
    return report.plan.named | {"output": kept.output, "late_file": kept.late_file} | written
