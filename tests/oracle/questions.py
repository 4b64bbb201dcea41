"""What is asked of rows: shares, computed columns, which rows pass, in which order, and how many of them."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from .aggregates import order_of
from .expressions import Opaque, Scalar, evaluate, holds, parse, quotient, scalar
from .lines import NULL, Value
from .numbers import of_numbers
from .text import cell
from .times import SECOND

Row: TypeAlias = dict[str, object]


@dataclass(frozen=True)
class Questions:
    """`--share`, `--column`, `--having`, `--order` and `--limit`, which work in this order."""

    shares: list[tuple[str, str]]
    columns: list[tuple[str, ast.expr]]
    having: ast.expr | None
    order: list[str]
    limit: int | None

    def answer(self, rows: list[Row]) -> list[Row]:
        """The rows of one window that are to be written, of all its rows, which get their further columns."""
        for name, column in self.shares:
            parts = _shares([_number(row[column]) for row in rows])
            for row, part in zip(rows, parts, strict=True):
                row[name] = part
        for row in rows:
            for name, expression in self.columns:
                row[name] = evaluate(expression, _as_object(row))
        passing = [row for row in rows if holds(self.having, _as_object(row))]
        for key in reversed(self.order):
            passing = _sorted_by(passing, key.removeprefix("-"), downwards=key.startswith("-"))
        return passing[: self.limit]


def parse_questions(
    share: Sequence[str], column: Sequence[str], having: str | None, order: Sequence[str], limit: str | None
) -> Questions:
    """The questions as texts of the command line."""
    shares = [_named(text) for text in share]
    columns = [(name, parse(expression)) for name, expression in map(_named, column)]
    keys = [key.strip() for text in order for key in text.split(",")]
    return Questions(
        shares, columns, parse(having) if having else None, keys, None if limit is None else int(limit)
    )


def _named(text: str) -> tuple[str, str]:
    name, _, rest = text.partition("=")
    return name.strip(), rest.strip()


def _number(item: object) -> int | float | None:
    number = scalar(item) if isinstance(item, Value) else item
    return number if isinstance(number, int | float) and not isinstance(number, bool) else None


def _shares(parts: list[int | float | None]) -> list[Scalar]:
    """Each number as a part of their sum."""
    total = of_numbers("sum", (), [part for part in parts if part is not None], Fraction(1))
    assert total is None or isinstance(total, int | float)
    found = [quotient(part, total) for part in parts]
    return [each + 0.0 if isinstance(each, float) else each for each in found]  # no -0.0


def _as_object(row: Row) -> Value:
    """The row as an event whose fields are its columns."""
    return Value("json", "{}", {name: _value(name, item) for name, item in row.items()})


def _value(name: str, item: object) -> Value:
    if name in ("window_start", "window_end"):
        assert isinstance(item, int)
        whole, rest = divmod(item, SECOND)
        item = item / SECOND if rest else whole
    if item is None:
        return NULL
    if isinstance(item, Value):
        return item
    if isinstance(item, bool):
        return Value(str(item).lower())
    if isinstance(item, list) or (isinstance(item, Opaque) and item.kind == "json"):
        return Value("json", cell(name, item, "UTC"))
    if isinstance(item, Opaque):
        return Value("number", item.text)
    return Value("string", item) if isinstance(item, str) else Value("number", repr(item))


def _sorted_by(rows: list[Row], column: str, downwards: bool) -> list[Row]:
    """By the values of a column, nulls last either way; rows of equal values stay as they are."""
    values = {id(row): _value(column, row[column]) for row in rows}
    present = [row for row in rows if values[id(row)].kind != "null"]
    present.sort(key=lambda row: _rank(values[id(row)]), reverse=downwards)
    return present + [row for row in rows if values[id(row)].kind == "null"]


def _rank(value: Value) -> tuple[int, Decimal, bytes]:
    """Where a value stands; unlike in the order of groups two spellings of a number are one."""
    kind, number, text = order_of(value)
    return kind, number, b"" if value.kind == "number" else text
