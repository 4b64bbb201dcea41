"""A run of its own: reports appear at its end, or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from streamstat.commands.feeds import logs, read_once
from streamstat.commands.lifecycle import Ledgers, LossPlaces, Setup, figures, told_of
from streamstat.commands.line_files import GrowingLines, HeadedLines, LineFiles
from streamstat.commands.log_files import option_of_log
from streamstat.commands.refreshing import Refreshing
from streamstat.commands.settings import Settings
from streamstat.commands.watch import RunWatcher
from streamstat.common.errors import UsageError
from streamstat.common.record import record
from streamstat.engine.ledger import Ledger
from streamstat.input.feed import Feed
from streamstat.output.outputs import outputs
from streamstat.output.sinks.files import Report
from streamstat.runners import Run


@record
class Alone:
    """A `Lifecycle` without anything before it or behind it."""

    feed: Feed
    watcher: RunWatcher
    line_files: tuple[Report | GrowingLines, ...]
    chosen: Settings
    refresher: Refreshing | None

    @property
    def time_fields(self) -> tuple[()]:
        """There are no former runs."""
        return ()

    @property
    def notes(self) -> list[str]:
        """A report that is written whole is exact."""
        return []

    def begin(self) -> None:
        """Former runs have left nothing, and nobody commits."""

    def restore(self, run: Run) -> None:
        """The run is at its beginning."""

    @contextmanager
    def running(self) -> Iterator[None]:
        """From here on a failure or a signal takes back the files that are begun."""
        for file in self.line_files:
            file.open()
        yield

    def is_broken_off(self, ledger: Ledger) -> bool:
        """A run that follows has no end but a signal."""
        return ledger.interrupted and not self.feed.goes_on

    def publish(self, ledgers: Ledgers, places: LossPlaces = ()) -> None:
        """The reports; if the run was broken off, only the rows for stdout."""
        told = told_of(self.chosen, ledgers, places)
        if self.is_broken_off(ledgers[0]):
            self.watcher.break_off(told)
        else:
            self.watcher.commit(told)

    def refuse(self, ledgers: Ledgers) -> None:
        """Only the rows for stdout."""
        self.watcher.break_off(told_of(self.chosen, ledgers))

    def figures(self, ledgers: Ledgers, this_run: Ledgers) -> dict[str, Any]:
        """There is only this run."""
        return figures(self.chosen.reports, ledgers)

    def take_back(self) -> None:
        """Reports and files of lines."""
        self.watcher.discard()

    def discard(self) -> None:
        """Reports and files of lines."""
        self.watcher.discard()

    def close(self) -> None:
        """Nothing is held."""


def check_alone(chosen: Settings, refreshes: bool) -> None:
    """UsageError for options that mean nothing without a state."""
    commit_every = None if refreshes else chosen.commit_every
    for option, value in (("--commit-every", commit_every), ("--flush", chosen.flush or None)):
        if value is not None:
            raise UsageError(option, "means nothing without --state", "for example --state hourly.state")


def alone(setup: Setup) -> Alone:
    """UsageError as `check_alone` has it."""
    chosen = setup.chosen
    refreshes = chosen.follow and setup.job.replaces
    check_alone(chosen, refreshes)
    pairs = zip(chosen.reports, setup.forms, strict=True)
    found = [outputs(report.output, report.stdout_format, form) for report, form in pairs]
    feed: Feed = logs(setup) if chosen.follow else read_once(setup)
    setup.check_paths(feed.inputs)
    make = GrowingLines if chosen.follow else Report
    given: list[Report | GrowingLines] = []

    def lines(path: str | None) -> HeadedLines | None:
        if not path:
            return None
        given.append(make(path))
        return HeadedLines(given[-1], lambda: True)

    late = tuple(lines(report.late_file) for report in chosen.reports)
    lost = (lines(chosen.bad_file), lines(chosen.lost_file))
    accepted, refused, compact = map(lines, (*chosen.command_files, chosen.compact))
    files = LineFiles(late, *lost, accepted, refused, compact, option_of_log(chosen))
    watcher = setup.watcher(found, files, feed.inputs.size)
    refresher = Refreshing(chosen, watcher) if refreshes else None
    return Alone(feed, watcher, tuple(given), chosen, refresher)
