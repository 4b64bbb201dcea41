"""What is said of an option that there is not: the one that was meant, where that is likely, else where all are."""

from streamstat.commands.runner_settings import RunnerSettings
from streamstat.commands.verbs import VERBS
from streamstat.common.errors import UsageError
from streamstat.plan.meant_options import meant_options
from streamstat.plan.options import Option, options_of

OF_SPARK = {flag for each in options_of(RunnerSettings) for flag in each.flags}


def unknown_option(flag: str, verb: str) -> UsageError:
    """What ends a command line with a flag that the verb does not have.

    >>> str(unknown_option("--group-by", "run"))
    '--group-by: there is no such option; did you mean --by FIELD?'
    """
    if verb in VERBS and flag in OF_SPARK:
        return UsageError(
            flag, f"{verb} runs in this process; Spark is for streamstat run", f"leave {flag} out"
        )
    known = {each.key: each for each in VERBS[verb].options} if verb in VERBS else {}
    meant = meant_options(flag.lstrip("-"), known) if flag.startswith("--") else []
    command = f"streamstat {verb}" if verb in VERBS else "streamstat"
    return UsageError(flag, "there is no such option", _hint([known[key] for key in meant], command))


def _hint(meant: list[Option], command: str) -> str:
    named = " or ".join(f"{one.flags[0]} {one.value}".rstrip() for one in meant if not one.is_argument)
    hints = [f"did you mean {named}?"] if named else []
    if any(one.is_argument for one in meant):
        hints.append(f"an input needs no option: {command} access.ndjson")
    return "; ".join(hints) or f"{command} --help shows all there are"
