"""A run that goes on where the last one stopped: commits publish its rows, and the next run goes on from there."""

import os
import sys
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from typing import Any

from streamstat.checkpoints.outputs import OutputOptions, check_kinds
from streamstat.checkpoints.resume import Resumption, resume
from streamstat.commands.feeds import logs
from streamstat.commands.lifecycle import Setup, metadata, named
from streamstat.commands.line_files import HeadedLines, LineFiles
from streamstat.commands.settings import Settings
from streamstat.commands.watch import RunWatcher
from streamstat.common.errors import UsageError
from streamstat.common.record import record
from streamstat.common.terminal import printable
from streamstat.common.units import parse_duration
from streamstat.engine.ledger import Ledger
from streamstat.input.feed import Feed
from streamstat.output.sinks.files import Stream
from streamstat.plan.measures import attempt
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
    def time_field(self) -> str | None:
        """That of the checkpoint."""
        return self.resumption.checkpoint.time

    @property
    def notes(self) -> list[str]:
        """Of the outputs; what could not be exact with the inputs was said as it came."""
        return self.resumption.notes

    def begin(self) -> Committer:
        """Outputs are as the checkpoint has them from here on."""
        self.resumption.recover()
        for note in self.resumption.folder.notes:
            self.setup.say(note)
        return self.resumption.commits(self.every_s, partial(metadata, self.setup.chosen.plan))

    def restore(self, run: Run) -> Ledger:
        """From the parts in the checkpoint."""
        self.resumption.restore(run)
        return replace(run.engine.ledger)

    def running(self) -> AbstractContextManager[None]:
        """What does not fit in the checkpoint may show only while it runs."""
        return self.resumption.going_on()

    def is_broken_off(self, ledger: Ledger) -> bool:
        """The next run goes on."""
        return False

    def publish(self, ledger: Ledger) -> None:
        """The last commit has done it."""

    def refuse(self, ledger: Ledger) -> None:
        """Nothing is committed, so the next run reads all of it again."""
        self.resumption.discard()

    def figures(self, ledger: Ledger, this_run: Ledger) -> dict[str, Any]:
        """Those of all runs, as the reports hold all; and of this one."""
        return ledger.as_dict() | {"run": this_run.as_dict()}

    def take_back(self) -> None:
        """What a commit that did not come about has left."""
        self.resumption.discard()

    def discard(self) -> None:
        """The next run puts in order what is not committed."""

    def close(self) -> None:
        """The lock of the folder, and outputs."""
        self.resumption.close()


def under_state(setup: Setup, path: str) -> UnderState:
    """Locks the folder; UsageError for inputs that cannot be read again."""
    chosen = setup.chosen
    if not chosen.inputs or "-" in chosen.inputs:
        raise unrepeatable("stdin")
    for option, text in (("--since", chosen.plan.since), ("--until", chosen.plan.until)):
        if text is not None:
            problem = "means nothing with --state, which goes on where it stopped"
            raise UsageError(option, problem, "leave it out, or leave out --state")
    check_kinds(chosen.output, chosen.stdout_format)
    options = _output_options(chosen, os.path.abspath(path))  # noqa: PTH100 - Path.absolute keeps the dots
    every = "30s" if chosen.commit_every is None else chosen.commit_every
    every_s = attempt("--commit-every", parse_duration, every) / 1_000_000
    plan = named(chosen.plan)
    plan |= {"output": options.output, "late_file": options.late_file, "bad_file": options.bad_file}
    plan["lost_file"] = options.lost_file
    plan |= {"csv_raw": chosen.csv_raw, "no_header": not chosen.header, "type": sorted(chosen.type)}
    stdout = Stream(sys.stdout.buffer, before=partial(setup.show, "") if setup.show else None)
    resumption = resume(path, plan, options, setup.form, stdout, partial(logs, setup))
    for one in resumption.feed.unrepeatable:
        raise unrepeatable(printable(one.name))
    setup.check_paths(resumption.feed.inputs)
    kept = resumption.outputs
    grown = (kept.late_file, kept.bad_file, kept.lost_file)
    files = LineFiles(*(None if each is None else HeadedLines(each, each.is_empty) for each in grown))
    return UnderState(resumption, setup.watcher(kept.sinks, files), setup, every_s)


def unrepeatable(name: str) -> UsageError:
    """What is said of an input that a state cannot have."""
    problem = "cannot be used with --state, because it cannot be read again after a crash"
    hint = "name files or globs; to keep a stream in a file, pipe it through: tee -a events.ndjson"
    return UsageError(name, problem, hint)


def _output_options(chosen: Settings, base: str) -> OutputOptions:
    return OutputOptions(
        base,
        [path if path == "-" else os.path.relpath(path, base) for path in chosen.output],
        chosen.stdout_format,
        chosen.late_file and os.path.relpath(chosen.late_file, base),
        chosen.bad_file and os.path.relpath(chosen.bad_file, base),
        chosen.lost_file and os.path.relpath(chosen.lost_file, base),
    )
