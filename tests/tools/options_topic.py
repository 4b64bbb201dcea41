"""The help topic that lists all options, as the table of options has them: `make accept` writes it."""

import textwrap
from pathlib import Path

from streamstat.commands.verbs import VERBS
from streamstat.plan.options import GROUPS, Option

PATH = Path(__file__).parents[2] / "streamstat" / "help" / "options.md"
TOPICS = {
    "Input": "inputs follow",
    "Time": "times",
    "Windows": "windows late",
    "Rows": "aggregates expressions questions limits",
    "Output": "outputs accuracy",
    "State": "state",
    "Run": "ledger exit-codes",
}
CONFIGURATION = (
    "A configuration file has at most 1 MiB. It holds the long names, with `-` or `_`; `header = false` stands for"
    " `--no-header`. `streamstat help recipes` has one, and `streamstat help views` one with several reports."
)
WIDTH = 78


def text() -> str:
    """All of the topic."""
    verb = VERBS["run"]
    lines = ["# All options of streamstat run", "", f"`streamstat run {verb.usage}`"]
    for group in filter(verb.members, GROUPS):
        topics = [f"`streamstat help {name}`" for name in TOPICS[group].split()]
        see = f"See {', '.join(topics)}."
        lines += ["", f"## {group}", "", *textwrap.wrap(see, WIDTH), ""]
        for one in verb.members(group):
            lines += textwrap.wrap(entry(one), WIDTH, subsequent_indent="  ", break_on_hyphens=False)
    lines += [
        "- `-h, --help`: Show the page of options.",
        "- `streamstat --version`: Show the version.",
    ]
    lines += ["", *textwrap.wrap(CONFIGURATION, WIDTH), ""]
    return "\n".join(lines)


def entry(one: Option) -> str:
    """One option: how it is typed, what it does, its default."""
    typed = f"{one.value}..." if one.is_argument else f"{', '.join(reversed(one.flags))} {one.value}".rstrip()
    return f"- `{typed}`: {one.help}" + (f" Default: `{one.default}`." if one.default else "")
