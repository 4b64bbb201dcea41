"""Records with anything anywhere: no reader fails, each record is told as one thing, and as the plain twin tells it."""

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracle.changes import Log, Number, Refused, parsed, spelt
from tools.change_history import KEY, history
from tools.change_logs import KEYLESS, NAMES, TRUNCATING, log_in
from tools.change_reading import ReadLog, alike

from streamstat.changes import LogOptions
from streamstat.changes.telling import format_told
from streamstat.common.errors import StreamstatError

ODD: list[Any] = [
    *(None, True, False, "", "x", "7", "[]", '{"id":7}', "id", "d", "delete", "accounts", "a.b", "é\n"),
    *(Number("7"), Number("-1"), Number("1.50"), Number("1e400"), Number("18446744073709551616")),
    *([], [None], ["id"], [[]], [{}], {}, {"id": Number("7")}, {"id": None}, {"name": "id"}, {"": ""}),
]


def spoilt(value: Any, random: Random, odds: float) -> Any:
    """The value with others in some places, or without."""
    if random.random() < odds:
        return random.choice(ODD)
    if isinstance(value, dict):
        items = [
            (name, spoilt(each, random, odds)) for name, each in value.items() if random.random() >= odds
        ]
        return dict(items)
    if isinstance(value, list):
        return [spoilt(each, random, odds) for each in value]
    return value


def records(name: str, random: Random) -> Iterator[dict[str, Any]]:
    parts = log_in(name, history(random, 4, truncates=name in TRUNCATING), random)
    for i, line in enumerate(line for lines in parts for line in lines):
        record = parsed(line)
        if i == 0 and "payload" in record:  # it tells what payloads are
            yield record
            continue
        if "payload" in record and random.random() < 0.5 and isinstance(record["payload"], str):
            record["payload"] = spelt(spoilt(parsed(record["payload"]), random, 0.04))
        made = spoilt(record, random, random.choice([0.0, 0.04]))
        yield made if isinstance(made, dict) else record


@pytest.mark.parametrize("name", NAMES)
@given(seed=st.integers(0, 2**32))
def test_wrong_types_anywhere_are_told_and_never_fail(name: str, seed: int) -> None:
    random = Random(seed)
    lines = [spelt(each) for each in records(name, random)]
    told = format_told(line.encode() for line in log_in(name, history(Random(1), 1), Random(1))[0])
    assert told is not None
    options = LogOptions(key=(KEY,) if name in KEYLESS else None)
    twin = Log(told, options.key, inner={"kcat debezium": "debezium"}.get(name, "upsert"))
    read, refused = ReadLog(told, options), False
    try:
        for line in lines:
            twin.read(line)
    except Refused:
        refused = True
    try:
        read.block(lines)
    except StreamstatError:
        assert refused
        return
    assert not refused
    alike(read, twin)
    told_rows = {*read.filtered, *read.bad, *twin.held, *(each.record for each in read.changes)}
    assert told_rows == set(range(len(lines)))
