"""Values written in an expression: what JSON has of them, and how patterns are spelt."""

import ast
import re

from streamstat.common.errors import UsageError
from streamstat.common.units import shown
from streamstat.expressions.mistakes import EXAMPLE_HINT
from streamstat.expressions.nodes import Literal

_OF_PYTHON = (
    "\\\"'ntrxuUN\n"  # behind a backslash these mean in a pattern what they mean in Python, or nothing
)
_ESCAPE = r"(?s)\\(.)"


def literal(value: object, text: str, place: str) -> Literal:
    """The node of a constant in the expression `text`; UsageError where JSON has no such value."""
    if isinstance(value, str):  # surrogate escapes pair up or become U+FFFD, as in the input
        value = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    elif not isinstance(value, bool | int | float | None):
        raise UsageError(place, f"{shown(repr(value))} is no JSON value", EXAMPLE_HINT)
    elif value is not None and abs(value) > 1.797_693_134_862_315_8e308:
        raise UsageError(place, f"{shown(text)} has a number beyond double", "for example 1e308")
    return Literal(value)


def whole_number(tree: ast.expr) -> int | None:
    """The integer that a tree is, with its sign; None for anything else.

    >>> whole_number(ast.parse("-2", mode="eval").body)
    -2
    """
    match tree:
        case ast.Constant(value=int(number)) if type(number) is int:
            return number
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(number))) if type(number) is int:
            return -number
    return None


def pattern_of(tree: ast.expr, source: str) -> ast.expr:
    r"""A text whose `\b` and `\1` are those of patterns, where Python would read control characters."""
    is_raw = "r" in source.partition(source[-1])[0].lower()
    if not isinstance(tree, ast.Constant) or is_raw or "\\" not in source:
        return tree
    kept = re.sub(_ESCAPE, lambda found: "\\" * (found[1] not in _OF_PYTHON) + found[0], source)
    return ast.parse(f"({kept})", mode="eval").body
