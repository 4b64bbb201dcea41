"""`streamstat merge`: saved reports become one, as of one run over all their events."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from itertools import accumulate
from pathlib import Path
from typing import Any

from streamstat.commands.lifecycle import told_of
from streamstat.commands.line_files import LineFiles
from streamstat.commands.messages import summary, written
from streamstat.commands.reports import reports_of
from streamstat.commands.settings import Settings
from streamstat.commands.watch import RunWatcher
from streamstat.common.errors import InputError, UsageError
from streamstat.common.terminal import printable
from streamstat.common.workers import Workers
from streamstat.engine.ledger import Ledger
from streamstat.engine.told_ledgers import summed
from streamstat.output.outputs import check_names, check_paths, outputs
from streamstat.output.saved.stated import StatedReport, first_states, open_report
from streamstat.plan.merge_options import MergeOptions
from streamstat.plan.merging import Made, made, merged_job, merged_plan
from streamstat.plan.plan import Plan
from streamstat.runners.merging import MergedReport, MergeRunner

LEFT_OUT_SHOWN = 10


class Merge:
    """A merge from the command line. `say` prints a line to stderr; is_watched: somebody looks at it."""

    def __init__(
        self, given: Mapping[str, Any], words: Sequence[str], say: Callable[[str], None], is_watched: bool
    ) -> None:
        options = MergeOptions(**_among(given, MergeOptions))
        reports = [open_report(name) for name in options.reports]
        _check_once(reports)
        exact = _are_exact(reports)
        if given.get("states") and not exact:
            raise UsageError("--states", "these reports have sketches, not exact states", "leave it out")
        made_of = [_made(each, options) for each in reports]
        self._left_out = _left_out(made_of)
        self._chosen = chosen = _settings(given, merged_plan(made_of, options, given), words)
        self._say: Callable[[str], None] = (lambda _: None) if chosen.silent else say
        self._is_watched = is_watched and not (chosen.quiet or chosen.silent)
        check_names(chosen.written)
        files = (file for each in reports for file in each.files)
        check_paths(chosen.written, frozenset(map(_identity, files)))
        self._workers = Workers(chosen.threads or len(os.sched_getaffinity(0)))
        found = reports_of(chosen, self._workers, None)
        written = outputs(chosen.output, chosen.stdout_format, found.forms[0])
        self._watcher = RunWatcher([written], self._say, None, LineFiles((None,)))
        job = merged_job(found.job, made_of, exact)
        self._runner = MergeRunner(
            job, _placed(reports), _whole_ledger(reports), self._watcher, self._workers
        )

    def stop(self) -> None:
        """End at a row."""
        self._runner.stop()

    def discard(self) -> None:
        """Leave no report; at any moment."""
        self._watcher.discard()

    @property
    def ledger(self) -> Ledger:
        """What became of the lines of all reports."""
        return self._runner.ledger

    @property
    def interrupted(self) -> bool:
        """Whether a signal has ended it."""
        return self.ledger.interrupted

    def run(self) -> None:
        """Merge, publish, and say what there is to note."""
        ledger = self.ledger
        try:
            self._runner.run()
            ledger.seconds = self._watcher.seconds
            told = told_of(self._chosen, [ledger])
            if self.interrupted:
                self._watcher.break_off(told)
            else:
                self._watcher.commit(told)
        except BaseException:
            self.discard()
            raise
        finally:
            self._workers.close()
        for line in (*self._runner.warnings, *self._left_out):
            self._say(line)
        if self._is_watched:
            self._tell(ledger)

    def _tell(self, ledger: Ledger) -> None:
        if self.interrupted:
            self._say("interrupted: rows are partial, and report files are as they were")
            return
        for path in self._chosen.output:
            if path != "-":
                self._say(written(path, self._watcher.report_rows[0], "row"))
        self._say(summary(ledger))


def _among(given: Mapping[str, Any], kind: Any) -> dict[str, Any]:
    names = {each.name for each in fields(kind)}
    return {name: value for name, value in given.items() if name in names}


def _identity(name: str) -> tuple[int, int]:
    status = Path(name).stat()
    return status.st_dev, status.st_ino


def _check_once(reports: Sequence[StatedReport]) -> None:
    """InputError for a report that is given twice, under whatever name, whole or as a part."""
    seen: dict[Any, str] = {}
    for report in reports:
        for mark in (*report.identities, *map(_identity, report.files)):
            if mark in seen:
                twice = report.place == seen[mark]
                problem = "is given twice" if twice else f"is the same report as {seen[mark]}"
                raise InputError(report.place, problem, "its events would count twice")
            seen[mark] = report.place


def _are_exact(reports: Sequence[StatedReport]) -> bool:
    """Whether all have exact states; InputError where some have and some have not."""
    without = [each for each in reports if not each.has_states]
    if without and len(without) < len(reports):
        raise InputError(
            without[0].place, "has no exact states, and others have", "make it anew with --states"
        )
    return not without


def _made(report: StatedReport, options: MergeOptions) -> Made:
    if report.options is None:
        from streamstat.plan.sketched_columns import by_columns

        return by_columns(report.place, report.columns, report.texts, first_states(report), options)
    found = made(report.place, report.options)
    if report.has_states:
        return found
    from streamstat.plan.sketched_columns import with_sketches_alone

    return with_sketches_alone(found)


def _left_out(reports: Sequence[Made]) -> list[str]:
    """What is said of columns that cannot be merged."""
    names = list(dict.fromkeys(printable(name) for each in reports for name in each.left_out))
    more = ", ..." if len(names) > LEFT_OUT_SHOWN else ""
    return (
        [f"left out, as neither a group nor a state: {', '.join(names[:LEFT_OUT_SHOWN])}{more}"]
        if names
        else []
    )


def _settings(given: Mapping[str, Any], plan: Plan, words: Sequence[str]) -> Settings:
    """What is given beside the plan."""
    rest: dict[str, Any] = _among(given, Settings)
    lists = {name: tuple(value) for name, value in rest.items() if isinstance(value, list)}
    return Settings(plan=plan, words=tuple(words), **{**rest, **lists})


def _placed(reports: Sequence[StatedReport]) -> list[MergedReport]:
    """Events of a report stand behind those of the reports that are named before it."""
    before = accumulate((each.numbers for each in reports), initial=0)
    return [MergedReport(report, later) for report, later in zip(reports, before, strict=False)]


def _whole_ledger(reports: Sequence[StatedReport]) -> Ledger:
    """What became of the lines of all reports, as far as they tell."""
    of_logs = {}
    for report in reports:
        try:
            of_logs[report.log] = summed([report.ledger or {}]).as_dict()
        except ValueError as error:
            raise InputError(report.place, f"has a ledger that cannot be: {error}", "make it anew") from None
    whole = summed(list(of_logs.values()))
    whole.numbered = sum(each.numbers for each in reports)
    return whole
