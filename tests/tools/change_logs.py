"""The log of a history in every format: a line a record, with what each format has of traps.

`log_in(name, history, random)` gives the lines by transaction; `whole` puts them behind one another. Formats with
positions (`POSITIONED`) can be delivered twice; those with snapshots (`SNAPSHOTS`) can have one beside them.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from random import Random
from typing import Any

from oracle.changes import Number

from tools.change_history import DOC, KEY, TABLE, History, Row, Step, Transaction

PLACEHOLDER = "__debezium_unavailable_value"
Lines = list[str]
Writer = Callable[[Transaction, Random], Lines]


def spelt(value: object) -> str:
    """A value as JSON, numbers as they are spelt."""
    if isinstance(value, Number):
        return value.spelling
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(name)}:{spelt(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(spelt, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def upsert(transaction: Transaction, random: Random) -> Lines:
    """Rows; a row that is gone says `gone`. Who reads it is told `--deleted gone --key id`."""
    lines = []
    for op, row in _halves(transaction.steps):
        at = {"ts": transaction.time}
        lines.append(spelt({**row, **at} if op == "put" else {KEY: row[KEY], "gone": True, **at}))
    return lines


def debezium(transaction: Transaction, random: Random) -> Lines:
    """PostgreSQL's: a key that changes is a delete and a create; large columns that did not change are not told."""
    lines = []
    for ordinal, step in enumerate(transaction.steps):
        source = {
            **_source(transaction),
            "sequence": spelt([str(transaction.commit - 100), str(_lsn(transaction, ordinal))]),
        }
        lines += [spelt(each) for each in _envelopes(step, source)]
    return lines


def debezium_mysql(transaction: Transaction, random: Random) -> Lines:
    """MySQL's: files are rotated past the number of digits that their names have."""
    lines = []
    for ordinal, step in enumerate(transaction.steps):
        place = {"file": f"binlog.{transaction.commit // 100 + 985:03d}", "pos": 4, "row": ordinal}
        source = {**_source(transaction), "server_id": 1, **place}
        lines += [spelt(each) for each in _envelopes(step, source, keep_docs=True, at=ordinal)]
    return lines


def debezium_schema(transaction: Transaction, random: Random) -> Lines:
    """The same in a schema, which does not say anything special of a column."""
    fields = [{"type": "string", "field": name} for name in ("id", "doc")]
    schema = {"type": "struct", "fields": [{"type": "struct", "field": "after", "fields": fields}]}
    return [f'{{"schema":{spelt(schema)},"payload":{line}}}' for line in debezium(transaction, random)]


def debezium_flat(transaction: Transaction, random: Random) -> Lines:
    """Rows with `__op` and `__deleted`, without positions."""
    lines = []
    for step in transaction.steps:
        if step.op == "truncate":
            lines.append(spelt({"__op": "t", "__source_ts_ms": 1000 * transaction.time}))
            continue
        for op, row in _halves([step]):
            is_gone = op == "gone"
            image: dict[str, Any] = dict.fromkeys(row) | {KEY: row[KEY]} if is_gone else dict(row)
            said = {"__op": "d" if is_gone else "u", "__deleted": "true" if is_gone else "false"}
            lines.append(spelt({**image, **said, "__source_ts_ms": 1000 * transaction.time}))
    return lines


def maxwell(transaction: Transaction, random: Random) -> Lines:
    """Rows of a transaction share its xid, and the last says that it is; `old` has what changed."""
    steps = _without_truncates(transaction.steps)
    lines = []
    for ordinal, step in enumerate(steps):
        record: dict[str, Any] = {"database": "shop", "table": TABLE, "type": step.op, "ts": transaction.time}
        record |= {"xid": transaction.xid, "xoffset": ordinal}
        if ordinal == len(steps) - 1:
            record["commit"] = True
        record |= {
            "position": f"master.{transaction.commit // 100:06d}:{4 + ordinal}",
            "primary_key_columns": [KEY],
        }
        record["data"] = step.after or step.before
        if step.op == "update":
            assert step.before is not None
            record["old"] = {name: step.before[name] for name in step.changed}
        lines.append(spelt(record))
    return lines


