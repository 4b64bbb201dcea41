"""A tiny evaluator of expressions: Python's spelling, SQL's three-valued logic, one event at a time."""

import ast
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from .lines import NULL, Value, lookup

LOWEST, HIGHEST = -(2**63), 2**63 - 1
_INTEGER = re.compile(r"-?[0-9]+")
_CONSTANTS = {"true": True, "false": False, "null": None}


@dataclass(frozen=True)
class Opaque:
    """A value no operator takes: kind `json` (an object or array) or `huge` (a number beyond double)."""

    kind: str
    text: str


Scalar: TypeAlias = bool | int | float | str | Opaque | None


def parse(text: str) -> ast.expr:
    return ast.parse(text.strip(), mode="eval").body


def field_of(node: ast.expr) -> str | None:
    """The path a plain field expression names, else None."""
    if isinstance(node, ast.Name):
        return None if node.id in _CONSTANTS else node.id
    if isinstance(node, ast.Attribute):
        base = field_of(node.value)
        return None if base is None else f"{base}.{node.attr}"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "field":
        assert isinstance(node.args[0], ast.Constant)
        return str(node.args[0].value)
    return None


def as_written(node: ast.expr, event: Value) -> Value:
    """What an expression gives, a plain field with its spelling; a computed value is spelt as printed."""
    path = field_of(node)
    if path is not None:
        return lookup(event, path) or NULL
    value = evaluate(node, event)
    if value is None or isinstance(value, bool):
        return Value("null" if value is None else str(value).lower())
    if isinstance(value, Opaque):
        return Value("json" if value.kind == "json" else "number", value.text)
    return Value("string", value) if isinstance(value, str) else Value("number", repr(value))


def scalar(value: Value | None) -> Scalar:
    """A JSON value for arithmetic: integers within int64, other numbers as doubles."""
    if value is None or value.kind == "null":
        return None
    if value.kind in ("true", "false"):
        return value.kind == "true"
    if value.kind == "number":
        if len(value.text) <= 20 and _INTEGER.fullmatch(value.text) and LOWEST <= int(value.text) <= HIGHEST:
            return int(value.text)
        number = float(value.text)
        return Opaque("huge", value.text) if math.isinf(number) else number
    return value.text if value.kind == "string" else Opaque("json", value.text)


def evaluate(node: ast.expr, event: Value) -> Scalar:
    """The value of an expression for one event; null where types do not fit."""
    path = field_of(node)
    if path is not None:
        return scalar(lookup(event, path))
    if isinstance(node, ast.Name):
        return _CONSTANTS[node.id]
    if isinstance(node, ast.Constant):
        assert isinstance(node.value, str | int | float | bool | None)
        return node.value
    if isinstance(node, ast.BoolOp):
        return _logic(node, event)
    if isinstance(node, ast.UnaryOp):
        value = evaluate(node.operand, event)
        if isinstance(node.op, ast.Not):
            return not value if isinstance(value, bool) else None
        return _arithmetic(ast.Sub(), 0, value) if isinstance(node.op, ast.USub) else value
    if isinstance(node, ast.BinOp):
        return _arithmetic(node.op, evaluate(node.left, event), evaluate(node.right, event))
    if isinstance(node, ast.Compare):
        return _chain(node, event)
    if isinstance(node, ast.IfExp):
        return evaluate(node.body if holds(node.test, event) else node.orelse, event)
    assert isinstance(node, ast.Call), ast.dump(node)
    return _call(node, event)


def holds(condition: ast.expr | None, event: Value) -> bool:
    return condition is None or evaluate(condition, event) is True


def quotient(left: Scalar, right: Scalar) -> Scalar:
    """True division."""
    return _arithmetic(ast.Div(), left, right)


def _logic(node: ast.BoolOp, event: Value) -> bool | None:
    decisive = isinstance(node.op, ast.Or)
    values = [evaluate(part, event) for part in node.values]
    known = [value if isinstance(value, bool) else None for value in values]
    if decisive in known:
        return decisive
    return None if None in known else not decisive


def _number(value: Scalar) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _arithmetic(op: ast.operator, left: Scalar, right: Scalar) -> Scalar:
    if isinstance(op, ast.Add) and isinstance(left, str) and isinstance(right, str):
        return left + right
    if not isinstance(left, int | float) or not isinstance(right, int | float):
        return None
    left, right = left + 0, right + 0  # true is 1
    try:
        if isinstance(op, ast.Div):
            result: int | float = float(left) / float(right)
        else:
            result = _plain(op, left, right)
            if isinstance(result, int) and not LOWEST <= result <= HIGHEST:
                result = _plain(op, float(left), float(right))
    except (ZeroDivisionError, OverflowError):
        return None
    return result if math.isfinite(result) else None


def _plain(op: ast.operator, left: int | float, right: int | float) -> int | float:
    if isinstance(op, ast.Add):
        return left + right
    if isinstance(op, ast.FloorDiv):
        return left // right
    if isinstance(op, ast.Mod):
        return left % right
    return left - right if isinstance(op, ast.Sub) else left * right


def _chain(node: ast.Compare, event: Value) -> bool | None:
    left = evaluate(node.left, event)
    results: list[bool | None] = []
    for op, right in zip(node.ops, node.comparators, strict=True):
        if isinstance(op, ast.Is | ast.IsNot):
            results.append((left is None) == isinstance(op, ast.Is))
        elif isinstance(op, ast.In | ast.NotIn):
            found = _member(left, right, event)
            results.append(found if found is None or isinstance(op, ast.In) else not found)
        else:
            value = evaluate(right, event)
            results.append(_compare(op, left, value))
            left = value
    if False in results:
        return False
    return None if None in results else True


def _member(left: Scalar, right: ast.expr, event: Value) -> bool | None:
    assert isinstance(right, ast.Tuple | ast.List | ast.Set)
    equal = [_compare(ast.Eq(), left, evaluate(item, event)) for item in right.elts]
    if True in equal:
        return True
    return None if None in equal else False


def _compare(op: ast.cmpop, left: Scalar, right: Scalar) -> bool | None:
    numbers = _number(left) and _number(right)
    same = type(left) is type(right) and not isinstance(left, Opaque | None)
    if not numbers and not same:
        return None
    assert isinstance(left, int | float | str) and isinstance(right, int | float | str)
    less = left < right  # type: ignore[operator]
    return {
        ast.Eq: left == right,
        ast.NotEq: left != right,
        ast.Lt: less,
        ast.LtE: less or left == right,
        ast.Gt: not less and left != right,
        ast.GtE: not less,
    }[type(op)]


def _call(node: ast.Call, event: Value) -> Scalar:
    """`lower(x)` and `x.lower()` alike; but for coalesce only texts have functions."""
    nodes = [node.func.value, *node.args] if isinstance(node.func, ast.Attribute) else node.args
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    texts = [evaluate(argument, event) for argument in nodes]
    if name == "coalesce":
        return next((value for value in texts if value is not None), None)
    if not all(isinstance(text, str) for text in texts):
        return None
    first, second = str(texts[0]), str(texts[-1])
    functions: dict[str, Callable[[], Scalar]] = {
        "len": lambda: len(first),
        "lower": first.lower,
        "upper": first.upper,
        "contains": lambda: second in first,
        "startswith": lambda: first.startswith(second),
        "endswith": lambda: first.endswith(second),
        "matches": lambda: re.search(second, first) is not None,
    }
    return functions[name]()
