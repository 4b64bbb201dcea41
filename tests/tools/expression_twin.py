"""Expressions row by row through Python's own values: the truth that columns are compared with."""

import ast
import math
import re
from operator import add, mul, sub, truediv
from typing import cast

from tools.expression_rows import Cell, Row


def twin(tree: ast.expr, row: Row) -> Cell:
    match tree:
        case ast.Constant():
            return cast(Cell, tree.value)
        case ast.Name():
            return row.get(tree.id)
        case ast.UnaryOp(op=ast.Not()):
            value = twin(tree.operand, row)
            return not value if isinstance(value, bool) else None
        case ast.UnaryOp():
            return number_twin("*", -1, twin(tree.operand, row))
        case ast.BinOp():
            op = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}[type(tree.op)]
            return number_twin(op, twin(tree.left, row), twin(tree.right, row))
        case ast.BoolOp():
            parts = [twin(value, row) for value in tree.values]
            deciding = isinstance(tree.op, ast.Or)
            if any(part is deciding for part in parts):
                return deciding
            return (not deciding) if all(isinstance(part, bool) for part in parts) else None
        case ast.Compare():
            return compare_twin(tree, row)
        case ast.Call(func=ast.Name(id=name)):
            return text_twin(name, [twin(argument, row) for argument in tree.args])
    raise AssertionError(ast.dump(tree))


def number_twin(op: str, left: Cell, right: Cell) -> Cell:
    if not (isinstance(left, int | float) and isinstance(right, int | float)):
        return None
    if op == "/" and not right:
        return None
    if not (isinstance(left, int) and isinstance(right, int)):
        left, right = float(left), float(right)
    result: float = {"+": add, "-": sub, "*": mul, "/": truediv}[op](left, right)
    if isinstance(result, int) and -(2**63) <= result < 2**63:
        return result
    return float(result) if math.isfinite(result) else None


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
        assert isinstance(listed, ast.Tuple)
        elements = [twin(element, row) for element in listed.elts]
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


def text_twin(name: str, arguments: list[Cell]) -> Cell:
    subject, sought = arguments[0], arguments[-1]
    if not isinstance(subject, str):
        return None
    if len(arguments) == 1:
        return len(subject) if name == "len" else subject.lower() if name == "lower" else subject.upper()
    assert isinstance(sought, str)
    if name == "matches":
        return re.search(sought, subject) is not None
    return {
        "contains": sought in subject,
        "startswith": subject.startswith(sought),
        "endswith": subject.endswith(sought),
    }[name]