def canal(transaction: Transaction, random: Random) -> Lines:
    """All updates of one kind in one record, all values as texts."""
    lines, types = [], {KEY: "int", "branch": "varchar(9)", "amount": "decimal(30,2)", DOC: "text"}
    for step in transaction.steps:
        record: dict[str, Any] = {
            "id": 1,
            "database": "shop",
            "table": TABLE,
            "es": 1000 * transaction.time,
            "ts": 5,
        }
        if step.op == "truncate":
            lines.append(spelt({**record, "isDdl": True, "type": "TRUNCATE", "data": None, "old": None}))
            continue
        record |= {"pkNames": [KEY], "isDdl": False, "type": step.op.upper(), "mysqlType": types}
        record["data"] = [_texts(step.after or step.before)]
        changed = {
            name: each for name, each in _texts(step.before).items() if step.after and name in step.changed
        }
        record["old"] = [changed] if step.op == "update" else None
        lines.append(spelt(record))
    return lines


def wal2json1(transaction: Transaction, random: Random) -> Lines:
    """A transaction a record."""
    changes: list[Any] = []
    for step in transaction.steps:
        change: dict[str, Any] = {"kind": step.op, "schema": "public", "table": TABLE}
        if step.op != "delete" and step.after is not None:
            told = _told(step)
            change |= {"columnnames": list(told), "columnvalues": list(told.values())}
        if step.op in ("insert", "update", "delete"):
            change["pk"] = {"pknames": [KEY], "pktypes": ["integer"]}
        if step.before is not None:
            change["oldkeys"] = {"keynames": [KEY], "keyvalues": [step.before[KEY]]}
        changes.append(change)
    head = {"xid": transaction.xid, "nextlsn": f"0/{transaction.commit:X}", "timestamp": _clock(transaction)}
    return [spelt({**head, "change": changes})]


def wal2json2(transaction: Transaction, random: Random) -> Lines:
    """A change a record, between B and C; the LSNs of rows go back where transactions overlap."""
    at = {"xid": transaction.xid, "timestamp": _clock(transaction)}
    mark = {**at, "lsn": f"0/{transaction.commit:X}", "nextlsn": f"0/{transaction.commit + 48:X}"}
    lines = [spelt({"action": "B", **mark})]
    for ordinal, step in enumerate(transaction.steps):
        record: dict[str, Any] = {
            "action": step.op[0].upper(),
            **at,
            "lsn": f"0/{_lsn(transaction, ordinal):X}",
        }
        record |= {"schema": "public", "table": TABLE}
        if step.after is not None:
            record["columns"] = [
                {"name": name, "type": "x", "value": each} for name, each in _told(step).items()
            ]
        if step.before is not None:
            record["identity"] = [{"name": KEY, "type": "integer", "value": step.before[KEY]}]
        if step.op != "truncate":
            record["pk"] = [{"name": KEY, "type": "integer"}]
        lines.append(spelt(record))
    return [*lines, spelt({"action": "C", **mark})]


def dms(transaction: Transaction, random: Random) -> Lines:
    """Whole rows; `before-image` has the key that was."""
    lines = []
    for step in _without_truncates(transaction.steps):
        record: dict[str, Any] = {"data": step.after or step.before}
        if step.op == "update":
            assert step.before is not None
            record["before-image"] = {KEY: step.before[KEY]} if step.moves else {}
        metadata = {"timestamp": "2020-01-01T00:00:00Z", "record-type": "data", "operation": step.op}
        metadata |= {"schema-name": "public", "table-name": TABLE, "commit-timestamp": _clock(transaction)}
        lines.append(spelt({**record, "metadata": metadata}))
    return lines


def mongodb(transaction: Transaction, random: Random) -> Lines:
    """Documents; what does not move is updated by what it changes. The key is `_id`, which is that of `id`."""
    lines = []
    for ordinal, step in enumerate(_without_truncates(transaction.steps)):
        moments = (
            [("delete", step.before), ("insert", step.after)]
            if step.moves
            else [(step.op, step.after or step.before)]
        )
        for half, (op, row) in enumerate(moments):
            assert row is not None
            token = f"82{transaction.commit:08X}{ordinal:04X}{half:02X}"
            wall = {"$date": {"$numberLong": str(1000 * transaction.time)}}
            record: dict[str, Any] = {"_id": {"_data": token}, "operationType": op, "wallTime": wall}
            record |= {"ns": {"db": "shop", "coll": TABLE}, "documentKey": {"_id": row[KEY]}}
            if op == "insert":
                record["fullDocument"] = {"_id": row[KEY], **_extended(row)}
            if op == "update":
                changed = _extended({name: row[name] for name in step.changed})
                record["updateDescription"] = {"updatedFields": changed, "removedFields": []}
            lines.append(spelt(record))
    return lines


