"""What `join` is asked for beside what all verbs share. Light to import: `--help` waits for it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar

from streamstat.plan.options import option

JOIN = ("join",)


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinOptions:
    """The options of `streamstat join`. names: those of the sides, as inputs have them, the left one first.

    >>> JoinOptions(names=("requests", "responses"), on="id", within="30s").on
    ('id',)
    """

    verb: ClassVar[str] = "join"

    on: Sequence[str] = option(
        (),
        "Join",
        "FIELD",
        "Events are partners whose FIELD is equal, as it is written: 1 is not 1.0. LEFT=RIGHT where the sides call it"
        " differently. Repeat it, or separate them by commas. It must be given.",
        verbs=JOIN,
    )
    within: str | None = option(
        None,
        "Join",
        "D",
        "Partners are at most D apart. LO..HI: the right time minus the left one lies between these, such as 0s..30m or"
        " -5s..5s.",
        verbs=JOIN,
    )
    as_of: bool = option(
        False,
        "Join",
        "",
        "The partner of a left event is the newest right event that is not later: a table as it was at that time.",
        verbs=JOIN,
    )
    kind: str = option(
        "inner",
        "Join",
        "KIND",
        "inner: pairs. left, right, outer: also the events of that side, or both, that have no partner. semi: left"
        " events that have one, once. anti: left events that have none.",
        verbs=JOIN,
    )
    pick: str | None = option(
        None,
        "Join",
        "WHICH",
        "With --within: of the partners of a left event only the first, the last or the nearest.",
        shown="all",
        verbs=JOIN,
    )
    max_age: str | None = option(
        None,
        "Join",
        "DURATION",
        "With --as-of: a right event that is older than this is no partner.",
        shown="no limit",
        verbs=JOIN,
    )
    deleted: str | None = option(
        None,
        "Join",
        "EXPR",
        "With --as-of: a right event for which EXPR holds ends what was there before it.",
        verbs=JOIN,
    )
    side: Sequence[str] = option(
        (),
        "Join",
        "NAME=EXPR",
        "Both sides are of the same inputs: the events of NAME are those for which EXPR holds. Give it twice, the left"
        " side first.",
        verbs=JOIN,
    )
    select: Sequence[str] = option(
        (),
        "Join",
        "NAME=EXPR",
        "A column of the rows. EXPR names fields with their side, such as clicks.url. Repeat it for more.",
        short="s",
        shown="both events as they were written, in columns called as the sides",
        verbs=JOIN,
    )
    names: Sequence[str] = ()

    def __post_init__(self) -> None:
        for name in ("on", "side", "select", "names"):
            given = getattr(self, name)
            object.__setattr__(self, name, (given,) if isinstance(given, str) else tuple(given))

    @property
    def named(self) -> dict[str, Any]:
        """All that decides a result."""
        return {each.name: getattr(self, each.name) for each in fields(self)}
