"""Files that hold records of a log of their own: commands that were accepted or refused, a compacted log."""

from streamstat.commands.settings import Settings
from streamstat.common.errors import InputError, UsageError
from streamstat.common.terminal import printable
from streamstat.common.units import shown

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
    for option in options:
        if option != "--compact" and not getattr(own, "check", ()):
            problem = "means nothing without --check, which tells commands from events"
            raise UsageError(option, problem, "for example --check 'enough=state.balance >= amount'")
        if chosen.plan.input not in ("auto", NDJSON):
            problem = f"needs {NDJSON}, and --input is {shown(chosen.plan.input)}"
            raise UsageError(option, problem, f"leave {option} out, or give {NDJSON}")


def check_format_of(input: str, format: str, option: str) -> None:
    """InputError for an input whose records cannot be written as they stand."""
    if format != NDJSON:
        problem = f"{option} needs {NDJSON}, and this is read as {format}"
        raise InputError(printable(input), problem, f"leave {option} out, or --input {NDJSON} reads it so")