def flink(transaction: Transaction, random: Random) -> Lines:
    """An update is two records."""
    lines = []
    at = {"ts": transaction.time}
    for step in _without_truncates(transaction.steps):
        ops = {"insert": ("", "+I"), "update": ("-U", "+U"), "delete": ("-D", "")}[step.op]
        for op, row in zip(ops, (step.before, step.after), strict=True):
            if op:
                assert row is not None
                lines.append(spelt({"data": {**row, **at}, "op": op}))
    return lines


class Kcat:
    """Records around those of another writer, with the key beside them; a delete has a tombstone behind it."""

    def __init__(self, inner: Writer, tombstones: bool) -> None:
        self._inner, self._tombstones = inner, tombstones
        self._offset = 0

    def __call__(self, transaction: Transaction, random: Random) -> Lines:
        """The lines of a transaction; offsets go on, with gaps."""
        lines = []
        for line in self._inner(transaction, random):
            key = _key_in(line)
            lines.append(self._record(random, transaction, key, line))
            if self._tombstones and key is not None and json.loads(line).get("op") == "d":
                lines.append(self._record(random, transaction, key, None))
        return lines

    def _record(self, random: Random, transaction: Transaction, key: object, payload: str | None) -> str:
        self._offset += random.choice([1, 1, 1, 3])
        spelling = None if key is None else f'{{"{KEY}":{key}}}'
        place = {"topic": f"shop.{TABLE}", "partition": 0, "offset": self._offset, "tstype": "create"}
        return spelt(
            {
                **place,
                "ts": 1000 * transaction.time,
                "headers": ["h", None],
                "key": spelling,
                "payload": payload,
            }
        )


def writers() -> dict[str, Writer]:
    """A writer for each format, by its name; each has what it counts for itself."""
    return {
        "upsert": upsert,
        "debezium": debezium,
        "debezium mysql": debezium_mysql,
        "debezium schema": debezium_schema,
        "debezium flat": debezium_flat,
        "maxwell": maxwell,
        "canal": canal,
        "wal2json 1": wal2json1,
        "wal2json 2": wal2json2,
        "dms": dms,
        "mongodb": mongodb,
        "flink": flink,
        "kcat debezium": Kcat(debezium, True),
        "kcat upsert": Kcat(upsert, False),
    }


NAMES = tuple(writers())
POSITIONED = (
    *("debezium", "debezium mysql", "debezium schema", "maxwell", "wal2json 1", "wal2json 2"),
    *("mongodb", "kcat debezium", "kcat upsert"),
)
SNAPSHOTS = ("debezium", "debezium mysql", "maxwell", "dms")
PLACEHOLDERS = (
    "debezium",
    "debezium schema",
    "kcat debezium",
)  # a row may lack DOC, if it was not known before
KEYLESS = (
    "upsert",
    "debezium",
    "debezium mysql",
    "debezium schema",
    "debezium flat",
    "dms",
    "flink",
)  # need --key
OPTIONS = {
    name: [*(["--key", KEY] if name in KEYLESS else []), *(["--deleted", "gone"] if "upsert" in name else [])]
    for name in NAMES
}


def log_in(name: str, transactions: History, random: Random) -> list[Lines]:
    """The lines of each transaction in one format."""
    write = writers()[name]
    return [write(each, random) for each in transactions]


def whole(parts: Sequence[Lines]) -> str:
    """All lines."""
    return "".join(f"{line}\n" for lines in parts for line in lines)


def delivered_again(parts: Sequence[Lines], random: Random) -> list[Lines]:
    """A log whose reader began anew at some transactions, each time at one that it had been given before."""
    out: list[Lines] = []
    for i in range(len(parts)):
        if random.random() < 0.3:
            out += parts[random.randint(0, i) : i]
        out.append(parts[i])
    return out


