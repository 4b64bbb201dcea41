"""Debezium, a record at a time: its traps, and the changes that come of them."""

from tools.change_reading import ReadLog
from tools.vectors_of_changes import ID, is_read


def test_debezium_puts_deletes_empties_and_passes_over_control() -> None:
    is_read(
        """
        {"ts_ms":1700000000000}
        {"before":null,"after":{"id":7,"city":"Oslo"},"op":"c","source":{"ts_ms":1}}
        {"before":null,"after":{"id":8},"op":"r","source":{"snapshot":"incremental"}}
        {"before":{"id":7},"after":null,"op":"d"}
        {"op":"m","message":{}}
        {"op":"t"}
        {"op":"x","after":{"id":1}}
        {"op":"u","before":{"id":1},"after":null}
        {"before":{"id":9},"after":null}
        {"databaseName":"d","ddl":"create","tableChanges":[]}
        """,
        """
        1 put 7 {"id":7,"city":"Oslo"}
        2 read 8 {"id":8}
        3 delete 7
        5 truncate
        8 delete 9
        filtered 0
        filtered 4
        filtered 9
        bad 6: has none of the ops c r u d t m
        bad 7: has no row in after
        """,
        ID,
    )


def test_positions_of_debezium_are_of_the_commit_and_never_of_a_row_alone() -> None:
    head = '{"after":{"id":7},"op":"u","source":{%s}}'
    sources = (
        '"sequence":"[\\"24023119\\",\\"24023128\\"]"',
        '"sequence":"[null,\\"24023128\\"]"',
        '"sequence":"[\\"24023119\\",null]","lsn":24023128',
        '"lsn":24023128',
        '"file":"binlog.999","pos":4,"row":0,"server_id":1',
        '"file":"binlog.1000","pos":4,"row":1,"server_id":1',
        '"file":"binlog.1000","pos":4,"server_id":1',
        '"commit_lsn":"00000027:00000758:0005","change_lsn":"00000027:00000758:0003","event_serial_no":2',
        '"ord":3,"ts_ms":1700000000000',
    )
    is_read(
        "\n".join(head % each for each in sources),
        """
        0 put 7 {"id":7} at 0: 24023119 24023128
        1 put 7 {"id":7} at 0: 0 24023128
        2 put 7 {"id":7}
        3 put 7 {"id":7}
        4 put 7 {"id":7} at 1: 999 4 0
        5 put 7 {"id":7} at 1: 1000 4 1
        6 put 7 {"id":7}
        7 put 7 {"id":7} at 2: 167503726424 5 167503726424 3 2
        8 put 7 {"id":7} at 3: 1700000000000 3
        """,
        ID,
    )


def test_a_large_column_that_is_not_told_is_kept() -> None:
    is_read(
        """
        {"op":"u","after":{"id":1,"doc":"__debezium_unavailable_value","n":1.0}}
        {"op":"u","after":{"id":1,"a":["__debezium_unavailable_value"],"b":"X19kZWJleml1bV91bmF2YWlsYWJsZV92YWx1ZQ=="}}
        {"op":"u","after":{"id":1,"doc":"about __debezium_unavailable_value"}}
        """,
        """
        0 patch 1 {"id":1,"n":1.0} keeps doc
        1 patch 1 {"id":1} keeps a,b
        2 put 1 {"id":1,"doc":"about __debezium_unavailable_value"}
        """,
        ID,
        "debezium",
    )


def test_values_that_a_schema_means_are_written_so() -> None:
    column = '{"field":"%s","type":"x","name":"%s","parameters":{"scale":"%s"}}'
    columns = (
        ("p", "org.apache.kafka.connect.data.Decimal", 2),
        ("q", "org.apache.kafka.connect.data.Decimal", 4),
        ("v", "io.debezium.data.VariableScaleDecimal", 0),
        ("d", "io.debezium.time.Date", 0),
        ("ms", "io.debezium.time.Timestamp", 0),
        ("us", "io.debezium.time.MicroTimestamp", 0),
        ("ns", "io.debezium.time.NanoTimestamp", 0),
        ("t", "io.debezium.time.MicroTime", 0),
        ("z", "io.debezium.time.ZonedTimestamp", 0),
    )
    fields = ",".join(column % each for each in columns)
    schema = f'{{"fields":[{{"field":"after","type":"struct","fields":[{fields}]}}]}}'
    rows = (
        '{"id":1,"p":"BBo=","q":"B1g=","v":{"scale":1,"value":"BBo="},"d":19782,"z":"2024-02-29T00:00:00Z"}',
        '{"id":2,"p":"/wY=","q":"BAg=","ms":1700000000123,"us":1700000000000001,"ns":-1,"t":3600000001}',
        '{"id":3,"p":"AcnDgA==","q":null,"d":"soon","ms":9e99,"us":1700000000000000}',
    )
    records = (f'{{"schema":{schema},"payload":{{"op":"c","after":{row}}}}}' for row in rows)
    is_read(
        "\n".join(records),
        """
        0 put 1 {"id":1,"p":10.50,"q":0.1880,"v":105.0,"d":"2024-02-29","z":"2024-02-29T00:00:00Z"}
        1 put 2 {"id":2,"p":-2.50,"q":0.1032,"ms":"2023-11-14T22:13:20.123","us":"2023-11-14T22:13:20.000001",\
"ns":"1969-12-31T23:59:59.999999999","t":"01:00:00.000001"}
        2 put 3 {"id":3,"p":300000.00,"q":null,"d":"soon","ms":9e99,"us":"2023-11-14T22:13:20"}
        """,
        ID,
    )


def test_flattened_rows_lose_what_is_said_of_them() -> None:
    is_read(
        """
        {"id":7,"city":"Oslo","__op":"c","__deleted":"false"}
        {"id":7,"city":null,"__op":"d","__lsn":24023200,"__source_ts_ms":1700000001000,"__deleted":"true"}
        {"id":8,"__deleted":true}
        {"id":9,"__op":"r"}
        {"id":9,"__op":"u","__source_file":"b.7","__source_pos":4,"__source_row":0}
        {"__op":"t"}
        {"id":9,"__op":"x"}
        """,
        """
        0 put 7 {"id":7,"city":"Oslo"}
        1 delete 7
        2 delete 8
        3 read 9 {"id":9}
        4 put 9 {"id":9} at 0: 7 4 0
        5 truncate
        bad 6: has none of the ops c r u d t m in __op
        """,
        ID,
    )


def test_values_that_only_a_schema_could_tell_are_left_and_told_once() -> None:
    log = ReadLog("debezium", ID)
    rows = ('{"id":1,"price":"BBo=","v":{"scale":1,"value":"BBo="},"name":"Oslo"}', '{"id":2,"price":"/wY="}')
    log.block([f'{{"op":"c","after":{row}}}' for row in rows])
    assert log.changes[0].row["price"] == "BBo="
    assert log.reader.warnings == (
        "values that may be decimals, which only a schema could tell, are left as they are: price (BBo=), v (BBo=)",
    )
