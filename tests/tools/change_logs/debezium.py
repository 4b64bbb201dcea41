"""Envelopes of Debezium, of several databases, in a schema, and rows taken out of them."""

from random import Random
from typing import Any

from tools.change_history import DOC, KEY, TABLE, Row, Step, Transaction
from tools.change_logs.records import Lines, halves, lsn_of, spelt

PLACEHOLDER = "__debezium_unavailable_value"


def debezium(transaction: Transaction, random: Random) -> Lines:
    """PostgreSQL's: a key that changes is a delete and a create; large columns that did not change are not told."""
    lines = []
    for ordinal, step in enumerate(transaction.steps):
        source = {
            **_source(transaction),
            "sequence": spelt([str(transaction.commit - 100), str(lsn_of(transaction, ordinal))]),
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
        for op, row in halves([step]):
            is_gone = op == "gone"
            image: dict[str, Any] = dict.fromkeys(row) | {KEY: row[KEY]} if is_gone else dict(row)
            said = {"__op": "d" if is_gone else "u", "__deleted": "true" if is_gone else "false"}
            lines.append(spelt({**image, **said, "__source_ts_ms": 1000 * transaction.time}))
    return lines


def _source(transaction: Transaction) -> dict[str, Any]:
    return {
        "ts_ms": 1000 * transaction.time,
        "snapshot": "false",
        "db": "d",
        "schema": "public",
        "table": TABLE,
    }


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
