"""What `match` is asked for beside what all verbs share. Light to import: `--help` waits for it."""

from collections.abc import Sequence
from dataclasses import MISSING, dataclass, fields
from typing import Any, ClassVar

from streamstat.plan.options import option

MATCH = ("match",)


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchOptions:
    """The options of `streamstat match`.

    >>> MatchOptions(pattern="a -> b", define="a=x == 1", within="5m").define
    ('a=x == 1',)
    """

    verb: ClassVar[str] = "match"

    pattern: str = option(
        MISSING,
        "Pattern",
        "PATTERN",
        "What is looked for, such as 'fail{5,} -> ok'; streamstat help patterns explains all of it.",
        argument=True,
        verbs=MATCH,
    )
    define: Sequence[str] = option(
        (),
        "Pattern",
        "NAME=EXPR",
        "A step of the pattern: an event for which EXPR holds. It can name fields, prev.FIELD of the event of the group"
        " just before, and STEP.FIELD of a step before it that is taken once. Repeat it for each step.",
        short="d",
        verbs=MATCH,
    )
    within: str | None = option(
        None,
        "Pattern",
        "DURATION",
        "The last event of a match is at most so far behind its first. It must be given.",
        verbs=MATCH,
    )
    overlap: bool = option(
        False,
        "Pattern",
        "",
        "Events of a match can be in others, too: a match is told at every event at which one ends.",
        verbs=MATCH,
    )
    final: bool = option(
        False,
        "Pattern",
        "",
        "At the end of input also tell the absences that more input could have prevented.",
        verbs=MATCH,
    )
    events: bool = option(
        False,
        "Pattern",
        "",
        "Add the column events: a list of all events of the match as they were written, each with its step.",
        verbs=MATCH,
    )

    @property
    def named(self) -> dict[str, Any]:
        """All that decides a result."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    def __post_init__(self) -> None:
        object.__setattr__(
            self, "define", (self.define,) if isinstance(self.define, str) else tuple(self.define)
        )
