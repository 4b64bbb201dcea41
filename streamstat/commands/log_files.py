"""Files that hold records of a log of their own: commands that were accepted or refused, a compacted log."""

from dataclasses import replace
from typing import Any

from streamstat.commands.settings import Settings
from streamstat.common.errors import InputError, UsageError
from streamstat.common.terminal import printable
from streamstat.common.units import shown
from streamstat.plan.job import Job

NDJSON = "ndjson"


def options_of_logs(chosen: Settings) -> dict[str, str]:
    """The options that name such files, and these; records go there as they stand in the input."""
    named = (("--accepted-file", chosen.accepted_file), ("--refused-file", chosen.refused_file))
    return {option: path for option, path in (*named, ("--compact", chosen.compact)) if path is not None}


def option_of_log(chosen: Settings) -> str:
    """One of them, empty if there is none."""
    return next(iter(options_of_logs(chosen)), "")


def check_log_files(chosen: Settings) -> None:
    """UsageError for files of which there is nothing to write, and for inputs of which they cannot be written."""
    options, own = options_of_logs(chosen), chosen.plan.own
    _check_compaction(chosen)
    for option in options:
        if option != "--compact" and not getattr(own, "check", ()):
            problem = "means nothing without --check, which tells commands from events"
            raise UsageError(option, problem, "for example --check 'enough=state.balance >= amount'")
        if chosen.plan.input not in ("auto", NDJSON):
            problem = f"needs {NDJSON}, and --input is {shown(chosen.plan.input)}"
            raise UsageError(option, problem, f"leave {option} out, or give {NDJSON}")


def _check_compaction(chosen: Settings) -> None:
    changes = getattr(chosen.plan.own, "changes", "")
    if chosen.compact is None:
        if getattr(chosen.plan.own, "drop_tombstones", False):
            raise UsageError(
                "--drop-tombstones", "means nothing without --compact", "for example --compact F"
            )
        return
    from streamstat.plan.viewing import check_compactable  # a run of another verb needs none of it

    check_compactable(changes)
    for option, is_given in (("--state", chosen.state is not None), ("--follow", chosen.follow)):
        if is_given:
            problem = f"with {option} a log has no end, and only the whole of it can be compacted"
            raise UsageError("--compact", problem, f"leave {option} out")
    if chosen.plan.each is not None:
        problem = "with --each a record holds several events, and only whole records are written"
        raise UsageError("--compact", problem, "leave one of them out")


def with_log_files(chosen: Settings, job: Job) -> Job:
    """The job with what such files want of it."""
    if chosen.refused_file is not None:
        job = replace(job, written=True)
    if chosen.compact is not None:
        view: Any = job.kept
        job = replace(job, kept=replace(view, compacts=True))
    return job


def check_format_of(input: str, format: str, option: str) -> None:
    """InputError for an input whose records cannot be written as they stand."""
    if format != NDJSON:
        problem = f"{option} needs {NDJSON}, and this is read as {format}"
        raise InputError(printable(input), problem, f"leave {option} out, or --input {NDJSON} reads it so")