def snapshot_in(name: str, rows: Sequence[Row], time: int) -> Lines:
    """Rows as a snapshot has them, in a format of SNAPSHOTS."""
    lines = []
    for row in rows:
        if name == "maxwell":
            head = {"database": "shop", "table": TABLE, "type": "bootstrap-insert", "ts": time}
            lines.append(spelt({**head, "primary_key_columns": [KEY], "data": row}))
        elif name == "dms":
            metadata = {"timestamp": "2020-01-01T00:00:00Z", "record-type": "data", "operation": "load"}
            lines.append(
                spelt({"data": row, "metadata": {**metadata, "table-name": TABLE, "schema-name": "public"}})
            )
        else:
            source = {"ts_ms": 1000 * time, "snapshot": "incremental", "db": "d", "schema": "public"}
            source["table"] = TABLE
            lines.append(spelt({"before": None, "after": row, "source": source, "op": "r"}))
    return lines


def _halves(steps: Sequence[Step]) -> Iterator[tuple[str, Row]]:
    """Changes where each is the new row of its key, or says that it is gone."""
    for step in _without_truncates(steps):
        if step.before is not None and (step.after is None or step.moves):
            yield "gone", step.before
        if step.after is not None:
            yield "put", step.after


def _without_truncates(steps: Sequence[Step]) -> list[Step]:
    """Formats that cannot empty a table are given histories that do not."""
    assert all(step.op != "truncate" for step in steps)
    return list(steps)


TRUNCATING = (
    "debezium",
    "debezium mysql",
    "debezium schema",
    "canal",
    "wal2json 1",
    "wal2json 2",
    "kcat debezium",
)


def _source(transaction: Transaction) -> dict[str, Any]:
    return {
        "ts_ms": 1000 * transaction.time,
        "snapshot": "false",
        "db": "d",
        "schema": "public",
        "table": TABLE,
    }


def _lsn(transaction: Transaction, ordinal: int) -> int:
    """Where a row stands: of a transaction that began early before those of others; some stand at one place."""
    ops = [step.op for step in transaction.steps[: ordinal + 1]]
    alike = sum(pair == ("insert", "insert") for pair in pairwise(ops))
    return 100 * (transaction.xid - 700) + 900 + ordinal - alike


def _envelopes(
    step: Step, source: dict[str, Any], keep_docs: bool = False, at: int = 0
) -> list[dict[str, Any]]:
    def one(op: str, before: Row | None, after: Row | None, half: int = 0) -> dict[str, Any]:
        told = {**source, "row": 2 * at + half} if keep_docs else source
        return {"before": before, "after": after, "source": told, "op": op, "ts_ms": 1}

    if step.op == "truncate":
        return [{"source": one("t", None, None)["source"], "op": "t", "ts_ms": 1}]
    if step.op == "delete":
        return [one("d", {KEY: step.before[KEY]} if step.before else None, None)]
    if step.before is None:
        return [one("c", None, step.after)]
    if step.moves:
        return [one("d", {KEY: step.before[KEY]}, None), one("c", None, step.after, 1)]
    assert step.after is not None
    hides = not keep_docs and step.before[DOC] == step.after[DOC]
    return [one("u", None, {**step.after, DOC: PLACEHOLDER} if hides else step.after)]


def _told(step: Step) -> dict[str, Any]:
    """The columns of a change of PostgreSQL: a large one that did not change is left out."""
    assert step.after is not None
    hides = step.before is not None and step.before[DOC] == step.after[DOC]
    return {name: each for name, each in step.after.items() if not (hides and name == DOC)}


def _texts(row: Row | None) -> dict[str, Any]:
    return {name: each.spelling if isinstance(each, Number) else each for name, each in (row or {}).items()}


def _extended(row: Row) -> dict[str, Any]:
    def wrapped(each: object) -> object:
        return (
            {"$numberDecimal": each.spelling} if isinstance(each, Number) and "." in each.spelling else each
        )

    return {name: wrapped(each) for name, each in row.items()}


def _key_in(line: str) -> object:
    record = json.loads(line, parse_float=str)
    row = record.get("after") or record.get("before") or (record if KEY in record else {})
    return row.get(KEY)


def _clock(transaction: Transaction) -> str:
    return datetime.fromtimestamp(transaction.time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
