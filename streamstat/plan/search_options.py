"""What `search` is asked for beside what all verbs share. Light to import: `--help` waits for it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar

from streamstat.plan.options import option

SEARCH = ("search",)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchOptions:
    """The options of `streamstat search`.

    queries_toml: the queries of `file`, whose name decides nothing, each as JSON: see `query_file`.

    >>> SearchOptions(queries_toml=['["slow", "took > 1"]'], query="errors=status >= 500").query
    ('errors=status >= 500',)
    """

    verb: ClassVar[str] = "search"

    file: str | None = option(
        None,
        "Queries",
        "QUERIES.toml",
        'A file of queries, a line each: name = "EXPR". It is a first argument that ends in .toml.',
        argument=True,
        in_files=False,
        verbs=SEARCH,
    )
    query: Sequence[str] = option(
        (),
        "Queries",
        "NAME=EXPR",
        "A query: an event for which EXPR holds gives a row. Repeat it for more.",
        short="q",
        verbs=SEARCH,
    )
    queries: str | None = option(
        None,
        "Queries",
        "FIELD",
        'A record with FIELD is no event, but changes the queries from the next one on: {"FIELD": {"name": "n",'
        ' "where": "EXPR"}} stores n, "where": null removes it.',
        verbs=SEARCH,
    )
    select: Sequence[str] = option(
        (),
        "Queries",
        "NAME=EXPR",
        "A column of the rows, computed from the event. Repeat it for more.",
        short="s",
        shown="event, the event as it was written",
        verbs=SEARCH,
    )
    queries_toml: Sequence[str] = ()

    def __post_init__(self) -> None:
        for name in ("query", "select", "queries_toml"):
            given = getattr(self, name)
            object.__setattr__(self, name, (given,) if isinstance(given, str) else tuple(given))

    @property
    def named(self) -> dict[str, Any]:
        """All that decides a result."""
        return {each.name: getattr(self, each.name) for each in fields(self) if each.name != "file"}
