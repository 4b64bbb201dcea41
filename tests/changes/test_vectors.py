"""What each format says, a record at a time: its traps, and the changes that come of them."""

from textwrap import dedent

import pytest
from tools.change_reading import ReadLog, shown

from streamstat.changes import LogOptions
from streamstat.changes.telling import format_told
from streamstat.common.errors import InputError, StreamstatError, UsageError
from streamstat.expressions import compile_condition

ID = LogOptions(key=("id",))
NONE = LogOptions()


def read(text: str, options: LogOptions = NONE, told: str | None = None) -> str:
    """All that is read of a log, a line for each change; then the records of which nothing came."""
    lines = [line for line in dedent(text).splitlines() if line]
    name = told or format_told(line.encode() for line in lines)
    assert name is not None
    log = ReadLog(name, options)
    log.block(lines)
    bad = [f"bad {row}: {reason}" for row, reason in zip(log.bad, log.reasons, strict=True)]
    spaces = list(dict.fromkeys(each.space for each in log.changes if each.space >= 0))
    out = [*(shown(each, spaces) for each in log.changes), *(f"filtered {row}" for row in log.filtered), *bad]
    return "\n".join(out)


def is_read(text: str, expected: str, options: LogOptions = NONE, told: str | None = None) -> None:
    assert read(text, options, told) == dedent(expected).strip()


def test_rows_are_put_as_they_are_spelt_and_gone_where_it_is_said() -> None:
    gone = LogOptions(key=("id",), deleted=compile_condition("gone == true", "--deleted"))
    is_read(
        """
        {"id":1,"x":1.50,"é":"\\u00e9"}
        {"id":1,"gone":true}
        {"x":3}
        {"id":null}
        """,
        """
        0 put 1 {"id":1,"x":1.50,"é":"é"}
        1 delete 1
        bad 2: has no key
        bad 3: has no key
        """,
        gone,
    )


def test_a_key_may_be_deep_and_of_several_columns() -> None:
    is_read(
        '{"a":{"b":7},"c":"x"}', '0 put 7,"x" {"a":{"b":7},"c":"x"}', LogOptions(key=("a.b", "c")), "upsert"
    )


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


def test_maxwell_moves_by_old_and_passes_over_ddl() -> None:
    head = '{"database":"shop","table":"cust","type":"%s","ts":1700000000,"primary_key_columns":["id"],%s}'
    records = (
        head % ("insert", '"xid":5,"xoffset":0,"position":"m.000006:80","data":{"id":7,"city":"Oslo"}'),
        head % ("update", '"xid":5,"commit":true,"data":{"id":8,"city":"Oslo"},"old":{"id":7}'),
        head % ("table-alter", '"sql":"alter table","def":{},"old":{}'),
        head % ("bootstrap-start", '"data":{}'),
        head % ("bootstrap-insert", '"data":{"id":9}'),
        head % ("delete", '"data":{"id":8,"city":"Oslo"}'),
        head % ("rename", '"data":{}'),
        head % ("insert", '"data":null'),
    )
    is_read(
        "\n".join(records),
        """
        0 put 7 {"id":7,"city":"Oslo"} at 0: 6 80 0
        1 patch 8 {"id":8,"city":"Oslo"} from 7
        4 read 9 {"id":9}
        5 delete 8
        filtered 2
        filtered 3
        bad 6: has none of the types insert update delete
        bad 7: has no row in data
        """,
    )


def test_canal_has_many_rows_whose_texts_are_numbers_by_their_types() -> None:
    types = '{"id":"int(11) unsigned","bal":"DECIMAL(10,2)","city":"varchar(40)","y":"year"}'
    head = '{"database":"shop","table":"cust","pkNames":["id"],"isDdl":false,"es":1,"mysqlType":%s,%s}'
    records = (
        head % (types, '"type":"INSERT","data":[{"id":"7","bal":"11.00","city":"7","y":"2024"}],"old":null'),
        head
        % (types, '"type":"UPDATE","data":[{"id":"7","bal":null},{"id":"8"}],"old":[{"bal":"1"},{"id":"9"}]'),
        head % (types, '"type":"DELETE","data":[{"id":"7"},{"id":"007"}]'),
        '{"database":"shop","table":"cust","isDdl":true,"type":"TRUNCATE","data":null}',
        '{"database":"shop","table":"cust","isDdl":true,"type":"ALTER","data":null}',
        head % (types, '"type":"INSERT","data":{"id":"7"}'),
        head % (types, '"type":"INSERT","data":[]'),
    )
    is_read(
        "\n".join(records),
        """
        0 put 7 {"id":7,"bal":11.00,"city":"7","y":"2024"}
        1 patch 7 {"id":7,"bal":null}
        1 patch 8 {"id":8} from 9
        2 delete 7
        2 delete "007"
        3 truncate
        filtered 4
        filtered 6
        bad 5: has no list of rows in data
        """,
    )


