"""Queries that come with the events: what a record says of them, and which there are by now."""

import json

from streamstat.common.errors import UsageError
from streamstat.common.record import record
from streamstat.common.units import shown
from streamstat.expressions import compile_condition
from streamstat.values.columns import Kind
from streamstat.values.packing import Packer, Unpacker

_SHAPE = '{"name": "n", "where": "status >= 500"}'


@record
class Change:
    """A query that is stored from the next record on; where: None where it is removed instead."""

    name: str
    where: str | None


def change_in(kind: int, text: bytes, field: str) -> Change:
    """What the value of the field says; ValueError, a line for people, where it is no change of a query."""
    try:
        found = json.loads(text) if kind == Kind.JSON else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise ValueError(f"{field} is no object such as {_SHAPE}")
    name, where = _text(found.get("name")), _text(found.get("where"))
    if not name:
        raise ValueError(f"{field} has no name, which is a text, as in {_SHAPE}")
    if "where" not in found or (found["where"] is not None and where is None):
        raise ValueError(f"the query {shown(name)} has no where, which is a text, or null to remove it")
    if where is not None:
        try:
            compile_condition(where, field)
        except UsageError as error:
            problem = f"{error.problem}; {error.hint}" if error.hint else error.problem
            raise ValueError(f"the query {shown(name)}: {problem}") from None
    return Change(name, where)


def _text(value: object) -> str | None:
    """A text as the input has it: lone surrogates are U+FFFD."""
    if not isinstance(value, str):
        return None
    return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


class Changes:
    """By name what came last of each query: its condition, or None for one of the plan that was removed."""

    def __init__(self, planned: frozenset[str]) -> None:
        self._planned = planned
        self.by_name: dict[str, str | None] = {}

    def put(self, change: Change) -> bool:
        """Take in a change; whether anything is different now."""
        if change.where is None and change.name not in self._planned:
            return self.by_name.pop(change.name, None) is not None
        is_known = change.name in self.by_name and self.by_name[change.name] == change.where
        self.by_name[change.name] = change.where
        return not is_known

    def packed(self, packer: Packer) -> Packer:
        """All of it, names in their order."""
        packer.integer("changes", len(self.by_name))
        for name in sorted(self.by_name):
            where = self.by_name[name]
            packer.blob("name", name.encode()).flag("stored", where is not None)
            packer.blob("where", (where or "").encode())
        return packer

    def restore(self, unpacker: Unpacker) -> None:
        """As it was; ValueError for what it cannot have been."""
        for _ in range(unpacker.integer("changes")):
            name, is_stored = unpacker.blob("name").decode(), unpacker.flag("stored")
            where = unpacker.blob("where").decode()
            if name in self.by_name or not (is_stored or name in self._planned):
                raise ValueError("changes: a query that cannot be there")
            self.by_name[name] = where if is_stored else None
