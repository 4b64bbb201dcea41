"""What the program says of its own use: pages for `--help`, and how to begin. Made from verbs and their options."""

import os
import shlex
import textwrap
from collections.abc import Iterator

from streamstat.commands.verbs import VERBS, Verb
from streamstat.common.registry import names_in
from streamstat.plan.options import GROUPS, Option

WIDEST, NARROWEST = 110, 50
MARGIN = 26  # where the words begin that say what an option does
ABOUT = (
    "Streams of events in logs of many formats: windows of event time, patterns in time, stored queries, tables kept"
    " from their changes."
)
FIRST_HELP = """\
streamstat counts events in windows of time: JSON lines in, rows out.

For example, how many events of each status came in each minute, and how slow they were:

  streamstat run access.ndjson --by status --agg 'count()' --agg 'p99(latency_ms)'

streamstat run --help shows all options, streamstat --help all commands."""


def overview(columns: int) -> str:
    """All of `streamstat --help`, for a terminal of so many columns."""
    width = _width(columns)
    lines = ["Usage: streamstat COMMAND ...", "", *textwrap.wrap(ABOUT, width), "", "Commands:"]
    for verb in VERBS.values():
        lines += described(verb.name, verb.about, width)
    lines += ["", "Options:"]
    lines += described("--version", "Show the version.", width)
    lines += described("--install-completion", "Have this shell complete options and commands.", width)
    lines += described("--show-completion", "Show what that would install.", width)
    lines += described("-h, --help", "Show this page; of a command: streamstat run --help.", width)
    return "\n".join(lines)


def page(verb: Verb, columns: int) -> str:
    """All of `streamstat VERB --help`."""
    width = _width(columns)
    usage = f"Usage: streamstat {verb.name} {verb.usage}"
    lines = [*textwrap.wrap(usage, width, subsequent_indent="  ", break_on_hyphens=False), ""]
    lines += [*textwrap.wrap(verb.about, width), ""]
    lines += ["Examples:", *(f"  {each}" for each in verb.examples), ""]
    for group in (group for group in GROUPS if group == "Run" or verb.members(group)):
        lines.append(f"{group}:")
        for each in verb.members(group):
            lines += described(_left(each), _right(each), width)
        if group == "Run":
            lines += described("-h, --help", "Show this page.", width)
        lines.append("")
    if verb.endings:
        lines.append("Exit codes:")
    for paragraph in verb.endings:
        lines += textwrap.wrap(paragraph, width, initial_indent="  ", subsequent_indent="  ")
    return "\n".join(lines).rstrip()


def described(left: str, right: str, width: int) -> Iterator[str]:
    """An option and what it does, in lines; on their own where the option is too long.

    >>> list(described("--follow", "Go on as inputs grow.", 60))
    ['  --follow                Go on as inputs grow.']
    """
    indent = " " * MARGIN
    words = textwrap.wrap(
        right, width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )
    if len(left) + 4 > MARGIN:
        yield f"  {left}"
    else:
        words[0] = f"  {left}".ljust(MARGIN) + words[0].lstrip()
    yield from words


def meant(words: list[str]) -> str | None:
    """What somebody meant who named inputs and no verb; None where the first word is no input.

    >>> meant(["logs/*.ndjson", "--by", "status"]), meant(["rnu"])
    ("streamstat run 'logs/*.ndjson' --by status", None)
    """
    first = words[0]
    is_input = first == "-" or any(each in first for each in "./*?[") or os.path.exists(first)  # noqa: PTH110
    return shlex.join(["streamstat", "run", *words]) if is_input else None


def _width(columns: int) -> int:
    return max(NARROWEST, min(columns, WIDEST))


def _left(one: Option) -> str:
    if one.is_argument:
        return f"{one.value}..." if one.is_list else one.value
    return f"{', '.join(reversed(one.flags))} {one.value}".rstrip()


def _right(one: Option) -> str:
    words = one.help
    if one.holder == "agg":
        words += f" There are {' '.join(names_in('aggregates'))}, and p50 to p99.9."
    return words + (f" [default: {one.default}]" if one.default else "")
