"""A run of its own: reports appear at its end, or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from streamstat.commands.feeds import logs, read_once
from streamstat.commands.lifecycle import Setup, metadata
from streamstat.commands.line_files import GrowingLines, HeadedLines, LineFiles
from streamstat.commands.watch import RunWatcher
from streamstat.common.errors import UsageError
from streamstat.common.record import record
from streamstat.engine.ledger import Ledger
from streamstat.input.feed import Feed
from streamstat.output.outputs import outputs
from streamstat.output.sinks.files import Report
from streamstat.plan.plan import Plan
from streamstat.runners import Run


@record
class Alone:
    """A `Lifecycle` without anything before it or behind it."""

    feed: Feed
    watcher: RunWatcher
    line_files: tuple[Report | GrowingLines, ...]
    plan: Plan

    @property
    def time_field(self) -> None:
        """There are no former runs."""

    @property
    def notes(self) -> list[str]:
        """A report that is written whole is exact."""
        return []

    def begin(self) -> None:
        """Former runs have left nothing, and nobody commits."""

    def restore(self, run: Run) -> Ledger:
        """The run is at its beginning."""
        return replace(run.engine.ledger)

    @contextmanager
    def running(self) -> Iterator[None]:
        """From here on a failure or a signal takes back the files that are begun."""
        for file in self.line_files:
            file.open()
        yield

    def is_broken_off(self, ledger: Ledger) -> bool:
        """A run that follows has no end but a signal."""
        return ledger.interrupted and not self.feed.goes_on

    def publish(self, ledger: Ledger) -> None:
        """The reports; if the run was broken off, only the rows for stdout."""
        told = metadata(self.plan, ledger)
        if self.is_broken_off(ledger):
            self.watcher.break_off(told)
        else:
            self.watcher.commit(told)

    def refuse(self, ledger: Ledger) -> None:
        """Only the rows for stdout."""
        self.watcher.break_off(metadata(self.plan, ledger))

    def figures(self, ledger: Ledger, this_run: Ledger) -> dict[str, Any]:
        """There is only this run."""
        return ledger.as_dict()

    def take_back(self) -> None:
        """Reports and files of lines."""
        self.watcher.discard()

    def discard(self) -> None:
        """Reports and files of lines."""
        self.watcher.discard()

    def close(self) -> None:
        """Nothing is held."""


def alone(setup: Setup) -> Alone:
    """UsageError for options that mean nothing without a state."""
    chosen = setup.chosen
    for option, value in (("--commit-every", chosen.commit_every), ("--flush", chosen.flush or None)):
        if value is not None:
            raise UsageError(option, "means nothing without --state", "for example --state hourly.state")
    found = outputs(chosen.output, chosen.stdout_format, setup.form)
    feed: Feed = logs(setup) if chosen.follow else read_once(setup)
    setup.check_paths(feed.inputs)
    make = GrowingLines if chosen.follow else Report
    paths = (chosen.late_file, chosen.bad_file, chosen.lost_file)
    files = [make(path) if path else None for path in paths]
    given = tuple(each for each in files if each is not None)
    headed = (None if each is None else HeadedLines(each, lambda: True) for each in files)
    watcher = setup.watcher(found, LineFiles(*headed), feed.inputs.size)
    return Alone(feed, watcher, given, chosen.plan)
