"""How a run begins and ends: the contract of `alone` and `under_state`, and what both are made from."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeAlias

from streamstat.commands.line_files import LineFiles, Spool
from streamstat.commands.settings import ReportSettings, Settings
from streamstat.commands.watch import RunWatcher
from streamstat.common.record import record
from streamstat.engine.ledger import OF_A_RUN, Ledger
from streamstat.engine.strategy import Publication
from streamstat.input.feed import Feed, Limits
from streamstat.input.sources.inputs import Inputs
from streamstat.output.outputs import Form, Outputs, check_paths
from streamstat.plan.job import Job
from streamstat.runners import Committer, Refresher, Run

LossPlaces: TypeAlias = Sequence[Mapping[str, Sequence[str]]]
Ledgers: TypeAlias = Sequence[Ledger]  # the whole ledger of each report


@record
class Setup:
    """What a run is made from. `say` prints a line to stderr, `show` the progress line (None: not watched)."""

    chosen: Settings
    job: Job  # of the pass
    forms: tuple[Form, ...]  # of each report
    limits: Limits
    say: Callable[[str], None]
    show: Callable[[str], None] | None
    spool: Spool | None  # for the bytes of over-long lines, if they are kept
    viewed: Callable[[Publication], None] | None = None  # who shows rows as they come

    def watcher(self, outputs: Sequence[Outputs], files: LineFiles, size: int | None = None) -> RunWatcher:
        """Who writes what the run gives. `size`: bytes of all inputs, if that is known."""
        return RunWatcher(outputs, self.say, self.show, files, self.spool, size, self.viewed)

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
    def time_fields(self) -> Sequence[str | None]:
        """Of each stream the time field that former runs have found; None where they have not."""

    @property
    def refresher(self) -> Refresher | None:
        """Who shows reports that are replaced, where nobody commits."""

    @property
    def notes(self) -> list[str]:
        """What could not be exact with the outputs."""

    def begin(self) -> Committer | None:
        """Put in order what former runs have left; who commits this one."""

    def restore(self, run: Run) -> None:
        """Put a run where the last one stopped."""

    def running(self) -> AbstractContextManager[None]:
        """Around the run: files of lines are open from here on, and what fails has its right name."""

    def is_broken_off(self, ledger: Ledger) -> bool:
        """Whether a signal has ended the run before its end, and nothing is to go on from there."""

    def publish(self, ledgers: Ledgers, places: LossPlaces = ()) -> None:
        """Publish what no commit has published. places: of each report where lines were lost first, by the bucket."""

    def refuse(self, ledgers: Ledgers) -> None:
        """The run has read all, and must not count: stdout has its rows, and all else stays as it was."""

    def figures(self, ledgers: Ledgers, this_run: Ledgers) -> dict[str, Any]:
        """What `--stats` tells."""

    def take_back(self) -> None:
        """The run has failed: leave nothing that is not published."""

    def discard(self) -> None:
        """The process ends: leave no report. Harmless at any moment, also in a signal handler."""

    def close(self) -> None:
        """Give back what is held."""


def metadata(
    report: ReportSettings, ledger: Ledger, words: Sequence[str], places: Mapping[str, Sequence[str]]
) -> dict[str, str]:
    """What a Parquet file and a page tell of the run that wrote it."""
    import json
    import shlex

    told = {
        "streamstat.command": shlex.join(["streamstat", *words]),
        "streamstat.options": json.dumps(report.plan.named),
        "streamstat.ledger": json.dumps(ledger.as_dict()),
        "streamstat.lost": json.dumps({name: list(found) for name, found in places.items()}),
    }
    if report.plan.states:
        from streamstat.values.exact import METADATA, new_identity

        told[METADATA] = new_identity(ledger.numbers)
    return told


def told_of(chosen: Settings, ledgers: Ledgers, places: LossPlaces = ()) -> list[dict[str, str]]:
    """The same of each report."""
    known = places or [{} for _ in ledgers]
    return [
        metadata(report, ledger, chosen.words, found)
        for report, ledger, found in zip(chosen.reports, ledgers, known, strict=True)
    ]


def figures(reports: Sequence[ReportSettings], ledgers: Ledgers) -> dict[str, Any]:
    """The ledger; of several reports what they share, and each with its own below."""
    if not reports[0].name:
        return ledgers[0].as_dict()
    own = {report.name: ledger.as_dict() for report, ledger in zip(reports, ledgers, strict=True)}
    # Windows that were flushed have put the watermark of their report ahead: that of the run is behind all.
    least = min(ledgers, key=lambda ledger: ledger.watermark).as_dict()
    shared = {name: value for name, value in least.items() if name in (*OF_A_RUN, "watermark")}
    return shared | {"reports": own}
