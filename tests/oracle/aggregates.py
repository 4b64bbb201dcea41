"""Every aggregate, computed afresh from the list of events of a window, in exact arithmetic."""

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

from .expressions import Scalar, as_written, evaluate, holds, parse, scalar
from .lines import Value
from .numbers import Buckets, divided, double, of_numbers

Ranking: TypeAlias = list[tuple[Value, int, int]]
Cell: TypeAlias = Scalar | Value | Buckets | Ranking

_PERCENTILE = re.compile(r"p([0-9]+(?:\.[0-9]+)?)")
_NUMERIC = {"sum", "mean", "min", "max", "var", "stddev", "rate", "histogram", "quantile"}
_COUNTS = {"count", "sum", "distinct", "new", "members"}


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
    """One `[NAME=]CALL [if EXPR]`: the function, its argument, its further constants as Fractions."""

    name: str
    function: str
    argument: ast.expr | None
    parameters: tuple[Fraction, ...]
    condition: ast.expr | None
    position: int

    @property
    def numeric(self) -> bool:
        return self.function in _NUMERIC and self.argument is not None

    def bad_fields(self, event: Value) -> set[str]:
        """What names the argument, or the operands of its arithmetic, where they are of the wrong type."""
        if not self.numeric or self.argument is None or not holds(self.condition, event):
            return set()
        sums = [node for node in ast.walk(self.argument) if isinstance(node, ast.BinOp)]
        used = [self.argument, *(side for node in sums for side in (node.left, node.right))]
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
    constants = [ast.get_source_segment(f"f({text[start + 1 : end]})", node) for node in call.args[1:]]
    parameters = tuple(Fraction(constant or "") for constant in constants)
    percentile = _PERCENTILE.fullmatch(function)
    if percentile:
        function, parameters = "quantile", (Fraction(percentile[1]) / 100,)
    condition = parse(rest[3:]) if rest else None
    default = re.sub(r"[^A-Za-z0-9_]+", "_", text).strip("_")
    argument = call.args[0] if call.args else None
    return Aggregate(name or default, function, argument, parameters, condition, position)


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
    if not present:
        return None
    ordered = sorted(present, key=lambda pair: (pair[0].time, pair[0].sequence))
    event, _ = ordered[0] if aggregate.function == "first" else ordered[-1]
    return evaluate(argument, event.fields)


def _top(values: list[Value], limit: int) -> Ranking:
    counts = {value: values.count(value) for value in values}
    best = sorted(counts, key=lambda value: (-counts[value], order_of(value)))[:limit]
    return [(value, counts[value], 0) for value in best]


def order_of(value: Value) -> tuple[int, int | float, bytes]:
    """Where a value stands in row order: numbers by value, then spelling; texts; false; true; JSON; null."""
    rank = ["number", "string", "false", "true", "json", "null"].index(value.kind)
    text = value.text.encode()
    if value.kind != "number":
        return rank, 0, text
    number = scalar(value)
    return rank, number if isinstance(number, int | float) else float(value.text), text
