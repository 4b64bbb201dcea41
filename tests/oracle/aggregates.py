"""Every aggregate, computed afresh from the list of events of a window, in exact arithmetic."""

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from .expressions import Scalar, as_written, evaluate, holds, parse
from .lines import Value
from .numbers import Buckets, divided, double, of_numbers

Ranking: TypeAlias = list[tuple[Value, int, int]]
Cell: TypeAlias = Scalar | Value | Buckets | Ranking | list[Value]

_PERCENTILE = re.compile(r"p([0-9]+(?:\.[0-9]+)?)")
_NUMERIC = {"sum", "mean", "min", "max", "var", "stddev", "rate", "histogram", "quantile"}
_COUNTS = {"count", "sum", "distinct", "new", "members"}
_RANKED = {"arg_max", "arg_min"}


@dataclass(frozen=True)
class Event:
    """One counted event; `fresh` says for each `new` aggregate, by position, whether its value came first."""

    time: int
    sequence: int
    fields: Value
    group: tuple[Value, ...]
    fresh: dict[int, bool] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Aggregate:
    """One `[NAME=]CALL [if EXPR]`: the function, its argument, its further constants as Fractions.

    by: the second argument, where it is an expression: the number that ranks events.
    """

    name: str
    function: str
    argument: ast.expr | None
    parameters: tuple[Fraction, ...]
    condition: ast.expr | None
    position: int
    by: ast.expr | None = None

    @property
    def numeric(self) -> bool:
        return self.function in _NUMERIC and self.argument is not None

    def bad_fields(self, event: Value) -> set[str]:
        """What names the numbers asked for, or the operands of their arithmetic, where they are of the wrong type."""
        if not holds(self.condition, event):
            return set()
        numbers = [each for each in (self.argument if self.numeric else None, self.by) if each is not None]
        sums = [node for each in numbers for node in ast.walk(each) if isinstance(node, ast.BinOp)]
        used = [*numbers, *(side for node in sums for side in (node.left, node.right))]
        values = {
            ast.dump(part): evaluate(part, event) for part in used if not isinstance(part, ast.Constant)
        }
        return {
            name for name, value in values.items() if value is not None and not isinstance(value, int | float)
        }

    def value(self, events: Sequence[Event], seconds: Fraction) -> Cell:
        """The cell of a window with these events, in input order."""
        chosen = [event for event in events if holds(self.condition, event.fields)]
        if self.argument is None:
            return (
                len(chosen) if self.function == "count" else double(divided(Fraction(len(chosen)), seconds))
            )
        if self.numeric:
            values = [evaluate(self.argument, event.fields) for event in chosen]
            numbers = [value for value in values if isinstance(value, int | float)]
            return of_numbers(self.function, self.parameters, numbers, seconds)
        return _of_any(self, chosen, self.argument)

    def empty(self) -> Cell:
        """The cell of a window filled in without events."""
        return 0 if self.function in _COUNTS else None


def calls_of(text: str) -> list[str]:
    """The calls of one option: `p50,p99(x) if y` is short for one of each function."""
    functions, bracket, rest = text.partition("(")
    if "=" in functions or "," not in functions:
        return [text]
    return [function.strip() + bracket + rest for function in functions.split(",")]


def parse_aggregate(text: str, position: int) -> Aggregate:
    """An aggregate from its spelling."""
    name, text = _named(text.strip())
    start = text.index("(")
    end = _matching(text, start)
    function, rest = text[:start].strip(), text[end + 1 :].strip()
    if rest and not rest.startswith("if "):
        raise ValueError(f"not an aggregate: {text!r}")
    call = parse(f"f({text[start + 1 : end]})")
    assert isinstance(call, ast.Call)
    by = call.args[1] if function in _RANKED else None
    further = [] if by is not None else call.args[1:]
    constants = [ast.get_source_segment(f"f({text[start + 1 : end]})", node) for node in further]
    parameters = tuple(Fraction(constant or "") for constant in constants)
    percentile = _PERCENTILE.fullmatch(function)
    if percentile:
        function, parameters = "quantile", (Fraction(percentile[1]) / 100,)
    if function == "median":
        function, parameters = "quantile", (Fraction(1, 2),)
    condition = parse(rest[3:]) if rest else None
    default = re.sub(r"[^A-Za-z0-9_]+", "_", text).strip("_")
    argument = call.args[0] if call.args else None
    return Aggregate(name or default, function, argument, parameters, condition, position, by)


def _named(text: str) -> tuple[str, str]:
    match = re.match(r"([A-Za-z_][A-Za-z0-9_]*)\s*=(?!=)\s*", text)
    return (match[1], text[match.end() :]) if match else ("", text)


def _matching(text: str, start: int) -> int:
    """Where the bracket opened at `start` closes; brackets in texts do not count."""
    depth, quote = 0, ""
    for i in range(start, len(text)):
        if quote:
            quote = "" if text[i] == quote else quote
        elif text[i] in "\"'":
            quote = text[i]
        else:
            depth += {"(": 1, ")": -1}.get(text[i], 0)
            if depth == 0:
                return i
    raise ValueError(f"a bracket is not closed: {text!r}")


def _of_any(aggregate: Aggregate, chosen: list[Event], argument: ast.expr) -> Cell:
    """Aggregates that take values of any type; nulls are left out."""
    written = [(event, as_written(argument, event.fields)) for event in chosen]
    present = [(event, value) for event, value in written if value.kind != "null"]
    if aggregate.function == "count":
        return len(present)
    if aggregate.function in ("distinct", "members"):
        return len({value for _, value in present})
    if aggregate.function == "new":
        return sum(event.fresh[aggregate.position] for event, _ in present)
    if aggregate.function == "top":
        limit = int(aggregate.parameters[0]) if aggregate.parameters else 10
        return _top([value for _, value in present], limit)
    if aggregate.function == "values":
        limit = int(aggregate.parameters[0]) if aggregate.parameters else 20
        return sorted({value for _, value in present}, key=order_of)[:limit]
    if aggregate.by is not None:
        return _ranked(aggregate, [event for event, _ in present], argument, aggregate.by)
    if not present:
        return None
    ordered = sorted(present, key=lambda pair: (pair[0].time, pair[0].sequence))
    event, _ = ordered[0] if aggregate.function == "first" else ordered[-1]
    return evaluate(argument, event.fields)


def _ranked(aggregate: Aggregate, events: list[Event], argument: ast.expr, by: ast.expr) -> Cell:
    """The value of the event with the greatest or least number; of equal ones the earliest, then the first."""
    sign = -1 if aggregate.function == "arg_max" else 1
    numbers = [(evaluate(by, event.fields), event) for event in events]
    ranked = [(sign * n, e.time, e.sequence, e) for n, e in numbers if isinstance(n, int | float)]
    return evaluate(argument, min(ranked, key=lambda each: each[:3])[3].fields) if ranked else None


def _top(values: list[Value], limit: int) -> Ranking:
    counts = {value: values.count(value) for value in values}
    best = sorted(counts, key=lambda value: (-counts[value], order_of(value)))[:limit]
    return [(value, counts[value], 0) for value in best]


def order_of(value: Value) -> tuple[int, Decimal, bytes]:
    """Where a value stands in row order: numbers by value, then spelling; texts; false; true; JSON; null."""
    rank = ["number", "string", "false", "true", "json", "null"].index(value.kind)
    text = value.text.encode()
    return rank, Decimal(value.text) if value.kind == "number" else Decimal(0), text
