"""Expressions row by row through Python's own values: the truth that columns are compared with."""

import ast
from operator import add, floordiv, mod, mul, sub, truediv
from typing import cast

from tools.expression_rows import Cell, Row
from tools.function_twin import FUNCTIONS, number_cell
from tools.search_twin import has_words, texts_in

OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
}


def twin(tree: ast.expr, row: Row) -> Cell:
    match tree:
        case ast.Constant():
            return cast(Cell, tree.value)
        case ast.Name():
            return row.get(tree.id)
        case ast.UnaryOp(op=ast.Not()):
            value = twin(tree.operand, row)
            return not value if isinstance(value, bool) else None
        case ast.UnaryOp(operand=ast.Constant(value=int(value))) if not isinstance(value, bool):
            return -value
        case ast.UnaryOp():
            return number_twin("*", -1, twin(tree.operand, row))
        case ast.BinOp():
            left, right = twin(tree.left, row), twin(tree.right, row)
            if isinstance(tree.op, ast.Add) and isinstance(left, str) and isinstance(right, str):
                return left + right
            return number_twin(OPERATORS[type(tree.op)], left, right)
        case ast.IfExp():
            return twin(tree.body if twin(tree.test, row) is True else tree.orelse, row)
        case ast.BoolOp():
            parts = [twin(value, row) for value in tree.values]
            deciding = isinstance(tree.op, ast.Or)
            if any(part is deciding for part in parts):
                return deciding
            return (not deciding) if all(isinstance(part, bool) for part in parts) else None
        case ast.Compare():
            return compare_twin(tree, row)
        case ast.Call(func=ast.Name(id="anywhere"), args=[ast.Constant(value=str(phrase))]):
            return any(has_words(text, phrase) for text in texts_in(row))
        case ast.Call(func=ast.Name(id=name)):
            return FUNCTIONS[name](*(twin(argument, row) for argument in tree.args))
    raise AssertionError(ast.dump(tree))


def number_twin(op: str, left: Cell, right: Cell) -> Cell:
    if not (isinstance(left, int | float) and isinstance(right, int | float)):
        return None
    if op in ("/", "//", "%") and not right:
        return None
    whole = all(isinstance(number_cell(side), int) for side in (left, right))
    if not whole:
        left, right = float(left), float(right)
    operation = {"+": add, "-": sub, "*": mul, "/": truediv, "//": floordiv, "%": mod}[op]
    return number_cell(operation(left, right))


def pair_twin(op: str, left: Cell, right: Cell) -> bool | None:
    def sort(value: Cell) -> str:
        return (
            "boolean" if isinstance(value, bool) else "number" if isinstance(value, int | float) else "other"
        )

    if isinstance(left, str) and isinstance(right, str):
        order = (left.encode() > right.encode()) - (left.encode() < right.encode())
    elif sort(left) == sort(right) != "other":
        first, second = cast(float, left), cast(float, right)
        order = (first > second) - (first < second)
    else:
        return None
    return {
        "Eq": order == 0,
        "NotEq": order != 0,
        "Lt": order < 0,
        "LtE": order <= 0,
        "Gt": order > 0,
        "GtE": order >= 0,
    }[op]


def compare_twin(tree: ast.Compare, row: Row) -> Cell:
    left = twin(tree.left, row)
    if isinstance(tree.ops[0], ast.Is | ast.IsNot):
        return (left is None) == isinstance(tree.ops[0], ast.Is)
    if isinstance(tree.ops[0], ast.In | ast.NotIn):
        listed = tree.comparators[0]
        elements = [
            twin(element, row) for element in (listed.elts if isinstance(listed, ast.Tuple) else [listed])
        ]
        found: bool | None = any(pair_twin("Eq", left, element) for element in elements)
        if not found and (left is None or None in elements):
            return None
        return found == isinstance(tree.ops[0], ast.In)
    truths = []
    for op, comparator in zip(tree.ops, tree.comparators, strict=True):
        right = twin(comparator, row)
        truths.append(pair_twin(type(op).__name__, left, right))
        left = right
    return False if False in truths else None if None in truths else True
