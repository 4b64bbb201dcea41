"""What is said of a run that has ended, each on a line of its own: what harms most comes first."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from streamstat.commands.lifecycle import Ledgers, Lifecycle
from streamstat.commands.messages import KEEPERS, broken_off, losses, summary, written
from streamstat.commands.settings import ReportSettings, Settings
from streamstat.common.terminal import printable
from streamstat.engine.ledger import Ledger
from streamstat.runners.notes import Note

OF_REPORTS = ("late", "bad_values")  # lost to one report, and perhaps not to another


class Findings(Protocol):
    """A runner at its end, as those see it who tell of the run."""

    verdict: Note | None

    @property
    def ledger(self) -> Ledger: ...
    @property
    def warnings(self) -> tuple[str, ...]: ...
    @property
    def notes(self) -> tuple[str, ...]: ...
    @property
    def first_places(self) -> Sequence[Mapping[str, str]]: ...


def told(chosen: Settings, lifecycle: Lifecycle, runner: Findings, this_run: Ledgers) -> Iterator[str]:
    """To everybody: that the run was broken off, what was lost, and what there is to note."""
    if lifecycle.is_broken_off(runner.ledger):
        has_files = any(path != "-" for report in chosen.reports for path in report.output)
        yield from broken_off(this_run[0], has_files)
    yield from _losses(chosen, lifecycle, runner, this_run)
    yield from runner.warnings
    yield from (note for note in runner.notes if note != str(runner.verdict))
    yield from lifecycle.notes
    yield from lifecycle.watcher.notes


def _losses(chosen: Settings, lifecycle: Lifecycle, runner: Findings, this_run: Ledgers) -> Iterator[str]:
    """What no report got, then what came too late for one, or was of no use to it."""
    places = places_of(lifecycle, runner)
    if len(this_run) == 1:
        yield from losses(this_run[0], places[0], _kept(chosen, chosen.reports[0]))
        return
    shared = {name: keeper for name, keeper in KEEPERS.items() if name not in OF_REPORTS}
    yield from losses(this_run[0], places[0], _kept(chosen, chosen.reports[0]), shared)
    for report, ledger, own_places in zip(chosen.reports, this_run, places, strict=True):
        own = {name: KEEPERS[name] for name in OF_REPORTS}
        own["late"] = own["late"].replace("--late-file F", f"late_file in [report.{report.name}]")
        for line in losses(ledger, own_places, _kept(chosen, report), own):
            yield f"{report.name}: {line}"


def told_on_terminal(
    chosen: Settings, lifecycle: Lifecycle, runner: Findings, this_run: Ledgers
) -> Iterator[str]:
    """To those who watch: what was named twice, what was written, and what the run came to."""
    for name in lifecycle.feed.inputs.duplicates:
        yield f"{name} is named more than once, and was read once"
    if runner.verdict is None and not lifecycle.is_broken_off(runner.ledger):
        yield from _written(chosen, lifecycle)
    if chosen.stats not in (None, "-"):
        yield f"wrote {printable(str(chosen.stats))}"
    for report, ledger in zip(chosen.reports, this_run, strict=True):
        yield f"{report.name}: {summary(ledger)}" if report.name else summary(ledger)


def _written(chosen: Settings, lifecycle: Lifecycle) -> Iterator[str]:
    """The files that the run has made; those of a state only where something was added."""
    watcher, reports = (
        lifecycle.watcher,
        list(zip(chosen.reports, lifecycle.watcher.report_rows, strict=True)),
    )
    late = [report.late_file for report in chosen.reports]
    lines = [
        path
        for path in (*late, chosen.bad_file, chosen.lost_file, *chosen.command_files, chosen.compact)
        if path
    ]
    found = [(path, rows, "row") for report, rows in reports for path in report.output if path != "-"]
    found += [(path, file.lines, "line") for path, file in zip(lines, watcher.files, strict=True)]
    yield from (written(*each) for each in found if each[1] or chosen.state is None)


def places_of(lifecycle: Lifecycle, runner: Findings) -> list[dict[str, Sequence[str]]]:
    """Of each report the first places that are known of each kind of loss."""
    watcher = lifecycle.watcher
    shared = {"bad": list(map(str, watcher.bad_places)), "future": list(map(str, watcher.future_places))}
    return [{**{name: [place] for name, place in own.items()}, **shared} for own in runner.first_places]


def _kept(chosen: Settings, report: ReportSettings) -> frozenset[str]:
    """The kinds of lost lines that files have; `lost` is all of them."""
    if chosen.lost_file:
        return frozenset(("late", "bad", "lost"))
    files = {"late": report.late_file, "bad": chosen.bad_file}
    return frozenset(name for name, path in files.items() if path)