def test_wal2json_1_is_a_transaction_a_record() -> None:
    change = '{"kind":"%s","schema":"public","table":"acc",%s}'
    pk, old = '"pk":{"pknames":["id"]}', '"oldkeys":{"keynames":["id"],"keyvalues":[1]}'
    changes = (
        change % ("insert", f'{pk},"columnnames":["id","bal"],"columnvalues":[1,11.00]'),
        change
        % ("update", f'{pk},{old},"columnnames":["id","bal"],"columnvalues":[2,12345678901234567890.5]'),
        change % ("delete", f"{pk},{old}"),
        change % ("truncate", '"x":1'),
        change % ("message", '"content":"x"'),
    )
    fitting = change % ("insert", f'{pk},"columnnames":["id"],"columnvalues":[]')
    is_read(
        f"""
        {{"xid":727,"nextlsn":"0/153A670","change":[{",".join(changes)}]}}
        {{"xid":728,"nextlsn":"1/0","change":[]}}
        {{"xid":729,"nextlsn":"1/0","change":[{fitting},7,{changes[0]}]}}
        {{"xid":730,"change":"none"}}
        """,
        """
        0 put 1 {"id":1,"bal":11.00} at 0: 22259312 0
        0 patch 2 {"id":2,"bal":12345678901234567890.5} from 1 at 0: 22259312 1
        0 delete 1 at 0: 22259312 2
        0 truncate at 0: 22259312 3
        2 put 1 {"id":1,"bal":11.00} at 0: 4294967296 2
        filtered 1
        bad 2: has a change that is none of insert update delete truncate
        bad 3: has no list of changes
        """,
    )


def test_wal2json_2_is_ordered_by_commits() -> None:
    row = '{"action":"%s","lsn":"0/%s","schema":"public","table":"acc","pk":[{"name":"id","type":"integer"}],%s}'
    one, two = (f'"columns":[{{"name":"id","value":{key}}},{{"name":"bal","value":1.50}}]' for key in (1, 2))
    was = '"identity":[{"name":"id","type":"integer","value":1}]'
    records = (
        '{"action":"B","lsn":"0/A998"}',
        row % ("I", "A8E8", one),
        '{"action":"C","lsn":"0/A998"}',
        '{"action":"B","lsn":"0/AA48"}',
        row % ("U", "A808", f"{two},{was}"),
        '{"action":"T","lsn":"0/A998","schema":"public","table":"acc"}',
        '{"action":"C","lsn":"0/AA48"}',
        row % ("D", "AA50", was),
        '{"action":"M","content":"x"}',
        row % ("I", "AA50", '"columns":[{"value":1}]'),
    )
    is_read(
        "\n".join(records),
        """
        1 put 1 {"id":1,"bal":1.50} at 0: 43416 0
        4 patch 2 {"id":2,"bal":1.50} from 1 at 0: 43592 0
        5 truncate at 0: 43592 1
        7 delete 1
        filtered 0
        filtered 2
        filtered 3
        filtered 6
        filtered 8
        bad 9: has no list of columns with names
        """,
    )


def test_dms_has_whole_rows_and_control() -> None:
    head = '{%s"metadata":{"record-type":"%s","operation":"%s","schema-name":"public","table-name":"cust"}}'
    records = (
        head % ("", "control", "create-table"),
        head % ('"data":{"id":45,"name":"Jane"},', "data", "load"),
        head % ('"data":{"id":45,"name":"J"},"before-image":{"id":46},', "data", "update"),
        head % ('"data":{"id":45,"name":"K"},"before-image":{},', "data", "update"),
        head % ('"data":{"id":45},', "data", "delete"),
        head % ('"data":{"id":45},', "data", "replace"),
    )
    is_read(
        "\n".join(records),
        """
        1 read 45 {"id":45,"name":"Jane"}
        2 put 45 {"id":45,"name":"J"} from 46
        3 put 45 {"id":45,"name":"K"}
        4 delete 45
        filtered 0
        bad 5: has none of the operations load insert update delete
        """,
        ID,
    )


