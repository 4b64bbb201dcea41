"""How a run begins and ends: the contract of `alone` and `under_state`, and what both are made from."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import fields
from typing import Any, Protocol

from streamstat.commands.line_files import LineFiles, Spool
from streamstat.commands.settings import Settings
from streamstat.commands.watch import RunWatcher
from streamstat.common.record import record
from streamstat.engine.ledger import Ledger
from streamstat.input.feed import Feed, Limits
from streamstat.input.sources.inputs import Inputs
from streamstat.output.outputs import Form, Outputs, check_paths
from streamstat.plan.plan import Plan
from streamstat.runners import Committer, Run


@record
class Setup:
    """What a run is made from. `say` prints a line to stderr, `show` the progress line (None: not watched)."""

    chosen: Settings
    form: Form
    limits: Limits
    say: Callable[[str], None]
    show: Callable[[str], None] | None
    spool: Spool | None  # for the bytes of over-long lines, if they are kept

    def watcher(self, outputs: Outputs, files: LineFiles, size: int | None = None) -> RunWatcher:
        """Who writes what the run gives. `size`: bytes of all inputs, if that is known."""
        return RunWatcher(outputs, self.say, self.show, files, self.spool, size)

    def check_paths(self, inputs: Inputs) -> None:
        """UsageError if an output is an input, or another output."""
        sources = frozenset(one.identity for one in inputs if one.identity is not None)
        check_paths(self.chosen.written, sources)


class Lifecycle(Protocol):
    """What a run reads and writes, and how that is begun and ended; no output is touched before `begin`."""

    @property
    def feed(self) -> Feed:
        """Its inputs."""

    @property
    def watcher(self) -> RunWatcher:
        """Where its rows and lines go."""

    @property
    def time_field(self) -> str | None:
        """The time field that former runs have found; None if they have not, or none was looked for."""

    @property
    def notes(self) -> list[str]:
        """What could not be exact with the outputs."""

    def begin(self) -> Committer | None:
        """Put in order what former runs have left; who commits this one."""

    def restore(self, run: Run) -> Ledger:
        """Put a run where the last one stopped; the ledger of all runs before it."""

    def running(self) -> AbstractContextManager[None]:
        """Around the run: files of lines are open from here on, and what fails has its right name."""

    def is_broken_off(self, ledger: Ledger) -> bool:
        """Whether a signal has ended the run before its end, and nothing is to go on from there."""

    def publish(self, ledger: Ledger) -> None:
        """Publish what no commit has published."""

    def refuse(self, ledger: Ledger) -> None:
        """The run has read all, and must not count: stdout has its rows, and all else stays as it was."""

    def figures(self, ledger: Ledger, this_run: Ledger) -> dict[str, Any]:
        """What `--stats` tells."""

    def take_back(self) -> None:
        """The run has failed: leave nothing that is not published."""

    def discard(self) -> None:
        """The process ends: leave no report. Harmless at any moment, also in a signal handler."""

    def close(self) -> None:
        """Give back what is held."""


def named(plan: Plan) -> dict[str, Any]:
    """The options of a plan by their names."""
    return {each.name: getattr(plan, each.name) for each in fields(Plan)}


def metadata(plan: Plan, ledger: Ledger) -> dict[str, str]:
    """What a Parquet file tells of the run that wrote it."""
    import json

    return {"streamstat.options": json.dumps(named(plan)), "streamstat.ledger": json.dumps(ledger.as_dict())}
