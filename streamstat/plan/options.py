"""Options, each declared once: as the field that holds it, in `Plan` or in the settings of a verb.

From these fields come the command line, the keys of a configuration file, `--help` and `streamstat help options`.
Light to import: `--help` waits for it.
"""

from collections.abc import Iterator
from dataclasses import MISSING, field, fields
from functools import partial
from typing import Any, ClassVar, Protocol

from streamstat.common.record import record

GROUPS = ("Pattern", "Queries", "Join", "View", "Input", "Time", "Windows", "Rows", "Output", "State", "Run")
FRAME = (
    "run",
    "match",
    "search",
    "join",
    "view",
)  # the verbs that read events: what all of them share is an option of each
READS = (*FRAME, "inspect")  # and that which looks at them
WRITES = (*FRAME, "merge")  # the verbs that write rows as reports


class Own(Protocol):
    """The options that a verb has beside those that all share: a frozen dataclass, whose fields are options."""

    verb: ClassVar[str]

    @property
    def named(self) -> dict[str, Any]:
        """All that decides a result, by its name."""
        ...


@record
class Option:
    """One option. `holder` is the field that holds it, `type` that field's type, `default` what the help says of it.

    is_on: it is a switch that is on unless it is turned off: `--no-NAME` does, and `NAME = false` in a file.
    """

    holder: str
    type: Any
    name: str
    short: str
    group: str
    value: str  # what stands for its value in the help; none for a switch
    help: str
    default: str
    least: int | None
    most: int | None
    is_argument: bool
    is_required: bool
    is_in_files: bool
    is_of_report: bool  # each report of a pass has its own
    verbs: tuple[str, ...]
    is_on: bool

    @property
    def flags(self) -> tuple[str, ...]:
        """As they are typed, the long one first."""
        long = f"--no-{self.name}" if self.is_on else f"--{self.name}"
        return (long, *([f"-{self.short}"] if self.short else ()))

    @property
    def is_list(self) -> bool:
        """Whether it may be given more than once."""
        return self.type not in (str, str | None, int, int | None, bool)

    @property
    def key(self) -> str:
        """Its name in a configuration file."""
        return self.name.replace("-", "_")


def option(
    default: Any,
    group: str,
    value: str,
    help: str,
    *,
    name: str = "",
    short: str = "",
    shown: str = "",
    least: int | None = None,
    most: int | None = None,
    argument: bool = False,
    in_files: bool = True,
    of_report: bool = False,
    verbs: tuple[str, ...] = FRAME,
) -> Any:
    """A field of a dataclass that is an option.

    name: if it is not that of the field. shown: the default in words, if it is not `default`. least, most: of a number.
    argument: it is given by place. in_files: a configuration file may have it. of_report: each report of
    a pass has its own. verbs: who has it. An option whose
    default is MISSING is required.
    """
    marks = (argument, default is MISSING, in_files, of_report, verbs, default is True)
    told = (short, group, value, help, least, most, *marks)
    return field(default=default, metadata={"option": (name, shown, told)})


common = partial(option, verbs=READS)  # of all that read events


def options_of(*kinds: type) -> Iterator[Option]:
    """The options that these dataclasses hold, in the order of their fields."""
    for kind in kinds:
        for each in fields(kind):
            if "option" in each.metadata:
                name, shown, (short, group, value, help, *rest) = each.metadata["option"]
                told = each.default and isinstance(each.default, str | int) and each.default is not True
                default = shown or (str(each.default) if told else "")
                name = name or each.name.replace("_", "-")
                yield Option(each.name, each.type, name, short, group, value, help, default, *rest)
