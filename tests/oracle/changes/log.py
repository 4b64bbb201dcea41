"""What any plain reader of a log keeps, and what comes of its records."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from oracle.changes.values import at, parsed, spelt


@dataclass(frozen=True)
class Change:
    """What a record says of one row.

    op: put patch delete truncate read edit. key: a spelling for each column. row: what it has of it; of edit steps.
    kept: columns that it names without their values. position: what orders changes in its space.
    """

    record: int
    op: str
    key: tuple[str, ...] | None
    row: Any = None
    old_key: tuple[str, ...] | None = None
    kept: tuple[str, ...] = ()
    space: Any = None
    position: Any = None
    transaction: int = 0


class Bad(Exception):
    """A record that should be a change."""


class Refused(Exception):
    """A log that cannot be read: two tables, two keys, or no key."""


@dataclass
class Log:
    """What has been read. key: asked for, else as the log says; deleted: of a record that says that its row is gone."""

    format: str
    key: tuple[str, ...] | None = None
    table: str | None = None
    deleted: Callable[[dict[str, Any]], bool] = lambda record: False
    changes: list[Change] = field(default_factory=list)
    filtered: list[int] = field(default_factory=list)
    bad: list[int] = field(default_factory=list)
    held: list[int] = field(default_factory=list)
    inner: str = "upsert"  # what is in payloads
    open: int | None = None
    cut: set[int] = field(default_factory=set)  # transactions whose end will not come
    current: int | None = None  # the transaction of a record, where it is not one of its own
    records: int = 0
    transactions: int = 0
    only_table: str | None = None
    memory: dict[str, Any] = field(default_factory=dict)  # what a format keeps
    beside: dict[str, Any] | None = None  # the key beside the record

    def __post_init__(self) -> None:
        self.is_asked = self.began = self.key is not None

    def read(self, text: str) -> None:
        """One record."""
        self.take(parsed(text))

    def take(self, record: Any) -> None:
        """One record that has been parsed."""
        number = self.records
        self.records += 1
        self.current = None
        is_bad = False
        try:
            found = FORMATS[self.format](self, record)
        except Bad as error:
            found, is_bad = error.args[0] if error.args else [], True
        if found is HELD:
            self.held.append(number)
        elif is_bad:
            self.bad.append(number)
        elif not found:
            self.filtered.append(number)
        if found and found is not HELD:
            self._put(number, found)

    def _put(self, number: int, found: list[dict[str, Any]]) -> None:
        if self.current is None:
            self.transactions += 1
            self.current = self.transactions
        for each in found:
            self.changes.append(Change(**{**each, "record": number, "transaction": self.current}))

    def is_mine(self, *names: Any) -> bool:
        """Whether a record of this table is read; names: those around it first, then its own."""
        if not isinstance(names[-1], str):
            return True
        label = ".".join(each for each in names if isinstance(each, str))
        if self.table is not None and label != self.table and not label.endswith("." + self.table):
            return False
        if self.only_table not in (None, label):
            raise Refused(self.only_table, label)
        self.only_table = label
        return True

    def meet_key(self, names: Any) -> None:
        """What a record says of the key."""
        if self.is_asked or not isinstance(names, list) or not all(isinstance(each, str) for each in names):
            return
        if not names:
            return
        if self.key is not None and sorted(self.key) != sorted(names):
            raise Refused(self.key, names)
        self.key = self.key or tuple(names)

    def key_in(self, *objects: Any) -> tuple[str, ...]:
        """The key in the first of these objects that has each column."""
        if self.key is None:
            raise Refused("no key")
        self.began = True
        found = [
            next((v for each in objects if (v := at(each, name)) is not None), None) for name in self.key
        ]
        if any(each is None for each in found):
            raise Bad
        return tuple(spelt(each) for each in found)


HELD: Any = ["held"]

Format = Callable[["Log", dict[str, Any]], list[dict[str, Any]]]
FORMATS: dict[str, Format] = {}  # what reads a record, by format; the package puts them in


def row_of(value: Any, found: Any = ()) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Bad(list(found))
    return value


def text_of(value: Any) -> str:
    if not isinstance(value, str):
        raise Bad
    return value


def moved(op: str, key: tuple[str, ...], old: tuple[str, ...] | None) -> dict[str, Any]:
    return {"op": op, "key": key, "old_key": old if old != key else None}
