"""The columns of a join's rows: the key, the times of both sides, and what is computed from fields of both."""

from collections.abc import Sequence

from streamstat.common.errors import UsageError
from streamstat.common.record import record
from streamstat.common.units import shown
from streamstat.expressions import Expression, compile_expression
from streamstat.plan.shapes import named
from streamstat.values.columns import ColumnType, Need, ResultField

ROW_TIME = "time"


@record
class OnKey:
    """A field of the key: the name of its column, and its paths on the left and on the right side."""

    name: str
    paths: tuple[str, str]


@record
class JoinColumn:
    """A column that `--select` asks for; the paths of its expression begin with the name of a side, but for the
    columns that hold the times of sides.
    """

    name: str
    expression: Expression

    def of_side(self, side: str) -> dict[str, Need]:
        """The fields of a side that it looks at, by their paths there."""
        prefix = f"{side}."
        found = self.expression.fields.items()
        plain = Need.NUMBER | Need.TEXT  # of a field whose value is given on, or read as a time
        return {
            path.removeprefix(prefix): plain if self.expression.field or need & Need.TIME else need
            for path, need in found
            if path.startswith(prefix)
        }


def selected(texts: Sequence[str], names: tuple[str, str], keys: Sequence[str]) -> tuple[JoinColumn, ...]:
    """The columns that `--select` asks for; UsageError for a name that is taken, or a field that has no side."""
    found: list[JoinColumn] = []
    taken = {ROW_TIME, *keys, *(time_of(name) for name in names)}
    for text in texts:
        name, written = named("--select", text, f"url={names[0]}.url")
        if name in taken:
            problem = f"two columns would be named {shown(name)}"
            raise UsageError("--select", problem, f"for example 'other_{name}=...'")
        taken.add(name)
        expression = compile_expression(written, "--select")
        _check(expression, names)
        found.append(JoinColumn(name, expression))
    return tuple(found)


def time_of(side: str) -> str:
    """The column with the time of a side's event; in `--select` it is in seconds, as `event_time` is."""
    return f"{side}_time"


def _check(expression: Expression, names: tuple[str, str]) -> None:
    if expression.asks_written:
        problem = "anywhere() looks at one event, and a row has two"
        raise UsageError("--select", problem, f"name the field, for example words({names[0]}.message, ...)")
    for path in expression.fields.keys() - set(map(time_of, names)):
        side, dot, field = path.partition(".")
        if side not in names or not dot or not field:
            problem = f"{shown(path)} does not say of which side it is, {names[0]} or {names[1]}"
            raise UsageError("--select", problem, f"for example {names[0]}.{field or path}")


def columns_of(
    names: tuple[str, str], on: Sequence[OnKey], columns: Sequence[JoinColumn]
) -> tuple[ResultField, ...]:
    """The columns of rows."""
    told = [each.name for each in columns] or list(names)
    known = [ROW_TIME, *(key.name for key in on), *(time_of(name) for name in names)]
    for name in told:
        if name in known:
            problem = f"two columns would be named {shown(name)}"
            raise UsageError("INPUT", problem, f"call the side otherwise, for example {name}s=...")
    times = {ROW_TIME, *(time_of(name) for name in names)} - {key.name for key in on}
    return tuple(
        ResultField(name, ColumnType.TIME if name in times else ColumnType.ANY) for name in (*known, *told)
    )
