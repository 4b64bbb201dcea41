"""What `search` asks for: the queries, in the order of their names, and the columns of their rows."""

from collections.abc import Iterable
from typing import ClassVar

from streamstat.common.errors import ConfigError, UsageError
from streamstat.common.record import record
from streamstat.common.terminal import printable
from streamstat.common.units import shown
from streamstat.common.zones import Zone
from streamstat.expressions import Expression, compile_expression
from streamstat.expressions.forms import QueryReader, StoredQuery
from streamstat.expressions.nodes import Literal
from streamstat.plan.asked import Asked
from streamstat.plan.clocks import optional_field
from streamstat.plan.job import Meant
from streamstat.plan.plan import Plan
from streamstat.plan.query_file import name_and_condition
from streamstat.plan.search_options import SearchOptions
from streamstat.plan.shapes import named
from streamstat.values.columns import ColumnType, Need, ResultField

HIT_TIME, QUERY, WHOLE_EVENT = "time", "query", "event"
QUERY_EXAMPLE = "for example -q 'errors=status >= 500'"


@record
class NamedQuery:
    """A query of the plan."""

    name: str
    stored: StoredQuery


@record
class Queries:
    """What is kept of a stream that is searched: nothing but the queries, ordered by the bytes of their names.

    reader: read them, and knows their fields. columns: what each row has beside the event's time and the name of the
    query; none: the event as it was written. changes: the field of records that change the queries.
    """

    queries: tuple[NamedQuery, ...]
    reader: QueryReader
    columns: tuple[tuple[str, Expression], ...] = ()
    changes: str | None = None
    shape: ClassVar[str] = "search"

    @property
    def one_size(self) -> bool:
        """Rows have one time."""
        return True

    @property
    def left_open(self) -> tuple[Expression, ...]:
        """What is evaluated of queries that no index can decide."""
        expressions = (each.stored.expression for each in self.queries)
        return tuple(each for each in expressions if each is not None)

    @property
    def asks_written(self) -> bool:
        """Whether events are wanted as they were written."""
        return self.reader.asks_written or self.changes is not None or not self.columns


def searched(plan: Plan, zone: Zone) -> Meant:
    """The part of a job that is of stored queries."""
    own = plan.own
    assert isinstance(own, SearchOptions)
    columns = _columns(own)
    changes = optional_field("--queries", own.queries)
    reader = QueryReader()
    queries = _queries(own, reader)
    if not queries and changes is None:
        raise UsageError("search", "there is no query", QUERY_EXAMPLE)
    kept = Queries(queries, reader, columns, changes)
    names = [name for name, _ in columns] or [WHOLE_EVENT]
    every = Expression("", reader.needs, Literal(True))  # stands for the fields of all queries
    return Meant(
        kept=kept,
        columns=(
            ResultField(HIT_TIME, ColumnType.TIME),
            *(ResultField(name, ColumnType.ANY) for name in (QUERY, *names)),
        ),
        asked=(
            *(Asked("--select", expression, False) for _, expression in columns),
            Asked("--query", every, alone=False),
            *(Asked("--query", each, alone=False) for each in kept.left_open),
        ),
        wanted=_wanted(kept),
        written=kept.asks_written,
        changes=changes,
        stores_queries=True,
    )


def _wanted(kept: Queries) -> dict[str, Need]:
    """What is looked at of fields, beside the expressions of columns."""
    wanted = dict(kept.reader.needs)
    plain = [expression.field for _, expression in kept.columns if expression.field is not None]
    for path, need in [(path, Need.NUMBER | Need.TEXT) for path in plain]:
        wanted[path] = wanted.get(path, Need.NOTHING) | need
    if kept.changes is not None:
        wanted[kept.changes] = wanted.get(kept.changes, Need.NOTHING) | Need.TEXT
    return wanted


def _queries(own: SearchOptions, reader: QueryReader) -> tuple[NamedQuery, ...]:
    found: dict[str, NamedQuery] = {}
    source = printable(own.file or "QUERIES.toml")
    for name, text in map(name_and_condition, own.queries_toml):
        place = f"{source}: {printable(name)}"
        try:
            found[name] = NamedQuery(name, reader.read(text, place))
        except UsageError as error:
            raise ConfigError(place, error.problem, error.hint) from None
    for text in own.query:
        name, expression = named("--query", text, "errors=status >= 500")
        if name in found:
            problem = f"two queries would be named {shown(name)}"
            raise UsageError("--query", problem, f"for example 'other_{name}=...'")
        found[name] = NamedQuery(name, reader.read(expression, f"--query {printable(name)}"))
    return tuple(found[name] for name in in_order(found))


def in_order(names: Iterable[str]) -> list[str]:
    """Names as rows of one event have them: by their UTF-8 bytes."""
    return sorted(names, key=lambda name: name.encode(errors="surrogateescape"))


def _columns(own: SearchOptions) -> tuple[tuple[str, Expression], ...]:
    found: dict[str, Expression] = {}
    for text in own.select:
        name, expression = named("--select", text, "user=user.id")
        if name in found or name in (HIT_TIME, QUERY):
            problem = f"two columns would be named {shown(name)}"
            raise UsageError("--select", problem, f"for example 'other_{name}=...'")
        found[name] = compile_expression(expression, "--select")
    return tuple(found.items())
