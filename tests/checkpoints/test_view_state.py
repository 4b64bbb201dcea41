"""`view` under `--state`: rows, positions and open transactions go on from run to run."""

from tools.state_place import Place

BEGIN = '{"action":"B","xid":%d,"timestamp":"2026-11-29 00:02:1%d+00","lsn":"0/%d0","nextlsn":"0/%d8"}\n'
INSERT = (
    '{"action":"I","xid":%d,"timestamp":"2026-11-29 00:02:1%d+00","schema":"public","table":"t",'
    '"columns":[{"name":"id","type":"integer","value":%d}],"pk":[{"name":"id","type":"integer"}]}\n'
)
COMMIT = '{"action":"C","xid":%d,"lsn":"0/%d0","nextlsn":"0/%d8"}\n'


def begin(xid: int) -> str:
    return BEGIN % (xid, xid, xid, xid)


def insert(xid: int, key: int) -> str:
    return INSERT % (xid, xid, key)


def commit(xid: int) -> str:
    return COMMIT % (xid, xid, xid)


def add(place: Place, text: str) -> None:
    with (place.folder / "log.ndjson").open("a") as file:
        file.write(text)


def run(place: Place, *arguments: str) -> str:
    ended = place.run("view", "--state", "st", *arguments, "log.ndjson")
    assert ended.code == 0, ended.err
    return (place.folder / "v.csv").read_text()


def test_a_transaction_that_is_not_whole_waits_for_the_next_run(place: Place) -> None:
    add(place, begin(1) + insert(1, 7) + commit(1) + begin(2) + insert(2, 8))
    assert run(place, "-o", "v.csv") == "id,changed\n7,2026-11-29T00:02:11Z\n"
    add(place, insert(2, 9))
    assert run(place, "-o", "v.csv") == "id,changed\n7,2026-11-29T00:02:11Z\n"
    add(place, commit(2))
    rows = "".join(f"{key},2026-11-29T00:02:1{xid}Z\n" for key, xid in ((7, 1), (8, 2), (9, 2)))
    assert run(place, "-o", "v.csv") == f"id,changed\n{rows}"


def test_what_waits_is_shown_by_state(place: Place) -> None:
    add(place, begin(1) + insert(1, 7))
    assert run(place, "-o", "v.csv") == "id,changed\n"
    shown = place.run("state", "st")
    assert (shown.code, "changes    1 open" in shown.out) == (0, True)


def test_a_log_that_is_delivered_again_to_a_later_run_changes_nothing(place: Place) -> None:
    text = (
        '{"op":"%s","after":%s,"before":{"id":1},"source":{"ts_ms":%d000,"sequence":"[\\"%d\\",\\"1\\"]"}}\n'
    )
    log = text % ("c", '{"id":1,"n":1}', 1, 1) + text % ("d", "null", 2, 2)
    add(place, log)
    first = run(place, "--key", "id", "-o", "v.csv")
    add(place, log)
    assert run(place, "--key", "id", "-o", "v.csv") == first == "id,changed\n"


def test_the_view_is_printed_at_the_end_of_each_run(place: Place) -> None:
    add(place, '{"id":1,"ts":5}\n')
    command = ("view", "--state", "st", "--key", "id", "-s", "n=n", "log.ndjson")
    assert place.run(*command).out == "id,n,changed\n1,,1970-01-01T00:00:05Z\n"
    add(place, '{"id":1,"ts":6,"n":2}\n')
    assert place.run(*command).out == "id,n,changed\n1,2,1970-01-01T00:00:06Z\n"


def test_columns_may_come_with_any_run(place: Place) -> None:
    add(place, '{"id":1}\n')
    assert run(place, "--key", "id", "-o", "v.csv") == "id,changed\n1,\n"
    add(place, '{"id":2,"n":5}\n')
    assert run(place, "--key", "id", "-o", "v.csv") == "id,n,changed\n1,,\n2,5,\n"


def test_a_report_that_is_gone_comes_back_with_the_next_change(place: Place) -> None:
    add(place, '{"id":1}\n')
    run(place, "--key", "id", "-o", "v.csv")
    (place.folder / "v.csv").unlink()
    gone = place.run("view", "--state", "st", "--key", "id", "-o", "v.csv", "log.ndjson")
    assert (gone.code, "v.csv is gone; the next rows bring it back" in gone.err) == (0, True)
    add(place, '{"id":2}\n')
    assert run(place, "--key", "id", "-o", "v.csv") == "id,changed\n1,\n2,\n"


def test_a_parquet_report_is_one_file_that_is_replaced(place: Place) -> None:
    import pyarrow.parquet

    command = ("view", "--state", "st", "--key", "id", "-o", "v.parquet", "log.ndjson")
    for number in (1, 2):
        add(place, f'{{"id":{number},"n":"x"}}\n')
        assert place.run(*command).code == 0
        rows = pyarrow.parquet.read_table(place.folder / "v.parquet").to_pylist()
        assert [row["id"] for row in rows] == list(range(1, number + 1))


def test_options_must_be_as_before(place: Place) -> None:
    add(place, '{"id":1}\n')
    run(place, "--key", "id", "-o", "v.csv")
    other = place.run("view", "--state", "st", "--key", "other", "-o", "v.csv", "log.ndjson")
    said = "streamstat: --key: is other, but st was begun with id; use the same options as before"
    assert (other.code, other.err.startswith(said)) == (78, True)
