"""The rows of a table by the plain way: a change at a time, in dictionaries.

`View().take(change, time)` applies one; `rows` has what is left, `told` each change as it was applied, `stale` those
that were not.
"""

from dataclasses import dataclass, field
from typing import Any

from oracle.changes import Change, parsed

Key = tuple[str, ...]
Row = dict[str, Any]


@dataclass
class Told:
    """A line of the changelog. names: the columns that had come by then."""

    time: int | None
    kind: str
    key: Key
    row: Row
    names: tuple[str, ...]


@dataclass
class View:
    """rows: the row of each key, when it changed, and whether an update began it. last: by key and space the position
    of the last change that was applied."""

    rows: dict[Key, tuple[Row, int | None, bool]] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)
    stale: list[Change] = field(default_factory=list)
    applied: list[Change] = field(default_factory=list)
    names: dict[str, None] = field(default_factory=dict)
    last: dict[tuple[Key, Any], Any] = field(default_factory=dict)
    emptied: dict[Any, Any] = field(default_factory=dict)
    streamed: set[Key] = field(default_factory=set)
    is_emptied: bool = False

    def take(self, change: Change, time: int | None) -> None:
        """Apply a change."""
        if change.op == "truncate":
            self._empty(change, time)
            return
        assert change.key is not None
        old = change.old_key if change.old_key != change.key else None
        is_new = [not self._is_stale(key, change) for key in (change.key, old) if key is not None]
        if not any(is_new):
            self.stale.append(change)
            return
        self.applied.append(change)
        self.names |= dict.fromkeys(change.kept)
        takes_key, takes_old = is_new[0], len(is_new) > 1 and is_new[1]
        base = self.rows.get(old) if takes_old and old in self.rows else self.rows.get(change.key)
        if takes_key and change.op != "delete":
            self._meet(change, base)
        if takes_old and old is not None:
            self._remove(old, change, time)
        if takes_key and change.op == "delete":
            self._remove(change.key, change, time)
        elif takes_key:
            row, is_partial = changed(change, base)
            kind = "update" if change.key in self.rows else "insert"
            self.told.append(Told(time, kind, change.key, row, tuple(self.names)))
            self.rows.pop(change.key, None)  # the last to change comes last
            self.rows[change.key] = row, time, is_partial
            self._note(change.key, change)

    def _meet(self, change: Change, base: tuple[Row, int | None, bool] | None) -> None:
        row = changed(change, base)[0] if change.op == "edit" else change.row
        self.names |= dict.fromkeys(row)

    def _is_stale(self, key: Key, change: Change) -> bool:
        if change.op == "read" and (self.is_emptied or key in self.streamed):
            return True
        if change.position is None:
            return False
        known = (self.emptied.get(change.space), self.last.get((key, change.space)))
        return any(each is not None and change.position <= each for each in known)

    def _remove(self, key: Key, change: Change, time: int | None) -> None:
        if key in self.rows:
            row, _, _ = self.rows.pop(key)
            self.told.append(Told(time, "delete", key, row, tuple(self.names)))
        self._note(key, change)

    def _note(self, key: Key, change: Change) -> None:
        if change.position is not None:
            self.last[key, change.space] = change.position
        if change.op != "read":
            self.streamed.add(key)

    def _empty(self, change: Change, time: int | None) -> None:
        position, before = change.position, self.emptied.get(change.space)
        if position is not None and before is not None and position <= before:
            self.stale.append(change)
            return
        self.applied.append(change)
        self.is_emptied = True
        if position is not None:
            self.emptied[change.space] = position
        for key in in_order(self.rows):
            last = self.last.get((key, change.space))
            if position is None or last is None or position > last:
                row, _, _ = self.rows.pop(key)
                self.told.append(Told(time, "delete", key, row, tuple(self.names)))


def in_order(keys: Any) -> list[Key]:
    """Keys that are numbers or texts, in the order of rows."""

    def rank(text: str) -> Any:
        value = parsed(text)
        return (1, value.encode()) if isinstance(value, str) else (0, float(value.spelling), text)

    return sorted(keys, key=lambda key: [rank(each) for each in key])


def changed(change: Change, base: tuple[Row, int | None, bool] | None) -> tuple[Row, bool]:
    """The row that a change makes of one, and whether not all of its columns are known."""
    if change.op in ("put", "read"):
        return dict(change.row), False
    row, is_partial = ({}, True) if base is None else (base[0], base[2])
    if change.op == "patch":
        return {**row, **change.row}, is_partial
    out: Any = dict(row)
    for step in change.row:
        out = stepped(out, step[0], step[1], step[2] if len(step) > 2 else None)
    return out, is_partial


def stepped(value: Any, what: str, path: list[Any], to: Any) -> Any:
    """A value with one step taken at a path of names."""
    if not path:
        return to if what == "=" else value[: int(to.spelling)] if isinstance(value, list) else value
    if isinstance(value, list):
        return element_stepped(value, what, path, to)
    inner = value if isinstance(value, dict) else {}
    name, rest = path[0], path[1:]
    if what == "-" and not rest:
        return {each: kept for each, kept in inner.items() if each != name}
    if what != "=" and name not in inner:
        return value
    return {**inner, name: stepped(inner.get(name), what, rest, to)}


def element_stepped(value: list[Any], what: str, path: list[Any], to: Any) -> list[Any]:
    """The same of an array; a name that is no index leads nowhere."""
    name, rest = path[0], path[1:]
    if not (isinstance(name, str) and name.isascii() and name.isdecimal()):
        return value
    index = int(name)
    if what != "=" and index >= len(value):
        return value
    filled = [*value, *[None] * (index + 1 - len(value))]
    filled[index] = None if what == "-" and not rest else stepped(filled[index], what, rest, to)
    return filled
