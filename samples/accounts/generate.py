"""Makes events.ndjson: two days of changes of the accounts of a bank, 2026-03-30 and 31, as Debezium writes them.

A snapshot comes first. On the second day the branch at the harbour closes, and its accounts move to the centre. Once
the connector begins anew, and gives again what it had given before.

Used as `python generate.py > events.ndjson`.
"""

import json
import random
import sys
from datetime import UTC, datetime, timedelta

BEGIN = datetime(2026, 3, 30, tzinfo=UTC)
BRANCHES = ("centre", "harbour", "north", "airport")
CLOSES = 38 * 60  # minute in which the harbour's accounts move
AGAIN = 27 * 60  # minute in which the connector begins anew

Row = dict[str, object]


class Log:
    """The changes so far, and the rows that they leave."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.rows: dict[int, Row] = {}
        self._lsn = 24_023_000
        self._commit = 0

    def begin(self) -> None:
        """What follows is one transaction."""
        self._commit = self._lsn

    def put(self, minute: float, row: Row, op: str = "") -> None:
        """A row is new, or has changed."""
        before = self.rows.get(_account(row))
        self._change(minute, op or ("c" if before is None else "u"), None, row)
        self.rows[_account(row)] = row

    def delete(self, minute: float, account: int) -> None:
        """A row goes."""
        del self.rows[account]
        self._change(minute, "d", {"account": account}, None)

    def again(self, first: int) -> None:
        """What was given is given again."""
        self.lines += self.lines[first:]

    def _change(self, minute: float, op: str, before: Row | None, after: Row | None) -> None:
        self._lsn += random.randint(40, 300)
        time = round((BEGIN + timedelta(minutes=minute)).timestamp() * 1000)
        source = {"connector": "postgresql", "ts_ms": time, "snapshot": "true" if op == "r" else "false"}
        if op != "r":
            source["sequence"] = json.dumps([str(self._commit), str(self._lsn)])
        source |= {"schema": "bank", "table": "accounts", "lsn": self._lsn}
        record = {"before": before, "after": after, "source": source, "op": op, "ts_ms": time + 300}
        self.lines.append(json.dumps(record, separators=(",", ":")))


def _account(row: Row) -> int:
    return int(str(row["account"]))


def _cents(row: Row) -> int:
    return int(str(row["cents"]))


def _with(row: Row, cents: int) -> Row:
    return {**row, "cents": _cents(row) + cents}


def main() -> None:
    random.seed(20260331)
    log, next_account = Log(), 1001
    for _ in range(70):
        branch = random.choices(BRANCHES, (5, 3, 3, 2))[0]
        cents = round(100 * random.lognormvariate(7.5, 1))
        log.put(1, {"account": next_account, "branch": branch, "cents": cents}, "r")
        next_account += 1
    minute, is_closed, is_again = 420.0, False, False
    while (minute := minute + random.expovariate(1 / 5)) < 2 * 1440:
        if not 420 <= minute % 1440 < 1260:
            continue
        if minute > AGAIN and not is_again:
            is_again = True
            log.again(len(log.lines) - 12)
        if minute > CLOSES and not is_closed:
            is_closed = True
            log.begin()
            for row in list(log.rows.values()):
                if row["branch"] == "harbour":
                    log.put(minute, {**row, "branch": "centre"})
        log.begin()
        what = random.random()
        if what < 0.08:
            branch = random.choice([each for each in BRANCHES if not (is_closed and each == "harbour")])
            log.put(minute, {"account": next_account, "branch": branch, "cents": 0})
            next_account += 1
        elif what < 0.12:
            log.delete(minute, random.choice(sorted(log.rows)))
        elif what < 0.4:
            account = random.choice(sorted(log.rows))
            log.put(minute, _with(log.rows[account], round(100 * random.lognormvariate(5, 1))))
        else:
            giver, taker = random.sample(sorted(log.rows), 2)
            cents = round(random.uniform(0.05, 0.5) * _cents(log.rows[giver]))
            log.put(minute, _with(log.rows[giver], -cents))
            log.put(minute, _with(log.rows[taker], cents))
    sys.stdout.write("\n".join(log.lines) + "\n")


if __name__ == "__main__":
    main()