def test_mongodb_has_documents_and_what_updates_do_to_them() -> None:
    head = '{"_id":{"_data":"82%s"},"operationType":"%s","ns":{"db":"shop","coll":"cust"},"documentKey":{"_id":%s}%s}'
    oid = '{"$oid":"64ab"}'
    values = (
        '"n":{"$numberLong":"5"},"p":{"$numberDecimal":"1.50"},"d":{"$date":{"$numberLong":"1700000000100"}}'
    )
    update = (
        '"updatedFields":{"a.city":"Bergen","x.y":{"$numberInt":"7"}},"removedFields":["b"],'
        '"truncatedArrays":[{"field":"tags","newSize":2}],"disambiguatedPaths":{"x.y":["x.y"]}'
    )
    records = (
        head % ("65", "insert", oid, f',"fullDocument":{{"_id":{oid},{values}}}'),
        head % ("6a", "update", oid, f',"updateDescription":{{{update}}},"fullDocument":{{"later":true}}'),
        head % ("6B", "update", oid, ',"fullDocument":{"looked":"up"}'),
        head % ("6C", "replace", oid, ',"fullDocument":{"b":{"$binary":{"base64":"aGk=","subType":"00"}}}'),
        head % ("6D", "delete", "7", ""),
        head % ("6E", "drop", "7", ""),
        head % ("6F", "insert", "7", ""),
    )
    is_read(
        "\n".join(records),
        """
        0 put "64ab" {"_id":"64ab","n":5,"p":1.50,"d":"2023-11-14T22:13:20.1Z"} at 0: 8265
        1 edit "64ab" [["=",["_id"],"64ab"],["<",["tags"],2],["-",["b"]],["=",["a","city"],"Bergen"],\
["=",["x.y"],7]] at 0: 826A
        2 put "64ab" {"looked":"up"} at 0: 826B
        3 put "64ab" {"b":"aGk="} at 0: 826C
        4 delete 7 at 0: 826D
        filtered 5
        bad 6: has no document in fullDocument
        """,
    )


def test_an_update_of_flink_is_two_records() -> None:
    head = '{"data":{"id":%d,"n":%d},"op":"%s"}'
    steps = ((7, 1, "+I"), (7, 1, "-U"), (8, 5, "-U"), (7, 2, "+U"), (9, 6, "+U"), (9, 6, "-D"), (7, 2, "-U"))
    is_read(
        "\n".join(head % each for each in steps),
        """
        0 put 7 {"id":7,"n":1}
        3 put 7 {"id":7,"n":2}
        4 put 9 {"id":9,"n":6} from 8
        5 delete 9
        """,
        ID,
    )


def kafka(offset: int, key: str, payload: str, more: str = "") -> str:
    return f'{{"topic":"shop.cust","partition":0,"offset":{offset},"key":{key},"payload":{payload}{more}}}'


def test_kafka_deletes_by_null_but_not_by_an_error() -> None:
    put = '"{\\"before\\":null,\\n\\"after\\":{\\"id\\":7,\\"x\\":1.50},\\"op\\":\\"c\\"}"'
    delete = '"{\\"before\\":null,\\"after\\":null,\\"op\\":\\"d\\"}"'
    records = (
        kafka(0, '"{\\"id\\":7}"', "null"),
        kafka(1, '"{\\"x\\":1}"', '"{\\"ts_ms\\":1}"'),
        kafka(2, '"{\\"id\\":7}"', put),
        kafka(3, '"{\\"id\\":7}"', delete),
        kafka(4, '"{\\"schema\\":{},\\"payload\\":{\\"id\\":7}}"', "null"),
        kafka(5, '"{\\"id\\":7}"', "null", ',"payload_error":"no schema"'),
        kafka(6, '"{\\"id\\":7}"', '"[1"'),
        kafka(7, "null", "null"),
    )
    is_read(
        "\n".join(records),
        """
        2 put 7 {"id":7,"x":1.50} at 0: 2
        3 delete 7 at 0: 3
        4 delete 7 at 0: 4
        filtered 0
        filtered 1
        bad 5: has a payload_error
        bad 6: has a payload that is no JSON object
        bad 7: has no key
        """,
    )


