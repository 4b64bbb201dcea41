"""The other formats, a record at a time: their traps, and the changes that come of them."""

from tools.vectors_of_changes import ID, is_read


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


def test_maxwell_in_kafka_has_its_key_beside_it() -> None:
    payload = (
        '"{\\"database\\":\\"shop\\",\\"table\\":\\"cust\\",\\"type\\":\\"insert\\",\\"data\\":{\\"id\\":7}}"'
    )
    key = '"{\\"database\\":\\"shop\\",\\"table\\":\\"cust\\",\\"pk.id\\":7}"'
    is_read(kafka(3, key, payload), '0 put 7 {"id":7} at 0: 3')
