"""Group columns: which there are, and the group of an event."""

import ast
from dataclasses import dataclass

from .expressions import as_written, parse
from .lines import NULL, Value, lookup


@dataclass(frozen=True)
class _Key:
    """One group column: a field by its path, or an expression."""

    name: str
    expression: ast.expr | None = None

    def value(self, fields: Value) -> Value:
        if self.expression is None:
            return lookup(fields, self.name) or NULL
        return as_written(self.expression, fields)


class Groups:
    """The group columns of a run; with a limit the groups that came first are kept, all others are one."""

    def __init__(self, by: list[str], most: int | None) -> None:
        self.keys = [key for text in by for key in _keys(text)]
        self.most = most
        self.known: set[tuple[Value, ...]] = set()
        self.names = [key.name for key in self.keys] + ["overflow"] * (most is not None)

    def of(self, fields: Value) -> tuple[Value, ...]:
        """The values of the group columns, and whether the group stands for those beyond the limit."""
        group = tuple(key.value(fields) for key in self.keys)
        if self.most is None:
            return group
        if len(self.known) < self.most:
            self.known.add(group)
        known = group in self.known
        return (*group, Value("false")) if known else (*(NULL for _ in group), Value("true"))


def _keys(text: str) -> list[_Key]:
    """`a,b` or `NAME=EXPR`."""
    name, equals, rest = text.partition("=")
    if equals and name.strip().isidentifier() and not rest.startswith("="):
        return [_Key(name.strip(), parse(rest))]
    return [_Key(part.strip()) for part in text.split(",")]
