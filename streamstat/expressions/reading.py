"""Python's spelling to a syntax tree, within bounds; `mistakes` says what is wrong with a text that has none."""

import ast
import warnings
from collections.abc import Iterator
from itertools import takewhile

from streamstat.common.errors import UsageError
from streamstat.common.units import shown
from streamstat.expressions.mistakes import EXAMPLE_HINT, field_hint, sign_in_word, syntax_problem

MAX_BYTES = 65_536
MAX_DEPTH = 64

_NO_OPERAND = (ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop)


def parse(text: str, place: str) -> ast.expr:
    """The syntax tree of an expression; UsageError with a hint where Python cannot read it, or will not."""
    if len(text.encode(errors="replace")) > MAX_BYTES:
        raise UsageError(place, f"an expression of more than {MAX_BYTES} bytes", EXAMPLE_HINT)
    if (rest := sign_in_word(text.strip())) is not None:
        problem = f"{shown(text.strip())} cannot be read from here on: {shown(rest)}"
        raise UsageError(place, problem, field_hint(text.strip()))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "\d" in a pattern is none of our user's concern
            tree = ast.parse(text.strip(), mode="eval").body
    except (RecursionError, MemoryError):
        raise _too_deep(place, text) from None
    except SyntaxError as error:
        if "too many nested" in error.msg:
            raise _too_deep(place, text) from None
        problem, hint = syntax_problem(error, text.strip())
        raise UsageError(place, f"{shown(text.strip())} {problem}", hint) from None
    except ValueError:
        raise UsageError(place, f"{shown(text)} is not UTF-8 text", EXAMPLE_HINT) from None
    level: list[ast.AST] = [tree]
    for _ in range(MAX_DEPTH):
        level = [child for node in level for child in _operands(node)]
    if level:
        raise _too_deep(place, text)
    return tree


def unspaced_difference(tree: ast.BinOp, text: str) -> str:
    """The whole word around a minus that stands between two names without a space, else empty.

    It may be a difference or a field, `response-time`; only the user knows.
    """
    left, right = last_operand(tree.left), first_operand(tree.right)
    names = ast.Name | ast.Attribute
    if not (isinstance(tree.op, ast.Sub) and isinstance(left, names) and isinstance(right, names)):
        return ""
    lo, hi = left.end_col_offset, right.col_offset
    if left.end_lineno != right.lineno or lo is None:
        return ""
    line = text.encode().splitlines()[right.lineno - 1]
    if line[lo:hi] != b"-":
        return ""
    before, after = line[:lo].decode(), line[lo:].decode()
    head = "".join(takewhile(_is_in_word, reversed(before)))[::-1]
    return head + "".join(takewhile(_is_in_word, after))


def is_in_parentheses(tree: ast.expr, text: str) -> bool:
    """Whether an expression stands in parentheses of its own, which a syntax tree does not tell.

    >>> [is_in_parentheses(parse(text, "").comparators[0], text) for text in ("x in (5)", "x in 5")]
    [True, False]
    """
    lines = text.encode().splitlines(keepends=True)
    before = b"".join(lines[: tree.lineno - 1]) + lines[tree.lineno - 1][: tree.col_offset]
    return before.rstrip().endswith(b"(")


def _is_in_word(character: str) -> bool:
    return character.isalnum() or character in "_.-"


def last_operand(tree: ast.expr) -> ast.expr:
    """What stands last in an operand: `b` in `a * b`."""
    while isinstance(tree, ast.BinOp | ast.UnaryOp):
        tree = tree.right if isinstance(tree, ast.BinOp) else tree.operand
    return tree


def first_operand(tree: ast.expr) -> ast.expr:
    """What stands first in an operand: `a` in `a * b`."""
    while isinstance(tree, ast.BinOp):
        tree = tree.left
    return tree


def _operands(tree: ast.AST) -> Iterator[ast.AST]:
    return (child for child in ast.iter_child_nodes(tree) if not isinstance(child, _NO_OPERAND))


def _too_deep(place: str, text: str) -> UsageError:
    return UsageError(place, f"{shown(text)} is nested deeper than {MAX_DEPTH}", "split it, or use in (...)")
