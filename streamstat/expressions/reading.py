"""Python's spelling to a syntax tree, within bounds, and what to say where a text cannot be read."""

import ast
import re
import warnings
from collections.abc import Iterator
from itertools import takewhile

from streamstat.common.errors import UsageError
from streamstat.common.units import shown

MAX_BYTES = 65_536
MAX_DEPTH = 64
EXAMPLE = 'status >= 500 and path.startswith("/api")'

_NO_OPERAND = (ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop)


def parse(text: str, place: str) -> ast.expr:
    """The syntax tree of an expression; UsageError with a hint where Python cannot read it, or will not."""
    if len(text.encode(errors="replace")) > MAX_BYTES:
        raise UsageError(place, f"an expression of more than {MAX_BYTES} bytes", f"for example {EXAMPLE}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "\d" in a pattern is none of our user's concern
            tree = ast.parse(text.strip(), mode="eval").body
    except (RecursionError, MemoryError):
        raise _too_deep(place, text) from None
    except SyntaxError as error:
        if "too many nested" in error.msg:
            raise _too_deep(place, text) from None
        problem = f"{shown(text)} is no expression: {error.msg.split(' (')[0]}"
        raise UsageError(place, problem, syntax_hint(text)) from None
    except ValueError:
        raise UsageError(place, f"{shown(text)} is not UTF-8 text", f"for example {EXAMPLE}") from None
    level: list[ast.AST] = [tree]
    for _ in range(MAX_DEPTH):
        level = [child for node in level for child in _operands(node)]
    if level:
        raise _too_deep(place, text)
    return tree


def syntax_hint(text: str) -> str:
    """Something that works, for a text that Python cannot read."""
    if name := re.fullmatch(r"\s*([^\s\d\"'()\[\]{},<>=!+*%&|;\0][^\s\"'()\[\]{},<>=!+*%&|;\0]*)\s*", text):
        return field_hint(name[1])
    if re.search(r"(?<![=!<>])=(?!=)", text):
        return 'equality is ==, for example country == "KR"'
    if re.search(r"&&|\|\||!(?!=)|<>", text):
        return "logic is and, or, not, and inequality is !="
    if name := re.search(r"[A-Za-z_]\w*(?:-\w+)+|@\w+", text[:1000]):  # quadratic in a long word
        return field_hint(name[0])
    return f"for example {EXAMPLE}"


def field_hint(name: str) -> str:
    """How to write a field that is no Python name."""
    known = name if len(name) <= 60 and name.isprintable() else "response-time"
    return f'a field that is no Python name is field("{known}")'


def unspaced_difference(tree: ast.BinOp, text: str) -> str:
    """The whole word around a minus that stands between two names without a space, else empty.

    It may be a difference or a field, `response-time`; only the user knows.
    """
    left, right = _last(tree.left), _first(tree.right)
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


def _is_in_word(character: str) -> bool:
    return character.isalnum() or character in "_.-"


def _last(tree: ast.expr) -> ast.expr:
    while isinstance(tree, ast.BinOp | ast.UnaryOp):
        tree = tree.right if isinstance(tree, ast.BinOp) else tree.operand
    return tree


def _first(tree: ast.expr) -> ast.expr:
    while isinstance(tree, ast.BinOp):
        tree = tree.left
    return tree


def _operands(tree: ast.AST) -> Iterator[ast.AST]:
    return (child for child in ast.iter_child_nodes(tree) if not isinstance(child, _NO_OPERAND))


def _too_deep(place: str, text: str) -> UsageError:
    return UsageError(place, f"{shown(text)} is nested deeper than {MAX_DEPTH}", "split it, or use in (...)")
