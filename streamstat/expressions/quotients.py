"""Quotients in an expression that may be meant as fields: `app.kubernetes.io/name`."""

import ast
import re

from streamstat.expressions.reading import first_operand, last_operand, parse

Span = tuple[int, int]


def unspaced_quotients(text: str) -> tuple[tuple[str, ...], ...]:
    """The fields that stand around `/` without spaces, in runs: the text may mean one field, joined by `/`.

    >>> unspaced_quotients('app.io/name == "a/b" and x / y > used/total/2')
    (('app.io', 'name'), ('used', 'total'))
    """
    if "/" not in text:
        return ()
    tree, data = parse(text, ""), text.strip().encode()
    divisions = [
        each for each in ast.walk(tree) if isinstance(each, ast.BinOp) and isinstance(each.op, ast.Div)
    ]
    pairs = sorted(pair for each in divisions if (pair := _names_around(each, data)) is not None)
    runs: list[list[Span]] = []
    for left, right in pairs:
        if runs and runs[-1][-1] == left:
            runs[-1].append(right)
        else:
            runs.append([left, right])
    found = (tuple(data[lo:hi].decode() for lo, hi in run) for run in runs)
    return tuple(dict.fromkeys(found))


def _names_around(division: ast.BinOp, data: bytes) -> tuple[Span, Span] | None:
    """Where the two names around a `/` stand that has no space; None for any other."""
    left, right = last_operand(division.left), first_operand(division.right)
    names = ast.Name | ast.Attribute
    if not (isinstance(left, names) and isinstance(right, names)):
        return None
    starts = [0, *(newline.end() for newline in re.finditer(rb"\r\n|\r|\n", data))]
    before, behind = _span(left, starts), _span(right, starts)
    return (before, behind) if data[before[1] : behind[0]] == b"/" else None


def _span(tree: ast.expr, starts: list[int]) -> Span:
    """Where a name stands in the text, in bytes; starts of its lines are given."""
    assert tree.end_lineno is not None and tree.end_col_offset is not None
    return starts[tree.lineno - 1] + tree.col_offset, starts[tree.end_lineno - 1] + tree.end_col_offset
