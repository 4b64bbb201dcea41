"""Rows as Python's own values, and what an expression makes of them."""

from dataclasses import dataclass

import numpy as np

from streamstat.expressions import Expression, compile_expression
from streamstat.values.columns import Kind, Texts, Values


@dataclass(frozen=True)
class Odd:
    """A value Python has no own type for here: an object, or a number beyond double."""

    kind: Kind
    spelling: str


OBJECT = Odd(Kind.JSON, '{"a":1}')
HUGE = Odd(Kind.HUGE, "1e999")
Cell = None | bool | int | float | str | Odd
Row = dict[str, Cell]


def column(cells: list[Cell]) -> Values:
    kinds, numbers, spellings = [], [], []
    for cell in cells:
        kind, number, spelling = Kind.NULL, 0, ""
        match cell:
            case bool():
                kind = Kind.TRUE if cell else Kind.FALSE
            case int() if -(2**63) <= cell < 2**63:
                kind, number, spelling = Kind.INTEGER, cell, str(cell)
            case int():
                kind, number, spelling = Kind.DOUBLE, int(np.float64(cell).view(np.int64)), str(cell)
            case float():
                kind, number, spelling = Kind.DOUBLE, int(np.float64(cell).view(np.int64)), repr(cell)
            case str():
                kind, spelling = Kind.TEXT, cell
            case Odd():
                kind, spelling = cell.kind, cell.spelling
        kinds.append(kind)
        numbers.append(number)
        spellings.append(spelling.encode())
    offsets = np.cumsum([0, *map(len, spellings)], dtype=np.int64)
    data = np.frombuffer(b"".join(spellings), np.uint8)
    return Values(np.array(kinds, np.uint8), np.array(numbers, np.int64), Texts(offsets, data))


def cells_of(values: Values) -> list[Cell]:
    cells: list[Cell] = []
    for i, kind in enumerate(values.kinds.tolist()):
        match Kind(kind):
            case Kind.NULL:
                cells.append(None)
            case Kind.FALSE | Kind.TRUE:
                cells.append(kind == Kind.TRUE)
            case Kind.INTEGER:
                cells.append(int(values.numbers[i]))
            case Kind.DOUBLE if values.texts is not None and values.texts[i].lstrip(b"-").isdigit():
                cells.append(int(values.texts[i]))
            case Kind.DOUBLE:
                cells.append(float(values.numbers.view(np.float64)[i]))
            case Kind.TEXT:
                assert values.texts is not None
                cells.append(values.texts[i].decode())
            case odd:
                assert values.texts is not None
                cells.append(Odd(odd, values.texts[i].decode()))
    return cells


def evaluate(text: str, rows: list[Row]) -> list[Cell]:
    expression = compile_expression(text, "--where")
    return cells_of(expression.evaluate(columns_of(expression, rows), len(rows)).values)


def columns_of(expression: Expression, rows: list[Row]) -> dict[str, Values]:
    return {path: column([row.get(path) for row in rows]) for path in expression.fields}
