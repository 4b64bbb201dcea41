"""What `view` is asked for beside what all verbs share. Light to import: `--help` waits for it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar

from streamstat.plan.options import option

VIEW = ("view",)
FORMATS_OF_CHANGES = (
    *("upsert", "debezium", "maxwell", "canal", "wal2json", "dms", "mongodb", "flink", "kcat"),
    "events",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewOptions:
    """The options of `streamstat view`.

    >>> ViewOptions(key="id", select="city=address.city").select
    ('city=address.city',)
    """

    verb: ClassVar[str] = "view"

    key: Sequence[str] = option(
        (),
        "View",
        "FIELD",
        "The field of a row that tells rows apart; with several, separated by commas, their values together. A format"
        " that says it needs no option.",
        verbs=VIEW,
    )
    changes: str = option(
        "auto",
        "View",
        "FORMAT",
        f"How the changes are written: {', '.join(FORMATS_OF_CHANGES)}. auto tells it by the first of them.",
        verbs=VIEW,
    )
    table: str | None = option(
        None, "View", "NAME", "Only changes of this table, where a log has several.", verbs=VIEW
    )
    deleted: str | None = option(
        None,
        "View",
        "EXPR",
        "With upsert: a record for which this holds says that its row is gone.",
        verbs=VIEW,
    )
    select: Sequence[str] = option(
        (),
        "View",
        "NAME=EXPR",
        "A column of the view, computed from the row. Repeat it for more.",
        short="s",
        shown="all columns that rows have",
        verbs=VIEW,
    )
    changelog: bool = option(
        False,
        "View",
        "",
        "stdout gets each change as it is applied: insert, update or delete; of groups retraction and result.",
        verbs=VIEW,
    )
    as_of: str | None = option(
        None,
        "View",
        "TIME",
        "The view as it was: only changes up to this time, given as for --since.",
        verbs=VIEW,
    )
    check: Sequence[str] = option(
        (),
        "View",
        "NAME=EXPR",
        "With --changes events: events are commands, and one for which EXPR does not hold is refused. EXPR sees the"
        " command, and its row so far as state.COLUMN. Repeat it for more.",
        verbs=VIEW,
    )
    drop_tombstones: bool = option(False, "View", "", "With --compact: leave out deletes.", verbs=VIEW)

    def __post_init__(self) -> None:
        for name in ("key", "select", "check"):
            given = getattr(self, name)
            object.__setattr__(self, name, (given,) if isinstance(given, str) else tuple(given))

    @property
    def named(self) -> dict[str, Any]:
        """All that decides a result."""
        return {each.name: getattr(self, each.name) for each in fields(self)}
