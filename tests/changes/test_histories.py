"""Changes of a history, applied one by one, leave its rows in every format, delivered again, too."""

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracle.changes import Change, Log
from tools.change_history import COLUMNS, KEY, history, rows_after
from tools.change_logs import KEYLESS, NAMES, POSITIONED, TRUNCATING, delivered_again, log_in
from tools.change_twins import edited

from streamstat.changes.telling import format_told

Rows = dict[tuple[str, ...], dict[str, Any]]


def applied(changes: list[Change]) -> Rows:
    """The rows that changes leave; one that is not beyond the last of its key, or of all, is passed over."""
    rows: Rows = {}
    last: dict[Any, Any] = {}
    emptied = None
    for change in changes:
        keys = [each for each in (change.key, change.old_key) if each is not None]
        if change.position is not None:
            place = (change.space, change.position)
            known = [
                each
                for each in (emptied, *(last.get(key) for key in keys))
                if each and each[0] == change.space
            ]
            if any(change.position <= each[1] for each in known):
                continue
            last.update(dict.fromkeys(keys, place))
        if change.op == "truncate":
            rows.clear()
            last = {}
            emptied = place if change.position is not None else None
            continue
        assert change.key is not None
        old = rows.pop(change.old_key if change.old_key is not None else change.key, {})
        if change.op == "edit":
            rows[change.key] = edited(old, change.row)
        elif change.op in ("put", "read", "patch"):
            rows[change.key] = {**(old if change.op == "patch" else {}), **change.row}
    return rows


@pytest.mark.parametrize("name", NAMES)
@given(seed=st.integers(0, 2**32))
def test_changes_of_a_history_leave_its_rows(name: str, seed: int) -> None:
    random = Random(seed)
    made = history(random, truncates=name in TRUNCATING)
    parts = log_in(name, made, random)
    lines = [
        line for part in (delivered_again(parts, random) if name in POSITIONED else parts) for line in part
    ]
    told = format_told(line.encode() for line in lines)
    assert told is not None
    log = Log(told, (KEY,) if name in KEYLESS else None, deleted=lambda record: record.get("gone") is True)
    log.inner = {"kcat debezium": "debezium"}.get(name, "upsert")
    for line in lines:
        log.read(line)
    found = {key[0]: {name: row.get(name) for name in COLUMNS} for key, row in applied(log.changes).items()}
    assert found == {key: dict(row) for key, row in rows_after(made).items()}