def test_a_key_of_kafka_may_be_a_value_by_itself() -> None:
    records = (
        kafka(0, '"7"', '"{\\"id\\":7,\\"a\\":1}"'),
        kafka(1, '"user-8"', '{"a":2}'),
        kafka(2, '"7"', "null"),
        kafka(3, "9", "null"),
    )
    is_read(
        "\n".join(records),
        """
        0 put 7 {"id":7,"a":1} at 0: 0
        1 put "user-8" {"a":2} at 0: 1
        2 delete 7 at 0: 2
        3 delete 9 at 0: 3
        """,
        ID,
    )


TWO_TABLES = """
{"database":"shop","table":"cust","type":"insert","primary_key_columns":["id"],"data":{"id":1}}
{"database":"shop","table":"acc","type":"insert","primary_key_columns":["id"],"data":{"id":2}}
{"database":"bank","table":"acc","type":"insert","primary_key_columns":["nr"],"data":{"nr":3}}
"""


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("cust", '0 put 1 {"id":1}\nfiltered 1\nfiltered 2'),
        ("bank.acc", '2 put 3 {"nr":3}\nfiltered 0\nfiltered 1'),
        ("us", "filtered 0\nfiltered 1\nfiltered 2"),
    ],
)
def test_one_of_several_tables_is_read(table: str, expected: str) -> None:
    assert read(TWO_TABLES, LogOptions(table=table)) == expected


@pytest.mark.parametrize("table", [None, "acc"])
def test_two_tables_that_may_be_meant_are_an_error_that_names_both(table: str | None) -> None:
    with pytest.raises(
        InputError, match=r"--table: the log has changes of two tables, \S+ and \S+; .*--table (shop|acc)"
    ):
        read(TWO_TABLES, LogOptions(table=table))


def test_a_key_that_nobody_names_is_an_error() -> None:
    with pytest.raises(UsageError, match="--key: the log does not say which columns are the key"):
        read('{"op":"c","after":{"id":7}}', told="debezium")


def test_another_key_than_before_is_an_error_that_names_both() -> None:
    record = '{"database":"d","table":"t","type":"insert","primary_key_columns":%s,"data":{"id":1,"nr":2}}'
    with pytest.raises(InputError, match=r"says that the key is id, and later that it is id, nr; .*--key id"):
        read("\n".join(record % names for names in ('["id"]', '["id"]', '["id","nr"]')))


def test_errors_are_lines_for_people() -> None:
    with pytest.raises(StreamstatError) as error:
        read(TWO_TABLES)
    assert str(error.value) == (
        "--table: the log has changes of two tables, shop.cust and shop.acc; "
        "name one of them, for example --table shop.cust"
    )


def test_values_that_only_a_schema_could_tell_are_left_and_told_once() -> None:
    log = ReadLog("debezium", ID)
    rows = ('{"id":1,"price":"BBo=","v":{"scale":1,"value":"BBo="},"name":"Oslo"}', '{"id":2,"price":"/wY="}')
    log.block([f'{{"op":"c","after":{row}}}' for row in rows])
    assert log.changes[0].row["price"] == "BBo="
    assert log.reader.warnings == (
        "values that may be decimals, which only a schema could tell, are left as they are: price (BBo=), v (BBo=)",
    )


def test_maxwell_in_kafka_has_its_key_beside_it() -> None:
    payload = (
        '"{\\"database\\":\\"shop\\",\\"table\\":\\"cust\\",\\"type\\":\\"insert\\",\\"data\\":{\\"id\\":7}}"'
    )
    key = '"{\\"database\\":\\"shop\\",\\"table\\":\\"cust\\",\\"pk.id\\":7}"'
    is_read(kafka(3, key, payload), '0 put 7 {"id":7} at 0: 3')


def test_a_transaction_of_maxwell_ends_with_its_commit_or_where_another_begins() -> None:
    head = '{"database":"d","table":"t","type":"insert","primary_key_columns":["id"],"data":{"id":1},%s}'
    log = ReadLog("maxwell", NONE)
    log.block([head % each for each in ('"xid":1', '"xid":1,"commit":true', '"xid":2', '"xid":3')])
    assert [each.transaction for each in log.changes] == [0, 0, 1, 2]
    assert log.whole == 2
    log.block([head % '"xid":3,"commit":true', head % '"x":1'])
    assert [each.transaction for each in log.changes[4:]] == [2, 3]
    assert log.whole == 4
