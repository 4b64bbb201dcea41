"""Maxwell and Canal, a record at a time: their traps, and the changes that come of them."""

from tools.change_reading import ReadLog
from tools.vectors_of_changes import NONE, is_read


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


def test_a_transaction_of_maxwell_ends_with_its_commit_or_where_another_begins() -> None:
    head = '{"database":"d","table":"t","type":"insert","primary_key_columns":["id"],"data":{"id":1},%s}'
    log = ReadLog("maxwell", NONE)
    log.block([head % each for each in ('"xid":1', '"xid":1,"commit":true', '"xid":2', '"xid":3')])
    assert [each.transaction for each in log.changes] == [0, 0, 1, 2]
    assert log.whole == 2
    log.block([head % '"xid":3,"commit":true', head % '"x":1'])
    assert [each.transaction for each in log.changes[4:]] == [2, 3]
    assert log.whole == 4
