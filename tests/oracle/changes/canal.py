"""Canal's records, whose values are texts."""

import re
from typing import Any

from oracle.changes.log import Bad, Log, moved, text_of
from oracle.changes.values import Number, at


def canal(log: Log, record: dict[str, Any]) -> list[dict[str, Any]]:
    """Many rows, all values as texts."""
    kind = text_of(record.get("type"))
    ops = {"INSERT": "put", "UPDATE": "patch", "DELETE": "delete", "TRUNCATE": "truncate"}
    if kind not in ops or not log.is_mine(record.get("database"), record.get("table")):
        return []
    if kind == "TRUNCATE":
        return [{"op": "truncate", "key": None}] if log.began else []
    rows = record.get("data")
    if not isinstance(rows, list) or not all(isinstance(each, dict) for each in rows):
        raise Bad
    if rows:
        log.meet_key(record.get("pkNames"))
    olds, found = record.get("old"), []
    olds = olds if isinstance(olds, list) and kind == "UPDATE" else []
    is_bad = False
    for i, each in enumerate(rows):
        row = with_numbers(each, record.get("mysqlType"))
        old = olds[i] if i < len(olds) and isinstance(olds[i], dict) else None
        try:
            key = log.key_in(row)
        except Bad:
            is_bad = True
            continue
        before = log.key_in(with_numbers(old, record.get("mysqlType")), row) if old else None
        found.append({**moved(ops[kind], key, before), "row": None if kind == "DELETE" else row})
    if is_bad:
        raise Bad(found)
    return found


MYSQL_NUMBERS = (
    "tinyint smallint mediumint int integer bigint decimal dec numeric fixed float double real bit".split()
)

JSON_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")


def with_numbers(row: Any, types: Any) -> dict[str, Any]:
    """A row whose texts are numbers where MySQL's types of their columns are."""

    def value(name: str, each: Any) -> Any:
        kind = at(types, name)
        word = re.match("[a-z]*", kind.lower()) if isinstance(kind, str) else None
        is_number = word is not None and word[0] in MYSQL_NUMBERS
        return Number(each) if is_number and isinstance(each, str) and JSON_NUMBER.fullmatch(each) else each

    return {name: value(name, each) for name, each in row.items()} if isinstance(row, dict) else {}
