"""`--promises`: which report is to promise how far its rows have come, and whether its lines can say so."""

from collections.abc import Sequence
from dataclasses import replace

from streamstat.commands.settings import ReportSettings, Settings
from streamstat.common.errors import UsageError
from streamstat.output.promises import WATERMARK
from streamstat.plan.job import Job

_OTHER_NAME = f"give it another name, for example other_{WATERMARK}=FIELD"


def with_promises(chosen: Settings, jobs: Sequence[Job]) -> list[Job]:
    """The jobs of the reports; that whose rows go to stdout promises, if it is to. UsageError if it cannot."""
    if not chosen.promises:
        return list(jobs)
    pairs = list(zip(chosen.reports, jobs, strict=True))
    if not any(report.prints for report in chosen.reports):
        hint = _hint(chosen.reports[0], "--output - --format ndjson", 'output = "-" and format = "ndjson"')
        raise UsageError("--promises", "needs rows on stdout, and all go to files", hint)
    for report, job in pairs:
        if report.prints:
            _check(report, job)
    return [replace(job, promises=report.prints) for report, job in pairs]


def _check(report: ReportSettings, job: Job) -> None:
    if report.stdout_format != "ndjson":
        hint = _hint(report, "--format ndjson", 'format = "ndjson"')
        raise UsageError("--promises", "needs ndjson on stdout", hint)
    if job.replaces and not job.tells_changes:
        problem = "rows of a view have no time, and are told anew"
        raise UsageError("--promises", problem, "--changelog tells each change with its time")
    if any(field.name == WATERMARK for field in job.row_fields):
        problem = f"a row with the column {WATERMARK!r} would read as a promise"
        raise UsageError("--promises", problem, _OTHER_NAME)


def _hint(report: ReportSettings, typed: str, written: str) -> str:
    return f"write {written} below [report.{report.name}]" if report.name else f"for example {typed}"
