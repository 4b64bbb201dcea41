"""Which format a log has, by its first record that is none of control."""

import json
from random import Random

import pytest
from tools.change_history import history
from tools.change_logs import NAMES, TRUNCATING, log_in

from streamstat.changes import LogOptions
from streamstat.changes.reading import READERS, reader_of
from streamstat.changes.telling import LOG_FORMATS, format_told

TOLD = {
    "debezium mysql": "debezium",
    "debezium schema": "debezium:schema",
    "debezium flat": "debezium:flat",
    "wal2json 1": "wal2json:1",
    "wal2json 2": "wal2json:2",
    "kcat debezium": "kcat",
    "kcat upsert": "kcat",
}
CONTROL = (
    b'{"ts_ms":1700000000000}',
    b'{"schema":{},"payload":{"ts_ms":1700000000000}}',
    b'{"status":"BEGIN","id":"571:53195832","ts_ms":1,"event_count":null,"data_collections":null}',
    b'{"source":{},"databaseName":"d","ddl":"create table","tableChanges":[]}',
    *(b'{"schema":{},"payload":null}', b"[1]", b"{"),
)


@pytest.mark.parametrize("name", NAMES)
def test_every_format_is_told_behind_records_of_control(name: str) -> None:
    random = Random(7)
    lines = [
        line.encode() for part in log_in(name, history(random, 2, truncates=False), random) for line in part
    ]
    assert name in TRUNCATING or lines
    for first in lines:
        assert format_told([*CONTROL, first]) == TOLD.get(name, name)


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"id": 7}, "upsert"),
        ({"op": "c", "amount": 7}, "upsert"),
        ({"before": None, "after": {"id": 7}}, "debezium"),
        ({"op": "t", "source": {}}, "debezium"),
        ({"database": "d", "type": "database-create", "sql": "create"}, "maxwell"),
        ({"database": "d", "table": "t", "type": "ALTER", "isDdl": True, "data": None}, "canal"),
        ({"action": "B", "xid": 7}, "wal2json:2"),
        ({"action": "buy"}, "upsert"),
        ({"change": []}, "wal2json:1"),
        ({"change": 7}, "upsert"),
        ({"metadata": {"record-type": "control"}}, "dms"),
        ({"operationType": "drop", "ns": {}}, "mongodb"),
        ({"data": {}, "op": "-U"}, "flink"),
        ({"id": 7, "__deleted": "false"}, "debezium:flat"),
        ({"topic": "t", "partition": 0, "offset": 1, "key": None, "payload": None}, "kcat"),
        ({"topic": "t", "payload": "x"}, "upsert"),
    ],
)
def test_a_record_tells_its_format(record: object, expected: str) -> None:
    assert format_told([json.dumps(record).encode()]) == expected


def test_control_alone_tells_nothing() -> None:
    assert format_told(CONTROL) is None
    assert format_told([]) is None


@pytest.mark.parametrize("name", ["debezium", "wal2json"])
def test_of_a_format_that_was_asked_for_only_the_form_is_told(name: str) -> None:
    assert format_told([b'{"id":7}'], name) is None
    first = {"debezium": b'{"id":7,"__op":"c"}', "wal2json": b'{"action":"B"}'}[name]
    assert (
        format_told([b'{"id":7}', first], name)
        == {"debezium": "debezium:flat", "wal2json": "wal2json:2"}[name]
    )


@pytest.mark.parametrize("name", sorted({*LOG_FORMATS} - {"debezium", "wal2json"}))
def test_a_format_of_one_form_that_was_asked_for_needs_no_record(name: str) -> None:
    assert format_told([], name) == name


def test_every_name_that_is_told_has_a_reader_and_every_reader_a_format() -> None:
    options = LogOptions(key=("id",))
    assert {name.partition(":")[0] for name in READERS} | {"kcat"} == {*LOG_FORMATS}
    for name in [*READERS, "kcat"]:
        reader = reader_of(name, options)
        assert reader.key_names == ("id",)
        restored = reader_of(name, options)
        restored.restore(reader.snapshot())
        assert restored.snapshot() == reader.snapshot()
