"""Random histories of a table with a key: transactions that insert, change, move and delete; and what is left."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from oracle.changes import Number

Row = Mapping[str, Number | str | None]
KEY = "id"
COLUMNS = ("id", "branch", "amount", "doc")
DOC = "doc"  # the column that is large: what does not change in it need not be told
TABLE = "accounts"


@dataclass(frozen=True)
class Step:
    """One change. op: insert, update, delete, truncate. before, after: whole rows, where there are such."""

    op: str
    before: Row | None
    after: Row | None

    @property
    def moves(self) -> bool:
        """Whether the row has another key behind it."""
        return self.before is not None and self.after is not None and self.before[KEY] != self.after[KEY]

    @property
    def changed(self) -> list[str]:
        """The columns that an update changes."""
        assert self.before is not None and self.after is not None
        return [name for name in COLUMNS if self.before[name] != self.after[name]]


@dataclass(frozen=True)
class Transaction:
    """Changes that are made together. xid: its number by beginning; commit: its place by commit; time: seconds."""

    xid: int
    commit: int
    time: int
    steps: tuple[Step, ...]


History = tuple[Transaction, ...]


def history(random: Random, transactions: int = 8, keys: int = 5, truncates: bool = True) -> History:
    """Transactions in the order of their commits; xids are those of transactions that overlap."""
    table: dict[str, Row] = {}
    xids = list(range(700, 700 + transactions))
    for i in range(transactions - 1):
        if random.random() < 0.3:
            xids[i], xids[i + 1] = xids[i + 1], xids[i]
    made = []
    for i in range(transactions):
        steps = tuple(_step(random, table, keys, truncates) for _ in range(random.randint(1, 4)))
        made.append(
            Transaction(xids[i], 1000 + 100 * i, 1_700_000_000 + 60 * i + random.randint(-90, 90), steps)
        )
    return tuple(made)


def rows_after(transactions: History, before: Mapping[str, Row] | None = None) -> dict[str, Row]:
    """The rows that are left, by the spelling of their key."""
    table = dict(before or {})
    for transaction in transactions:
        for step in transaction.steps:
            _apply(table, step)
    return table


def _apply(table: dict[str, Row], step: Step) -> None:
    if step.op == "truncate":
        table.clear()
    if step.before is not None:
        table.pop(spelt_key(step.before))
    if step.after is not None:
        table[spelt_key(step.after)] = step.after


def spelt_key(row: Row) -> str:
    """The key of a row."""
    key = row[KEY]
    assert isinstance(key, Number)
    return key.spelling


def _step(random: Random, table: dict[str, Row], keys: int, truncates: bool) -> Step:
    free = [str(key) for key in range(1, keys + 1) if str(key) not in table]
    choices = ["insert"] * 3 * bool(free) + (["update"] * 4 + ["delete"] + ["move"] * bool(free)) * bool(
        table
    )
    if truncates and random.random() < 0.04:
        choices = ["truncate"]
    what = random.choice(choices or ["truncate"])
    if what == "truncate":
        step = Step("truncate", None, None)
    elif what == "insert":
        step = Step("insert", None, _row(random, random.choice(free)))
    else:
        before = table[random.choice(sorted(table))]
        if what == "delete":
            step = Step("delete", before, None)
        else:
            step = Step(
                "update", before, _updated(random, before, random.choice(free) if what == "move" else None)
            )
    _apply(table, step)
    return step


def _row(random: Random, key: str) -> Row:
    return {
        KEY: Number(key),
        "branch": random.choice(["north", "süd", 'a "b"', None]),
        "amount": Number(random.choice(["0", "7", "1.50", "-2.00", "12345678901234567890.5", "1e3"])),
        DOC: random.choice(["", "short", "x" * 40, None]),
    }


def _updated(random: Random, before: Row, key: str | None) -> Row:
    fresh = _row(random, spelt_key(before))
    kept = {name: fresh[name] if random.random() < 0.5 else before[name] for name in COLUMNS}
    return {**kept, KEY: before[KEY] if key is None else Number(key)}
