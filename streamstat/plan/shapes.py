"""What is done with rows before anybody gets them, from texts: `--share --column --having --order --limit`."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

from streamstat.common.errors import UsageError
from streamstat.common.registry import nearest
from streamstat.common.units import shown
from streamstat.expressions import Expression, compile_condition, compile_expression
from streamstat.expressions.mistakes import EXAMPLE_HINT
from streamstat.plan.calls import split_commas
from streamstat.plan.job import OVERFLOW, Group, Measure, RowShape
from streamstat.plan.measures import attempt
from streamstat.plan.plan import Plan
from streamstat.values.columns import ColumnType, ResultField

_NAMED = re.compile(r"\s*([^\s=]+)\s*=(?!=)\s*(.+)", re.DOTALL)
_SQL_ORDER = re.compile(r"(\S+)\s+(asc|desc)|(asc|desc)\(\s*(\S+)\s*\)", re.IGNORECASE)
Compile: TypeAlias = Callable[[str, str, list[str]], Expression]
EDGES = ("window_start", "window_end")
FINAL = ResultField("final", ColumnType.ANY)
OF_PRODUCERS = (ResultField("producers", ColumnType.INTEGER), ResultField("silent", ColumnType.LIST))


def shape_of(plan: Plan, groups: tuple[Group, ...], measures: tuple[Measure, ...]) -> RowShape:
    """What the options say; UsageError for a column that there is not, or not yet."""
    overflow = () if plan.max_groups is None else (OVERFLOW,)
    known = [*EDGES, *(each.name for each in groups), *overflow, *(each.name for each in measures)]
    complete = completeness_of(plan)
    known += [field.name for field in complete]
    example = _spelt(measures[-1].name)
    shares, columns = [], []
    for text in plan.share:
        for piece in attempt("--share", split_commas, text):
            name, column = named("--share", piece, f"part={example}")
            _check_known("--share", column, known)
            shares.append((name, column))
    _add(known, "--share", [name for name, _ in shares])
    for text in plan.column:
        name, expression = named("--column", text, f"ratio={example} / 100")
        with _told_of_rows("--column", expression, measures):
            columns.append((name, _over_rows(compile_expression, "--column", expression, known)))
        _add(known, "--column", [name])
    having = None
    if plan.having is not None:
        having = having_over(plan.having, known, measures)
    order = tuple(
        _ordering(piece, known) for text in plan.order for piece in attempt("--order", split_commas, text)
    )
    return RowShape(complete, tuple(shares), tuple(columns), having, order, plan.limit)


def completeness_of(plan: Plan) -> tuple[ResultField, ...]:
    """The columns that `--completeness` adds."""
    if not plan.completeness:
        return ()
    return (FINAL,) if plan.producer is None else (FINAL, *OF_PRODUCERS)


def having_over(text: str, known: list[str], measures: tuple[Measure, ...]) -> Expression:
    """A condition over rows with these columns."""
    with _told_of_rows("--having", text, measures):
        return _over_rows(compile_condition, "--having", text, known)


def check_shape(plan: Plan, window_shape: str) -> None:
    """Refuse what needs all rows of a window at once, where they come one by one or again."""
    given = (("--order", plan.order), ("--limit", plan.limit), ("--share", plan.share))
    option = next((name for name, value in given if value), None)
    if plan.completeness and window_shape == "trailing":
        problem = "sliding windows end with each event, too many to say who was silent in them"
        raise UsageError("--completeness", problem, "use hopping:5m/1m")
    if plan.limit is not None and plan.limit < 1:
        raise UsageError("--limit", f"{plan.limit} is less than 1", "for example --limit 10")
    if option is None:
        return
    if plan.late != "drop":
        problem = f"with --late {plan.late} the rows of a window come again one by one"
        raise UsageError(option, problem, "use --late drop")
    if window_shape != "panes":
        kind = plan.window.partition(":")[0]
        problem = f"needs rows that share a window, and each row of {kind} has its own"
        raise UsageError(option, problem, "use tumbling, hopping or all")


def named(option: str, text: str, example: str) -> tuple[str, str]:
    """A name and what it stands for, of `NAME=REST`; UsageError with an example where there is no name."""
    found = _NAMED.fullmatch(text.strip())
    if found is not None:
        return found[1], found[2].strip()
    name, equals, rest = (each.strip() for each in text.partition("="))
    problem = f"{shown(text)} has no name"
    if name and equals and not rest:
        problem = f"nothing follows {shown(text)}"
    elif equals and re.fullmatch(r"\w+(?:\s+\w+)+", name) and not rest.startswith("="):
        problem = f"{shown(name)} is no name, as it has a space"
    raise UsageError(option, problem, f"for example '{example}'")


def _add(known: list[str], option: str, names: list[str]) -> None:
    for name in names:
        if name in known or name in ("revision", "kind"):
            problem = f"two columns would be named {name!r}"
            raise UsageError(option, problem, f"for example other_{name}=...")
        known.append(name)


def _check_known(option: str, name: str, known: list[str]) -> None:
    if name not in known:
        raise UsageError(option, f"there is no column {shown(name)}", nearest(name, tuple(known)))


def _over_rows(read: Compile, option: str, text: str, known: list[str]) -> Expression:
    expression = read(text, option, known)
    if expression.asks_event_time:
        hint = "use window_start or window_end" if EDGES[0] in known else "choose by columns of the row"
        raise UsageError(option, "a row has no event_time", hint)
    if expression.asks_written:
        raise UsageError(
            option, "a row is no event, so there is nothing to look in", "use words(COLUMN, ...)"
        )
    for path in expression.fields:
        if path not in known:
            hint = _whole_name(text, path, known) or nearest(path, tuple(known))
            raise UsageError(option, f"there is no column {shown(path)}", hint)
    return expression


@contextmanager
def _told_of_rows(option: str, text: str, measures: tuple[Measure, ...]) -> Iterator[None]:
    """A hint of columns that are there, where an expression cannot be read."""
    try:
        yield
    except UsageError as error:
        together = "".join(text.split())
        for each in measures:
            if "".join(each.text.split()) in together:
                problem = f"{each.text} is a column of the row"
                raise UsageError(option, problem, f"its name is {_spelt(each.name)}") from None
        if error.hint != EXAMPLE_HINT:
            raise
        name = _spelt(measures[-1].name)
        example = f"{name} > 10" if option == "--having" else f"ratio={name} / 100"
        raise UsageError(option, error.problem, f"for example '{example}'") from None


def _spelt(name: str) -> str:
    return name if name.isidentifier() else f'field("{name}")'


def _whole_name(text: str, path: str, known: list[str]) -> str:
    """A column whose name no expression can spell is named in full."""
    held = next((name for name in known if path in name and name in text), None)
    return f'did you mean field("{held}")?' if held else ""


def _ordering(text: str, known: list[str]) -> tuple[str, bool]:
    """The column, and whether its largest come first."""
    descends = text.startswith("-") and text not in known
    name = text[1:].strip() if descends else text
    if name not in known and (sql := _SQL_ORDER.fullmatch(name)) and (column := sql[1] or sql[4]) in known:
        sign = "-" if (sql[2] or sql[3]).lower() == "desc" else ""
        raise UsageError("--order", f"there is no column {shown(name)}", f"did you mean '{sign}{column}'?")
    _check_known("--order", name, known)
    return name, descends
