"""wal2json, a record at a time: its traps, and the changes that come of them."""

from tools.vectors_of_changes import is_read


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
