"""The reports of a command line: what each of them is, and how its rows are written. One, or several of one pass."""

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from streamstat.aggregates import Aggregate
from streamstat.commands.log_files import check_log_files, with_log_files
from streamstat.commands.promises import with_promises
from streamstat.commands.settings import ReportSettings, Settings
from streamstat.common.errors import ConfigError, ReadWriteError, UsageError
from streamstat.common.record import record
from streamstat.common.streams import is_pipe, is_writable
from streamstat.common.workers import Workers
from streamstat.output.outputs import Form, check_charts, check_format, check_metrics, column_types
from streamstat.output.presentation import Presentation
from streamstat.output.suffixes import kind_of
from streamstat.plan.job import Job, together
from streamstat.plan.meaning import job_of
from streamstat.values.columns import ColumnType, ResultField

_TYPED = re.compile(r"(for example |use )--([a-z][a-z-]*) ('[^']*'|[^\s'\";,]+)")


@record
class Reports:
    """The job of the pass, and how the rows of each report are written."""

    job: Job
    forms: tuple[Form, ...]


def reports_of(chosen: Settings, workers: Workers, now_us: int | None) -> Reports:
    """What the options mean; UsageError, or ConfigError with the name of the report, for what cannot be."""
    jobs, forms = [], []
    with told_of_config(chosen):
        check_log_files(chosen)
    is_live = chosen.follow or chosen.state is not None
    for report in chosen.reports:
        with told_of_config(chosen, report):
            job = replace(job_of(report.plan, live=is_live, now_us=now_us), name=report.name)
            job = with_log_files(chosen, job)
            check_format(report.stdout_format)
            check_charts(report.output, report.chart)
            types = column_types(report.type, _known_fields(report, job))
            _check_metrics(report, job)
            _check_chart(report, job, chosen)
            _check_changelog(report, job)
            _check_states(report, job)
        jobs.append(job)
        names, look = job.group_names, _presentation(job, chosen)
        written = (report.csv_raw, types, workers, report.header)
        forms.append(Form(job.zone, *written, names, look, job.replaces, report.chart))
    _check_stdout(chosen)
    return Reports(together(with_promises(chosen, jobs)), tuple(forms))


def _known_fields(report: ReportSettings, job: Job) -> tuple[ResultField, ...]:
    """The columns of rows; those that come with rows may be any."""
    if not job.replaces:
        return job.row_fields
    named = (ResultField(text.rpartition("=")[0], ColumnType.ANY) for text in report.type)
    return (*job.row_fields, *named)


def _check_changelog(report: ReportSettings, job: Job) -> None:
    if job.tells_changes and not report.prints:
        problem = "needs rows on stdout, and all go to files"
        raise UsageError("--changelog", problem, f"for example --output - --output {report.output[0]}")


def _check_states(report: ReportSettings, job: Job) -> None:
    """Only Parquet has columns of bytes."""
    kinds = [kind_of(path).format for path in report.output if path != "-"]
    if job.states and "parquet" not in kinds:
        raise UsageError(
            "--states", "means nothing without a Parquet report", "for example -o report.parquet"
        )


@contextmanager
def told_of_config(chosen: Settings, report: ReportSettings | None = None) -> Iterator[None]:
    """What is wrong with an option of the configuration file is told with the file's name, and the report's."""
    try:
        yield
    except UsageError as error:
        option = error.place.removeprefix("--").replace("-", "_")
        hint = _in_file(error.hint)
        if report is not None and report.name and option not in chosen.configured:
            place = f"{chosen.config}: report.{report.name}"
            raise ConfigError(f"{place}.{option}", error.problem, hint) from None
        if chosen.config is None or option not in chosen.configured:
            raise
        raise ConfigError(f"{chosen.config}: {option}", error.problem, hint) from None


def _in_file(hint: str) -> str:
    """What a hint has for the command line, as a file has it.

    >>> _in_file("for example --late update"), _in_file("for example --limit 10")
    ('for example late = "update"', 'for example limit = 10')
    """
    found = _TYPED.fullmatch(hint)
    if found is None:
        return hint
    value = found[3].strip("'")
    return f"{found[1]}{found[2].replace('-', '_')} = {value if value.isdigit() else json.dumps(value)}"


def _presentation(job: Job, chosen: Settings) -> Presentation:
    """What tables must be told. Rows are wanted as they fire by whoever follows, goes on, or waits for a pipe."""
    waits = job.moves and any(map(is_pipe, chosen.inputs or ["-"]))
    live = chosen.follow or chosen.state is not None or waits
    keys = tuple(group.name for group in job.groups)
    sums = tuple(measure.name for measure in job.measures if _adds_up(measure.aggregate))
    return Presentation(keys, job.kept.one_size, live, sums, chosen.live and sys.stdout.isatty())


def _adds_up(aggregate: Aggregate) -> bool:
    """Whether the values of several groups may be added: what nothing adds 0 to, and is no estimate of a sketch."""
    return aggregate.zero_if_empty and not any(state.written for state in aggregate.states)


def _check_stdout(chosen: Settings) -> None:
    """Rows of two reports would be mixed; and rows that nobody can get must be neither counted as printed nor
    committed."""
    printing = [report.name for report in chosen.reports if report.prints]
    if len(printing) > 1:
        problem = f"writes to stdout, and so does report.{printing[0]}"
        place = f"{chosen.config}: report.{printing[1]}"
        raise UsageError(place, problem, f'for example output = "{printing[1]}.csv"')
    if printing and not is_writable(sys.stdout.fileno()):
        hint = "-o report.csv writes rows to a file"
        raise ReadWriteError("stdout", "is closed, or not open for writing", hint)


def _check_chart(report: ReportSettings, job: Job, chosen: Settings) -> None:
    """A chart is drawn once, of all windows, each of which has one row a group."""
    if report.stdout_format != "chart" or not report.prints:
        return
    if all(each.name != "window_end" for each in job.row_fields):
        raise UsageError("--format", "chart draws windows, and these rows have none", "for example -f table")
    if job.corrects:
        problem = f"chart has each window once, and --late {job.late} shows old ones"
        raise UsageError("--format", problem, "for example -f table")
    if chosen.follow or chosen.state is not None:
        option = "--follow" if chosen.follow else "--state"
        hint = "--live shows windows as they grow" if chosen.follow else "for example -f table"
        raise UsageError("--format", f"chart is drawn once, at the end, and {option} has none", hint)


def _check_metrics(report: ReportSettings, job: Job) -> None:
    """Metrics have names that others do not have, and a value each."""
    shown = report.stdout_format if report.prints else None
    check_metrics(report.output, shown, job.row_fields, job.group_names)
    if shown == "prom" and job.corrects:
        problem = f"prom has one value a metric, and --late {job.late} shows old ones"
        raise UsageError("--format", problem, "-o report.prom gets each window once")
